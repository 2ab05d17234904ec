"""Turns of the server's own tasks: at most one process has a task's turn, and a process that dies gives it back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playlist.clock import database_now
from playlist.models import Upkeep

#: How long a turn lasts unless it is renewed.
LEASE = timedelta(seconds=60)

_FREE = datetime(1970, 1, 1, tzinfo=UTC)


class LostTurn(Exception):
    """Another process has the turn by now."""


class Lease:
    """The turn of one task, which `take` gives to one process at a time."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._since = _FREE

    def take(self) -> bool:
        """Whether this process has the turn now."""
        now = database_now()
        Upkeep.objects.get_or_create(name=self._name, defaults={"begun_at": _FREE})
        rows = Upkeep.objects.filter(name=self._name)
        # A time in the future comes from a wrong clock, and must not hold the task up until then.
        over = rows.filter(begun_at__lte=now - LEASE) | rows.filter(begun_at__gt=now + LEASE)
        return self._set(over.update(begun_at=now), now)

    def keep(self) -> None:
        """Let the turn last anew; inside a transaction it stays this process's until its end. Raises LostTurn."""
        now = max(database_now(), self._since + timedelta(milliseconds=1))
        rows = Upkeep.objects.filter(name=self._name, begun_at=self._since)
        if not self._set(rows.update(begun_at=now), now):
            raise LostTurn

    def give_back(self) -> None:
        Upkeep.objects.filter(name=self._name, begun_at=self._since).update(begun_at=_FREE)

    def _set(self, updated: int, now: datetime) -> bool:
        self._since = now if updated else _FREE
        return updated == 1
