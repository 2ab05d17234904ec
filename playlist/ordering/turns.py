"""The order in which items play. The client's room/order.ts has the same rules and is tested with the same fixture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from msgspec import Struct

from playlist.ordering.fair import start_of
from playlist.types import Fair, PlaylistOrder


class Placed(Protocol):
    """An item that can be put in playing order. At most one item is playing, and it has a `played_at`."""

    @property
    def position(self) -> float: ...
    @property
    def votes(self) -> int: ...
    @property
    def adder(self) -> str | None: ...
    @property
    def is_playing(self) -> bool: ...
    @property
    def played_at(self) -> datetime | None: ...
    @property
    def boosted_at(self) -> datetime | None: ...
    @property
    def because(self) -> object | None: ...


class Ordered(Protocol):
    """A playlist, as far as it says in which order its items play."""

    @property
    def order(self) -> PlaylistOrder: ...
    @property
    def fair(self) -> Fair | None: ...


class Ordering(Struct, frozen=True):
    """An order, with its turns where it is fair."""

    order: PlaylistOrder
    fair: Fair | None = None


PlacedT = TypeVar("PlacedT", bound=Placed)


def playing_order(items: Iterable[PlacedT], ordered: Ordered) -> list[PlacedT]:
    """The items in the order in which people see them.

    manual: by position; what the server added and still waits comes last. votes and fair: the playing item, then what
    waits (the boosted by `boosted_at`, then what people added, then what the server added), then the played by
    position. Of what people added, votes puts the most votes first, and fair the lowest round, then the most votes; of
    several the lowest position.
    """
    items = list(items)
    if ordered.order == "manual":
        return sorted(items, key=_by_position)
    rounds = rounds_of(items, ordered)
    return [item for _, item in sorted(zip(rounds, items, strict=True), key=lambda each: _by_turn(*each))]


def upcoming(items: Iterable[PlacedT], ordered: Ordered) -> list[PlacedT]:
    """The items that will play by themselves, the next one first.

    manual: the waiting items behind the current one, then the others from the front, then what the server added. votes
    and fair: the waiting items in order.
    """
    in_order = playing_order(items, ordered)
    current = current_of(in_order)
    waiting = [item for item in in_order if waits(item)]
    if ordered.order == "manual" and current is not None:
        # A stable sort: each part keeps its order.
        waiting.sort(key=lambda item: (is_filler(item), item.position < current.position))
    return waiting


def rounds_of(items: Sequence[Placed], ordered: Ordered) -> list[int | None]:
    """The round of each item; None for what does not wait, for what nobody added, and in an order without turns.

    The k-th song of a person, counted from 0, boosted ones first, has the round max(V, F or V) + k.
    """
    rounds: list[int | None] = [None] * len(items)
    if ordered.fair is None:
        return rounds
    counted: dict[str, int] = {}
    waiting = [(index, item) for index, item in enumerate(items) if waits(item)]
    for index, item in sorted(waiting, key=lambda each: _in_own_row(each[1])):
        adder = item.adder
        if adder is not None:
            counted[adder] = earlier = counted.get(adder, -1) + 1
            rounds[index] = start_of(adder, ordered.fair) + earlier
    return rounds


def preceding(items: Iterable[PlacedT]) -> PlacedT | None:
    """The item that *previous* plays in manual order: the one before the current one, else the last one started."""
    by_position = sorted(items, key=lambda item: item.position)
    current = current_of(by_position)
    if current is not None:
        return next((item for item in reversed(by_position) if item.position < current.position), None)
    played = [(item.played_at, item.position, item) for item in by_position if item.played_at is not None]
    return max(played, key=lambda entry: entry[:2])[2] if played else None


def current_of(items: Iterable[PlacedT]) -> PlacedT | None:
    return next((item for item in items if item.is_playing), None)


def waits(item: Placed) -> bool:
    """Whether the item is still to play."""
    return item.played_at is None and not item.is_playing


def is_filler(item: Placed) -> bool:
    """Whether the item waits, and only because the server added it: what people add plays before it."""
    return item.because is not None and waits(item)


def _by_position(item: Placed) -> tuple[bool, float]:
    return is_filler(item), item.position


def _in_own_row(item: Placed) -> tuple[bool, float, float]:
    """The order of one person's waiting songs: boosted ones first."""
    return item.boosted_at is None, _boosted(item), item.position


def _by_turn(round_: int | None, item: Placed) -> tuple[float, ...]:
    if item.is_playing:
        return (0, item.position)
    if item.played_at is not None:
        return (5, item.position)
    if item.boosted_at is not None:
        return (1, _boosted(item), item.position)
    if is_filler(item):
        return (4, -item.votes, item.position)
    if round_ is None:
        return (3, -item.votes, item.position)
    return (2, round_, -item.votes, item.position)


def _boosted(item: Placed) -> float:
    return 0.0 if item.boosted_at is None else item.boosted_at.timestamp()
