"""What the conductor does for those who come in, without a database."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError

from playlist.errors import DomainError
from realtime import conductor
from realtime.conductor import Conductor
from realtime.fanout import Fanout

pytestmark = pytest.mark.pure


async def test_nobody_waits_for_ever_for_a_clock_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: Any) -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(conductor, "read", away)
    monkeypatch.setattr(conductor, "_FIRST_CLOCK_SECONDS", 0.05)
    with pytest.raises(DomainError) as refusal:
        await Conductor(Fanout()).clock_known()
    assert refusal.value.code == "UNAVAILABLE"
