"""One consistent view of the database for several queries."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_this_thread = threading.local()


@contextmanager
def consistent_read() -> Iterator[None]:
    """Let all reads inside see one state of the database without waiting for a writer.

    Not atomic(), which takes the write lock on SQLite. Inside a transaction, or another such read, this does nothing.
    """
    if connection.in_atomic_block or getattr(_this_thread, "reads", False):
        yield
        return
    begin = "BEGIN" if connection.vendor == "sqlite" else "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(begin)
        _this_thread.reads = True
        try:
            yield
        finally:
            _this_thread.reads = False
            cursor.execute("ROLLBACK")
