"""Run by test_killed_scans.py as a program: scans, and kills itself with SIGKILL before the statement with a number.

Without that number it scans to the end. Prints how many statements it has made.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.models import F  # noqa: E402

from music import runner, state  # noqa: E402
from music.models import Scan  # noqa: E402
from playlist import bulk  # noqa: E402

#: Small, so that there are many transactions to die in.
bulk.FEWEST_ROWS = bulk.MOST_ROWS = 4


def main(last: int) -> None:
    # The one that was killed before is silent, but has not been for long enough.
    Scan.objects.filter(state=Scan.State.SCANNING).update(heartbeat=F("heartbeat") - 2 * state.LEASE)
    if not state.is_wanted():
        state.request()
    claimed = state.claim()
    assert claimed is not None
    made = 0

    def counted(execute: Any, statement: str, *rest: Any) -> Any:
        nonlocal made
        if made == last:
            os.kill(os.getpid(), signal.SIGKILL)
        made += 1
        return execute(statement, *rest)

    with connection.execute_wrapper(counted):
        runner.run(claimed)
    claimed.refresh_from_db()
    assert claimed.state == Scan.State.DONE, claimed.reason
    print(made, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
