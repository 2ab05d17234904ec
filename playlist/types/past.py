"""What is kept to tell how a playlist was. Actor keys are in it, so it is never published as a whole."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from playlist.types.resources import Snapshot


class ItemKeys(Struct, frozen=True):
    """The actor keys behind an item: of the person that added it, and of those that voted for it (1 or −1)."""

    adder: str
    votes: dict[str, int] = {}


class Past(Struct, frozen=True):
    """A playlist at one revision, with the keys behind each of its items."""

    snapshot: Snapshot
    keys: dict[UUID, ItemKeys]


class ToldPast(Struct, frozen=True):
    """A past as it was told while the playlist's row had this `rewritten_at`; after another one it holds no more."""

    past: Past
    rewritten_at: datetime | None
