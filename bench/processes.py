"""python3 run.py bench processes: what a second process costs, on Redis and PostgreSQL.

The same sockets at one process, and half of them at each of two: all the processor time of all processes, that of the
votes included, by deliveries. What the second one adds is to hear of each vote, and to read and encode it once more.
"""

from __future__ import annotations

import argparse

from bench._report import Row, print_table, unmeasured
from bench._servers import AMONG_OTHERS, Lab, Spec, started
from bench.fanout import THOROUGH, V1, V1_FRAME, Kind, Pace, measure
from tests.servers import PRODUCT

ONE = (AMONG_OTHERS,)
TWO = tuple(Spec(PRODUCT, "PostgreSQL", on="two", process=number, redis=True) for number in range(2))
SPECS = (*ONE, *TWO)
GOAL, TARGET = "CPU for a delivery with its vote, two processes", "≤ 1.15× one process"


def rows(lab: Lab, sockets: int = 1000, pace: Pace = THOROUGH) -> list[Row]:
    if not all(lab.has(spec) for spec in SPECS):
        return [unmeasured(GOAL, TARGET, "needs redis-server and PostgreSQL")]
    kinds = tuple(Kind("", specs, V1, V1_FRAME) for specs in (ONE, TWO))
    one, two = (subject.microseconds_with_votes() for subject in measure(lab, kinds, sockets, pace))
    note = f"{sockets} sockets; one process {one:.1f} µs"
    return [Row(GOAL, two, "µs", two / one, TARGET, two <= 1.15 * one, note)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench processes", description=__doc__)
    parser.add_argument("--turns", type=int, default=THOROUGH.turns)
    parser.add_argument("--sockets", type=int, default=1000)
    options = parser.parse_args()
    with started(SPECS) as lab:
        print_table(rows(lab, options.sockets, Pace(turns=options.turns)))


if __name__ == "__main__":
    main()
