"""The live part of a process: the fan-out and its companions. One for each event loop, started explicitly."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial

from django.conf import settings

from realtime.conductor import Conductor
from realtime.fanout import Fanout
from realtime.line import Line
from realtime.poll import poll
from realtime.presence import Presence
from realtime.regularly import regularly


class Live:
    """Everything live in this process; it runs once it is constructed."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.fanout = Fanout()
        self.line = Line(self.fanout.spawn, self.fanout.nudged)
        polling = regularly(partial(poll, self.fanout), settings.POLL_SECONDS, "The watched playlists cannot be polled")
        self.fanout.spawn(polling)
        self.conductor = Conductor(self.fanout)
        self.presence = Presence(self.fanout, self.line)


_live: Live | None = None


def start(*beside: Callable[[], Coroutine[object, object, None]]) -> Live:
    """The live part on the running loop; starts it, and `beside` with it, unless it runs already."""
    global _live
    if _live is None or _live.loop is not asyncio.get_running_loop():
        _live = Live()
        for work in beside:
            _live.fanout.spawn(work())
    return _live
