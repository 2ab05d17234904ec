"""Hand-written SQL for the two hot paths: committing a batch and admitting a connection.

The ORM builds its SQL again for each query, which was half of a batch's CPU time. Here the text is fixed, put together
from table and column names; values are always parameters. Everything that is not on the path of every vote uses
the ORM (docs/decisions/0015-hand-written-sql.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import Model

ModelT = TypeVar("ModelT", bound=Model)

#: A value of a column, or an array as a parameter.
Value = str | bytes | int | float | UUID | datetime | list[UUID | str | int] | list[int] | None

#: Values that SQLite's driver takes as they are.
_PLAIN = frozenset((str, bytes, int, float, bool, type(None)))


def insert(
    model: type[Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[Value]],
    *,
    conflict: str = "",
    is_indexed: bool = False,
) -> None:
    """Insert rows, given as values of `columns` (names of database columns). `conflict`: an ON CONFLICT clause.

    `is_indexed`: the table has a full-text index, which on SQLite each statement adds a segment to.
    """
    if not rows:
        return
    start = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)})"
    if connection.vendor == "sqlite":
        _insert_values(start, rows, conflict, is_indexed=is_indexed)
    else:
        _insert_records(start, model._meta.db_table, columns, rows, conflict)


def _insert_values(start: str, rows: Sequence[Sequence[Value]], conflict: str, *, is_indexed: bool) -> None:
    known = _Adapted()
    values = [[value if type(value) in _PLAIN else known[value] for value in row] for row in rows]
    with connection.cursor() as cursor:
        if not is_indexed:
            # Another row costs its values only, and a text for many rows more than it saves.
            cursor.executemany(f"{start} VALUES ({', '.join(['%s'] * len(rows[0]))}) {conflict}", values)
            return
        # One text for any number of rows: the driver keeps 128 statements, and one with a mark for each value is large.
        columns = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(len(rows[0])))
        source = f"SELECT {columns} FROM json_each(%s) WHERE true"  # noqa: S608 - ON CONFLICT needs a WHERE before it
        cursor.execute(f"{start} {source} {conflict}", [msgspec.json.encode(values).decode()])


def _insert_records(
    start: str, table: str, columns: Sequence[str], rows: Sequence[Sequence[Value]], conflict: str
) -> None:
    """All rows are one parameter: a text with a mark for each value takes several times what the values cost."""
    records = [dict(zip(columns, map(_in_record, row), strict=True)) for row in rows]
    source = f"SELECT {', '.join(columns)} FROM json_populate_recordset(NULL::{table}, %s)"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"{start} {source} {conflict}", [msgspec.json.encode(records).decode()])


def _in_record(value: Value) -> Value:
    return f"\\x{value.hex()}" if type(value) is bytes else value


class _Adapted(dict[Any, Value]):
    """Values as the driver takes them. The rows of a statement share their times and most of their ids."""

    def __missing__(self, value: Value) -> Value:
        self[value] = adapted(value)
        return self[value]


def fill(
    model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Value]], *, is_indexed: bool = False
) -> None:
    """Insert many rows, as `insert` does, by PostgreSQL's COPY: one more exchange, and nothing to take apart."""
    if connection.vendor == "sqlite" or not rows:
        insert(model, columns, rows, is_indexed=is_indexed)
        return
    start = f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(start) as copy:
        for row in rows:
            copy.write_row(row)


def update_each(model: type[Model], column: str, values: Iterable[tuple[Value, Value]]) -> None:
    """Set `column` of the row with each id, given as (value, id)."""
    statement = f"UPDATE {model._meta.db_table} SET {column} = %s WHERE id = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(adapted(value), adapted(pk)) for value, pk in values])


def update(model: type[Model], pk: Value, values: Mapping[str, Value]) -> None:
    """Set these columns of the row with this id."""
    assigned = ", ".join(f"{connection.ops.quote_name(column)} = %s" for column in values)
    statement = f"UPDATE {model._meta.db_table} SET {assigned} WHERE id = %s"  # noqa: S608 - names from the code
    with connection.cursor() as cursor:
        cursor.execute(statement, [*map(adapted, values.values()), adapted(pk)])


def rows(model: type[Model], columns: Sequence[str], condition: str, values: Sequence[Value]) -> list[tuple[Any, ...]]:
    """These columns of the rows for which `condition` holds: the text after WHERE, with a %s for each value."""
    statement = f"SELECT {', '.join(columns)} FROM {model._meta.db_table} WHERE {condition}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [adapted(value) for value in values])
        return list(cursor.fetchall())


def locking() -> str:
    """What a condition ends in that locks its rows until the commit. SQLite's transactions lock the whole database."""
    return "" if connection.vendor == "sqlite" else " FOR NO KEY UPDATE"


def any_of(column: str) -> str:
    """The condition that a column has one of the values of one `array` parameter."""
    if connection.vendor == "sqlite":
        return f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608 - a name from the code
    return f"{column} = ANY(%s)"


def array(values: Iterable[UUID | str | int]) -> str | list[UUID | str | int]:
    """Any number of values as one parameter, so that the text of a statement does not depend on how many there are."""
    if connection.vendor == "sqlite":
        return msgspec.json.encode([adapted(value) for value in values]).decode()
    return list(values)


def as_uuid(value: UUID | str) -> UUID:
    """A UUID from a value of the driver, which is text on SQLite."""
    return value if isinstance(value, UUID) else UUID(value)


def as_time(value: datetime | None) -> datetime | None:
    """An aware time from a value of the driver, which is naive UTC on SQLite."""
    return value if value is None or value.tzinfo is not None else value.replace(tzinfo=UTC)


def found(model: type[ModelT], column: str, value: Value) -> ModelT | None:
    """The row that has this value in a unique column, at a fifth of the ORM's cost."""
    statement = f"SELECT * FROM {model._meta.db_table} WHERE {column} = %s"  # noqa: S608
    return next(iter(model._default_manager.raw(statement, [adapted(value)])), None)


def locked(model: type[ModelT], pk: int) -> tuple[ModelT, datetime | None] | None:
    """The row, locked until the commit, and the database's clock after the wait for the lock (None on SQLite).

    The outer query reads the clock, so it is read after the wait. NO KEY lets others insert rows that refer to this
    one. SQLite's transactions lock the whole database anyway.
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


def adapted(value: Value) -> Value:
    """A value in the form that the database driver takes."""
    if isinstance(value, UUID):
        return value.hex if connection.vendor == "sqlite" else value
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
