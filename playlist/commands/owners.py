"""Owners of things, for the rows of the table whose rule says OWN."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from playlist.models import Playlist, PlaylistTrack, RemovedItem


class OnItem(Protocol):
    """A command on one item."""

    @property
    def id(self) -> UUID: ...


def item_adder(playlist: Playlist, command: OnItem) -> str | None:
    """The key of the actor that added the item; None if it is not in the queue."""
    return PlaylistTrack.objects.filter(playlist=playlist, pk=command.id).values_list("added_by_key", flat=True).first()


def item_remover(playlist: Playlist, command: OnItem) -> str | None:
    """The key of the actor that removed the item; None if it was not removed lately."""
    return RemovedItem.objects.filter(playlist=playlist, pk=command.id).values_list("removed_by_key", flat=True).first()
