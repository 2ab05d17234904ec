"""Readers without a socket: an outlet that keeps what it is given."""

from __future__ import annotations

import json
from time import monotonic
from typing import Any

from playlist.asgi_types import Message
from playlist.identity import Actor
from playlist.selectors.people import Admission
from playlist.timeline import Reading, timeline
from realtime.encoding import Packet
from realtime.outlet import Outlet
from realtime.visitor import Visitor

#: A reader is told the time by the clock that its process has read.
timeline.observe(Reading(1_795_248_000_000, monotonic(), monotonic()))
timeline.settle(0, timeline.stepped_ms)

NOBODY = Admission(playlist_id=1, user_id=None, name=None, role=None, is_member=False)
VISITOR = Visitor(Actor(key="addr:1"), None, NOBODY, "http://localhost", is_wall=False)


class Sink(Outlet):
    """Takes what it is given, also while it says that it is full."""

    def __init__(self) -> None:
        super().__init__(10**9)
        self.told: list[dict[str, Any]] = []
        self.closed_with: int | None = None
        self.dropped = False

    def push(self, packet: Packet) -> None:
        if "text" in packet.message:
            self.told.append(json.loads(str(packet.message["text"])))
        else:
            pieces = packet.frame.decode().split("\n\n")[:-1]
            self.told += [json.loads(piece.partition("data: ")[2]) for piece in pieces]

    async def close(self, message: Message, within_seconds: float) -> None:
        self.closed_with = int(str(message.get("code", 1000)))

    def drop(self) -> None:
        self.dropped = True

    def fill(self) -> None:
        self._block()

    def drain(self) -> None:
        self._unblock()

    def events(self) -> list[dict[str, Any]]:
        """What a reader of single events was told, without the pings."""
        return [frame for frame in self.told if frame["type"] != "ping"]

    def types(self) -> list[str]:
        return [frame["type"] for frame in self.told]
