"""Readers that stand at the head of one feed: whatever comes next is written to all of them in one go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

from realtime.asgi_types import Write
from realtime.encoding import Packet
from realtime.outlet import Outlet

#: A pong is asked for after so much, to learn what was read.
PING_EVERY_FRAMES, PING_EVERY_BYTES = 64, 64 * 1024
#: Pings of a cohort whose pongs still count. More than that many are never unanswered within the limits of unread.
PINGS_KEPT = 16


class Crowd:
    """The outlets of some readers, and how they are written to."""

    def __init__(self) -> None:
        self._writes: dict[Outlet, Write] = {}
        self._pushes: dict[Outlet, Callable[[Packet], None]] = {}

    def __len__(self) -> int:
        return len(self._writes) + len(self._pushes)

    def add(self, outlet: Outlet) -> None:
        if outlet.write is not None:
            self._writes[outlet] = outlet.write
        else:
            self._pushes[outlet] = outlet.push

    def discard(self, outlet: Outlet) -> None:
        self._writes.pop(outlet, None)
        self._pushes.pop(outlet, None)

    def write(self, packets: Sequence[Packet]) -> None:
        """Give these packets to everybody. An outlet that fills up meanwhile has taken them, and may leave."""
        data = packets[0].frame if len(packets) == 1 else b"".join([packet.frame for packet in packets])
        for outlet, write in tuple(self._writes.items()):
            try:
                write(data)
            except Exception:
                outlet.drop()  # the others go on; the tick lets its reader go
        for push in tuple(self._pushes.values()):
            for packet in packets:
                push(packet)


class Sent(NamedTuple):
    """How much was sent: frames of changes or pages, and their bytes."""

    frames: int
    bytes: int


class Cohort(Crowd):
    """Readers of `playlist.v1`. They are asked for a pong at the same frame, by bytes that are the same for all.

    A feed has several cohorts, each asked at another frame: the pongs of thousands at once would hold up everything.
    """

    def __init__(self, phase: int) -> None:
        super().__init__()
        #: Sent to each of them since the feed was opened; who joins starts counting from here.
        self.sent = Sent(0, 0)
        #: What was sent before each ping, by the ping's `t`; the newest ones.
        self.asked: dict[int, Sent] = {}
        self.asked_t = 0
        #: Loop time of the newest ping.
        self.asked_at = 0.0
        self._ask_at_frame = PING_EVERY_FRAMES + phase
        self._asked_bytes = 0

    def write_changes(self, packet: Packet, ping: Callable[[], tuple[int, Packet]]) -> None:
        """Give a frame of changes to everybody, with a ping (`t` and its packet) behind it where one is due."""
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
            self._ask_at_frame += PING_EVERY_FRAMES
