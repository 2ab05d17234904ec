"""What the library tells a playlist: the server's own commands."""

from __future__ import annotations

from playlist import types
from playlist.change import Change
from playlist.commands.queue import remove_all
from playlist.identity import Actor
from playlist.models import Track
from playlist.selectors.library import track_from_model


def track_refresh(change: Change, actor: Actor, command: types.TrackRefresh) -> None:
    """Tell the playlist that a library entry was edited; nothing where it was told already."""
    track = Track.objects.select_related("artist", "album").filter(pk=command.track_id).first()
    if track is None:
        return
    if change.playlist.items.filter(track=track, track_version__lt=track.version).update(track_version=track.version):
        change.record(types.TrackUpdated, track=track_from_model(track))


def track_purge(change: Change, actor: Actor, command: types.TrackPurge) -> None:
    """Take a library entry that is being deleted out of the playlist."""
    remove_all(change, list(change.playlist.items.filter(track_id=command.track_id)))
