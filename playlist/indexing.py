"""What the search keeps of each track: its entry, and the words by which mistyped ones are corrected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from playlist import search, sql
from playlist.models import Album, Artist, SearchEntry, SearchWord, Track

#: The title of a track, its artist's name and its album's title.
Names = tuple[str, str, str]

_COLUMNS = ("text", "artist", "album", "key")
#: Rows that are completed in one transaction.
_CHUNK = 500


def entries_add(tracks: Sequence[tuple[str, Names]]) -> None:
    """Let the search find new tracks, given as (id, names)."""
    sql.insert(SearchEntry, ("track_id", *_COLUMNS), [(track_id, *_texts(names)) for track_id, names in tracks])
    _words_add(names for _, names in tracks)


def entry_update(track: Track) -> None:
    """Let the search find an edited track by its new names."""
    names = names_of(track)
    SearchEntry.objects.filter(track=track).update(**dict(zip(_COLUMNS, _texts(names), strict=True)))
    _words_add([names])


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


def _texts(names: Names) -> tuple[str, str, str, str]:
    title, artist, album = map(search.indexed_text, names)
    return title, artist, album, search.title_key(names[0])


def _words_add(names: Iterable[Names]) -> None:
    """Remember words, in an order in which two transactions do not wait for each other."""
    words = sorted({word for texts in names for word in search.words_of(*texts)})
    rows = [(word, word[::-1], len(word)) for word in words]
    sql.insert(SearchWord, ("word", "backwards", "length"), rows, conflict="ON CONFLICT DO NOTHING")
