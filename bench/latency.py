"""python3 run.py bench latency: from the action to every one of a thousand sockets, at fifty votes a second.

The stamp travels in the `op_id`. The bare server, which sends a constant with the stamp in it, is measured alike.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import time
from collections.abc import Callable
from typing import NamedTuple

from bench._report import Row, print_table
from bench._servers import ALONE, BARE, Lab, Spec, started
from bench._sockets import Socket, connect

RATE = 50
#: An address that votes in no other benchmark: each vote must change something.
VOTER = 2_000_000
_STAMPS = re.compile(rb'"op_id":"(\d+)"')


SPECS = (ALONE, Spec(BARE))


class Pace(NamedTuple):
    """How long, and how long is waited before and after."""

    seconds: float
    settle_seconds: float


def rows(lab: Lab, seconds: float = 10, sockets: int = 1000, settle_seconds: float = 2) -> list[Row]:
    product, yardstick = (lab.server(spec) for spec in SPECS)
    bare = asyncio.run(_bare(yardstick.port, sockets, Pace(seconds, settle_seconds)))
    ours = asyncio.run(_product(product.port, product.items, sockets, Pace(seconds, settle_seconds)))
    p99, rival = _percentile_ms(ours, 0.99), _percentile_ms(bare, 0.99)
    arrived = len(ours) / (sockets * round(RATE * seconds))
    note = (
        f"{sockets} sockets; p50 {_percentile_ms(ours, 0.5):.0f} ms; the bare server {_percentile_ms(bare, 0.5):.0f} "
        f"and {rival:.0f} ms; {arrived:.1%} arrived"
    )
    reached = p99 <= 150 and p99 <= 2 * rival and arrived == 1
    return [Row(f"from the action to all, {RATE}/s, p99", p99, "ms", p99 / rival, "≤ 150 ms, ≤ 2× bare", reached, note)]


async def _product(port: int, items: list[str], sockets: int, pace: Pace) -> list[float]:
    latencies: list[float] = []

    def heard(socket: Socket, text: bytes) -> None:
        if text.startswith(b'{"type":"changes"'):
            now = time.perf_counter_ns()
            latencies.extend([now - int(stamp) for stamp in _STAMPS.findall(text)])

    def vote(voter: Socket, number: int) -> None:
        # One item after the other: none of these replaces another one within a frame.
        item, direction = items[number % len(items)], ("up", "down")[number // len(items) % 2]
        voter.send(
            b'{"type":"command","op_id":"%d","command":"track.vote","id":"%s","direction":"%s"}'
            % (time.perf_counter_ns(), item.encode(), direction.encode())
        )

    listeners = [await connect(port, subprotocol="playlist.v1", number=n, on_text=heard) for n in range(sockets)]
    voter = await connect(port, subprotocol="playlist.v1", number=VOTER)
    return await _at_an_even_pace(pace, lambda number: vote(voter, number), latencies, [*listeners, voter])


async def _bare(port: int, sockets: int, pace: Pace) -> list[float]:
    latencies: list[float] = []

    def heard(socket: Socket, text: bytes) -> None:
        latencies.append(time.perf_counter_ns() - int(text[:20].rstrip(b"x")))

    listeners = [await connect(port, number=number, on_text=heard) for number in range(sockets)]
    _, writer = await asyncio.open_connection("127.0.0.1", port)

    def post(number: int) -> None:
        stamp = time.perf_counter_ns()
        writer.write(f"POST /?{stamp} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n".encode())

    latencies = await _at_an_even_pace(pace, post, latencies, listeners)
    writer.close()
    return latencies


async def _at_an_even_pace(
    pace: Pace, act: Callable[[int], None], latencies: list[float], sockets: list[Socket]
) -> list[float]:
    await asyncio.sleep(pace.settle_seconds)  # welcomes, snapshots and presence
    started = time.perf_counter()
    for number in range(round(RATE * pace.seconds)):
        await asyncio.sleep(max(0.0, started + number / RATE - time.perf_counter()))
        act(number)
    await asyncio.sleep(pace.settle_seconds)
    for socket in sockets:
        socket.close()
    return latencies


def _percentile_ms(latencies_ns: list[float], share: float) -> float:
    ordered = sorted(latencies_ns)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] / 1e6 if ordered else float("inf")


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench latency", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--sockets", type=int, default=1000)
    options = parser.parse_args()
    with started(SPECS) as lab:
        print_table(rows(lab, options.seconds, options.sockets))


if __name__ == "__main__":
    main()
