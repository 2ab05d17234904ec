"""python3 run.py bench search: search as you type in a large library reads an index, never the library.

The goal is what EXPLAIN says of searches for rare and for common words, and for nothing that is there; beside it stands
how long they take, against an empty query.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ThreadPoolExecutor
from typing import get_args

from bench._report import Row, print_table, unmeasured
from bench._servers import Database, Lab
from tests.servers import manage

_MEASURE = """
import json, statistics, time
from django.core.management import call_command
from django.db import connection
from playlist import search
from playlist.selectors.library import tracks
from playlist.selectors.matches import matching_ids
from playlist.models import SearchEntry
from tests.plans import explain, reads_all_of

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
taken, whole = {}, []
for typed in ("mid", "midn", "midnight", "midnight r", "midnight ri", "a", "s", "no", "the", "no. 7", "o d",
              "sorensen 12", "silver dance", "zzzz", "杰", "!"):
    taken[typed] = median(lambda: tracks(query=typed, genre="", artist="", album="", limit=20, cursor=None))
    whole += reads_all_of(SearchEntry._meta.db_table, explain(matching_ids(search.alternatives(typed))))
print(json.dumps(dict(empty=median(nothing), median=statistics.median(taken.values()), slowest=max(taken.values()),
                      query=max(taken, key=taken.get), whole=whole)))
"""


def rows(lab: Lab, tracks: int = 100_000) -> list[Row]:
    with ThreadPoolExecutor() as threads:  # what counts is the plan, not the time
        return list(threads.map(lambda database: _row(lab, database, tracks), get_args(Database)))


def _row(lab: Lab, database: Database, tracks: int) -> Row:
    goal, target = f"search in the library, {database}", "reads an index only"
    if database not in lab.databases:
        return unmeasured(goal, target, f"needs {database}")
    environment = lab.fresh_environment(database, on="search")
    said = manage(environment, "shell", "--no-imports", "-c", _MEASURE.format(tracks=tracks))
    measured = json.loads(said.splitlines()[-1])
    slowest, whole = measured["slowest"], measured["whole"]
    often = f"median {1000 * measured['median']:.1f} ms, slowest {measured['query']!r}"
    note = f"{tracks:,} tracks; " + ("; ".join(whole) or f"{often}; against SELECT 1")
    return Row(goal, 1000 * slowest, "ms", slowest / measured["empty"], target, not whole, note)


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench search", description=__doc__)
    parser.add_argument("--tracks", type=int, default=100_000)
    with Lab() as lab:
        print_table(rows(lab, parser.parse_args().tracks))


if __name__ == "__main__":
    main()
