"""python3 run.py bench: everything that this server promises to be fast at, each goal beside its rival in one run.

It takes many minutes; --quick takes about two, on fewer sockets and less exactly. --json FILE writes the rows as
{"rows": [{"goal", "figure", "unit", "ratio", "target", "pass"}], "machine": {…}}, to standard output for "-".
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from bench import client, fanout, joins, latency, processes, search, storm, votes
from bench._report import Row, machine, print_table
from bench._servers import LOAD_CORE, pin

Measure = Callable[[], list[Row]]

THOROUGH: tuple[Measure, ...] = (
    lambda: fanout.rows(turns=5),
    lambda: storm.rows(seconds=5),
    lambda: votes.rows(seconds=5),
    lambda: latency.rows(seconds=10),
    lambda: joins.rows(joins=1000),
    lambda: processes.rows(turns=5),
    lambda: search.rows(tracks=100_000),
    lambda: client.rows(seconds=30),
)
QUICK: tuple[Measure, ...] = (
    lambda: fanout.rows(turns=1, sockets=200),
    lambda: storm.rows(seconds=1),
    lambda: votes.rows(seconds=1),
    lambda: latency.rows(seconds=2, sockets=300),
    lambda: joins.rows(joins=200),
    lambda: processes.rows(turns=1, sockets=200),
    lambda: search.rows(tracks=2000),
    lambda: client.rows(seconds=3, songs=200),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="run.py bench", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    pin(LOAD_CORE)
    rows: list[Row] = []
    for measure in QUICK if options.quick else THOROUGH:
        measured = measure()
        rows += measured
        for row in measured:
            print(f"  {row.goal} …", file=sys.stderr, flush=True)
    text = json.dumps({"rows": [row.as_json() for row in rows], "machine": machine()}, indent=1, ensure_ascii=False)
    if options.json == "-":
        print(text)
    else:
        print_table(rows)
        if options.json:
            Path(options.json).write_text(text + "\n")
    return 0 if all(row.reached for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
