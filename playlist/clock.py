"""Time as the product counts it: the database's clock, whole milliseconds, UTC.

One clock for all processes, so that times in the log never disagree; whole milliseconds, so that what is stored, sent
and read back are the same.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import monotonic

from django.db import connection

from playlist.timeline import Reading, timeline

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def database_now() -> datetime:
    """The database's clock. One query on PostgreSQL; SQLite lives in this process and has this machine's clock."""
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
    """A time of the database's clock that was asked for at `asked_at` (monotonic seconds), in whole milliseconds."""
    now = truncate(now)
    timeline.observe(Reading(to_ms(now), asked_at, monotonic()))
    return now


def truncate(moment: datetime) -> datetime:
    """Cut to whole milliseconds."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def to_ms(moment: datetime) -> int:
    """Unix milliseconds."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)
