"""Many rows written beside a living server, so that people who vote hardly notice.

On SQLite one writes at a time. A second process waits by polling, up to 100 ms apart, so whoever writes in bulk shares
a lock with the writer of the same process instead, and holds it for a few rows. What costs most then are the merges of
the full-text index, which come at the end of whatever write is due: they are done here, between the rows.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection, transaction

logger = logging.getLogger(__name__)

#: How long others get to write between two transactions: as long as the last one took, within these bounds. On a busy
#: machine an import takes half of what there is, and not all of it.
PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.005, 0.25
#: How long a transaction is to take before its commit, which decides how many rows it has: on SQLite, where others wait
#: for the lock; there, if no command came for QUIET_SECONDS; and on PostgreSQL, where only its pause has to come soon.
HOLD_SECONDS, QUIET_HOLD_SECONDS, APART_SECONDS = 0.01, 0.05, 0.1
QUIET_SECONDS = 10.0
FEWEST_ROWS, MOST_ROWS = 50, 1000
#: Rows after which pages of the full-text index are merged, at most so many of them, and SQLite's log is copied.
_CLEANED_ROWS, _MERGED_PAGES = 200, 200
#: Kept in the index itself: without them every write would merge a little, and some a lot.
_OWN_MERGES = (("automerge", 0), ("crisismerge", 250))
_ORDINARY = (("automerge", 4), ("crisismerge", 16))


class _Turns:
    """One thread of this process at a time, and when a turn was last asked for that people wait for."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._awaited_at = -math.inf

    def await_one(self) -> None:
        self._awaited_at = time.monotonic()

    @property
    def are_quiet(self) -> bool:
        return time.monotonic() - self._awaited_at > QUIET_SECONDS


_turns = _Turns()


@contextmanager
def turn(*, is_awaited: bool = False) -> Iterator[None]:
    """This thread's turn to write; on PostgreSQL it is always everybody's. `is_awaited`: by people, who get it soon."""
    if is_awaited:
        _turns.await_one()
    if connection.vendor != "sqlite":
        yield
        return
    with _turns.lock:
        yield


class BulkWriter:
    """Small transactions with pauses between them. As a context it gives the index its ordinary settings back.

    `is_alone`: nobody else writes, so nothing is done for others, and transactions may be large.
    """

    def __init__(self, *, is_alone: bool = False) -> None:
        #: How many rows the next transaction may have.
        self.rows = MOST_ROWS if is_alone else FEWEST_ROWS
        self._is_alone = is_alone
        self._uncleaned_rows = 0
        self._indexes = [] if is_alone else _full_text_indexes()

    def __enter__(self) -> BulkWriter:
        if self._indexes:
            self._clean_up_every(0)
            _configure(self._indexes, _OWN_MERGES)
        return self

    def __exit__(self, *_: object) -> None:
        if self._indexes:
            _configure(self._indexes, _ORDINARY)
            self._clean_up_every(1000)

    @contextmanager
    def transaction(self, rows: int) -> Iterator[None]:
        """So many rows, all or none."""
        with self._turn(), transaction.atomic(durable=True):
            began = time.monotonic()
            yield
            self._fit(rows, time.monotonic() - began)
        self._uncleaned_rows += rows
        if self._indexes and self._uncleaned_rows >= _CLEANED_ROWS:
            self._clean_up()
            self._uncleaned_rows = 0

    def _fit(self, rows: int, seconds: float) -> None:
        """Choose how many rows the next transaction has, by how long so many took.

        Without the commit: the disk that it waits for takes as long for a few.
        """
        if not self._is_alone:
            self.rows = max(FEWEST_ROWS, min(MOST_ROWS, 2 * self.rows, int(rows * _hold_seconds() / seconds)))

    def _clean_up(self) -> None:
        for index in self._indexes:
            with self._turn(), transaction.atomic(durable=True):
                _tell(index, "merge", _MERGED_PAGES)
        with connection.cursor() as cursor:
            # It waits for nobody, and nobody waits for it.
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """A turn, and a pause after it: a lock that is asked for again at once goes to whoever gave it back."""
        with turn():
            began = time.monotonic()
            yield
            taken = time.monotonic() - began
        if not self._is_alone:
            time.sleep(min(max(taken, PAUSE_SECONDS), LONGEST_PAUSE_SECONDS))

    def _clean_up_every(self, pages: int) -> None:
        """How many pages of SQLite's log make a commit of this connection copy them; 0: no commit does."""
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute(f"PRAGMA wal_autocheckpoint = {pages}")


def _hold_seconds() -> float:
    """How long the next transaction is to take before its commit."""
    if connection.vendor != "sqlite":
        return APART_SECONDS
    return QUIET_HOLD_SECONDS if _turns.are_quiet else HOLD_SECONDS


def restore_ordinary_settings() -> None:
    """Put the index's settings back, which a process that was killed while it wrote in bulk left behind."""
    _configure(_full_text_indexes(), _ORDINARY)


def _full_text_indexes() -> list[str]:
    """The names of SQLite's full-text indexes; none on PostgreSQL."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE playlist%%USING fts5%%'")
        return [name for (name,) in cursor.fetchall()]


def _configure(indexes: list[str], values: tuple[tuple[str, int], ...]) -> None:
    try:
        for index in indexes:
            with turn(), transaction.atomic():
                for name, value in values:
                    _tell(index, name, value)
    except DatabaseError as error:
        # Searching works all the same; the next start of a server puts it right.
        logger.warning("The search index keeps its settings: %s", error)


def _tell(index: str, name: str, value: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {index}({index}, rank) VALUES (%s, %s)", [name, value])  # noqa: S608
