"""python3 run.py bench processes: what a second process costs, on Redis and PostgreSQL.

The same sockets at one process, and half of them at each of two: the processor time of all of them for each delivery.
It needs redis-server, and TEST_POSTGRES_URL.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
from contextlib import ExitStack

from bench._report import Row, print_table, unmeasured
from bench._servers import LOAD_CORE, PRODUCT, an_item, fresh_database, pin, redis, running
from bench.fanout import Kind, Subject, in_turns

_V1 = Kind("", PRODUCT, "playlist.v1", b'{"type":"changes"')
TARGET = "≤ 1.15× one process"


def rows(turns: int, sockets: int = 500) -> list[Row]:
    goal = f"CPU for a delivery, {sockets} sockets, two processes"
    url = os.environ.get("TEST_POSTGRES_URL")
    if not url or not shutil.which("redis-server"):
        return [unmeasured(goal, TARGET, "needs redis-server and TEST_POSTGRES_URL")]
    with ExitStack() as stack:
        redis_url = stack.enter_context(redis())
        subjects = []
        for count in (1, 2):
            environment = {**stack.enter_context(fresh_database(url)), "REDIS_URL": f"{redis_url}/{count}"}
            servers = [stack.enter_context(running(PRODUCT, environment)) for _ in range(count)]
            subjects.append(Subject(_V1, servers, an_item(environment)))
        asyncio.run(in_turns(subjects, sockets, turns, 6.0))
    one, two = (subject.microseconds() for subject in subjects)
    return [Row(goal, two, "µs", two / one, TARGET, two <= 1.15 * one, f"one process {one:.1f} µs")]


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench processes", description=__doc__)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--sockets", type=int, default=500)
    options = parser.parse_args()
    pin(LOAD_CORE)
    print_table(rows(options.turns, options.sockets))


if __name__ == "__main__":
    main()
