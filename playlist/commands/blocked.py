"""Tracks and artists that nobody adds in a room."""

from __future__ import annotations

from playlist import types
from playlist.change import Change
from playlist.errors import DomainError, track_not_found
from playlist.identity import Actor
from playlist.models import Artist, Blocked
from playlist.selectors.library import live_tracks


def blocked_set(change: Change, actor: Actor, command: types.BlockedSet) -> None:
    """Block a track or an artist, or lift that. Songs that wait already stay.

    Raises TRACK_NOT_FOUND and NOT_FOUND, unless something is lifted.
    """
    playlist, kind, target = change.playlist, command.kind, str(command.id)
    rows = Blocked.objects.filter(playlist=playlist, kind=kind, target=target)
    if rows.exists() == command.blocked:
        return
    if command.blocked:
        _check_is_there(command)
        Blocked.objects.create(playlist=playlist, kind=kind, target=target)
    else:
        rows.delete()
    playlist.has_blocked = command.blocked or Blocked.objects.filter(playlist=playlist).exists()
    change.record(types.BlockedChanged, kind=kind, id=command.id, blocked=command.blocked)


def _check_is_there(command: types.BlockedSet) -> None:
    if command.kind == "tracks":
        if not live_tracks().filter(pk=str(command.id)).exists():
            raise track_not_found()
    elif not Artist.objects.filter(pk=command.id).exists():
        raise DomainError("NOT_FOUND", "There is no such artist.")
