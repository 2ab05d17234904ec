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
    # The songs of an album share the names of artist and album.
    texts = {text for _, names in tracks for text in names}
    indexed = {text: search.indexed_text(text) for text in texts}
    rows = [
        (track_id, indexed[title], indexed[artist], indexed[album], search.title_key(title))
        for track_id, (title, artist, album) in tracks
    ]
    sql.insert(SearchEntry, ("track_id", *_COLUMNS), rows, is_indexed=True)
    _words_add(texts)


def entry_update(track: Track) -> None:
    """Let the search find an edited track by its new names."""
    names = names_of(track)
    texts = *map(search.indexed_text, names), search.title_key(track.title)
    SearchEntry.objects.filter(track=track).update(**dict(zip(_COLUMNS, texts, strict=True)))
    _words_add(names)


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


def _words_add(texts: Iterable[str]) -> None:
    """Remember words, in an order in which two transactions do not wait for each other."""
    rows = [(word, word[::-1], len(word)) for word in sorted(search.words_of(*texts))]
    sql.insert(SearchWord, ("word", "backwards", "length"), rows, conflict="ON CONFLICT DO NOTHING")
