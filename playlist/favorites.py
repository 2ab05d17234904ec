"""The tracks that people like. They follow the person, who may be a guest, onto every device."""

from __future__ import annotations

from playlist.models import Favorite, User
from playlist.selectors.library import track_by_id


def favorite_add(user: User, track_id: str) -> None:
    """Remember that the user likes the track; it keeps its place if that is known. Raises TRACK_NOT_FOUND."""
    track = track_by_id(track_id)
    Favorite.objects.bulk_create([Favorite(user=user, track=track)], ignore_conflicts=True)


def favorite_remove(user: User, track_id: str) -> None:
    """Forget that the user likes the track, if they do. Raises TRACK_NOT_FOUND."""
    track_by_id(track_id)
    Favorite.objects.filter(user=user, track=track_id).delete()
