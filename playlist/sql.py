"""The statements that every batch, and everybody who comes in, runs, as text.

The ORM builds its SQL anew for each query, which was half of a batch's CPU time; here it is put together from table and
column names, or kept once the ORM has built it. Values are always parameters. Everything that is not on the path of
every vote stays with the ORM.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet

ModelT = TypeVar("ModelT", bound=Model)

#: Rows a statement: with ten columns a third of what either database takes as parameters.
_CHUNK = 1000


def insert(model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]], *, conflict: str = "") -> None:
    """Insert rows, given as values of `columns` (names of database columns). `conflict`: an ON CONFLICT clause."""
    row_marks = f"({', '.join(['%s'] * len(columns))})"
    start = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES "  # noqa: S608 - names from the code
    with connection.cursor() as cursor:
        for first in range(0, len(rows), _CHUNK):
            chunk = rows[first : first + _CHUNK]
            values = [_adapted(value) for row in chunk for value in row]
            cursor.execute(f"{start}{', '.join([row_marks] * len(chunk))} {conflict}", values)


def update_each(model: type[Model], column: str, values: Iterable[tuple[Any, Any]]) -> None:
    """Set `column` of the row with each id, given as (value, id)."""
    statement = f"UPDATE {model._meta.db_table} SET {column} = %s WHERE id = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(_adapted(value), _adapted(pk)) for value, pk in values])


def update(model: type[Model], pk: Any, values: dict[str, Any]) -> None:
    """Set these columns of the row with this id."""
    assigned = ", ".join(f"{connection.ops.quote_name(column)} = %s" for column in values)
    statement = f"UPDATE {model._meta.db_table} SET {assigned} WHERE id = %s"  # noqa: S608 - names from the code
    with connection.cursor() as cursor:
        cursor.execute(statement, [*map(_adapted, values.values()), _adapted(pk)])


def rows(model: type[Model], columns: Sequence[str], condition: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """These columns of the rows for which `condition` holds: what stands behind WHERE, with a %s for each value."""
    statement = f"SELECT {', '.join(columns)} FROM {model._meta.db_table} WHERE {condition}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [_adapted(value) for value in values])
        return list(cursor.fetchall())


class CompiledQuery:
    """A query of the ORM whose text is built once, and from then on only filled in.

    `query` makes it from lists of values, each of which it looks up with one `in`, in their order. The ORM goes on to
    say which columns there are, how tables are joined, and how a driver's values become Python's.
    """

    def __init__(self, query: Callable[..., QuerySet[Any, Any]]) -> None:
        self._query = query
        self._pieces: list[str] = []
        self._converters: dict[int, tuple[list[Any], Any]] = {}

    def rows(self, *lists: Collection[Any]) -> list[tuple[Any, ...]]:
        """What is found for these values. None of the lists may be empty."""
        if not self._pieces:
            self._build([[next(iter(values))] for values in lists])
        text = self._pieces[0]
        for values, piece in zip(lists, self._pieces[1:], strict=True):
            text += f"IN ({', '.join(['%s'] * len(values))}){piece}"
        with connection.cursor() as cursor:
            cursor.execute(text, [_adapted(value) for values in lists for value in values])
            return [self._converted(row) for row in cursor.fetchall()]

    def _build(self, samples: list[list[Any]]) -> None:
        compiler = self._query(*samples).query.get_compiler(connection=connection)
        text, parameters = compiler.as_sql()
        expected = [_adapted(values[0]) for values in samples]
        if list(parameters) != expected:
            raise ValueError(f"This query takes {parameters}, not {expected}.")
        self._converters = compiler.get_converters([column for column, *_ in compiler.select])
        self._pieces = text.split("IN (%s)")  # last: another thread that sees these sees the converters, too

    def _converted(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for at, (steps, expression) in self._converters.items():
            for step in steps:
                values[at] = step(values[at], expression, connection)
        return tuple(values)


def found(model: type[ModelT], column: str, value: Any) -> ModelT | None:
    """The row that has this value in a unique column, for a fifth of what the ORM takes."""
    statement = f"SELECT * FROM {model._meta.db_table} WHERE {column} = %s"  # noqa: S608
    return next(iter(model._default_manager.raw(statement, [_adapted(value)])), None)


def locked(model: type[ModelT], pk: int) -> tuple[ModelT, datetime | None] | None:
    """The row, held until the commit, and the database's clock when it was got; on SQLite no clock.

    In one query: the clock stands outside of the part that waits for the lock, so it is read after the wait. NO KEY
    lets others insert rows that refer to this one. SQLite's transactions hold the whole database anyway.
    """
    table = model._meta.db_table
    if connection.vendor == "sqlite":
        statement = f"SELECT *, NULL AS read_at FROM {table} WHERE id = %s"  # noqa: S608
    else:
        held = f"SELECT * FROM {table} WHERE id = %s FOR NO KEY UPDATE"  # noqa: S608
        statement = f"WITH held AS ({held}) SELECT held.*, clock_timestamp() AS read_at FROM held"  # noqa: S608
    for row in model._default_manager.raw(statement, [pk]):
        return row, row.read_at  # type: ignore[attr-defined]
    return None


def _adapted(value: Any) -> Any:
    """A value as the database driver takes it."""
    if isinstance(value, UUID):
        return value.hex if connection.vendor == "sqlite" else value
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
