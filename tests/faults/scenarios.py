"""The faults, each with what it needs: a world, a crowd in it, something that breaks, and what must hold afterwards."""

from __future__ import annotations

import asyncio
import random
from typing import Any

from tests.faults import hardware, people, sound, strangers
from tests.faults.crowd import Crowd
from tests.faults.invariants import check, check_log, fresh_snapshot
from tests.faults.passers_by import PassersBy
from tests.faults.stage import HEALTHY_MS, Scenario, Stage
from tests.faults.usage import all_usage, check_return
from tests.faults.witness import Witness
from tests.faults.world import World

SCENARIOS: dict[str, Scenario] = {**hardware.SCENARIOS, **people.SCENARIOS, **strangers.SCENARIOS, **sound.SCENARIOS}


async def run(name: str, seed: int, *, thorough: bool = True) -> dict[str, Any]:
    """Run a scenario and check what must hold; what was seen.

    Not `thorough`: fewer repetitions, and nobody looks at the clock. Raises AssertionError for an invariant,
    tests.services.Missing for a program.
    """
    scenario = SCENARIOS[name]
    world = await asyncio.to_thread(
        lambda: World(
            servers=scenario.servers,
            database=scenario.database,
            redis=scenario.redis,
            environment=scenario.environment,
            descriptors=scenario.descriptors,
        )
    )
    witness: Witness | None = None
    living: asyncio.Task[None] | None = None
    try:
        if scenario.proxied:
            await world.put_proxies()
        before = await fresh_snapshot(world)
        crowd = await Crowd(world, seed).gather(scenario.people)
        baseline = await all_usage(world)
        living = asyncio.create_task(crowd.live())
        await asyncio.sleep(1)
        if scenario.witnessed:
            witness = await Witness.start(world.alive[0].port, world.alive[-1].port)
        stage = Stage(world, crowd, random.Random(seed), thorough, before)
        await scenario.breaks(stage)
        crowd.is_over = True
        await living
        if witness is not None:
            await asyncio.sleep(2)
            stage.seen.update(_healthy(await witness.latencies_ms(), thorough))
        await crowd.settle()
        seen = {**await check(world, crowd, stage.before), **stage.seen}
        await crowd.leave()
        await world.close_proxies()
        await check_return(world, baseline)
        await asyncio.to_thread(check_log, world)
    except Exception as broken:
        broken.add_note(await asyncio.to_thread(world.keep_logs))
        raise
    finally:
        if living is not None:
            living.cancel()
        if witness is not None:
            witness.kill()
        await world.close_proxies()
        await asyncio.to_thread(world.close)
    return seen


def _healthy(latencies_ms: list[float], thorough: bool) -> dict[str, Any]:
    """I7. Only where nobody else works on the machine, as in continuous integration they do."""
    assert len(latencies_ms) >= 5, "I7: a healthy client could do hardly anything"
    p99 = latencies_ms[int(0.99 * len(latencies_ms))]
    assert not thorough or p99 <= HEALTHY_MS, f"I7: p99 of {p99:.0f} ms for who behaves"
    return {"ms p99": round(p99)}


async def run_passers_by(seed: int, world: World, *, with_fault: bool = True) -> dict[str, Any]:
    """Redis is killed and comes back empty, under people who know only the single playlist."""
    crowd = await PassersBy(world, seed).gather(listeners=8)
    living = asyncio.create_task(crowd.live(voters=6))
    await asyncio.sleep(2)
    if with_fault:
        await hardware.kill_redis(world, 4)
    await asyncio.sleep(2)
    crowd.is_over = True
    await living
    seen = await crowd.check()
    await crowd.leave()
    return seen
