"""Snapshots that readers share."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from realtime import snapshots
from realtime.snapshots import KEPT_SECONDS, Snapshots

pytestmark = pytest.mark.pure


class Snapshot:
    revision = 7


async def test_a_quiet_room_is_read_anew_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody may have been forgotten, which no event tells."""
    reads = 0

    async def read(*_: Any) -> Any:
        nonlocal reads
        reads += 1
        return snapshots.Taken(Snapshot(), None)  # type: ignore[arg-type]

    monkeypatch.setattr(snapshots, "read", read)
    shared = Snapshots(1, lambda _: False)
    now, loop = 1000.0, asyncio.get_running_loop()
    monkeypatch.setattr(loop, "time", lambda: now)
    for passed, expected in ((0, 1), (KEPT_SECONDS - 1, 1), (1, 2), (1, 2)):
        now += passed
        await shared.get(7, 7)
        assert reads == expected
