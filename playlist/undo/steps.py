"""What undoing does: each step is one event."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from msgspec import Struct


class PutBack(Struct, frozen=True):
    id: UUID
    position: float


class TakeOut(Struct, frozen=True):
    id: UUID


class Place(Struct, frozen=True):
    """`boosted_at`: when the boost was spent that this move is or was."""

    id: UUID
    before: float
    position: float
    boosted_at: datetime | None = None


class SetVote(Struct, frozen=True):
    """`votes`: the sum of the item's votes afterwards; a step that is not taken yet has none."""

    id: UUID
    key: str
    before: int
    value: int
    votes: int = 0


class Boost(Struct, frozen=True):
    id: UUID
    before: datetime | None
    boosted_at: datetime | None


class Settle(Struct, frozen=True):
    """Both by the names that `flat` gives."""

    before: dict[str, object]
    settings: dict[str, object]


class Renumber(Struct, frozen=True):
    """`order`: the items, which have had these positions, in order."""

    before: list[float]
    order: list[UUID]


Step: TypeAlias = PutBack | TakeOut | Place | SetVote | Boost | Settle | Renumber
