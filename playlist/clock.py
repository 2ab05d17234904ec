"""Time as the product counts it: the database's clock, whole milliseconds, UTC.

All processes use one clock, so that times in the log never disagree, and whole milliseconds, so that a time stays the
same when it is stored, sent and read back.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import monotonic

from django.db import connection
from django.db.models import F

from playlist.models import Clock
from playlist.timeline import Reading, timeline

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def database_now() -> datetime:
    """The database's clock. One query on PostgreSQL; SQLite runs in this process and uses this machine's clock."""
    asked_at = monotonic()
    if connection.vendor == "sqlite":
        return observed(machine_now(), asked_at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    return observed(now, asked_at)


def machine_now() -> datetime:
    """This machine's clock."""
    return datetime.now(UTC)


def observed(now: datetime, asked_at: float) -> datetime:
    """Truncate and observe a reading of the database's clock, made at `asked_at` (monotonic seconds)."""
    timeline.observe(Reading((now - _EPOCH) / timedelta(milliseconds=1), asked_at, monotonic()))
    return truncate(now)


def clock_settle(at_least: int = 0) -> None:
    """Read the clock, and count a step of it unless another process has counted it already.

    `at_least`: a count that was seen somewhere. Any number of processes may call this at once.
    """
    # Before the clock: if another process has counted a step by then, this reading of the clock sees the step, too.
    steps = _steps()
    database_now()
    stepped_ms = timeline.stepped_ms
    if timeline.clock == steps and not timeline.is_settled:
        Clock.objects.filter(steps=steps).update(steps=F("steps") + 1)
        steps = _steps()
    if steps < at_least:
        Clock.objects.filter(steps=steps).update(steps=at_least)
        steps = _steps()
    timeline.settle(steps, stepped_ms)


def _steps() -> int:
    row, _ = Clock.objects.get_or_create(pk=1, defaults={"steps": timeline.clock or 0})
    return row.steps


def truncate(moment: datetime) -> datetime:
    """Cut to whole milliseconds."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def from_ms(unix_ms: int) -> datetime:
    """The time of Unix milliseconds."""
    return _EPOCH + timedelta(milliseconds=unix_ms)


def to_ms(moment: datetime) -> int:
    """Unix milliseconds."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)
