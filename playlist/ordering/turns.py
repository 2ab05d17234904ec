"""The order in which items play. The client's room/order.ts has the same rules and is tested with the same fixture."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from playlist.types import PlaylistOrder


class Placed(Protocol):
    """An item that can be put in playing order. At most one item is playing, and it has a `played_at`."""

    @property
    def position(self) -> float: ...
    @property
    def votes(self) -> int: ...
    @property
    def is_playing(self) -> bool: ...
    @property
    def played_at(self) -> datetime | None: ...


PlacedT = TypeVar("PlacedT", bound=Placed)


def playing_order(items: Iterable[PlacedT], order: PlaylistOrder) -> list[PlacedT]:
    """The items in the order in which people see them.

    manual: by position. votes: the playing item, then the unplayed by (−votes, position), then the played.
    """
    return sorted(items, key=_by_position if order == "manual" else _by_votes)


def upcoming(items: Iterable[PlacedT], order: PlaylistOrder) -> list[PlacedT]:
    """The items that will play by themselves, the next one first.

    manual: the unplayed items behind the current one, then the others from the front. votes: the unplayed in order.
    """
    ordered = playing_order(items, order)
    current = current_of(ordered)
    waiting = [item for item in ordered if item.played_at is None and not item.is_playing]
    if order == "manual" and current is not None:
        waiting.sort(key=lambda item: item.position < current.position)  # a stable sort: each part keeps its order
    return waiting


def preceding(items: Iterable[PlacedT]) -> PlacedT | None:
    """The item that *previous* plays in manual order: the one before the current one, else the last one started."""
    ordered = playing_order(items, "manual")
    current = current_of(ordered)
    if current is not None:
        return next((item for item in reversed(ordered) if item.position < current.position), None)
    played = [(item.played_at, item.position, item) for item in ordered if item.played_at is not None]
    return max(played, key=lambda entry: entry[:2])[2] if played else None


def current_of(items: Iterable[PlacedT]) -> PlacedT | None:
    return next((item for item in items if item.is_playing), None)


def _by_position(item: Placed) -> tuple[int, int, float]:
    return (0, 0, item.position)


def _by_votes(item: Placed) -> tuple[int, int, float]:
    if item.is_playing:
        return (0, 0, item.position)
    if item.played_at is None:
        return (1, -item.votes, item.position)
    return (2, 0, item.position)
