"""Keyset pagination."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Generic, TypeAlias, TypeVar

import msgspec
from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet

from playlist.errors import DomainError, invalid

ModelT = TypeVar("ModelT", bound=Model)
RowT = TypeVar("RowT")
StructT = TypeVar("StructT", bound=msgspec.Struct)

#: What fits into a database's integer.
Whole: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]

#: The most rows of a page.
PAGE_LIMIT = 500


class Page(Generic[RowT]):
    """Some rows in order, and the cursor of the next page (None on the last one)."""

    def __init__(self, rows: list[RowT], next_cursor: str | None) -> None:
        self.rows = rows
        self.next_cursor = next_cursor


def keyset_page(rows: QuerySet[ModelT], order: Sequence[str], limit: int, cursor: str | None) -> Page[ModelT]:
    """A page of `rows`, ordered by these columns ("-" means descending), which are unique together.

    Keyset pagination (https://use-the-index-luke.com/no-offset): every page costs the same, and rows that
    are added or removed meanwhile neither repeat nor hide others. Raises VALIDATION_ERROR for a foreign cursor.
    """
    found = list(rows_after(rows, order, cursor).order_by(*order)[: limit + 1])
    if len(found) <= limit:
        return Page(found, None)
    last = found[limit - 1]
    return Page(found[:limit], cursor_text([getattr(last, column.lstrip("-")) for column in order]))


def rows_after(rows: QuerySet[ModelT], order: Sequence[str], cursor: str | None) -> QuerySet[ModelT]:
    """The rows after the cursor. Raises VALIDATION_ERROR for a cursor that is not ours."""
    if cursor is None:
        return rows
    values = _cursor_values(cursor, order)
    try:
        for column, value in zip(order, values, strict=True):
            _field(rows.model, column).to_python(value)
    except ValidationError:
        raise _foreign() from None
    return rows.filter(_after(order, values))


def _field(model: type[Model], column: str) -> Field[object, object]:
    field = model._meta.get_field(column.lstrip("-"))
    assert isinstance(field, Field)
    return field


def _after(order: Sequence[str], values: Sequence[str | int]) -> Q:
    """(a, b) > (x, y), written so that an index on (a, b) serves it."""
    column, value = order[0].lstrip("-"), values[0]
    beyond = "lt" if order[0].startswith("-") else "gt"
    if len(order) == 1:
        return Q(**{f"{column}__{beyond}": value})
    return Q(**{f"{column}__{beyond}e": value}) & (Q(**{f"{column}__{beyond}": value}) | _after(order[1:], values[1:]))


def cursor_text(values: Sequence[object] | msgspec.Struct) -> str:
    """A cursor that leads back to these values."""
    return base64.urlsafe_b64encode(msgspec.json.encode(values)).decode().rstrip("=")


def cursor_read(cursor: str, into: type[StructT]) -> StructT:
    """The values of a cursor. Raises VALIDATION_ERROR for one that is not ours."""
    try:
        values = msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=into)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise _foreign() from None
    if any(isinstance(value, str) and "\x00" in value for value in msgspec.structs.astuple(values)):
        raise _foreign()
    return values


def _cursor_values(cursor: str, order: Sequence[str]) -> list[str | int]:
    try:
        values = msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=list[str | int])
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        values = []
    wanted = [int if column.lstrip("-") == "id" and len(order) == 1 else str for column in order]
    if [type(value) for value in values] != wanted or any("\x00" in str(value) for value in values):
        raise _foreign()
    return values


def _foreign() -> DomainError:
    return invalid("cursor", "is not one that this server gave")
