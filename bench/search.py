"""python3 run.py bench search: search as you type in a large library takes as long as a few rows of an index.

The goal is the time of searches for rare and for common words, for mistyped ones and for nothing that is there, beside
an empty query.
"""

from __future__ import annotations

import argparse
import json
from typing import get_args

from bench._report import Row, print_table, unmeasured
from bench._servers import Database, Lab
from tests.servers import manage

_MEASURE = """
import json, statistics, time
from django.core.management import call_command
from django.db import connection
from playlist.selectors.library import tracks

def median(run, turns=41):
    taken = []
    for _ in range(turns):
        started = time.perf_counter()
        run()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)

def nothing():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchall()

call_command("seed_tracks", tracks={tracks}, verbosity=0)
with connection.cursor() as cursor:
    cursor.execute("ANALYZE")
taken = {{}}
for typed in ("mid", "midn", "midnight", "midnight r", "midnight ri", "a", "s", "no", "the", "no. 7", "o d",
              "sorensen 12", "silver dance", "dance nora", "nora", "midnihgt", "rivr", "zzzz", "杰", "!"):
    taken[typed] = median(lambda: tracks(query=typed, limit=20, cursor=None))
print(json.dumps(dict(empty=median(nothing), median=statistics.median(taken.values()), slowest=max(taken.values()),
                      query=max(taken, key=taken.get))))
"""
#: Milliseconds of the median search and of the slowest.
_MEDIAN, _SLOWEST = 5, 20


def rows(lab: Lab, tracks: int = 100_000) -> list[Row]:
    return [_row(lab, database, tracks) for database in get_args(Database)]


def _row(lab: Lab, database: Database, tracks: int) -> Row:
    goal, target = f"search in the library, {database}", f"median ≤ {_MEDIAN}, worst ≤ {_SLOWEST} ms"
    if database not in lab.databases:
        return unmeasured(goal, target, f"needs {database}")
    environment = lab.fresh_environment(database, on="search")
    said = manage(environment, "shell", "--no-imports", "-c", _MEASURE.format(tracks=tracks))
    measured = json.loads(said.splitlines()[-1])
    slowest, often = 1000 * measured["slowest"], 1000 * measured["median"]
    note = f"{tracks:,} tracks; median {often:.1f} ms, slowest {measured['query']!r}; against SELECT 1"
    reached = often <= _MEDIAN and slowest <= _SLOWEST
    return Row(goal, slowest, "ms", measured["slowest"] / measured["empty"], target, reached, note)


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench search", description=__doc__)
    parser.add_argument("--tracks", type=int, default=100_000)
    with Lab() as lab:
        print_table(rows(lab, parser.parse_args().tracks))


if __name__ == "__main__":
    main()
