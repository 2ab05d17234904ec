"""Positions: moving an item, and placing a new one."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from msgspec import UnsetType

from playlist import types
from playlist.change import Change
from playlist.commands.turns import own_moved
from playlist.errors import DomainError, invalid
from playlist.identity import Actor
from playlist.models import PlaylistTrack
from playlist.ordering.positions import calculate_position, fits, renumber, spread
from playlist.selectors.items import item_for, item_row


def track_move(change: Change, actor: Actor, command: types.TrackMove) -> types.Item:
    """Put an item behind another one, to the front, or to a position; in fair order only among the actor's own.

    If the position is taken, the item goes right after the one there. Raises ITEM_NOT_FOUND, CONFLICT,
    VALIDATION_ERROR.
    """
    by_neighbour = not isinstance(command.after, UnsetType)
    if by_neighbour == (not isinstance(command.position, UnsetType)):
        raise invalid("position", "give either position or after")
    item = item_row(change.playlist, command.id)
    if change.playlist.order == "votes":
        raise DomainError("CONFLICT", "Votes decide the order here.", {"order": "votes"})
    if by_neighbour and command.after == item.pk:
        raise invalid("after", "an item cannot follow itself")
    if change.playlist.order == "fair":
        own_moved(change, actor, item, command)
    else:
        item_place(change, item, _wanted_position(change, item, command))
    return item_for(change.playlist, item.pk, actor)


def item_place(change: Change, item: PlaylistTrack, position: float, *, is_boost: bool = False) -> None:
    """Set the position of an item, and record it if that is a change."""
    if position == item.position:
        return
    before, item.position = item.position, position
    item.save(update_fields=["position"])
    replaced = (before, change.now) if is_boost else before
    change.record_over(replaced, types.TrackMoved, item=types.MovedItem(id=item.pk, position=position))


def _wanted_position(change: Change, item: PlaylistTrack, command: types.TrackMove) -> float:
    if not isinstance(command.position, UnsetType):
        return item.position if command.position == item.position else free_position(change, command.position, item)
    return position_behind(change, item, command.after)


def position_behind(change: Change, item: PlaylistTrack, after: UUID | UnsetType | None) -> float:
    """The position of an item behind another one, or at the front (None): its own, where it is there already.

    Raises CONFLICT.
    """
    previous, following = gap_for(change, after, moving=item)
    if fits(previous, item.position, following):
        return item.position
    return calculate_position(previous, following)


def free_position(change: Change, wanted: float, moving: PlaylistTrack | None = None) -> float:
    """`wanted`; if an item has that position, the middle between it and the next item."""
    taken_by = change.playlist.items.filter(position=wanted).values_list("pk", flat=True).first()
    if taken_by is None:
        return wanted
    previous, following = gap_for(change, taken_by, moving)
    if moving is not None and fits(previous, moving.position, following):
        return moving.position
    return calculate_position(previous, following)


def gap_for(
    change: Change, after: UUID | UnsetType | None, moving: PlaylistTrack | None = None
) -> tuple[float | None, float | None]:
    """The positions on both sides of a place: behind `after`, at the front (None) or at the end (UNSET).

    The end is before what waits only because the server added it.

    There is always room between the two: if doubles run out, the playlist is renumbered first. `moving` does not count
    as a neighbour. Raises CONFLICT if `after` is gone.
    """
    neighbours = _neighbours(change, after, moving)
    if fits(neighbours[0], calculate_position(*neighbours), neighbours[1]):
        return neighbours
    _renumber(change)
    if moving is not None:
        moving.refresh_from_db(fields=["position"])
    return _neighbours(change, after, moving)


def places_for(change: Change, after: UUID | UnsetType | None, count: int) -> list[float]:
    """The positions of `count` items in a row at the place that gap_for describes. Raises CONFLICT."""
    neighbours = gap_for(change, after)
    places = spread(*neighbours, count)
    if all(fits(left, place, neighbours[1]) for left, place in zip([neighbours[0], *places], places, strict=False)):
        return places
    _renumber(change)
    return spread(*_neighbours(change, after, None), count)


def _neighbours(
    change: Change, after: UUID | UnsetType | None, moving: PlaylistTrack | None
) -> tuple[float | None, float | None]:
    others = change.playlist.items.all()
    if moving is not None:
        others = others.exclude(pk=moving.pk)
    positions = others.values_list("position", flat=True)
    if isinstance(after, UnsetType):
        return _end(others)
    if after is None:
        return None, positions.order_by("position").first()
    previous = positions.filter(pk=after).first()
    if previous is None:
        last = others.order_by("-position").values_list("pk", flat=True).first()
        raise DomainError(
            "CONFLICT",
            "The song to put this one behind is gone.",
            {"after": str(after), "last_item_id": str(last) if last else None},
        )
    return previous, positions.filter(position__gt=previous).order_by("position").first()


def _end(items: QuerySet[PlaylistTrack]) -> tuple[float | None, float | None]:
    """The positions on both sides of the end: what people add stands before what waits because the server added it."""
    by_position = items.order_by("position").values_list("position", flat=True)
    fillers = items.filter(played_at__isnull=True).exclude(because_json="")
    kept = by_position.exclude(pk__in=fillers.values("pk")).last()
    return kept, (by_position.filter(position__gt=kept) if kept is not None else by_position).first()


def _renumber(change: Change) -> None:
    """Give the items the positions 1, 2, 3… in order, and record one event."""
    items = list(change.playlist.items.order_by("position").only("pk", "position"))
    before = [item.position for item in items]
    for item, position in zip(items, renumber(len(items)), strict=True):
        item.position = position
    PlaylistTrack.objects.bulk_update(items, ["position"], batch_size=300)
    moved = [types.MovedItem(id=item.pk, position=item.position) for item in items]
    change.record_over(before, types.PlaylistReordered, items=moved)
