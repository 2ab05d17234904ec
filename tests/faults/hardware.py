"""Faults of what the product stands on: processes, Redis, databases, lines."""

from __future__ import annotations

import asyncio
import shutil
import signal
import time

from tests.faults.attackers import Line, frame
from tests.faults.invariants import fresh_snapshot
from tests.faults.mortal import POINTS
from tests.faults.stage import Scenario, Stage
from tests.faults.usage import usage
from tests.faults.world import World
from tests.realtime.client import V1Client
from tests.servers import DEADLINE

#: How long a connection that answers nothing may be held.
GONE_SECONDS = 60


# ── Processes ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _crash(stage: Stage) -> None:
    """One server after the other is killed in the middle of whatever it does."""
    for turn in range(stage.times(12, 4)):
        number = turn % len(stage.world.servers)
        await asyncio.to_thread(stage.world.end, number)
        await asyncio.sleep(stage.choice.uniform(0, 0.5))
        await asyncio.to_thread(stage.world.start_again, number)
        await asyncio.sleep(stage.choice.uniform(0.2, 1))


async def _crash_points(stage: Stage) -> None:
    """A server dies at one point of a commit after the other."""
    for turn in range(stage.times(20, 1)):
        for point in POINTS:
            number = turn % len(stage.world.servers)
            passes = str(stage.choice.randrange(1, 12))
            await asyncio.to_thread(stage.world.end, number)
            await asyncio.to_thread(stage.world.start_again, number, ("-m", "tests.faults.mortal", point, passes))
            died = await asyncio.to_thread(stage.world.servers[number].process.wait, DEADLINE)
            assert died == -signal.SIGKILL
    for number in range(len(stage.world.servers)):
        if stage.world.servers[number] not in stage.world.alive:
            await asyncio.to_thread(stage.world.start_again, number)


async def _rolling_restart(stage: Stage) -> None:
    for turn in range(stage.times(8, 4)):
        number = turn % len(stage.world.servers)
        took = await asyncio.to_thread(stage.world.end, number, signal.SIGTERM)
        assert took <= 12, f"a server took {took:.1f} s to stop"
        await asyncio.to_thread(stage.world.start_again, number)


# ── Redis ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _redis_is_killed(stage: Stage) -> None:
    await kill_redis(stage.world, stage.times(10, 4))


async def kill_redis(world: World, away_seconds: float) -> None:
    """It comes back empty, and is emptied once more when it has been filled again."""
    assert world.redis is not None
    await asyncio.to_thread(world.redis.kill)
    await asyncio.sleep(away_seconds)
    await asyncio.to_thread(world.redis.start)
    await asyncio.sleep(2)
    await asyncio.to_thread(world.redis.flush)
    await asyncio.sleep(2)


async def _redis_hangs(stage: Stage) -> None:
    assert stage.world.redis is not None
    stage.world.redis.signal(signal.SIGSTOP)
    await asyncio.sleep(20)
    stage.world.redis.signal(signal.SIGCONT)
    await asyncio.sleep(5)


async def _silence(stage: Stage) -> None:
    """Nothing happens for a while; then something does, and the nudges tell of it, not the poll."""
    crowd, world = stage.crowd, stage.world
    for seconds in (6, 60) if stage.thorough else (6,):
        crowd.is_quiet = True
        await crowd.settle()
        await asyncio.sleep(seconds)
        found, head = await _found_by_poll(stage), await fresh_snapshot(world)
        item = next(item["id"] for item in head["items"] if not item["is_playing"])
        for turn in range(6):
            answer = await world.call("POST", f"playlist/{item}/vote", {"direction": ("up", "none")[turn % 2]})
            head, before = await fresh_snapshot(world), head["revision"]
            assert head["revision"] > before, answer
            await crowd.all_at(head["revision"])
        # The poll may happen to come between a commit and its nudge; not more than once.
        assert await _found_by_poll(stage) - found <= len(world.servers), "after a silence nudges did not arrive"
        crowd.is_quiet = False
        await asyncio.sleep(1)


