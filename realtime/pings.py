"""Pings that a pong can name, and this server's clock as clients see it."""

from __future__ import annotations

import time
from datetime import datetime

from playlist.clock import machine_now, truncate
from realtime.encoding import Packet, packet
from realtime.frames import ServerPing


def now_ms() -> int:
    """This server's clock in Unix milliseconds, for pings and clock offsets."""
    return time.time_ns() // 1_000_000


def now() -> datetime:
    """The same clock as a time, in whole milliseconds."""
    return truncate(machine_now())


class Pings:
    """Makes pings whose `t` never repeats and never goes back, so that a pong names one of them."""

    def __init__(self) -> None:
        self._last_t = 0

    def new(self, revision: int) -> tuple[int, Packet]:
        """A ping: its `t` and its packet."""
        self._last_t = max(now_ms(), self._last_t + 1)
        return self._last_t, packet(ServerPing(t=self._last_t, revision=revision))
