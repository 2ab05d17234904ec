"""Time as the product counts it: the database's clock, whole milliseconds, UTC.

All processes use one clock, so that times in the log never disagree, and whole milliseconds, so that a time stays the
same when it is stored, sent and read back.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import monotonic

from django.db import connection

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
    now = truncate(now)
    timeline.observe(Reading(to_ms(now), asked_at, monotonic()))
    return now


def truncate(moment: datetime) -> datetime:
    """Cut to whole milliseconds."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def to_ms(moment: datetime) -> int:
    """Unix milliseconds."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)
