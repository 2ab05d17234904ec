"""A whole playlist at one revision."""

from __future__ import annotations

from playlist import types
from playlist.errors import playlist_not_found
from playlist.models import Playlist
from playlist.selectors.items import items_of
from playlist.selectors.playlists import playlist_record, with_totals
from playlist.selectors.reading import consistent_read


def snapshot(playlist_id: int) -> types.Snapshot:
    """The whole playlist at one revision. Raises PLAYLIST_NOT_FOUND."""
    with consistent_read():
        playlist = with_totals(Playlist.objects.filter(pk=playlist_id)).first()
        if playlist is None:
            raise playlist_not_found()
        items = items_of(playlist)
    record = playlist_record(playlist)
    return types.Snapshot(
        revision=playlist.revision, stamp=playlist.stamp, playlist=record, items=items, playback=record.playback
    )
