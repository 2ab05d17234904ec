"""Readers that take nothing, or little: the first are let go, the second never; nobody else notices."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from playlist.models import Playlist
from tests.realtime.client import V1Client, inside, same, until
from tests.realtime.conftest import FAST, serving_with
from tests.rooms import Room, make_tracks
from tests.servers import DEADLINE, Server, serving

#: Everything that takes seconds for people takes one here.
IMPATIENT = {
    "UNREAD_FRAMES": "16",
    "STALLED_SECONDS": "1",
    "STUCK_SECONDS": "2",
    "TRANSPORT_PING_SECONDS": "1",
    "TRANSPORT_PONG_SECONDS": "2",
}


class Raw:
    """A WebSocket of our own making, with a small receive buffer, that reads only when it is told to."""

    def __init__(self, server: Server, subprotocol: str | None) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(DEADLINE)
        self.socket.connect(("127.0.0.1", server.port))
        key = base64.b64encode(os.urandom(16)).decode()
        offer = f"Sec-WebSocket-Protocol: {subprotocol}\r\n" if subprotocol else ""
        self.socket.sendall(
            f"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{offer}\r\n".encode()
        )
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += self.socket.recv(1)
        assert b" 101 " in answer
        if subprotocol:
            self.send(b'{"type":"hello"}')

    def send(self, payload: bytes) -> None:
        assert len(payload) < 126
        self.socket.sendall(bytes([0x81, 0x80 | len(payload)]) + bytes(4) + payload)


def descriptors(server: Server) -> int:
    """How many connections the process holds."""
    found = 0
    for entry in Path(f"/proc/{server.process.pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            found += str(entry.readlink()).startswith("socket:")
    return found


@pytest.fixture(params=["uvicorn", "daphne"])
def impatient(request: pytest.FixtureRequest, tracks: list[str]) -> Iterator[Server]:
    with serving_with(request.param, IMPATIENT, "--ping-interval", "1", "--ping-timeout", "5") as one:
        yield one


@pytest.mark.once
@pytest.mark.parametrize("subprotocol", ["playlist.v1", None])
async def test_who_takes_nothing_is_gone_and_the_others_do_not_notice(
    impatient: Server, subprotocol: str | None
) -> None:
    main = await inside(Room.main)
    healthy = await V1Client("main").open(impatient)
    await healthy.until_revision(0)
    item = (await healthy.command("track.add", track_id="track-1"))["result"]["id"]
    before = await asyncio.to_thread(descriptors, impatient)
    stuck = await asyncio.to_thread(Raw, impatient, subprotocol)
    kind = "v1" if subprotocol else "plain"
    held = 1 if kind == "plain" else 2

    async def is_there() -> bool:
        return (await asyncio.to_thread(impatient.metrics)).get(f"playlist_sockets {kind}") == held

    async def is_gone() -> bool:
        direction = next(directions)
        assert (await healthy.command("track.vote", id=item, direction=direction))["type"] == "ack"
        return not await is_there() and await asyncio.to_thread(descriptors, impatient) <= before

    directions = itertools.cycle(("up", "down"))
    await until(is_there)
    await until(is_gone)
    if kind == "v1":
        counted = await asyncio.to_thread(impatient.metrics)
        assert counted["playlist_slow_readers_total"] >= 1, "it cannot see its 4408, but the operator can"
    stuck.socket.close()
    revision = (await inside(Playlist.objects.get, slug="main")).revision
    await healthy.until_revision(revision)
    assert same(healthy, await inside(main.snapshot))
    assert healthy.closed_with is None
    await healthy.close()


@pytest.mark.once
async def test_who_reads_slowly_is_never_let_go(tracks: list[str]) -> None:
    """It lags for longer than STALLED_SECONDS, but every pong shows that it reads."""
    environment = {**FAST, "UNREAD_FRAMES": "600", "STALLED_SECONDS": "5", "PONG_SECONDS": "600"}
    environment |= {"FRAME_WINDOW_SECONDS": "0.001", "COMMANDS_PER_SECOND": "100000", "COMMANDS_BURST": "100000"}
    with serving(environment=environment) as server:
        main = await inside(Room.main)
        await inside(main.add, *await inside(make_tracks, 60))
        may_go_on = asyncio.Semaphore(0)

        async def later(ping: dict[str, Any]) -> None:
            await may_go_on.acquire()  # holds up everything that comes after it, as slow reading does
            await slow.pong(ping)

        slow = V1Client("main", on_ping=later)
        quick = V1Client("main")
        for client in (slow, quick):
            await client.open(server)
            await client.until_revision(60)
        item = str(quick.state["items"][0]["id"])
        turn = 0
        while turn < 600 or (await asyncio.to_thread(server.metrics))["playlist_slow_readers_total"] == 0:
            assert turn < 2000, "it never fell behind"
            turn += 1
            await quick.command("track.vote", id=item, direction=("up", "down")[turn % 2])
        for pause in (0, 2, 2, 2):  # asked every 64 frames, it has read half of 600 at the fourth pong at the earliest
            await asyncio.sleep(pause)
            may_go_on.release()
        for _ in range(turn):
            may_go_on.release()
        await slow.until_revision(60 + turn)
        assert slow.closed_with is None
        assert same(slow, await inside(main.snapshot))
        for client in (slow, quick):
            await client.close()
