"""Faults of people: nonsense, floods, slow readers, callers from elsewhere, clicks all at once."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

from tests.faults.attackers import Line, frame, handshake, malformed
from tests.faults.invariants import fresh_snapshot, the_log
from tests.faults.stage import Scenario, Stage
from tests.faults.usage import usage
from tests.realtime.client import V1Client
from tests.servers import DEADLINE


async def _malformed(stage: Stage) -> None:
    seen: Counter[str] = Counter()
    count = stage.times(10_000, 1_000) // len(stage.world.servers)
    for server in stage.world.servers:
        seen += await malformed(server.port, count, stage.choice)
    stage.seen.update({f"× {name}": times for name, times in seen.most_common()})


async def _oversize(stage: Stage) -> None:
    """More than a frame may have, more than the server reads, and more than there is memory."""
    server = stage.world.servers[0]
    before = await asyncio.to_thread(usage, server)
    for what, allowed in (
        (frame(b" " * (17 << 10)), {"4413"}),
        (frame(b" " * (2 << 20)), {"1009"}),
        (frame(b"", size=1 << 30), {"1009"}),
        (frame(b"", size=(1 << 63) - 1), {"1009"}),
    ):
        for subprotocol in ("playlist.v1", ""):
            line = await Line.open(server.port)
            await line.upgrade(subprotocol)
            await line.say(what)
            outcome = await line.outcome()
            # Whoever is cut off while still sending may miss the word of farewell.
            late = {"gone"} if len(what) > 1 << 20 else set()
            assert outcome <= allowed | late, f"{what[:10]!r} led to {outcome}"
            grown = (await asyncio.to_thread(usage, server)).memory_bytes - before.memory_bytes
            assert grown < 32 << 20, f"it holds {grown >> 20} MiB of what was announced"
            line.abort()
    headers = {f"X-{number}": "y" * 1000 for number in range(1000)}
    line = await Line.open(server.port)
    await line.say(handshake(**headers))
    assert await line.status() in (0, 400, 431)


async def _flood(stage: Stage) -> None:
    """Somebody sends commands as fast as the line takes them, and somebody else opens sockets like that."""
    server, seen = stage.world.servers[0], stage.seen
    for turn in range(stage.times(5, 1)):
        line = await Line.open(server.port)
        await line.upgrade()
        await line.say(frame(b'{"type": "hello"}'))
        answers = asyncio.create_task(line.outcome())
        for number in range(5000):
            op_id = f"flood-{turn}-{number}"
            stage.crowd.forgotten.add(op_id)
            await line.say(frame(f'{{"type": "command", "op_id": "{op_id}", "command": "playback.pause"}}'.encode()))
            if answers.done():
                break
        outcome = await answers
        assert outcome <= {"nack RATE_LIMITED", "4429", "gone"}, outcome
        assert "nack RATE_LIMITED" in outcome
        line.abort()
    started, opened = time.monotonic(), 0
    while time.monotonic() < started + stage.times(10, 2):
        lines = [await Line.open(server.port) for _ in range(25)]
        await asyncio.gather(*(line.say(handshake()) for line in lines))
        opened += len(lines)
        for line in lines:
            line.abort()
        await asyncio.sleep(0.05)
    seen["handshakes a second"] = round(opened / (time.monotonic() - started))


async def _slowloris(stage: Stage) -> None:
    """A hundred requests that never come to an end, a byte at a time; none of them is held for long."""
    server = stage.world.servers[0]
    lines = [await Line.open(server.port) for _ in range(100)]
    post = b"POST /api/playlist HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n"
    whole = b"GET /api/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"
    beginnings = (b"GET /ws HTTP/1.1\r\nHost: localhost\r\nX-", post, b"", whole)
    for number, line in enumerate(lines):
        await line.say(beginnings[number % 4])
    await asyncio.sleep(1)
    for line in lines[3::4]:
        await line.say(b"\r\n")  # an empty line begins no message
    started = time.monotonic()
    while lines:
        assert time.monotonic() < started + DEADLINE, f"{len(lines)} unfinished requests are still held"
        for line in lines[::4]:
            await line.say(b"x")
        held = server.accepted()
        lines = [line for line in lines if line.port in held]
        await asyncio.sleep(0.5)
    stage.seen["s until they were gone"] = round(time.monotonic() - started)


async def _origins(stage: Stage) -> None:
    """Pages from elsewhere are refused before anything is asked of the database: it is away."""
    server = stage.world.servers[0]
    own = f"localhost:{server.port}"
    foreign = (
        "https://evil.example", "null", f"ftp://{own}", "http://localhost.evil.example", f"http://{own}.evil.example",
        f"http://evil.example/{own}", f"http://{own}@evil.example", "http://", "file://", "",
    )  # fmt: skip
    assert stage.world.postgres is not None
    await asyncio.to_thread(stage.world.postgres.stop)
    for path in ("/ws", "/ws/playlists/main"):
        for origin in foreign:
            line = await Line.open(server.port)
            await line.say(handshake(path, Origin=origin, Cookie="sessionid=abc"))
            assert await line.status() == 403, f"{origin!r} got in"
            line.abort()
    await asyncio.to_thread(stage.world.postgres.start)
    stage.seen["foreign origins"] = len(foreign)
    await asyncio.sleep(2)


async def _replay(stage: Stage) -> None:
    """One op_id fifty times at once, over REST and sockets, at both servers: one effect and one answer."""
    world, token = stage.world, stage.crowd.people[0].token
    bearer = {"Authorization": f"Bearer {token}"}
    slug = (await world.call("POST", "playlists", {"name": "Again"}, bearer))["slug"]
    sockets = [V1Client(slug, token) for _ in range(26)]
    for number, client in enumerate(sockets):
        await client.open(world.servers[number % len(world.servers)])
        await client.until_revision(0)
    for turn in range(1, 1 + stage.times(30, 5)):
        key, track_id = f"again-{turn}", f"track-{turn}"
        calls = [
            asyncio.to_thread(
                world.servers[number % len(world.servers)].call,
                "POST", f"playlists/{slug}/items", {"track_id": track_id}, {**bearer, "Idempotency-Key": key},
            )
            for number in range(24)
        ]  # fmt: skip
        acks = asyncio.gather(*(client.command("track.add", key, track_id=track_id) for client in sockets))
        answers = [answer for _, answer in await asyncio.gather(*calls)] + [ack["result"] for ack in await acks]
        assert answers == [answers[0]] * 50, "equal questions got different answers"
        for client in sockets:
            await client.until_revision(turn)
            assert client.revision == turn, f"{client.revision} effects of {turn} operations"
    for client in sockets:
        await client.close()
    stage.seen["operations, 50 times each"] = turn


async def _all_at_once(stage: Stage) -> None:
    """Everybody toggles votes at four processes, and then twenty press "next" at the same moment: one skip."""
    crowd, skips = stage.crowd, 0
    for _ in range(stage.times(20, 4)):
        await asyncio.sleep(1)
        crowd.is_quiet = True  # else there would always be something without an answer
        await crowd.settle()
        head = await fresh_snapshot(stage.world)
        await crowd.all_at(head["revision"])
        asked = {"command": "playback.next", "expect_item_id": head["playback"]["item_id"]}
        op_ids = {await person.ask(asked) for person in crowd.people[:20]}
        await crowd.settle()
        skipped = [event for event in await the_log(stage.world) if event.get("op_id") in op_ids]
        assert len({event["op_id"] for event in skipped}) <= 1, f"{len(skipped)} skips of one track"
        skips += bool(skipped)
        crowd.is_quiet = False
    assert skips, "nobody ever skipped anything"
    stage.seen["skips"] = skips


SCENARIOS: dict[str, Scenario] = {
    "malformed": Scenario("10,000 malformed frames", _malformed, witnessed=True, in_ci=True),
    "oversize": Scenario("frames and headers beyond every limit", _oversize, witnessed=True),
    "flood": Scenario(
        "5,000 commands a second on one socket, and 500 handshakes a second",
        _flood, witnessed=True, in_ci=True, environment={"COMMANDS_PER_SECOND": "20", "COMMANDS_BURST": "40"},
    ),
    "slowloris": Scenario("a hundred requests that never end", _slowloris, witnessed=True),
    "origins": Scenario("pages from elsewhere, while the database is away", _origins),
    "replay": Scenario("one op_id 50 times at once, everywhere", _replay, in_ci=True),
    "concurrency": Scenario("50 people at 4 processes, 20 press next at once", _all_at_once, servers=4, people=50),
}  # fmt: skip
