"""python3 run.py bench search: search as you type in a large library, against what its parts cost.

A search may cost what five empty queries and its own index scan cost: no more, however large the library.
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
searches = []
for typed in ("mid", "midn", "midnight", "midnight r", "midnight ri"):
    found = lambda: selectors.tracks(query=typed, genre="", artist="", album="", limit=20, cursor=None)
    statement, values = selectors.matching_track_ids(typed).query.sql_with_params()
    def scan():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({statement}) AS found", values)
            cursor.fetchall()
    searches.append((median(found), median(scan)))
print(json.dumps({"empty": median(nothing), "searches": searches}))
"""


def rows(tracks: int) -> list[Row]:
    found = []
    for name, environment in databases():
        manage(environment, "seed_tracks", "--tracks", str(tracks))
        measured = json.loads(manage(environment, "shell", "--no-imports", "-c", _MEASURE).splitlines()[-1])
        worst = max((taken / (5 * measured["empty"] + scan), taken) for taken, scan in measured["searches"])
        goal = f"search in {tracks:,} tracks, {name}"
        found.append(Row(goal, 1000 * worst[1], "ms", worst[0], "≤ 1× five queries + a scan", worst[0] <= 1))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench search", description=__doc__)
    parser.add_argument("--tracks", type=int, default=100_000)
    print_table(rows(parser.parse_args().tracks))


if __name__ == "__main__":
    main()
