"""The rows of library entries: artists, albums, and the columns that are derived from others."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable

from playlist import search, sql, types
from playlist.commands.playlists import SLUG_ALPHABET
from playlist.models import FOLDED_WIDTH, GENRE_WIDTH, Album, Artist, Track
from playlist.text import fold

#: A letter of an id for each value of a random byte.
_LETTERS = bytes(ord(SLUG_ALPHABET[value % len(SLUG_ALPHABET)]) for value in range(256))


def new_track_id() -> str:
    return f"track-{secrets.token_bytes(12).translate(_LETTERS).decode()}"


def whole_ms(duration_seconds: float) -> int:
    """A duration in whole milliseconds, at least 1."""
    return max(1, round(1000 * duration_seconds))


def fields_of(track: Track) -> types.NewTrack:
    """What people may edit of a track, as it is."""
    return types.NewTrack(
        title=track.title,
        artist=track.artist.name,
        album=track.album.title if track.album else "",
        duration_seconds=track.exact_duration_ms / 1000,
        genre=track.genre,
        cover_url=track.cover_url,
        audio_url=track.audio_url,
    )


def fill_row(track: Track, fields: types.NewTrack, artist: Artist, album: Album | None) -> Track:
    """Set the row's fields, and the columns that are derived from them."""
    track.title = fields.title
    track.artist = artist
    track.album = album
    track.duration_ms = whole_ms(fields.duration_seconds)
    track.duration_seconds = max(1, round(track.duration_ms / 1000))
    track.genre = fields.genre
    track.genre_folded = fold(fields.genre)[:GENRE_WIDTH]
    track.cover_url = fields.cover_url
    track.audio_url = fields.audio_url
    track.sort_key = search.sort_key(fields.title)[:FOLDED_WIDTH]
    return track


def artists_named(names: Iterable[str]) -> dict[str, Artist]:
    """Get or create the artists, by name."""
    wanted = set(names)
    found = _artists(wanted)
    if new := sorted(wanted - found.keys()):
        rows = [(name, fold(name)[:FOLDED_WIDTH], search.indexed_text(name)) for name in new]
        sql.insert(Artist, ("name", "folded", "text"), rows, conflict="ON CONFLICT DO NOTHING")
        found |= _artists(new)
    return found


def albums_titled(wanted: Iterable[tuple[Artist, str]]) -> dict[tuple[int, str], Album | None]:
    """Get or create the albums, by (artist id, title); an empty title means no album."""
    artists = list(wanted)
    names = {artist.pk: artist.name for artist, _ in artists}
    pairs = {(artist.pk, title) for artist, title in artists}
    titled = {pair for pair in pairs if pair[1]}
    found = _albums(titled)
    if new := sorted(titled - found.keys()):
        rows = [
            (artist_id, title, fold(title)[:FOLDED_WIDTH], search.indexed_text(title, names[artist_id]))
            for artist_id, title in new
        ]
        sql.insert(Album, ("artist_id", "title", "folded", "text"), rows, conflict="ON CONFLICT DO NOTHING")
        found |= _albums(new)
    return {pair: found.get(pair) for pair in pairs}


# Not by the ORM: to build its SQL again for every few files took a third of a first import.


def _artists(names: Collection[str]) -> dict[str, Artist]:
    columns = ("id", "name", "folded")
    rows = sql.rows(Artist, columns, sql.any_of("name"), [sql.array(names)]) if names else []
    return {name: Artist(pk, name, folded) for pk, name, folded in rows}


def _albums(pairs: Collection[tuple[int, str]]) -> dict[tuple[int, str], Album]:
    columns = ("id", "artist_id", "title", "folded")
    either = f"{sql.any_of('artist_id')} AND {sql.any_of('title')}"
    values = [sql.array({artist_id for artist_id, _ in pairs}), sql.array({title for _, title in pairs})]
    rows = sql.rows(Album, columns, either, values) if pairs else []
    return {
        (artist_id, title): Album(id=pk, artist_id=artist_id, title=title, folded=folded)
        for pk, artist_id, title, folded in rows
    }
