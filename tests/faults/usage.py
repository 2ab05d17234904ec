"""I6: what a server holds, and that it holds no more once everybody has left."""

from __future__ import annotations

import asyncio
import time

from msgspec import Struct

from tests.faults.world import World
from tests.servers import DEADLINE, Server

#: Connections to the database that the threads may have opened meanwhile; SQLite has three files for each.
DESCRIPTORS_SPARE = 80
MEMORY_SPARE_BYTES = 32 * 2**20


class Usage(Struct, frozen=True):
    """Of one process."""

    sockets: int
    rooms: int
    tasks: int
    descriptors: int
    memory_bytes: int


def usage(server: Server) -> Usage:
    """What it says of itself."""
    counted = server.metrics()
    return Usage(
        sockets=round(sum(count for name, count in counted.items() if name.startswith("playlist_sockets"))),
        rooms=round(counted["playlist_rooms"]),
        tasks=round(counted["playlist_tasks"]),
        descriptors=round(counted["process_open_fds"]),
        memory_bytes=round(counted["process_resident_memory_bytes"]),
    )


async def all_usage(world: World) -> dict[int, Usage]:
    """Process id → what it holds."""
    for server in world.alive:
        await asyncio.to_thread(usage, server)  # a server begins to listen to the others when it is first asked
    await asyncio.sleep(1)
    return {server.process.pid: await asyncio.to_thread(usage, server) for server in world.alive}


async def check_return(world: World, baseline: dict[int, Usage]) -> None:
    """I6, when nobody is connected any more. A process that was not there before is compared with one that was."""
    first = next(iter(baseline.values()))
    for server in world.alive:
        before = baseline.get(server.process.pid, first)
        give_up_at = time.monotonic() + DEADLINE
        while broken := _grown(await asyncio.to_thread(usage, server), before):
            assert time.monotonic() < give_up_at, f"I6: {broken}"
            await asyncio.sleep(0.2)
        # The connection that asks is closed a moment later.
        while held := server.accepted():
            assert time.monotonic() < give_up_at, f"I6: {len(held)} connections are held, and nobody is there"
            await asyncio.sleep(0.2)
    if world.redis is not None:
        while (heard := world.redis.listeners("playlist.nudges")) != len(world.alive):
            assert time.monotonic() < give_up_at, f"I6: {heard} group members for {len(world.alive)} processes"
            await asyncio.sleep(0.2)


def _grown(now: Usage, before: Usage) -> str:
    """What is more than it was, in words."""
    found = []
    if now.sockets or now.rooms:
        found.append(f"{now.sockets} sockets in {now.rooms} rooms, and nobody is there")
    if now.tasks > before.tasks:
        found.append(f"{now.tasks} tasks, {before.tasks} before")
    if now.descriptors > before.descriptors + DESCRIPTORS_SPARE:
        found.append(f"{now.descriptors} descriptors, {before.descriptors} before")
    if now.memory_bytes > before.memory_bytes + MEMORY_SPARE_BYTES:
        found.append(f"{now.memory_bytes >> 20} MiB, {before.memory_bytes >> 20} before")
    return "; ".join(found)
