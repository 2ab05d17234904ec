"""What the two files of faults share. They are two, so that two workers share the five minutes that faults take."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest

from tests.faults.scenarios import run
from tests.faults.stage import Scenario
from tests.services import Missing

SEED = int(os.environ.get("SEED", "1"))
MARKS = [
    pytest.mark.pure,  # the worlds have databases of their own
    pytest.mark.skipif(
        "postgres" in os.environ.get("DATABASE_URL", ""),
        reason="the scenarios choose their databases themselves, in the other run",
    ),
]


@contextmanager
def skipped_without_programs() -> Iterator[None]:
    try:
        yield
    except Missing as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))


def chosen(*scenarios: dict[str, Scenario]) -> Iterable[str]:
    """The names of those that run in every run."""
    return [name for some in scenarios for name, scenario in some.items() if scenario.in_ci]


async def nothing_is_lost(name: str) -> None:
    with skipped_without_programs():
        await run(name, SEED, thorough=False)
