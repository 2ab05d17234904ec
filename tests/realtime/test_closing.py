"""Sockets of `playlist.v1` that end: each is let go with a code that says why, and what does no harm is not."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from playlist import types
from playlist.models import Participant
from tests.api.client import Api
from tests.realtime.client import V1Client, inside, same, subprotocols
from tests.realtime.conftest import FAST
from tests.rooms import Room
from tests.servers import DEADLINE, Server, serving


async def closes_with(server: Server, path: str, *frames: Any, **options: Any) -> int | None:
    """The code with which a socket is closed after these frames."""
    options.setdefault("subprotocols", ["playlist.v1"])
    socket = await connect(f"ws://127.0.0.1:{server.port}/{path}", max_size=None, **options)
    for frame in frames:
        await socket.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))
    async with asyncio.timeout(DEADLINE):
        with contextlib.suppress(ConnectionClosed):
            async for _ in socket:  # a client that does not read does not see the close either
                pass
    return socket.close_code


@pytest.mark.once
async def test_close_codes_say_why(room: Room, visitor: tuple[Api, str]) -> None:
    await inside(room.do, types.PlaylistUpdate(visibility="unlisted"))
    quick = {**FAST, "HELLO_SECONDS": "1", "PING_SECONDS": "1", "PONG_SECONDS": "2"}
    with serving(environment=quick) as server:
        hello = {"type": "hello"}
        assert await closes_with(server, "ws") == 4400, "no hello"
        assert await closes_with(server, "ws", *["{"] * 5) == 4400
        assert await closes_with(server, "ws", hello, *[b"\x00"] * 5) == 4400
        assert await closes_with(server, "ws", subprotocols=subprotocols("nothing")) == 4401
        assert await closes_with(server, "ws", subprotocols=["playlist.v1", "bearer.!!"]) == 4401
        assert await closes_with(server, f"ws/playlists/{room.slug}") == 4403
        assert await closes_with(server, f"ws/playlists/{room.slug}", subprotocols=subprotocols(visitor[1])) == 4403
        assert await closes_with(server, "ws/playlists/nothing") == 4404
        assert await closes_with(server, "ws", hello) == 4409, "no pong"
        assert await closes_with(server, "ws", json.dumps(hello), "x" * (16 * 1024 + 1)) == 4413
        command = json.dumps({"type": "command", "op_id": "x", "command": "playback.pause"})
        assert await closes_with(server, "ws", json.dumps(hello), *[command] * 400) == 4429
        output = server.stop()
    assert "Traceback" not in output


@pytest.mark.once
async def test_frames_at_the_limit_are_welcome(server: Server) -> None:
    client = await V1Client("main").open(server)
    await client.until_revision(0)
    await client.send(json.dumps({"type": "time", "t": "x"}).ljust(16 * 1024))
    await client.until(lambda: client.frames[-1]["type"] == "time")
    assert client.closed_with is None
    await client.close()


@pytest.mark.once
async def test_malformed_frames_never_make_a_handler_fail(server: Server) -> None:
    """Seeded nonsense; each connection lives until it has sent five malformed frames."""
    choice = random.Random(7)
    seeds = [
        "", "{", "[]", "null", "5", '"x"', "{}", '{"type": 1}', '{"type": "hello"}', '{"type": "hello", "resume": 1}',
        '{"type": "hello", "resume": {"revision": 1e99, "stamp": ""}}', '{"type": "pong", "t": {}}',
        '{"type": "command"}', '{"type": "command", "op_id": 1}', '{"type": "command", "op_id": "a"}',
        '{"type": "command", "op_id": "a", "command": []}', '{"type": "command", "op_id": "a", "command": "track.add"}',
        '{"type": "command", "op_id": "a", "command": "track.move", "id": "x"}', '{"type": "time", "t": NaN}',
        "[" * 500, '{"a":' * 500, '{"type": "time", "t": "\\ud800"}', '{"type": "\\u0000"}', "\x00",
    ]  # fmt: skip
    sent = 0
    while sent < 10_000:
        socket = await connect(f"ws://127.0.0.1:{server.port}/ws", subprotocols=["playlist.v1"])  # type: ignore[list-item]
        try:
            for _ in range(40):
                text = choice.choice(seeds)
                cut = text[: choice.randrange(len(text) + 1)] if choice.random() < 0.3 else text
                await socket.send(cut.encode() if choice.random() < 0.1 else cut)
                sent += 1
        except Exception:  # closed by then, as it should be
            sent += 1
        await socket.close()
        assert socket.close_code in (1000, 4400, 4429, None), socket.close_code
    output = await asyncio.to_thread(server.stop)
    assert "Traceback" not in output
    assert "could not be handled" not in output


@pytest.mark.once
async def test_a_reader_that_answers_no_ping_is_let_go_and_the_others_do_not_notice(room: Room) -> None:
    small = {**FAST, "UNREAD_FRAMES": "8", "STALLED_SECONDS": "2"}
    with serving(environment=small) as server:

        async def no_pong(ping: dict[str, Any]) -> None:
            """It reads on."""

        stuck, healthy = V1Client("main", on_ping=no_pong), V1Client("main")
        for client in (stuck, healthy):
            await client.open(server)
            await client.until_revision(0)
        item = (await healthy.command("track.add", track_id="track-1"))["result"]["id"]
        turn = 0
        while stuck.closed_with is None:
            turn += 1
            answer = await healthy.command("track.vote", id=item, direction=("up", "down")[turn % 2])
            await healthy.until_revision(answer["revision"])  # so each vote is a frame of its own
        assert stuck.closed_with == 4408
        snapshot = await inside((await inside(Room.main)).snapshot)
        await healthy.until_revision(snapshot["revision"])
        assert same(healthy, snapshot)
        await healthy.close()


@pytest.mark.once
async def test_before_a_restart_everybody_is_told(our_server: Server) -> None:
    client = await V1Client("main").open(our_server)
    await client.until_revision(0)
    output = await asyncio.to_thread(our_server.stop)
    await client.until(lambda: client.closed_with is not None)
    assert client.closed_with == 1012
    assert client.frames[-1]["type"] == "going_away"
    assert client.frames[-1]["retry_ms"] > 0
    assert "Stopped." in output
    assert "Traceback" not in output


async def test_a_removed_person_is_put_out_and_a_deleted_room_closes(
    server: Server, room: Room, visitor: tuple[Api, str]
) -> None:
    client = await V1Client(room.slug, visitor[1]).open(server)
    await client.until_revision(0)
    user_id = client.welcome["you"]["id"]
    await client.command("track.add", track_id="track-1")
    await client.until_revision(1)
    assert await inside(Participant.objects.filter(playlist=room.id, user=user_id).exists)
    await inside(room.do, types.ParticipantRemove(user_id=user_id, remove_items=True, ban=True))
    await client.until(lambda: client.closed_with is not None)
    assert client.closed_with == 4403
    other = await V1Client(room.slug).open(server)
    await other.until_revision(0)
    await inside(room.do, types.PlaylistDelete())
    await other.until(lambda: other.closed_with is not None)
    assert other.closed_with == 4404
