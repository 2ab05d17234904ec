"""Commands with which the server applies changes of the library to a playlist."""

from __future__ import annotations

from playlist import types
from playlist.change import Change
from playlist.commands.removals import items_remove
from playlist.identity import Actor
from playlist.models import Track
from playlist.selectors.library import track_from_model


def track_refresh(change: Change, actor: Actor, command: types.TrackRefresh) -> None:
    """Record in the playlist that a library entry was edited, unless the item is up to date."""
    track = Track.objects.select_related("artist", "album").filter(pk=command.track_id).first()
    if track is None:
        return
    if change.playlist.items.filter(track=track, track_version__lt=track.version).update(track_version=track.version):
        change.record(types.TrackUpdated, track=track_from_model(track))


def track_purge(change: Change, actor: Actor, command: types.TrackPurge) -> None:
    """Remove a library entry that is being deleted from the playlist."""
    items_remove(change, actor, change.playlist.items.filter(track_id=command.track_id))
