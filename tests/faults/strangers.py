"""Faults of strangers: who talks and never listens, and what many of them do at the same time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.faults.attackers import Line, frame
from tests.faults.hardware import GONE_SECONDS
from tests.faults.stage import Scenario, Stage
from tests.faults.usage import usage
from tests.realtime.client import subprotocols
from tests.servers import Server

#: What all that waits for readers who read nothing may take.
UNREAD_BYTES = 8 << 20
#: How many frames everybody says, as far as somebody takes them.
SAID = 6000

#: What is said by who reads nothing: its protocol, and a frame around a text of any length. Each is answered.
_SAID: dict[str, tuple[str, Callable[[str], object]]] = {
    "time": ("playlist.v1", lambda text: {"type": "time", "t": text}),
    "unknown frames": ("playlist.v1", lambda text: {"type": text}),
    "refused commands": ("playlist.v1", lambda text: {"type": "command", "op_id": "deaf", "command": text}),
    "ping": ("", lambda text: {"type": "ping", "with": text}),
    "malformed frames": ("", lambda text: {"type": 5, "with": text}),
}


async def _deaf(stage: Stage) -> None:
    """They say thousands of long frames and read none of the answers, or answer pings that never came; one listens to a
    stream, and never reads."""
    server = stage.world.servers[0]
    memory = [await _memory_bytes(server) for _ in range(10)]  # what the crowd itself makes it grow
    lines = {name: await Line.open(server.port, receive_buffer=4096) for name in (*_SAID, "a stream")}
    talking = [
        asyncio.create_task(_talk(lines[name], protocol, say("x" * stage.choice.randrange(9_000, 15_000))))
        for name, (protocol, say) in _SAID.items()
    ]
    await lines["a stream"].say(b"GET /api/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
    liar = await connect(f"ws://127.0.0.1:{server.port}/ws", subprotocols=subprotocols(None), max_queue=1)
    talking += [asyncio.create_task(_ask(liar)), asyncio.create_task(_answer_with_nonsense(liar))]
    try:
        ports = {name: line.port for name, line in lines.items()} | {"nonsense": liar.local_address[1]}
        gone, most = await _until_gone(server, ports)
    finally:
        for talk in talking:
            talk.cancel()
    grown = most - max(memory)
    stage.seen |= {f"s until who said {name} was gone": seconds for name, seconds in gone.items()}
    stage.seen["MiB more"] = grown >> 20
    assert grown <= UNREAD_BYTES, f"{grown >> 20} MiB wait for {len(ports)} who do not read"


async def _talk(line: Line, protocol: str, said: object) -> None:
    await line.upgrade(protocol)
    if protocol:
        await line.say(frame(b'{"type": "hello"}'))
    for _ in range(SAID):
        if line.writer.is_closing():
            break
        await line.say(frame(json.dumps(said).encode()))


async def _ask(socket: ClientConnection) -> None:
    """For more than one reads."""
    await socket.send('{"type": "hello"}')
    with contextlib.suppress(ConnectionClosed):
        for _ in range(SAID):
            await socket.send(json.dumps({"type": "time", "t": "x" * 9_000}))


async def _answer_with_nonsense(socket: ClientConnection) -> None:
    """A message now and then, and pongs to pings that never came."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            for _ in range(20):
                await socket.recv()
            await socket.send('{"type": "pong", "t": 1e18}')
            await asyncio.sleep(1)


async def _until_gone(server: Server, ports: dict[str, int]) -> tuple[dict[str, int], int]:
    """After how many seconds each was let go, and what memory the server took at most meanwhile."""
    gone: dict[str, int] = {}
    started, most = time.monotonic(), 0
    while len(gone) < len(ports):
        most = max(most, await _memory_bytes(server))
        held = server.accepted()
        seconds = round(time.monotonic() - started)
        gone |= {name: seconds for name, port in ports.items() if name not in gone and port not in held}
        assert seconds < GONE_SECONDS, f"still held: {sorted(set(ports) - set(gone))}; {most >> 20} MiB"
        await asyncio.sleep(0.5)
    return gone, most


async def _memory_bytes(server: Server) -> int:
    return (await asyncio.to_thread(usage, server)).memory_bytes


SCENARIOS: dict[str, Scenario] = {
    "deaf": Scenario("thousands of long frames from who reads no answer", _deaf, witnessed=True),
}
