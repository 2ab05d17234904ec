"""python3 run.py bench latency: from the action to every one of a thousand sockets, at fifty votes a second.

The stamp travels in the `op_id`. The bare server, which sends a constant with the stamp in it, is measured alike.
With more sockets than one process can read in time, give it as many `--processes` as there are cores to spare.
No vote is told before it is on the disk. How long the disk takes by itself is measured beside the bare server, which
needs none: a disk that now and then takes 200 ms shows in our figure, and TMPDIR=/dev/shm shows it without.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Callable

from msgspec import Struct

from bench._listeners import Listeners
from bench._report import Row, print_table
from bench._servers import ALONE, BARE, Lab, Spec, started
from bench._sockets import connect

RATE = 50
#: An address that votes in no other benchmark: each vote must change something.
VOTER = 2_000_000

SPECS = (ALONE, Spec(BARE))


class Load(Struct, frozen=True):
    """How many listen, in how many processes, and for how long; how long is waited before and after."""

    sockets: int
    processes: int
    seconds: float
    settle_seconds: float


def rows(
    lab: Lab, seconds: float = 10, sockets: int = 1000, settle_seconds: float = 2, processes: int = 1
) -> list[Row]:
    product, yardstick = (lab.server(spec) for spec in SPECS)
    load = Load(sockets, processes, seconds, settle_seconds)
    bare, disk = map(sorted, asyncio.run(_bare(yardstick.port, load)))
    ours = sorted(asyncio.run(_product(product.port, product.items, load)))
    p99, rival = _percentile_ms(ours, 0.99), _percentile_ms(bare, 0.99)
    arrived = len(ours) / (sockets * round(RATE * seconds))
    note = (
        f"{sockets} sockets; p50 {_percentile_ms(ours, 0.5):.0f} ms; the bare server {_percentile_ms(bare, 0.5):.0f} "
        f"and {rival:.0f} ms; the disk alone {_percentile_ms(disk, 0.5):.1f} and {_percentile_ms(disk, 0.99):.1f} ms, "
        f"at most {disk[-1] / 1e6:.0f}; {arrived:.1%} arrived"
    )
    reached = p99 <= 150 and p99 <= 2 * rival and arrived == 1
    return [Row(f"from the action to all, {RATE}/s, p99", p99, "ms", p99 / rival, "≤ 150 ms, ≤ 2× bare", reached, note)]


async def _product(port: int, items: list[str], load: Load) -> list[int]:
    voter = await connect(port, subprotocol="playlist.v1", number=VOTER)

    def vote(number: int) -> None:
        # One item after the other: none of these replaces another one within a frame.
        item, direction = items[number % len(items)], ("up", "down")[number // len(items) % 2]
        voter.send(
            b'{"type":"command","op_id":"%d","command":"track.vote","id":"%s","direction":"%s"}'
            % (time.perf_counter_ns(), item.encode(), direction.encode())
        )

    latencies = await _at_an_even_pace(load, vote, port, "playlist.v1")
    voter.close()
    return latencies


async def _bare(port: int, load: Load) -> tuple[list[int], list[int]]:
    """What the listeners noted, and the times of the disk meanwhile."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)

    def post(number: int) -> None:
        stamp = time.perf_counter_ns()
        writer.write(f"POST /?{stamp} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n".encode())

    latencies, disk = await asyncio.gather(
        _at_an_even_pace(load, post, port, ""), asyncio.to_thread(_times_of_the_disk, round(RATE * load.seconds))
    )
    writer.close()
    return latencies, disk


def _times_of_the_disk(times: int) -> list[int]:
    """Nanoseconds that it takes to write a few pages so that they stay, at the pace of the votes."""
    taken = []
    with tempfile.NamedTemporaryFile() as file:
        for _ in range(times):
            time.sleep(1 / RATE)
            os.write(file.fileno(), bytes(4 * 4096))
            began = time.perf_counter_ns()
            os.fsync(file.fileno())
            taken.append(time.perf_counter_ns() - began)
    return taken


async def _at_an_even_pace(load: Load, act: Callable[[int], None], port: int, subprotocol: str) -> list[int]:
    """Act before so many listeners; what they noted."""
    listeners = await asyncio.to_thread(Listeners, port, subprotocol, load.sockets, load.processes)
    await asyncio.sleep(load.settle_seconds)  # welcomes, snapshots and presence
    began = time.perf_counter()
    for number in range(round(RATE * load.seconds)):
        await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
        act(number)
    await asyncio.sleep(load.settle_seconds)
    return await asyncio.to_thread(listeners.close)


def _percentile_ms(ordered_ns: list[int], share: float) -> float:
    return ordered_ns[min(len(ordered_ns) - 1, int(share * len(ordered_ns)))] / 1e6 if ordered_ns else float("inf")


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench latency", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=1, help="that listen, each on a core of its own")
    options = parser.parse_args()
    with started(SPECS) as lab:
        print_table(rows(lab, options.seconds, options.sockets, processes=options.processes))


if __name__ == "__main__":
    main()
