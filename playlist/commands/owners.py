"""Owners of things, for the rows of the table whose rule says OWN."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from playlist import types
from playlist.identity import SYSTEM, user_key
from playlist.models import Event, Playlist, PlaylistTrack, RemovedItem


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


def undone_doer(playlist: Playlist, command: types.LogUndo) -> str | None:
    """The key of the actor whose doings are undone; what several did is no guest's own. None if the log has none."""
    if isinstance(command.person_id, int):
        return user_key(command.person_id)
    revisions = command.revisions if isinstance(command.revisions, list) else []
    events = Event.objects.filter(playlist=playlist, revision__in=revisions).order_by()
    doers = set(events.values_list("actor_key", flat=True).distinct()[:2])
    return SYSTEM.key if len(doers) > 1 else next(iter(doers), None)
