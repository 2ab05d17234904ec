"""What the search keeps of each track: its entry, and the words by which mistyped ones are corrected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.db import transaction
from msgspec import Struct

from playlist import search, sql
from playlist.models import Album, Artist, SearchEntry, SearchWord, Track

#: The title of a track, its artist's name and its album's title.
Names = tuple[str, str, str]

_COLUMNS = ("text", "artist", "album", "key")
#: Names whose texts are remembered: the songs of an album share those of artist and album.
_REMEMBERED = 256
#: Rows that are completed in one transaction.
_CHUNK = 500


class Entry(Struct, frozen=True):
    """What the search keeps of a track with these names. It takes longer to make than to write."""

    #: The values of _COLUMNS.
    texts: tuple[str, ...]
    words: frozenset[str]


def entry_of(names: Names) -> Entry:
    title, artist, album = map(_indexed, names)
    return Entry((title[0], artist[0], album[0], search.title_key(names[0])), title[1] | artist[1] | album[1])


@lru_cache(_REMEMBERED)
def _indexed(name: str) -> tuple[str, frozenset[str]]:
    return search.indexed_text(name), frozenset(search.words_of(name))


def entries_add(entries: Sequence[tuple[str, Entry]]) -> None:
    """Let the search find new tracks, given as (id, entry)."""
    rows = [(track_id, *entry.texts) for track_id, entry in entries]
    sql.fill(SearchEntry, ("track_id", *_COLUMNS), rows, is_indexed=True)
    _words_add(entry for _, entry in entries)


def entry_update(track: Track) -> None:
    """Let the search find an edited track by its new names."""
    entry = entry_of(names_of(track))
    SearchEntry.objects.filter(track=track).update(**dict(zip(_COLUMNS, entry.texts, strict=True)))
    _words_add([entry])


def entries_complete() -> int:
    """Complete what a server of an earlier version wrote. Returns the number of tracks."""
    for artist in Artist.objects.filter(text=""):
        Artist.objects.filter(pk=artist.pk).update(text=search.indexed_text(artist.name))
    for album in Album.objects.filter(text="").select_related("artist"):
        Album.objects.filter(pk=album.pk).update(text=search.indexed_text(album.title, album.artist.name))
    completed = 0
    unfinished = SearchEntry.objects.filter(rank=0, key="").select_related("track__artist", "track__album")
    while chunk := list(unfinished.order_by("pk")[:_CHUNK]):
        with transaction.atomic():
            for entry in chunk:
                entry_update(entry.track)
        completed += len(chunk)
    return completed


def names_of(track: Track) -> Names:
    return track.title, track.artist.name, track.album.title if track.album else ""


def _words_add(entries: Iterable[Entry]) -> None:
    """Remember words, in an order in which two transactions do not wait for each other."""
    words = frozenset[str]().union(*(entry.words for entry in entries))
    rows = [(word, word[::-1], len(word)) for word in sorted(words)]
    sql.insert(SearchWord, ("word", "backwards", "length"), rows, conflict="ON CONFLICT DO NOTHING")
