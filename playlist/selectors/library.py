"""The library: tracks, genres and search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any, Literal

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from playlist import sql, types
from playlist.errors import track_not_found
from playlist.models import Favorite, Track, exact_ms
from playlist.selectors.albums import tracks_by_album
from playlist.selectors.filters import EVERYTHING, Filters
from playlist.selectors.matches import best_matches, matching
from playlist.selectors.pages import Page, keyset_page
from playlist.text import clean

BY_TITLE = ("sort_key", "id")
BY_AGE = ("-created_at", "-id")

#: The orders that lists of tracks have when they are asked for.
TrackOrder = Literal["title", "recent", "album"]

#: A longer list would be no help to choose from.
GENRES_LISTED = 500

#: The columns of the row itself that a resource shows as they are.
_SHOWN = (
    "id", "title", "duration_seconds", "genre", "cover_url", "audio_url", "artist_id", "album_id", "track_number",
    "disc_number", "year", "gain_db", "audio_version", "duration_ms", "missing_since", "created_at",
)  # fmt: skip
TRACK_COLUMNS = ("artist__name", "album__title", *_SHOWN)


def track_resource(row: Sequence[Any]) -> types.Track:
    """A track from its columns, in the order of TRACK_COLUMNS. A naive time, as SQLite's driver gives it, is in UTC."""
    (
        artist, album, track_id, title, duration_seconds, genre, cover_url, audio_url, artist_id, album_id,
        track_number, disc_number, year, gain_db, audio_version, duration_ms, missing_since, created_at,
    ) = row  # fmt: skip
    return types.Track(
        id=track_id,
        title=title,
        artist=artist,
        album=album or "",
        duration_seconds=duration_seconds,
        genre=genre,
        cover_url=cover_url,
        audio_url=audio_url,
        duration_ms=exact_ms(duration_ms, duration_seconds),
        artist_id=artist_id,
        album_id=album_id,
        track_number=track_number,
        disc_number=disc_number,
        year=year,
        gain_db=gain_db,
        audio_version=audio_version,
        missing=missing_since is not None,
        added_at=created_at if created_at.tzinfo else created_at.replace(tzinfo=UTC),
    )


def track_from_model(track: Track) -> types.Track:
    """A track from a row that was read with its artist and album."""
    names = track.artist.name, track.album.title if track.album else ""
    return track_resource((*names, *(getattr(track, column) for column in _SHOWN)))


def track_by_id(track_id: str) -> Track:
    """The row with artist and album. Raises TRACK_NOT_FOUND."""
    found = live_tracks().filter(pk=track_id).first()
    if found is None:
        raise track_not_found()
    return found


def live_tracks() -> QuerySet[Track]:
    """The library without the tracks that are being deleted."""
    return Track.objects.filter(deleted_at__isnull=True).select_related("artist", "album")


def listed_tracks() -> QuerySet[Track]:
    """The library as people choose from it: without the tracks whose files have vanished."""
    return live_tracks().filter(missing_since__isnull=True)


def tracks(
    *, query: str = "", filters: Filters = EVERYTHING, sort: TrackOrder | None = None, limit: int, cursor: str | None
) -> Page[Track]:
    """A page of the library: the best matches first, or by `sort`; without either by title."""
    is_search = clean(query) != ""
    if is_search and sort is None:
        return best_matches(query, filters, limit, cursor)
    conditions = [filters.condition(), *([matching(query, filters)] if is_search else [])]
    if sort == "album":
        return tracks_by_album(conditions, limit, cursor)
    found = live_tracks()
    for condition in conditions:
        found = found.filter(RawSQL(condition.text, condition.values, BooleanField()))  # noqa: S611 - values are parameters
    return keyset_page(found, BY_AGE if sort == "recent" else BY_TITLE, limit, cursor)


def favorites(user_id: int, limit: int, cursor: str | None) -> Page[Favorite]:
    """A page of what the user likes, newest first, with the tracks."""
    theirs = Favorite.objects.filter(
        user=user_id, track__deleted_at__isnull=True, track__missing_since__isnull=True
    ).select_related("track__artist", "track__album")
    return keyset_page(theirs, ("-id",), limit, cursor)


def genres() -> list[str]:
    """The names of the genres that have tracks, one spelling each, at most GENRES_LISTED.

    One query per genre, each one step in the index, instead of one that reads the whole library: a loose index scan
    (https://wiki.postgresql.org/wiki/Loose_indexscan).
    """
    listed = "deleted_at IS NULL AND missing_since IS NULL"
    following = f"{listed} AND genre_folded > %s ORDER BY genre_folded, sort_key, id LIMIT 1"
    names: list[str] = []
    folded = ""
    while len(names) < GENRES_LISTED and (rows := sql.rows(Track, ("genre_folded", "genre"), following, (folded,))):
        ((folded, name),) = rows
        names.append(name)
    return names
