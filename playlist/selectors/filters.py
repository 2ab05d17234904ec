"""What narrows the library down beside a search: conditions on a row of the table of tracks, as SQL."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any, NamedTuple

from django.db import connection

from playlist import sql
from playlist.models import FOLDED_WIDTH, GENRE_WIDTH
from playlist.text import fold


class Part(NamedTuple):
    """A part of a statement, with the values of its marks in order."""

    text: str
    values: tuple[sql.Value, ...] = ()


def joined(parts: Iterable[Part], by: str) -> Part:
    listed = list(parts)
    return Part(
        f"({by.join(part.text for part in listed)})", tuple(chain.from_iterable(part.values for part in listed))
    )


def rows_of(statement: Part) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement.text, [sql.adapted(value) for value in statement.values])
        return list(cursor.fetchall())


class Filters(NamedTuple):
    """The tracks that people choose from, as far as they are asked for. All filters must match."""

    genre: str = ""
    artist: str = ""
    album: str = ""
    artist_id: int | None = None
    album_id: int | None = None
    #: The id of the user whose favourites are asked for.
    favorites_of: int | None = None
    with_audio: bool = False

    @property
    def are_narrow(self) -> bool:
        """Whether they leave so few tracks that each of them may be looked at."""
        ids = (self.artist_id, self.album_id, self.favorites_of)
        return bool(self.artist or self.album) or any(given is not None for given in ids)

    def condition(self) -> Part:
        """The condition on a row of playlist_track. Case and accents of names do not matter."""
        parts = [Part("playlist_track.deleted_at IS NULL AND playlist_track.missing_since IS NULL")]
        if self.genre:
            parts.append(Part("playlist_track.genre_folded = %s", (fold(self.genre)[:GENRE_WIDTH],)))
        for column, table, name in (("artist_id", "artist", self.artist), ("album_id", "album", self.album)):
            if name:
                named = f"SELECT id FROM playlist_{table} WHERE folded = %s"  # noqa: S608 - names from the code
                parts.append(Part(f"playlist_track.{column} IN ({named})", (fold(name)[:FOLDED_WIDTH],)))
        for column, given in (("artist_id", self.artist_id), ("album_id", self.album_id)):
            if given is not None:
                parts.append(Part(f"playlist_track.{column} = %s", (given,)))
        if self.favorites_of is not None:
            theirs = "SELECT track_id FROM playlist_favorite WHERE user_id = %s"
            parts.append(Part(f"playlist_track.id IN ({theirs})", (self.favorites_of,)))
        if self.with_audio:
            parts.append(Part("playlist_track.audio_url IS NOT NULL"))
        return joined(parts, " AND ")


EVERYTHING = Filters()
