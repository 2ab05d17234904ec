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
    """Send `request(caller, number)` over and over for so long, after a warm-up of a fifth of it."""
    return asyncio.run(_load(port, callers, seconds, request))


async def _load(port: int, callers: int, seconds: float, request: Callable[[int, int], bytes]) -> Load:
    start_at = time.perf_counter() + seconds / 5
    result = Load(seconds, Counter(), [])
    await asyncio.gather(*(_caller(port, caller, start_at, request, result) for caller in range(callers)))
    return result


async def _caller(port: int, caller: int, start_at: float, request: Callable[[int, int], bytes], result: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    number, now = 0, time.perf_counter()
    while now < start_at + result.seconds:
        writer.write(request(caller, number))
        status = await _status(reader)
        sent_at, now, number = now, time.perf_counter(), number + 1
        if sent_at >= start_at:
            result.statuses[status] += 1
            result.latencies_seconds.append(now - sent_at)
    writer.close()


async def _status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])
