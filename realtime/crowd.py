"""Readers at the head of one feed: each delivery is written to all of them in one go."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

from playlist.asgi_types import Write
from realtime.encoding import Packet
from realtime.outlet import Outlet

#: A cohort is pinged after this many bytes, too; the pongs tell how much was read.
PING_EVERY_BYTES = 64 * 1024
#: Newest pings of a cohort whose pongs still count. The limits of unread never allow more of them to be unanswered.
PINGS_KEPT = 16


class Crowd:
    """The outlets of some readers, and the way to write to each."""

    def __init__(self) -> None:
        self._writes: dict[Outlet, Write] = {}
        #: The same as a list, until the next reader comes or goes.
        self._listed: list[tuple[Outlet, Write]] | None = None
        self._pushes: dict[Outlet, Callable[[Packet], None]] = {}

    def __len__(self) -> int:
        return len(self._writes) + len(self._pushes)

    def add(self, outlet: Outlet) -> None:
        if outlet.write is not None:
            self._writes[outlet] = outlet.write
            self._listed = None
        else:
            self._pushes[outlet] = outlet.push

    def discard(self, outlet: Outlet) -> None:
        if self._writes.pop(outlet, None) is not None:
            self._listed = None
        self._pushes.pop(outlet, None)

    def write(self, packets: Sequence[Packet]) -> None:
        """Give these packets to every outlet. One that fills up has still taken them, and may leave the crowd."""
        data = packets[0].frame if len(packets) == 1 else b"".join([packet.frame for packet in packets])
        if self._listed is None:
            self._listed = list(self._writes.items())
        for outlet, write in self._listed:
            try:
                write(data)
            except Exception:
                outlet.drop()  # the others must still get theirs; the tick ends this reader
        for push in tuple(self._pushes.values()):
            for packet in packets:
                push(packet)


class Sent(NamedTuple):
    """An amount sent: frames of changes or pages, and their bytes."""

    frames: int
    bytes: int


#: More than is ever sent.
NEVER = Sent(sys.maxsize, sys.maxsize)


class Cohort(Crowd):
    """Readers of `playlist.v1`, pinged at the same frame with the same bytes.

    A feed has several cohorts, each pinged at a different frame: thousands of pongs at once would hold up everything.
    """

    def __init__(self, ask_every: int, early: int) -> None:
        """It is pinged after every `ask_every` frames; the first time so many frames `early`."""
        super().__init__()
        self._ask_every = ask_every
        #: Sent to each of them since the feed was opened; a reader that joins counts from here.
        self.sent = Sent(0, 0)
        #: The amount sent before each of the newest pings, by the ping's `t`.
        self.asked: dict[int, Sent] = {}
        self.asked_t = 0
        #: Loop time of the newest ping.
        self.asked_at = 0.0
        self._ask_at_frame = ask_every - early
        self._asked_bytes = 0

    def write_changes(self, packet: Packet, ping: Callable[[], tuple[int, Packet]]) -> None:
        """Give a frame of changes to every reader, followed by a ping (`t` and its packet) where one is due."""
        self.sent = Sent(self.sent.frames + 1, self.sent.bytes + len(packet.frame))
        packets = [packet]
        if self.sent.frames >= self._ask_at_frame or self.sent.bytes - self._asked_bytes >= PING_EVERY_BYTES:
            t, asking = ping()
            packets.append(asking)
            self._note(t)
        self.write(packets)

    def _note(self, t: int) -> None:
        self.asked[t], self.asked_t = self.sent, t
        self.asked_at = asyncio.get_running_loop().time()
        if len(self.asked) > PINGS_KEPT:
            del self.asked[next(iter(self.asked))]
        self._asked_bytes = self.sent.bytes
        if self.sent.frames >= self._ask_at_frame:
            self._ask_at_frame += self._ask_every
