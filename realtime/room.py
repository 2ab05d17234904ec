"""One watched playlist in one process: its log is read once, encoded once, and fed to all of its readers."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import DatabaseError

from playlist import links, metrics
from playlist.batched_read import BatchedRead
from playlist.clock import database_now
from playlist.errors import DomainError
from playlist.reading import read
from playlist.selectors.items import votes_of_actors
from playlist.selectors.log import Head, log_after
from playlist.selectors.snapshot import snapshot
from playlist.types import LogLine, Participant, Snapshot
from realtime import protocol

if TYPE_CHECKING:
    from realtime.fanout import Fanout

from realtime.protocol import Changes, EncodedPages, Told

logger = logging.getLogger(__name__)


class Member(Protocol):
    """A reader in a room. All of its methods return at once."""

    #: What it was last brought to.
    revision: int
    actor_key: str
    user_id: int | None
    is_member: bool
    #: Whether it wants whole lists and single events instead of `changes`.
    plain: bool

    #: Who it is for the others; None without an identity.
    person: Participant | None
    #: Whether it was told who is here.
    knows_presence: bool

    def tell_presence(self, text: str) -> None: ...

    @property
    def takes(self) -> bool:
        """Whether it can be given anything now; if not, it asks for `catch_up` once it can."""
        ...

    def deliver(self, frame: Changes) -> None: ...
    def deliver_plain(self, told: Told) -> None: ...
    def tell_votes(self, revision: int, votes: dict[UUID, int]) -> None: ...
    def start_over(self, reason: str) -> None: ...
    def end(self, code: int, reason: str) -> None: ...


class Connection(Member, Protocol):
    """A member with somebody at its other end, who has to be looked after."""

    #: v1, plain or stream, for the metrics.
    kind: str

    def tick(self, now: float) -> None: ...
    def go_away(self, retry_ms: int) -> None: ...


#: Encoded snapshots that a room keeps at most.
PAGES_KEPT = 8


class Room:
    """One watched playlist: how far its log was read, its readers, and the newest lines for who was away shortly."""

    def __init__(self, playlist_id: int, head: Head, fanout: Fanout) -> None:
        self.playlist_id = playlist_id
        self.head = head
        self.members: set[Member] = set()
        self.recent: deque[LogLine] = deque()
        self._recent_bytes = 0
        self._fanout = fanout
        #: The newest revision that somebody told of, and since when there is one to deliver.
        self.wanted = head.revision
        self._heard_at = 0.0
        self._pump: asyncio.Task[None] | None = None
        self._next_cut = 0.0
        self._snapshot: asyncio.Task[Snapshot] | None = None
        self._snapshot_at = 0.0
        self._pages: dict[tuple[str, str, str], EncodedPages] = {}
        self._catch_ups: dict[int, list[Changes]] = {}
        #: All votes of an actor in this playlist, by their key: item id → 1 or −1.
        self.votes_of = BatchedRead[str, dict[UUID, int]](
            lambda actor_keys: votes_of_actors(playlist_id, actor_keys), fanout.spawn
        )

    @property
    def revision(self) -> int:
        return self.head.revision

    # ── Reading on ───────────────────────────────────────────────────────────────────────────────────────────────────

    def nudged(self, revision: int) -> None:
        """There is at least this revision to read."""
        if revision > self.wanted:
            self.wanted = revision
            self._heard_at = self._heard_at or time.perf_counter()
        if self.wanted > self.revision and self._pump is None:
            self._pump = asyncio.get_running_loop().create_task(self._read_on())

    async def _read_on(self) -> None:
        """Read and deliver until there is nothing more: at once after quiet, then once a window."""
        loop = asyncio.get_running_loop()
        try:
            while self.wanted > self.revision:
                await asyncio.sleep(max(0.0, self._next_cut - loop.time()))
                self._next_cut = loop.time() + settings.FRAME_WINDOW_SECONDS
                lines = await read(log_after, self.playlist_id, self.revision, settings.LOG_READ_LIMIT)
                if not lines:
                    # Told of something that is not there (a restored database); the poll sorts it out.
                    self.wanted, self._heard_at = self.revision, 0.0
                elif lines[0].revision != self.revision + 1:
                    await self._fanout.start_over(self, "expired")
                else:
                    await self._deliver(lines)
        except (DatabaseError, DomainError) as error:
            logger.warning("Playlist %d cannot be read on: %s", self.playlist_id, error)
        finally:
            self._pump = None

    async def _deliver(self, lines: list[LogLine]) -> None:
        start = self.revision
        frames = protocol.changes(start, lines, settings.FRAME_OUT_BYTES)
        whole_list = None
        if needs_whole_list(lines) and any(m.plain for m in self.members):
            whole_list = await read(whole_list_of, self.playlist_id)
        self._remember(lines)
        self.head = Head(lines[-1].revision, lines[-1].stamp)
        told: dict[int, list[Told]] = {}
        for member in list(self.members):
            if member.plain:
                if member.revision not in told:
                    told[member.revision] = self._told(member.revision, lines, whole_list)
                for events in told[member.revision]:
                    member.deliver_plain(events)
            elif member.revision == start and frames:
                for frame in frames:
                    member.deliver(frame)
            else:
                self.catch_up(member)
        metrics.DELIVERIES.inc(len(self.members))
        metrics.LAG_SECONDS.observe(time.perf_counter() - self._heard_at)
        self._heard_at = time.perf_counter() if self.wanted > self.revision else 0.0
        self._fanout.delivered(self, lines)
        voters = {line.actor_key for line in lines if line.type == "track.voted"}
        if voters:
            await self._tell_votes(voters)

    def _told(self, revision: int, lines: list[LogLine], whole_list: LogLine | None) -> list[Told]:
        """Single events for who is at this revision. A reordering is told as the whole list, which is newer than the
        events up to it: those are left out."""
        told: list[Told] = []
        new = [line for line in lines if line.revision > revision]
        if whole_list is not None and needs_whole_list(new):
            before = itertools.takewhile(lambda line: line.type != "playlist.reordered", new)
            told.append(protocol.told([*before, whole_list]))
            new = [line for line in new if line.revision > whole_list.revision]
        if new:
            told.append(protocol.told(new))
        return told

    def _remember(self, lines: list[LogLine]) -> None:
        self.recent.extend(lines)
        self._recent_bytes += sum(len(line.body) for line in lines)
        while self._recent_bytes > settings.RECENT_BYTES and self.recent:
            self._recent_bytes -= len(self.recent.popleft().body)
        self._catch_ups.clear()

    async def _tell_votes(self, voters: set[str]) -> None:
        """Who voted hears what all their votes are now, on every socket of theirs."""
        theirs = [member for member in self.members if member.actor_key in voters and not member.plain]
        if theirs:
            revision = self.revision
            votes = await read(votes_of_actors, self.playlist_id, {member.actor_key for member in theirs})
            for member in theirs:
                member.tell_votes(revision, votes[member.actor_key])

    # ── Bringing a reader to where the room is ───────────────────────────────────────────────────────────────────────

    def catch_up(self, member: Member) -> None:
        """Bring a reader of `changes` from its own revision to the room's, from memory if that reaches back so far."""
        if not member.takes or member.revision >= self.revision:
            return
        frames = self._catch_ups.get(member.revision)
        if frames is None:
            lines = self.lines_after(member.revision)
            if lines is None:
                member.start_over("too_many")
                return
            frames = protocol.changes(member.revision, lines, settings.FRAME_OUT_BYTES)
            self._catch_ups[member.revision] = frames
        if not frames:
            member.start_over("too_many")
        for frame in frames:
            member.deliver(frame)

    def lines_after(self, revision: int) -> list[LogLine] | None:
        """What followed on a revision, if all of it is still in memory."""
        if revision == self.revision:
            return []
        if not self.recent or revision < self.recent[0].revision - 1:
            return None
        return [line for line in self.recent if line.revision > revision]

    def stamp_at(self, revision: int) -> str | None:
        """The stamp of a revision, if it is still in memory."""
        if revision == self.revision:
            return self.head.stamp
        if not self.recent or not self.recent[0].revision <= revision <= self.recent[-1].revision:
            return None
        return self.recent[revision - self.recent[0].revision].stamp

    async def snapshot(self) -> Snapshot:
        """A snapshot for who joins: one for all who come within a window, however much happens meanwhile."""
        loop = asyncio.get_running_loop()
        task = self._snapshot
        usable = task is not None and (not task.done() or self._is_usable(task, loop.time()))
        if task is None or not usable:
            self._pages.clear()
            metrics.SNAPSHOTS.inc()
            self._snapshot_at = loop.time()
            task = self._snapshot = loop.create_task(read(snapshot, self.playlist_id, ""))
        return await asyncio.shield(task)

    def _is_usable(self, task: asyncio.Task[Snapshot], now: float) -> bool:
        if task.cancelled() or task.exception() is not None:
            return False
        revision = task.result().revision
        fresh = now - self._snapshot_at < settings.SNAPSHOT_WINDOW_SECONDS
        return revision == self.revision or (fresh and self.lines_after(revision) is not None)

    def pages(self, snapshot: Snapshot, reason: str, own_origin: str) -> EncodedPages:
        """The snapshot's pages, encoded once for all who get them for this reason at this address."""
        key = (snapshot.stamp, reason, own_origin)
        pages = self._pages.get(key)
        if pages is None:
            if len(self._pages) >= PAGES_KEPT:
                self._pages.clear()  # the origin is what callers say, and they may say many
            join_url = links.join_url(settings.PUBLIC_URL, own_origin, snapshot.playlist.slug)
            playlist = msgspec.structs.replace(snapshot.playlist, join_url=join_url)
            made = protocol.pages_of(
                msgspec.structs.replace(snapshot, playlist=playlist), reason, settings.FRAME_OUT_BYTES
            )
            pages = self._pages[key] = protocol.EncodedPages(made)
        return pages


def needs_whole_list(lines: Iterable[LogLine]) -> bool:
    """Whether readers of single events must get the whole list: a reordering in the log names positions only."""
    return any(line.type == "playlist.reordered" for line in lines)


def whole_list_of(playlist_id: int) -> LogLine:
    """The whole list as one `playlist.reordered`: for plain mode and SSE. Raises PLAYLIST_NOT_FOUND."""
    whole = snapshot(playlist_id, "")
    frame = protocol.PlainReordered(revision=whole.revision, at=database_now(), actor=None, items=whole.items)
    return LogLine(whole.revision, whole.stamp, "playlist.reordered", "", protocol.encode(frame))
