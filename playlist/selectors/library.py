"""The library: tracks, genres and search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from playlist import search, sql, types
from playlist.errors import track_not_found
from playlist.models import FOLDED_WIDTH, GENRE_WIDTH, SearchEntry, Track
from playlist.selectors.pages import Page, keyset_page

#: Who has more genres than this does not choose from a list.
GENRES_LISTED = 500

TRACK_COLUMNS = ("id", "title", "artist__name", "album__title", "duration_seconds", "genre", "cover_url", "audio_url")


def track_resource(row: Sequence[Any]) -> types.Track:
    """A track from its columns, in the order of TRACK_COLUMNS."""
    track_id, title, artist, album, duration_seconds, genre, cover_url, audio_url = row
    return types.Track(
        id=track_id,
        title=title,
        artist=artist,
        album=album or "",
        duration_seconds=duration_seconds,
        genre=genre,
        cover_url=cover_url,
        audio_url=audio_url,
    )


def track_from_model(track: Track) -> types.Track:
    """A track from a row that was read with its artist and album."""
    columns = (track.pk, track.title, track.artist.name, track.album.title if track.album else "")
    return track_resource((*columns, track.duration_seconds, track.genre, track.cover_url, track.audio_url))


def track_by_id(track_id: str) -> Track:
    """The row with artist and album. Raises TRACK_NOT_FOUND."""
    found = live_tracks().filter(pk=track_id).first()
    if found is None:
        raise track_not_found()
    return found


def live_tracks() -> QuerySet[Track]:
    """The library as people see it: without what is being deleted."""
    return Track.objects.filter(deleted_at__isnull=True).select_related("artist", "album")


def tracks(*, query: str, genre: str, artist: str, album: str, limit: int, cursor: str | None) -> Page[Track]:
    """A page of the library by title. All filters must match; case and accents do not matter to any of them."""
    found = live_tracks()
    if query:
        found = found.filter(pk__in=matching_track_ids(query))
    if genre:
        found = found.filter(genre_folded=search.fold(genre)[:GENRE_WIDTH])
    if artist:
        found = found.filter(artist__folded=search.fold(artist)[:FOLDED_WIDTH])
    if album:
        found = found.filter(album__folded=search.fold(album)[:FOLDED_WIDTH])
    return keyset_page(found, ("sort_key", "id"), limit, cursor)


def genres() -> list[str]:
    """The names of the genres there are tracks of, at most GENRES_LISTED; of several spellings one.

    A query a genre, each one step in the index, instead of one that reads the whole library: a loose index scan
    (https://wiki.postgresql.org/wiki/Loose_indexscan).
    """
    following = "deleted_at IS NULL AND genre_folded > %s ORDER BY genre_folded, sort_key, id LIMIT 1"
    names: list[str] = []
    folded = ""
    while len(names) < GENRES_LISTED and (rows := sql.rows(Track, ("genre_folded", "genre"), following, (folded,))):
        ((folded, name),) = rows
        names.append(name)
    return names


def matching_track_ids(query: str) -> QuerySet[SearchEntry, str]:
    """The ids of the tracks whose title, artist and album hold all words of `query`. Reads the trigram index only."""
    needles = search.needles(query)
    entries = SearchEntry.objects.all()
    if not needles:
        entries = entries.none()
    elif connection.vendor == "sqlite":
        match = " AND ".join(f'"{needle}"' for needle in needles)
        full_text = "SELECT rowid FROM playlist_search_index WHERE playlist_search_index MATCH %s"
        entries = entries.filter(pk__in=RawSQL(full_text, [match]))  # noqa: S611 - the query is a parameter
    else:
        for needle in needles:
            entries = entries.filter(text__contains=needle)
    return entries.values_list("track_id", flat=True)
