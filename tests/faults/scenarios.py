"""The faults, each with what it needs: a world, a crowd in it, something that breaks, and what must hold afterwards."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct

from tests.faults.crowd import Crowd
from tests.faults.invariants import check, check_log, fresh_snapshot
from tests.faults.world import World


class Scenario(Struct, frozen=True):
    """`breaks` runs while the crowd lives for `seconds`."""

    about: str
    breaks: Callable[[World, random.Random], Awaitable[None]]
    servers: int = 2
    database: str = "postgresql"
    redis: bool = True
    people: int = 12
    seconds: float = 12.0
    in_ci: bool = False


async def run(name: str, seed: int) -> dict[str, Any]:
    """Run a scenario and check what must hold. Raises AssertionError for an invariant, Missing for a program."""
    scenario = SCENARIOS[name]
    world = await asyncio.to_thread(
        lambda: World(servers=scenario.servers, database=scenario.database, redis=scenario.redis)
    )
    try:
        before = await fresh_snapshot(world)
        crowd = await Crowd(world, seed).gather(scenario.people)
        living = asyncio.create_task(crowd.live(scenario.seconds))
        await asyncio.sleep(1)
        await scenario.breaks(world, random.Random(seed))
        await living
        await crowd.settle()
        seen = await check(world, crowd, before)
        await crowd.leave()
        await asyncio.to_thread(check_log, world)
    finally:
        await asyncio.to_thread(world.close)
    return seen


async def _crash(world: World, choice: random.Random) -> None:
    """One server after the other is killed in the middle of whatever it does."""
    for turn in range(4):
        number = turn % len(world.servers)
        await asyncio.to_thread(world.end, number)
        await asyncio.sleep(choice.uniform(0, 0.5))
        await asyncio.to_thread(world.start_again, number)
        await asyncio.sleep(choice.uniform(0.2, 1))


async def _rolling_restart(world: World, choice: random.Random) -> None:
    for turn in range(4):
        number = turn % len(world.servers)
        took = await asyncio.to_thread(world.end, number, signal.SIGTERM)
        assert took <= 12, f"a server took {took:.1f} s to stop"
        await asyncio.to_thread(world.start_again, number)


async def _redis_is_killed(world: World, choice: random.Random) -> None:
    assert world.redis is not None
    await asyncio.to_thread(world.redis.kill)
    await asyncio.sleep(4)
    await asyncio.to_thread(world.redis.start)
    await asyncio.sleep(2)
    await asyncio.to_thread(world.redis.flush)


async def _redis_hangs(world: World, choice: random.Random) -> None:
    assert world.redis is not None
    world.redis.signal(signal.SIGSTOP)
    await asyncio.sleep(20)
    world.redis.signal(signal.SIGCONT)


async def _postgres_restarts(world: World, choice: random.Random) -> None:
    assert world.postgres is not None
    for _ in range(5):
        await asyncio.to_thread(world.postgres.stop)
        await asyncio.sleep(choice.uniform(0, 1))
        await asyncio.to_thread(world.postgres.start)
        await asyncio.sleep(choice.uniform(0.5, 1.5))


async def _sqlite_crash(world: World, choice: random.Random) -> None:
    for _ in range(4):
        await asyncio.to_thread(world.end, 0)
        await asyncio.to_thread(world.start_again, 0)
        await asyncio.sleep(choice.uniform(0.2, 1))


async def _foreign_writer(world: World, choice: random.Random) -> None:
    """Somebody else holds SQLite's write lock for eight seconds."""
    code = (
        "import time; from django.db import connection; c = connection.cursor(); "
        "c.execute('BEGIN IMMEDIATE'); time.sleep(8); c.execute('ROLLBACK')"
    )
    await asyncio.to_thread(world.manage, "shell", "--no-imports", "-c", code)


SCENARIOS: dict[str, Scenario] = {
    "crash": Scenario("two servers are killed again and again", _crash, in_ci=True),
    "sqlite-crash": Scenario(
        "the one server on SQLite is killed again and again",
        _sqlite_crash, servers=1, database="sqlite", redis=False, in_ci=True,
    ),
    "rolling-restart": Scenario("two servers are told to stop, one after the other", _rolling_restart, in_ci=True),
    "redis": Scenario(
        "Redis is killed, comes back empty, and is emptied once more",
        _redis_is_killed, in_ci=True,
    ),
    "redis-hangs": Scenario(
        "Redis answers nothing for 20 seconds", _redis_hangs, seconds=25
    ),
    "postgresql": Scenario(
        "PostgreSQL crashes and recovers, five times",
        _postgres_restarts, seconds=20, in_ci=True,
    ),
    "sqlite-locked": Scenario(
        "another process holds the write lock for 8 seconds",
        _foreign_writer, servers=1, database="sqlite", redis=False, seconds=12,
    ),
}  # fmt: skip
