"""What is blocked in a room."""

from __future__ import annotations

from playlist import types
from playlist.models import Artist, Blocked, Playlist, Track


def blocked_in(playlist: Playlist) -> list[types.Blocked]:
    """The blocked tracks and artists that the library still has, in the order in which they were blocked."""
    rows = list(Blocked.objects.filter(playlist=playlist).order_by("pk").values_list("kind", "target"))
    ids = [target for kind, target in rows if kind == "tracks"]
    tracks = Track.objects.select_related("artist").filter(deleted_at=None).in_bulk(ids)
    artists = Artist.objects.in_bulk([int(target) for kind, target in rows if kind == "artists"])
    found: list[types.Blocked] = []
    for kind, target in rows:
        if kind == "tracks" and target in tracks:
            track = tracks[target]
            found.append(types.Blocked(kind="tracks", id=target, name=track.title, artist=track.artist.name))
        elif kind == "artists" and int(target) in artists:
            artist = artists[int(target)]
            found.append(types.Blocked(kind="artists", id=artist.pk, name=artist.name, artist=None))
    return found
