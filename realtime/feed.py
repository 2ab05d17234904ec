"""One watched playlist in one process: its log is read once, encoded once, and written to all of its readers."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError
from msgspec.structs import replace

from playlist import metrics
from playlist.batched_read import BatchedRead
from playlist.errors import DomainError
from playlist.reading import read
from playlist.selectors.items import items_now, votes_of_actors
from playlist.selectors.log import Head, heads, log_after
from playlist.types import LogLine, SnapshotReason
from realtime import encoding
from realtime.crowd import NEVER, Cohort, Crowd, Sent
from realtime.encoding import Changes, Packet, Singles
from realtime.frames import MyVotes
from realtime.member import Member
from realtime.pings import Pings
from realtime.recent import Recent
from realtime.snapshots import Snapshots, take

logger = logging.getLogger(__name__)

#: Cohorts of `playlist.v1` readers; each is asked for pongs at another frame.
COHORTS = 8


class Feed:
    """A playlist's readers, the head up to which its log was read, and the newest lines for readers that reconnect."""

    def __init__(
        self,
        playlist_id: int,
        head: Head,
        spawn: Callable[[Coroutine[object, object, None]], object],
        delivered: Callable[[Feed, list[LogLine]], None],
    ) -> None:
        """`spawn` runs work in the background; `delivered` is called with lines that all readers have got."""
        self.playlist_id = playlist_id
        self.head = head
        self._rewritten_until = head.rewritten_until
        self.members: set[Member] = set()
        #: Those of them that play the sound of the room.
        self.speakers: set[Member] = set()
        #: Those who are told of their votes, by their keys: a crowd is not searched for each voter.
        self._voters: dict[str, set[Member]] = {}
        self.recent = Recent(settings.RECENT_BYTES)
        self.snapshots = Snapshots(playlist_id, lambda revision: self.lines_after(revision) is not None)
        self.pings = Pings()
        #: Readers at the head, by the form in which they get changes.
        ask_every = max(1, settings.UNREAD_FRAMES // 2)
        self.cohorts = [Cohort(ask_every, ask_every * phase // COHORTS) for phase in range(COHORTS)]
        self.plain, self.streams = Crowd(), Crowd()
        self._next_cohort = itertools.cycle(self.cohorts)
        self._delivered = delivered
        #: The newest revision heard of, and the time since which one waits for delivery.
        self.wanted = head.revision
        self._heard_at = 0.0
        #: Lines that this process has just committed. The log holds the same, but reading it costs a thread its time.
        self._handed: list[LogLine] = []
        self._pump: asyncio.Task[None] | None = None
        self._next_cut = 0.0
        #: No reader has too much unread before the cohorts were sent so much.
        self._full_at = NEVER
        self._catch_ups: dict[int, list[Changes]] = {}
        self._generation = 0
        self._moved = asyncio.Event()
        #: All votes of an actor in this playlist, by their key: item id → 1 or −1.
        self.votes_of = BatchedRead[str, dict[UUID, int]](
            lambda actor_keys: votes_of_actors(playlist_id, actor_keys), spawn
        )

    @property
    def revision(self) -> int:
        return self.head.revision

    # ── Reading on ───────────────────────────────────────────────────────────────────────────────────────────────────

    def nudged(self, revision: int, lines: Sequence[LogLine] = ()) -> None:
        """Hear that there is at least this revision to read, perhaps with the lines that lead there."""
        self._hand_over(lines)
        if revision > self.wanted:
            self.wanted = revision
            self._heard_at = self._heard_at or time.perf_counter()
        if self.wanted > self.revision and self._pump is None:
            self._pump = asyncio.get_running_loop().create_task(self._read_on())

    def _hand_over(self, lines: Sequence[LogLine]) -> None:
        """Keep lines that go on where the ones before end. After a gap the log has to be read anyway."""
        end = max(self.revision, self._handed[-1].revision) if self._handed else self.revision
        new = [line for line in lines if line.revision > end]
        if new and (new[0].revision > end + 1 or len(self._handed) + len(new) > settings.LOG_READ_LIMIT):
            self._handed.clear()
        else:
            self._handed.extend(new)

    async def reached(self, revision: int) -> None:
        """Wait until the feed has read as far as this revision, or starts over."""
        generation = self._generation
        while revision > self.revision and generation == self._generation:
            self.nudged(revision)
            await self._moved.wait()

    async def _read_on(self) -> None:
        """Read and deliver until nothing is left: at once after a pause, then once a window."""
        loop = asyncio.get_running_loop()
        try:
            while self.wanted > self.revision:
                await asyncio.sleep(max(0.0, self._next_cut - loop.time()))
                self._next_cut = loop.time() + settings.FRAME_WINDOW_SECONDS
                lines = await self._next_lines()
                if not lines:
                    # The revision is not there (a restored database); the poll sorts it out.
                    self.wanted, self._heard_at = self.revision, 0.0
                elif lines[0].revision != self.revision + 1:
                    await self.start_over("expired")
                else:
                    await self.deliver(lines)
        except (DatabaseError, DomainError) as error:
            logger.warning("Playlist %d cannot be read on: %s", self.playlist_id, error)
        finally:
            self._pump = None

    async def _next_lines(self) -> list[LogLine]:
        """The lines after the head: those that were handed over if they begin there, else from the log."""
        self._handed = [line for line in self._handed if line.revision > self.revision]
        if self._handed and self._handed[0].revision == self.revision + 1:
            return list(self._handed)
        return await read(log_after, self.playlist_id, self.revision, settings.LOG_READ_LIMIT)

    async def start_over(self, reason: SnapshotReason) -> None:
        """Give every reader a snapshot, as the log does not go on where the feed is."""
        head = (await read(heads, [self.playlist_id])).get(self.playlist_id)
        if head is not None:
            self.restart(head, reason)

    def restart(self, head: Head, reason: SnapshotReason) -> None:
        """Go on from this head, which does not follow the one before."""
        self._handed.clear()
        self.recent.clear()
        self.snapshots.clear()
        self.head = head
        self._rewritten_until = head.rewritten_until
        self.wanted, self._heard_at = head.revision, 0.0
        self._generation += 1
        self._move()
        for member in list(self.members):
            member.start_over(reason)

    def _move(self) -> None:
        """The head has moved."""
        self._catch_ups.clear()
        self._moved.set()
        self._moved = asyncio.Event()

    # ── Delivering ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def deliver(self, lines: list[LogLine]) -> None:
        """Give lines that follow the head to every reader there."""
        singles, generation = None, self._generation
        if self.plain or self.streams:
            lines, singles = await self._with_singles(lines)
            if generation != self._generation:
                return  # the feed has started over, and these lines do not follow
        frames = encoding.changes(self.revision, lines, settings.FRAME_OUT_BYTES)
        self.recent.add(lines)
        self.head = replace(self.head, revision=lines[-1].revision, stamp=lines[-1].stamp)
        self._move()
        self._write(frames, singles)
        metrics.LAG_SECONDS.observe(time.perf_counter() - self._heard_at)
        self._heard_at = time.perf_counter() if self.wanted > self.revision else 0.0
        self._delivered(self, lines)
        voters = {line.voter_key or line.actor_key for line in lines if line.type == "track.voted"}
        restored = dict(found for line in lines if (found := encoding.restored_item(line)) is not None)
        await self._tell_votes(voters, restored)

    def _write(self, frames: list[Changes], singles: Singles | None) -> None:
        metrics.DELIVERIES.inc(sum(map(len, (*self.cohorts, self.plain, self.streams))))
        for cohort in self.cohorts:
            for frame in frames:
                cohort.write_changes(frame.packet, self._ping)
        if singles is not None:
            self.plain.write(singles.packets)
            self.streams.write([singles.stream])
        if not frames:  # an event that is larger than any frame
            for member in list(self.members):
                if member.speaks_v1:
                    member.start_over("too_many")
        self._look_for_unread()

    def _ping(self) -> tuple[int, Packet]:
        return self.pings.new(self.revision)

    def _look_for_unread(self) -> None:
        sent = self.cohorts[0].sent
        if sent.frames >= self._full_at.frames or sent.bytes >= self._full_at.bytes:
            self._full_at = NEVER
            for member in list(self.members):
                self.full_at(member.look())

    async def _with_singles(self, lines: list[LogLine]) -> tuple[list[LogLine], Singles]:
        """The lines, perhaps with later ones, and the same as single events.

        A reordering becomes the whole list, which may be newer than the lines. Then later lines are added up to it, so
        that all readers end at the same revision.
        """
        if not encoding.needs_whole_list(lines):
            return lines, await self.singles(lines)
        taken = await read(take, self.playlist_id)
        while lines[-1].revision < taken.snapshot.revision:
            more = await read(log_after, self.playlist_id, lines[-1].revision, settings.LOG_READ_LIMIT)
            if not more:
                break  # restored meanwhile; the poll sorts it out
            lines = [*lines, *more]
        whole_list = encoding.whole_list_line(taken.snapshot, taken.at)
        return lines, await self.singles(encoding.with_whole_list(lines, whole_list))

    async def singles(self, lines: list[LogLine]) -> Singles:
        """The lines as single events."""
        named = encoding.items_named(lines)
        items = await read(items_now, self.playlist_id, named) if named else {}
        return encoding.singles(lines, items)

    async def _tell_votes(self, voters: set[str], restored: dict[UUID, bool]) -> None:
        """Give all of their votes, on every socket of theirs, to these voters and to those of the restored items.

        To everybody where an item has other votes than at its removal: a vote that it had then may be gone.
        """
        asked = set(self._voters) if restored else voters & self._voters.keys()
        if not asked:
            return
        revision = self.revision
        try:
            votes = await read(votes_of_actors, self.playlist_id, asked)
        except DatabaseError:
            for key in asked:
                for member in self._voters.get(key, ()):
                    member.owe_votes()
            raise
        is_for_everybody = not all(restored.values())
        for key in asked:
            if is_for_everybody or key in voters or not restored.keys().isdisjoint(votes[key]):
                for member in list(self._voters.get(key, ())):
                    member.give(my_votes(revision, votes[key]))

    # ── Its members ──────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def has_listeners(self) -> bool:
        return any(not member.visitor.is_wall for member in self.members)

    def speaker_changed(self, member: Member) -> None:
        if member.speaker is None:
            self.speakers.discard(member)
        else:
            self.speakers.add(member)

    def join(self, member: Member) -> None:
        self.members.add(member)
        if member.speaks_v1:
            self._voters.setdefault(member.visitor.actor.key, set()).add(member)

    def leave(self, member: Member) -> None:
        self.members.discard(member)
        self.speakers.discard(member)
        sockets = self._voters.get(member.visitor.actor.key)
        if sockets is not None:
            sockets.discard(member)
            if not sockets:
                del self._voters[member.visitor.actor.key]

    def full_at(self, sent: Sent) -> None:
        """Look for readers with too much unread no later than when the cohorts were sent so much."""
        self._full_at = Sent(min(self._full_at.frames, sent.frames), min(self._full_at.bytes, sent.bytes))

    # ── For readers ──────────────────────────────────────────────────────────────────────────────────────────────────

    def next_cohort(self) -> Cohort:
        """The cohort that one more reader of `playlist.v1` joins."""
        return next(self._next_cohort)

    def lines_after(self, revision: int) -> list[LogLine] | None:
        """The lines after a revision; None unless memory holds all of them."""
        return [] if revision == self.revision else self.recent.after(revision)

    def stamp_at(self, revision: int) -> str | None:
        """The stamp of a revision; None if memory does not hold it, or does not tell whether it was rewritten."""
        if revision <= self._rewritten_until:
            return None
        return self.head.stamp if revision == self.revision else self.recent.stamp_at(revision)

    def catch_up(self, revision: int) -> list[Changes]:
        """Frames from a revision to the head; none if memory lacks some of them, or they exceed UNREAD_BYTES."""
        frames = self._catch_ups.get(revision)
        if frames is None:
            frames = encoding.changes(revision, self.lines_after(revision) or [], settings.FRAME_OUT_BYTES)
            if sum(len(frame.packet.frame) for frame in frames) > settings.UNREAD_BYTES:
                frames = []
            self._catch_ups[revision] = frames
        return frames


def my_votes(revision: int, votes: dict[UUID, int]) -> MyVotes:
    return MyVotes(revision=revision, votes={str(item): value for item, value in votes.items()})
