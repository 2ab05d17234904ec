"""One consistent view of the database for several queries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def consistent_read() -> Iterator[None]:
    """All reads inside see one state of the database, and none of them waits for a writer.

    Never atomic() for this: on SQLite it would take the write lock. Inside a transaction it changes nothing.
    """
    if connection.in_atomic_block:
        yield
        return
    begin = "BEGIN" if connection.vendor == "sqlite" else "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
