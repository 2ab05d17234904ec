"""Plain mode: single events, and a client that need not say anything."""

from __future__ import annotations

from functools import partial

from django.conf import settings

from playlist.types import LogLine, SnapshotReason
from realtime import encoding
from realtime.crowd import Crowd
from realtime.encoding import Singles
from realtime.feed import Feed
from realtime.frames import PlainPing, PlainPong
from realtime.outlet import Outlet
from realtime.pings import now
from realtime.reader import Home, Reader, State
from realtime.visitor import Visitor


class SinglesReader(Reader):
    """A reader of single events: a socket in plain mode, or a stream."""

    async def _whole(self, reason: SnapshotReason) -> None:
        taken = await self._snapshot()
        self._tell(self.feed.snapshots.whole_list(taken))

    def _catch_up(self) -> bool:
        missed = self.feed.lines_after(self.revision)
        if missed is None or len(missed) > settings.UNREAD_FRAMES or encoding.needs_whole_list(missed):
            self.bring(partial(self._whole, "too_many"))
        else:
            self.bring(partial(self._missed, missed))
        return False

    async def _missed(self, lines: list[LogLine]) -> None:
        self._tell(await self.feed.singles(lines))

    def _tell(self, events: Singles) -> None:
        """Send single events; afterwards the reader is at their revision."""
        for packet in events.packets:
            self.outlet.push(packet)
        self.revision = events.revision


class PlainReader(SinglesReader):
    kind = "plain"

    def __init__(self, home: Home, feed: Feed, visitor: Visitor, outlet: Outlet) -> None:
        super().__init__(home, feed, visitor, outlet, State.FOLLOWING)
        self.ping()

    def _join_crowd(self) -> Crowd:
        return self.feed.plain

    def handle(self, kind: str, frame: dict[str, object]) -> None:
        """Answer a ping and ignore every other frame."""
        if kind == "ping":
            self.push(PlainPong())

    def ping(self) -> None:
        self.push(PlainPing(ts=now()))
