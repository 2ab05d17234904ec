"""`python -m tests.realtime.stepping`: the product's server, whose database clock goes an hour ahead on SIGUSR1."""

from __future__ import annotations

import signal
from datetime import datetime, timedelta
from importlib import import_module

STEP = timedelta(hours=1)


def main() -> None:
    server = import_module("playlist_backend.server")  # first: it sets Django up
    clock, commit = import_module("playlist.clock"), import_module("playlist.commit")
    read, ahead = clock.observed, timedelta()

    def observed(now: datetime, asked_at: float) -> datetime:
        moment: datetime = read(now + ahead, asked_at)
        return moment

    def step(*_: object) -> None:
        nonlocal ahead
        ahead += STEP

    clock.observed = commit.observed = observed  # type: ignore[attr-defined]
    signal.signal(signal.SIGUSR1, step)
    server.main([])


if __name__ == "__main__":
    main()
