"""The one fan-out of a process: a feed for each watched playlist, and the readers of all of them.

Everything here runs on the event loop.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine, Sequence
from typing import TypeVar

from msgspec.structs import replace

from playlist import metrics
from playlist.batched_read import BatchedRead
from playlist.errors import playlist_not_found
from playlist.identity import Actor
from playlist.reading import read
from playlist.selectors.log import heads
from playlist.selectors.people import Admission, admissions
from playlist.types import LogLine, Role
from realtime.feed import Feed
from realtime.member import Member
from realtime.reader import Reader
from realtime.regularly import regularly

logger = logging.getLogger(__name__)

T = TypeVar("T")

#: Readers ticked in one go, before the loop turns to other work.
_TICKED_AT_ONCE = 100


class Fanout:
    """All feeds of this process. A feed is open as long as it has readers."""

    def __init__(self) -> None:
        self.feeds: dict[int, Feed] = {}
        self.readers: set[Reader] = set()
        #: The people that the last poll saw here, as (playlist id, user id).
        self.here: set[tuple[int, int]] = set()
        self.draining = False
        self._loop = asyncio.get_running_loop()
        self._opening: dict[int, asyncio.Task[Feed]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._ending: set[asyncio.Task[None]] = set()
        #: Called with a feed that was opened, whose readers changed, and that was closed.
        self.on_opened: list[Callable[[Feed], None]] = []
        self.on_readers_changed: list[Callable[[Feed], None]] = []
        self.on_speaker_changed: list[Callable[[Feed], None]] = []
        self.on_closed: list[Callable[[Feed], None]] = []
        #: Called with a feed and the lines just delivered to all of its readers.
        self.on_delivered: list[Callable[[Feed, list[LogLine]], None]] = []
        #: Admits an actor to a playlist, by (slug, actor). Raises PLAYLIST_NOT_FOUND, AUTH_REQUIRED, FORBIDDEN.
        self.admit = BatchedRead[tuple[str, Actor], Admission](admissions, self.spawn)
        self.spawn(regularly(self._tick, 1.0, "The readers cannot be ticked"))

    def spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Run work in the background; the fan-out holds a reference to it until it is done."""
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def end(self, work: Coroutine[object, object, None]) -> None:
        """Like spawn, for the end of a connection, which `drain` waits for."""
        task = self.spawn(work)
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    # ── Feeds ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def open(self, playlist_id: int) -> Feed:
        """The feed of a playlist, opened if this is its first reader. Raises PLAYLIST_NOT_FOUND."""
        feed = self.feeds.get(playlist_id)
        if feed is not None:
            return feed
        opening = self._opening.get(playlist_id)
        if opening is None:
            opening = self._opening[playlist_id] = self._loop.create_task(self._open(playlist_id))
            opening.add_done_callback(lambda task: self._has_opened(playlist_id, task))
        return await asyncio.shield(opening)

    def _has_opened(self, playlist_id: int, task: asyncio.Task[Feed]) -> None:
        self._opening.pop(playlist_id, None)
        if not task.cancelled():
            task.exception()  # callers of `open` get it; without one left, asyncio must not log it

    async def _open(self, playlist_id: int) -> Feed:
        head = (await read(heads, [playlist_id])).get(playlist_id)
        if head is None:
            raise playlist_not_found()
        feed = Feed(playlist_id, head, self.spawn, self._delivered)
        self._keep(feed)
        return feed

    def _keep(self, feed: Feed) -> None:
        self.feeds[feed.playlist_id] = feed
        metrics.ROOMS.set(len(self.feeds))
        for opened in self.on_opened:
            opened(feed)

    def join(self, reader: Reader) -> None:
        """Add a reader; `leave` removes it."""
        feed = reader.feed
        if feed.playlist_id not in self.feeds:  # its last reader has just left
            self._keep(feed)
        feed.join(reader)
        self.readers.add(reader)
        metrics.CONNECTIONS.labels(reader.kind).inc()
        self._changed(feed)

    def leave(self, reader: Reader) -> None:
        """Remove a reader, and close the feed with its last one."""
        if reader not in self.readers:
            return
        feed = reader.feed
        feed.leave(reader)
        self.readers.discard(reader)
        metrics.CONNECTIONS.labels(reader.kind).dec()
        self._changed(feed)
        if not feed.members and self.feeds.get(feed.playlist_id) is feed:
            del self.feeds[feed.playlist_id]
            metrics.ROOMS.set(len(self.feeds))
            for closed in self.on_closed:
                closed(feed)

    def speaker_changed(self, reader: Reader) -> None:
        """Hear that a reader began or stopped to play the sound of the room."""
        if reader not in self.readers:
            return
        reader.feed.speaker_changed(reader)
        self._changed(reader.feed)
        for changed in self.on_speaker_changed:
            changed(reader.feed)

    def role_known(self, feed: Feed, member: Member, role: Role) -> None:
        """Hear which role a reader's person has, so that everybody sees a new one."""
        if member.person is not None and member.person.role != role:
            member.person = replace(member.person, role=role)
            self._changed(feed)

    def _changed(self, feed: Feed) -> None:
        for changed in self.on_readers_changed:
            changed(feed)

    def _delivered(self, feed: Feed, lines: list[LogLine]) -> None:
        for delivered in self.on_delivered:
            delivered(feed, lines)

    def nudged(self, playlist_id: int, revision: int, lines: Sequence[LogLine] = ()) -> None:
        """Hear that a playlist has at least this revision, perhaps with the lines that lead there."""
        feed = self.feeds.get(playlist_id)
        if feed is not None:
            feed.nudged(revision, lines)

    # ── Time, and the end ────────────────────────────────────────────────────────────────────────────────────────────

    async def _tick(self) -> None:
        """Tick the readers that are due, for pings, deadlines and sockets that are stuck."""
        now = self._loop.time()
        due = [reader for reader in self.readers if reader.due_at <= now]
        for number, reader in enumerate(due):
            if number % _TICKED_AT_ONCE == 0:
                await asyncio.sleep(0)
            try:
                reader.tick(now)
            except Exception:
                logger.exception("The tick of a reader failed")

    async def drain(self, within_seconds: float) -> None:
        """End every reader before the process stops, and tell each when to come back."""
        self.draining = True
        for reader in list(self.readers):
            reader.go_away(retry_ms=random.randrange(500, 4000))  # noqa: S311 - spreads them, no secret
        give_up_at = self._loop.time() + within_seconds
        while self._ending and self._loop.time() < give_up_at:
            await asyncio.wait(self._ending, timeout=give_up_at - self._loop.time())
