"""Faults of strangers: sockets that talk and never listen, and the effect of many of them at the same time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.faults.attackers import Line, frame
from tests.faults.hardware import GONE_SECONDS
from tests.faults.stage import HEALTHY_MS, Scenario, Stage
from tests.faults.usage import usage
from tests.faults.witness import Witness
from tests.realtime.client import subprotocols
from tests.servers import Server

#: What all that waits for readers who read nothing may take.
UNREAD_BYTES = 8 << 20
#: How many frames everybody says, as far as somebody takes them.
SAID = 6000
#: As many threads as there are who ask at the same time.
_ATTACKERS = ThreadPoolExecutor(44)

#: Sent by sockets that read nothing: the protocol, and a frame around a text of any length. Each is answered.
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


async def _siege(stage: Stage) -> None:
    """Everything at once, while twenty people vote: what they wait is measured before, and meanwhile."""
    guests = [await stage.world.call("POST", "guests", {"name": f"Voter {number}"}) for number in range(20)]
    tokens = [guest["token"] for guest in guests]
    calm = await _p99_ms(stage, tokens, asyncio.sleep(stage.times(15, 3)))
    flooded = await _p99_ms(stage, tokens, _besiege(stage, stage.times(15, 3)))
    stage.seen |= {"ms p99 without": round(calm), "ms p99 meanwhile": round(flooded)}
    assert not stage.thorough or flooded <= max(2 * calm, HEALTHY_MS), f"I7: {stage.seen}"


async def _p99_ms(stage: Stage, tokens: list[str], meanwhile: Awaitable[None]) -> float:
    port = stage.world.servers[0].port
    voters = await Witness.start(port, port, tokens)
    try:
        await meanwhile
        latencies = await voters.latencies_ms()
    finally:
        voters.kill()
    return latencies[int(0.99 * len(latencies))]


async def _besiege(stage: Stage, seconds: float) -> None:
    """1,100 connections that say nothing, 40 wrong passwords at a time, 320 rooms by one guest, and one who is deaf."""
    server, statuses = stage.world.servers[0], Counter[str]()
    guest = await stage.world.call("POST", "guests", {"name": "Many rooms"})
    over = time.monotonic() + seconds
    idle = [await Line.open(server.port) for _ in range(1100)]
    deaf = await Line.open(server.port, receive_buffer=4096)
    protocol, say = _SAID["time"]
    talking = asyncio.create_task(_talk(deaf, protocol, say("x" * 12_000)))
    asking = [_guess(server, number, over, statuses) for number in range(40)]
    asking += [_open_rooms(server, guest["token"], range(start, 320, 4), statuses) for start in range(4)]
    await asyncio.gather(*asking)
    await asyncio.sleep(max(0.0, over - time.monotonic()))
    talking.cancel()
    for line in (*idle, deaf):
        line.abort()
    stage.seen |= dict(statuses)
    assert not any(status.endswith(" 500") for status in statuses), f"I8: {statuses}"


async def _guess(server: Server, number: int, until: float, statuses: Counter[str]) -> None:
    """A password a second, each attacker at an address of its own."""
    address = {"X-Forwarded-For": f"10.1.0.{number}"}
    while time.monotonic() < until:
        wrong = {"username": f"user-{number}", "password": "it is not this one"}
        status, _ = await _call(server, "user/login", wrong, address)
        statuses[f"× login {status}"] += 1
        await asyncio.sleep(1)


async def _open_rooms(server: Server, token: str, numbers: range, statuses: Counter[str]) -> None:
    for number in numbers:
        room = {"name": f"Room {number}", "visibility": "public"}
        status, _ = await _call(server, "playlists", room, {"Authorization": f"Bearer {token}"})
        statuses[f"× room {status}"] += 1


async def _call(server: Server, path: str, body: object, headers: dict[str, str]) -> tuple[int, object]:
    return await asyncio.get_running_loop().run_in_executor(_ATTACKERS, server.call, "POST", path, body, headers)


SCENARIOS: dict[str, Scenario] = {
    "deaf": Scenario("thousands of long frames from a socket that reads no answer", _deaf, witnessed=True),
    "siege": Scenario(
        "1,100 idle connections, 40 wrong passwords, 320 rooms and one who is deaf, at once",
        _siege, servers=1, people=0, descriptors=1024,
        environment={
            "REST_WRITES_PER_SECOND": "20", "REST_WRITES_BURST": "300", "GUESTS_BURST": "200",
            "COMMANDS_PER_SECOND": "20", "COMMANDS_BURST": "40",
        },
    ),
}  # fmt: skip
