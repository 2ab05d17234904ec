"""Time as the product counts it: the database's clock, whole milliseconds, UTC.

One clock for all processes, so that times in the log never disagree; whole milliseconds, so that what is stored, sent
and read back are the same.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def database_now() -> datetime:
    """The database's clock. One query on PostgreSQL; SQLite lives in this process and has this machine's clock."""
    if connection.vendor == "sqlite":
        return truncate(datetime.now(UTC))
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    return truncate(now)


def truncate(moment: datetime) -> datetime:
    """Cut to whole milliseconds."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def to_ms(moment: datetime) -> int:
    """Unix milliseconds."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)