async def _found_by_poll(stage: Stage) -> float:
    counted = [await asyncio.to_thread(server.metrics) for server in stage.world.alive]
    return sum(each["playlist_found_by_poll_total"] for each in counted)


# ── Databases ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _postgres_restarts(stage: Stage) -> None:
    assert stage.world.postgres is not None
    for _ in range(5):
        await asyncio.to_thread(stage.world.postgres.stop)
        await asyncio.sleep(stage.choice.uniform(0, 1))
        await asyncio.to_thread(stage.world.postgres.start)
        await asyncio.sleep(stage.choice.uniform(0.5, 1.5))


async def _foreign_writer(stage: Stage) -> None:
    """Somebody else holds SQLite's write lock for eight seconds."""
    code = (
        "import time; from django.db import connection; c = connection.cursor(); "
        "c.execute('BEGIN IMMEDIATE'); time.sleep(8); c.execute('ROLLBACK')"
    )
    await asyncio.to_thread(stage.world.manage, "shell", "--no-imports", "-c", code)
    await asyncio.sleep(2)


async def _backup_is_restored(stage: Stage) -> None:
    """The database is put back to an older state, and written past where it was, before anybody comes back."""
    world, crowd = stage.world, stage.crowd
    await asyncio.to_thread(world.end, 0, signal.SIGTERM)
    backup = world.folder / "backup"
    backup.mkdir()
    for file in world.folder.glob("playlist.sqlite3*"):
        shutil.copy(file, backup)
    await asyncio.to_thread(world.start_again, 0)
    await asyncio.sleep(3)
    crowd.is_quiet = True
    await crowd.settle()
    crowd.forget()
    newest = (await fresh_snapshot(world))["revision"]
    await crowd.all_at(newest)
    await asyncio.to_thread(world.end, 0, signal.SIGTERM)
    for file in world.folder.glob("playlist.sqlite3*"):
        file.unlink()
    shutil.copytree(backup, world.folder, dirs_exist_ok=True)
    await asyncio.to_thread(world.manage, "shell", "--no-imports", "-c", _WRITE_ON.format(revision=newest + 20))
    for person in crowd.people:
        person.client.reasons.clear()
    await asyncio.to_thread(world.start_again, 0)
    stage.before, crowd.histories = await fresh_snapshot(world), 1
    for person in crowd.people:
        await person.client.until(lambda person=person: person.client.reasons)  # type: ignore[misc]
        assert person.client.reasons[0] == "history_changed", person.client.reasons
    crowd.is_quiet = False
    await asyncio.sleep(3)
    stage.seen["in a new history"] = len(crowd.people)


_WRITE_ON = """
from playlist.selectors.playlists import playlist_id
from playlist import types
from playlist.submissions import Submission
from playlist.identity import Actor
from playlist.models import Playlist, PlaylistTrack
from playlist.writer import get_writer
main = playlist_id("main")
item = PlaylistTrack.objects.filter(playlist=main).first().pk
somebody, turn = Actor(key="addr:restored"), 0
while Playlist.objects.get(pk=main).revision < {revision}:
    turn += 1
    vote = types.TrackVote(id=item, direction=("up", "down")[turn % 2])
    get_writer().submit_and_wait(main, Submission(somebody, (vote,)))
"""


# ── Lines ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _half_open(stage: Stage) -> None:
    """The lines of everybody at one server fall silent: no byte, and no end. The server finds out by itself."""
    proxy = stage.world.proxies[0]
    for _ in range(stage.times(2, 1)):
        stuck = [person for person in stage.crowd.people if person.door is proxy and not person.is_cut_off]
        for person in stuck:
            person.is_stuck = True
        lines, silent_at = proxy.silence(), time.monotonic()
        while not all(line.server_is_gone for line in lines):
            assert time.monotonic() < silent_at + GONE_SECONDS, "a line without an end was held for more than 60 s"
            await asyncio.sleep(0.5)
        stage.seen["s until they were gone"] = round(time.monotonic() - silent_at)
        for line in lines:
            line.cut()
        for person in stuck:
            person.is_stuck = False
        await asyncio.sleep(3)


