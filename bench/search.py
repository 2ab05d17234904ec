"""python3 run.py bench search: search as you type in a large library reads an index, never the library.

The goal is what EXPLAIN says of a page of five searches; how long one takes stands beside it, against an empty query.
PostgreSQL takes part when TEST_POSTGRES_URL names a server.
"""

from __future__ import annotations

import argparse
import json

from bench._report import Row, print_table
from bench._servers import databases, manage

_MEASURE = """
import json, statistics, time
from django.db import connection
from playlist import selectors
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

with connection.cursor() as cursor:
    cursor.execute("ANALYZE")
slowest, whole = 0, []
for typed in ("mid", "midn", "midnight", "midnight r", "midnight ri"):
    slowest = max(slowest, median(lambda: selectors.tracks(
        query=typed, genre="", artist="", album="", limit=20, cursor=None)))
    whole += reads_all_of(SearchEntry._meta.db_table, explain(selectors.matching_track_ids(typed)))
print(json.dumps({"empty": median(nothing), "slowest": slowest, "whole": whole}))
"""


def rows(tracks: int) -> list[Row]:
    found = []
    for name, environment in databases():
        manage(environment, "seed_tracks", "--tracks", str(tracks))
        measured = json.loads(manage(environment, "shell", "--no-imports", "-c", _MEASURE).splitlines()[-1])
        slowest, whole = measured["slowest"], measured["whole"]
        note = "; ".join(whole) or "against SELECT 1"
        goal = f"search in {tracks:,} tracks, {name}"
        found.append(
            Row(goal, 1000 * slowest, "ms", slowest / measured["empty"], "reads an index only", not whole, note)
        )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench search", description=__doc__)
    parser.add_argument("--tracks", type=int, default=100_000)
    print_table(rows(parser.parse_args().tracks))


if __name__ == "__main__":
    main()
