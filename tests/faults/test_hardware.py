"""A short selection of the faults of machines in every run; all of them, and longer, by `python3 run.py faults`."""

from __future__ import annotations

import pytest

from tests.faults import hardware
from tests.faults.in_ci import MARKS, chosen, nothing_is_lost

pytestmark = MARKS


@pytest.mark.parametrize("name", chosen(hardware.SCENARIOS))
async def test_nothing_is_lost(name: str) -> None:
    await nothing_is_lost(name)