async def _storm(stage: Stage) -> None:
    """Two hundred listeners are cut off again and again, all at once, while events flow."""
    listeners = [V1Client("main") for _ in range(stage.times(200, 60))]

    async def come(listener: V1Client) -> None:
        await asyncio.sleep(stage.choice.uniform(0, 1))  # as every good client does
        await listener.open(stage.choice.choice(stage.world.doors))
        await listener.until_revision(0)

    await asyncio.gather(*(come(listener) for listener in listeners))
    for _ in range(stage.times(20, 3)):
        for proxy in stage.world.proxies:
            proxy.cut()
        for listener in listeners:
            await listener.until(lambda listener=listener: listener.closed_with is not None)  # type: ignore[misc]
        await asyncio.gather(*(come(listener) for listener in listeners))
    stage.crowd.is_quiet = True
    await stage.crowd.settle()
    head = await fresh_snapshot(stage.world)
    for listener in listeners:
        await listener.until_revision(head["revision"])
        assert listener.state["items"] == head["items"], "I3: a listener differs from the server"
        assert listener.reasons == ["initial"], "a listener was away for a second, and had to start over"
        await listener.close()
    stage.seen["listeners"] = len(listeners)


async def _slow_readers(stage: Stage) -> None:
    """Some read nothing at all, behind a small buffer. They are gone within a minute, and cost little until then."""
    server = stage.world.servers[0]
    before = await asyncio.to_thread(usage, server)
    lines = [await Line.open(server.port, receive_buffer=4096) for _ in range(10)]
    for number, line in enumerate(lines):
        await line.upgrade("playlist.v1" if number % 2 else "")
        if number % 2:
            await line.say(frame(b'{"type": "hello"}'))
    started, most = time.monotonic(), 0
    while lines:
        assert time.monotonic() < started + GONE_SECONDS, f"{len(lines)} who read nothing are still held"
        most = max(most, (await asyncio.to_thread(usage, server)).memory_bytes - before.memory_bytes)
        held = server.accepted()
        lines = [line for line in lines if line.port in held]
        await asyncio.sleep(0.5)
    assert most <= 10 * 4 * 2**20, f"{most >> 20} MiB for ten readers"
    stage.seen["s until they were gone"] = round(time.monotonic() - started)
    stage.seen["MiB more"] = most >> 20


SCENARIOS: dict[str, Scenario] = {
    "crash": Scenario("two servers are killed again and again", _crash, in_ci=True),
    "crash-points": Scenario("servers kill themselves at each point of a commit", _crash_points, in_ci=True),
    "sqlite-crash": Scenario(
        "the one server on SQLite is killed again and again",
        _crash, servers=1, database="sqlite", redis=False, in_ci=True,
    ),
    "rolling-restart": Scenario("two servers are told to stop, one after the other", _rolling_restart, in_ci=True),
    "redis": Scenario("Redis is killed, comes back empty, and is emptied once more", _redis_is_killed, in_ci=True),
    "redis-hangs": Scenario("Redis answers nothing for 20 seconds", _redis_hangs),
    "silence": Scenario("nothing happens for 6 and for 60 seconds, then something does", _silence, in_ci=True),
    "postgresql": Scenario("PostgreSQL crashes and recovers, five times", _postgres_restarts, in_ci=True),
    "sqlite-locked": Scenario(
        "another process holds the write lock for 8 seconds",
        _foreign_writer, servers=1, database="sqlite", redis=False,
    ),
    "backup": Scenario(
        "an older database is restored, and written past the newest revision that anybody saw",
        _backup_is_restored, servers=1, database="sqlite", redis=False, in_ci=True,
    ),
    "half-open": Scenario("lines fall silent without an end", _half_open, proxied=True, witnessed=True),
    "storm": Scenario("200 listeners are cut off 20 times", _storm, proxied=True, in_ci=True),
    "slow-readers": Scenario("ten read nothing behind 4 KiB", _slow_readers, witnessed=True),
}  # fmt: skip
