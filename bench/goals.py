"""python3 run.py bench: everything that this server promises to be fast at, each goal beside its rival in one run.

It takes some minutes; --quick takes less than one, on fewer sockets and less exactly. --json FILE writes the rows as
{"rows": [{"goal", "figure", "unit", "ratio", "target", "pass"}], "machine": {…}}, to standard output for "-".
PostgreSQL is TEST_POSTGRES_URL's, or one of our own where it is installed; a row that cannot be measured says why.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

from bench import client, fanout, joins, latency, processes, search, storm, stream, votes
from bench._report import Row, machine, print_table
from bench._servers import LOAD_CORE, Lab, pin
from bench.fanout import Pace

Measure = Callable[[Lab], list[Row]]

#: By its name, which is a word of Python.
importing = import_module("bench.import")

THOROUGH: tuple[Measure, ...] = (
    joins.rows,
    fanout.rows,
    storm.rows,
    votes.rows,
    latency.rows,
    processes.rows,
    stream.rows,
    client.rows,
    lambda lab: importing.rows(lab, 5000),
)
_HASTE = Pace(turns=1, turn_seconds=0.5, settle_seconds=0.2, rate=15.0)
QUICK: tuple[Measure, ...] = (
    lambda lab: joins.rows(lab, joins=200, turns=1),
    lambda lab: fanout.rows(lab, counts=[200], pace=_HASTE),
    lambda lab: storm.rows(lab, seconds=1),
    lambda lab: votes.rows(lab, seconds=0.5, turns=1),
    lambda lab: latency.rows(lab, seconds=1, sockets=200, settle_seconds=0.5),
    lambda lab: processes.rows(lab, sockets=300, pace=_HASTE),
    lambda lab: stream.rows(lab, seconds=0.5, turns=1),
    lambda lab: client.rows(lab, seconds=2, songs=50),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="run.py bench", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    rows: list[Row] = []
    fanout.raise_descriptors(0)  # the servers inherit it
    with Lab() as lab:
        print("  starting servers …", file=sys.stderr, flush=True)
        # What search reads is no matter of time, so it may be found out meanwhile.
        with ThreadPoolExecutor() as threads:
            searching = threads.submit(search.rows, lab, 2000 if options.quick else 100_000)
            lab.start([spec for module in (fanout, votes, joins, processes) for spec in module.SPECS])
        pin(LOAD_CORE)
        for measure in QUICK if options.quick else THOROUGH:
            measured = measure(lab)
            rows += measured
            for row in measured:
                print(f"  {row.goal} …", file=sys.stderr, flush=True)
        rows += searching.result()
    text = json.dumps({"rows": [row.as_json() for row in rows], "machine": machine()}, indent=1, ensure_ascii=False)
    if options.json == "-":
        print(text)
    else:
        print_table(rows)
        if options.json:
            Path(options.json).write_text(text + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
