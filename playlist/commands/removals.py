"""Removing items from the queue, also the one that plays."""

from __future__ import annotations

from collections.abc import Iterable

from playlist import types
from playlist.change import Change
from playlist.commands.current import move_on
from playlist.commands.keeping import items_drop
from playlist.identity import Actor
from playlist.models import PlaylistTrack
from playlist.selectors.items import item_row


def track_remove(change: Change, actor: Actor, command: types.TrackRemove) -> None:
    """Remove an item; if it is playing, the next one starts first. Raises ITEM_NOT_FOUND."""
    items_remove(change, actor, [item_row(change.playlist, command.id)])


def items_remove(change: Change, actor: Actor, items: Iterable[PlaylistTrack]) -> None:
    """Remove several items, the playing one last, so that none of them starts in between."""
    waiting: list[PlaylistTrack] = []
    playing: list[PlaylistTrack] = []
    for item in items:
        (playing if item.is_playing else waiting).append(item)
    items_drop(change, actor, waiting)
    for item in playing:
        move_on(change, item)
        item.played_at = None  # it was not heard to its end
        items_drop(change, actor, [item])
