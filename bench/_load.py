"""A load generator: a fixed number of callers, each with one request under way on a connection of its own."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable

from msgspec import Struct


class Load(Struct):
    """What came back: statuses counted, and the latency of each answer in seconds."""

    seconds: float
    statuses: Counter[int]
    latencies_seconds: list[float]

    @property
    def per_second(self) -> float:
        return self.statuses[200] / self.seconds

    @property
    def failed(self) -> int:
        return sum(self.statuses.values()) - self.statuses[200]

    def percentile_ms(self, share: float) -> float:
        ordered = sorted(self.latencies_seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def load(port: int, callers: int, seconds: float, request: Callable[[int, int], bytes]) -> Load:
    """Send `request(caller, number)` over and over for so long.

    It starts when every caller has had an answer, since the first may have a connection to the database to wait for,
    and a fifth of the time has gone by.
    """
    return asyncio.run(_load(port, callers, seconds, request))


async def _load(port: int, callers: int, seconds: float, request: Callable[[int, int], bytes]) -> Load:
    result = Load(seconds, Counter(), [])
    all_are_warm = asyncio.Barrier(callers)
    await asyncio.gather(*(_caller(port, caller, all_are_warm, request, result) for caller in range(callers)))
    return result


async def _caller(
    port: int, caller: int, all_are_warm: asyncio.Barrier, request: Callable[[int, int], bytes], result: Load
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request(caller, 0))
    await status_of(reader)
    await all_are_warm.wait()
    number, now = 1, time.perf_counter()
    start_at = now + result.seconds / 5
    while now < start_at + result.seconds:
        writer.write(request(caller, number))
        status = await status_of(reader)
        sent_at, now, number = now, time.perf_counter(), number + 1
        if sent_at >= start_at:
            result.statuses[status] += 1
            result.latencies_seconds.append(now - sent_at)
    writer.close()


async def status_of(reader: asyncio.StreamReader) -> int:
    """The status of the next answer, which is read whole."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])
