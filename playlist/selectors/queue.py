"""What is still to play: when, and why in this order."""

from __future__ import annotations

from msgspec import UNSET

from playlist import types
from playlist.errors import playlist_not_found
from playlist.models import Playlist
from playlist.ordering.explain import explain
from playlist.ordering.turns import current_of
from playlist.selectors.items import ordering_of, spots_of
from playlist.selectors.playback import has_speaker, playback_of
from playlist.selectors.reading import consistent_read


def queue_explained(playlist: Playlist) -> list[types.Queued]:
    """The waiting items in playing order, in a constant number of queries. Raises PLAYLIST_NOT_FOUND."""
    with consistent_read():
        fresh = Playlist.objects.filter(pk=playlist.pk).first()
        if fresh is None:
            raise playlist_not_found()
        spots = spots_of(fresh)
    current = current_of(spots)
    playback = playback_of(fresh, current.id if current else None)
    explained = explain(spots, ordering_of(fresh), playback, is_heard=has_speaker(fresh))
    return [
        types.Queued(
            item_id=each.item.id,
            plays_at_ms=each.plays_at_ms,
            round=UNSET if each.round is None else each.round,
            because=each.because,
        )
        for each in explained
    ]
