"""Daily limits on what one user or address may add to the database, counted in the database for all processes.

Token buckets limit the rate in one process; allowances limit the rows that are stored.
"""

from __future__ import annotations

from typing import Literal

from django.db import connection

from playlist.clock import database_now, to_ms
from playlist.errors import DomainError
from playlist.identity import Actor

PERIOD_MS = 24 * 3600 * 1000
#: A count that starts in the future comes from a clock that has since been set back, so it starts again as well.
_TAKE = """
INSERT INTO playlist_allowance AS held (key, used, began_at_ms) VALUES (%(key)s, 1, %(now)s)
ON CONFLICT (key) DO UPDATE SET
    used = CASE WHEN held.began_at_ms BETWEEN %(start)s AND %(now)s THEN held.used + 1 ELSE 1 END,
    began_at_ms = CASE WHEN held.began_at_ms BETWEEN %(start)s AND %(now)s THEN held.began_at_ms ELSE %(now)s END
RETURNING used, began_at_ms
"""


def take(what: Literal["people", "rooms"], whose: Actor, daily_limit: int) -> None:
    """Count one more. Raises RATE_LIMITED; the count is rolled back with the transaction of the write."""
    now = to_ms(database_now())
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"key": f"{what}:{whose.key}", "now": now, "start": now - PERIOD_MS})
        used, began_at_ms = cursor.fetchone()
    if used > daily_limit:
        message = "That is enough of these for one day. Try again later."
        wait_seconds = (began_at_ms + PERIOD_MS - now) / 1000
        raise DomainError("RATE_LIMITED", message, retry_after_seconds=wait_seconds)
