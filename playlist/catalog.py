"""What files say of the library: new tracks, later tags, files that vanish and come back.

Each function runs in the caller's transaction, which is short and holds the rows of the files, too. Playlists hear of
it through `library.tell_holders`, after the commit.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec
from django.db.models import F
from msgspec import Struct

from playlist import search, sql, types
from playlist.entries import albums_titled, artists_named, fields_of, fill_row
from playlist.indexing import Entry, entries_add, entry_of, entry_update
from playlist.models import FOLDED_WIDTH, GENRE_WIDTH, Album, Artist, Track
from playlist.selectors.library import track_from_model
from playlist.text import fold

_COLUMNS = (
    "id", "title", "artist_id", "album_id", "duration_seconds", "duration_ms", "genre", "genre_folded", "cover_url",
    "audio_url", "sort_key", "version", "created_at", "track_number", "disc_number", "year", "gain_db", "audio_version",
)  # fmt: skip


class FileTrack(Struct, frozen=True, kw_only=True):
    """A track as its file tells it. Texts have the limits and forms of types.NewTrack."""

    id: str
    title: str
    artist: str
    album: str
    #: Whose album it is, if not the artist's.
    album_artist: str
    genre: str
    duration_ms: int
    track_number: int | None
    disc_number: int | None
    year: int | None
    gain_db: float | None
    cover_url: str | None
    audio_url: str
    audio_version: str


class Draft(Struct, frozen=True):
    """A new entry with all that follows from its file: to be made before the transaction, which others wait for."""

    file: FileTrack
    genre_folded: str
    sort_key: str
    entry: Entry


def draft(file: FileTrack) -> Draft:
    return Draft(
        file,
        fold(file.genre)[:GENRE_WIDTH],
        search.sort_key(file.title)[:FOLDED_WIDTH],
        entry_of((file.title, file.artist, file.album)),
    )


def add_tracks(drafts: Sequence[Draft], now: datetime) -> None:
    """Add entries, whose ids are new."""
    artists, albums = _names([each.file for each in drafts])
    rows: list[tuple[sql.Value, ...]] = []
    created_at = sql.adapted(now)
    for each in drafts:
        file = each.file
        album = albums[artists[file.album_artist or file.artist].pk, file.album]
        album_id = None if album is None else album.pk
        rows.append((
            file.id, file.title, artists[file.artist].pk, album_id, _seconds(file.duration_ms), file.duration_ms,
            file.genre, each.genre_folded, file.cover_url, file.audio_url, each.sort_key, 1, created_at,
            file.track_number, file.disc_number, file.year, file.gain_db, file.audio_version,
        ))  # fmt: skip
    sql.fill(Track, _COLUMNS, rows)
    entries_add([(each.file.id, each.entry) for each in drafts])


def retag_tracks(files: Sequence[FileTrack]) -> None:
    """Let entries be what their files say by now, but for the fields that people edited; their files are there."""
    if not files:
        return
    artists, albums = _names(files)
    tracks = Track.objects.select_related("artist", "album__artist").select_for_update(of=("self",), no_key=True)
    rows = {track.pk: track for track in tracks.filter(pk__in=[file.id for file in files], deleted_at__isnull=True)}
    for file in files:
        if file.id in rows:
            _retag(rows[file.id], file, artists, albums)


def _retag(
    track: Track, file: FileTrack, artists: dict[str, Artist], albums: dict[tuple[int, str], Album | None]
) -> None:
    before = track_from_model(track)
    edited = track.edited.split()
    tags = types.NewTrack(
        title=file.title,
        artist=file.artist,
        album=file.album,
        duration_seconds=file.duration_ms / 1000,
        genre=file.genre,
        cover_url=file.cover_url,
        audio_url=file.audio_url,
    )
    kept = {name: value for name, value in msgspec.structs.asdict(fields_of(track)).items() if name in edited}
    artist = track.artist if "artist" in edited else artists[file.artist]
    album = track.album if "album" in edited else albums[artists[file.album_artist or file.artist].pk, file.album]
    fill_row(track, msgspec.structs.replace(tags, **kept), artist, album)
    track.track_number, track.disc_number, track.year = file.track_number, file.disc_number, file.year
    track.gain_db, track.audio_version, track.missing_since = file.gain_db, file.audio_version, None
    if track_from_model(track) != before:
        track.version += 1
        track.save()
        entry_update(track)


def lose_sound(track_ids: Collection[str], now: datetime) -> int:
    """Mark entries whose files have vanished. Returns how many were there before."""
    there = Track.objects.filter(pk__in=track_ids, missing_since__isnull=True)
    return there.update(missing_since=now, version=F("version") + 1)


def _names(files: Sequence[FileTrack]) -> tuple[dict[str, Artist], dict[tuple[int, str], Album | None]]:
    artists = artists_named(name for file in files for name in (file.artist, file.album_artist or file.artist))
    return artists, albums_titled((artists[file.album_artist or file.artist], file.album) for file in files)


def _seconds(duration_ms: int) -> int:
    return max(1, round(duration_ms / 1000))
