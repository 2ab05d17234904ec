"""A short selection of the faults in every run; all of them with `-m long`, or by `python3 run.py faults`."""

from __future__ import annotations

import os

import pytest

from tests.faults.scenarios import SCENARIOS, run
from tests.faults.world import Missing

pytestmark = pytest.mark.pure  # the worlds have databases of their own


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if one.in_ci else pytest.mark.long) for name, one in SCENARIOS.items()]
)
async def test_nothing_is_lost(name: str, request: pytest.FixtureRequest) -> None:
    if "postgres" in os.environ.get("DATABASE_URL", ""):
        pytest.skip("the scenarios choose their databases themselves, in the other run")
    try:
        await run(name, seed=int(os.environ.get("SEED", "1")))
    except Missing as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))
