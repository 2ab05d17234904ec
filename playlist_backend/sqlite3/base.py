"""Django's SQLite backend with checks on the file: it is private, and stays the same while the process runs."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from django.db import OperationalError
from django.db.backends.sqlite3 import base
from django.db.utils import DatabaseErrorWrapper
from django.utils.functional import cached_property

#: Device and inode of each database that this process has opened.
_opened: dict[str, tuple[int, int]] = {}


class _Errors(DatabaseErrorWrapper):
    """Reports a file that is damaged, or no database at all, as a database that cannot be used right now."""

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if type(exc_value) is sqlite3.DatabaseError:  # its subclasses say what a statement did wrong
            raise OperationalError(*exc_value.args).with_traceback(traceback) from exc_value
        super().__exit__(exc_type, exc_value, traceback)


class DatabaseWrapper(base.DatabaseWrapper):
    @cached_property
    def wrap_database_errors(self) -> DatabaseErrorWrapper:
        return _Errors(self)

    def get_new_connection(self, conn_params: dict[str, object]) -> sqlite3.Connection:
        """A new connection. The first one creates the file if it is missing; later ones must find the same file."""
        path = str(conn_params["database"])
        if path in _opened:
            _hold_to(path)
        else:
            # SQLite would create it readable for everybody. Journals get the permissions of the file.
            with suppress(OSError):
                os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
        made: sqlite3.Connection = super().get_new_connection(conn_params)
        _opened.setdefault(path, _identity(path))
        return made

    def create_cursor(self, name: str | None = None) -> base.SQLiteCursorWrapper:
        # Once a transaction: open connections would go on writing to a file that was deleted.
        if not self.in_atomic_block:
            _hold_to(str(self.settings_dict["NAME"]))
        cursor: base.SQLiteCursorWrapper = super().create_cursor(name)
        return cursor


def _identity(path: str) -> tuple[int, int]:
    found = Path(path).stat()
    return found.st_dev, found.st_ino


def _hold_to(path: str) -> None:
    """Raises OperationalError when the file is not the one that was opened."""
    try:
        same = _opened.get(path) == _identity(path)
    except OSError:
        same = False
    if not same:
        raise OperationalError(
            f"{path} was deleted or replaced while the server runs, so nothing is written to it: "
            "stop the server, put the file in its place, and start the server again"
        )
