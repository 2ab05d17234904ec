"""A whole playlist at one revision."""

from __future__ import annotations

from playlist import types
from playlist.errors import playlist_not_found
from playlist.models import Playlist
from playlist.selectors.items import items_of
from playlist.selectors.playlists import playlist_resource, with_totals
from playlist.selectors.reading import consistent_read


def snapshot(playlist_id: int, join_url: str) -> types.Snapshot:
    """The whole playlist at one revision. Raises PLAYLIST_NOT_FOUND."""
    with consistent_read():
        playlist = with_totals(Playlist.objects.filter(pk=playlist_id)).first()
        if playlist is None:
            raise playlist_not_found()
        items = items_of(playlist)
    resource = playlist_resource(playlist, join_url)
    return types.Snapshot(
        revision=playlist.revision, stamp=playlist.stamp, playlist=resource, items=items, playback=resource.playback
    )
