"""No search and no page of the library reads a whole table, on either database: EXPLAIN says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product

import pytest
from django.db import connection
from django.utils import timezone

from playlist import library, types
from playlist.identity import Actor
from playlist.management.sample import made_up_track
from playlist.models import SearchEntry, Track
from playlist.selectors import albums, matches
from playlist.selectors import library as selector
from playlist.selectors.filters import EVERYTHING, Filters
from playlist.selectors.library import tracks
from playlist.selectors.recommendations import recommendations
from tests.plans import reads_all_of, steps_of
from tests.rooms import Room, id_of

TRACKS = 5000
FOREIGN = [
    types.NewTrack(title=title, artist=artist, duration_seconds=60)
    for title, artist in (
        ("稻香", "周杰伦"),
        ("夜に駆ける", "YOASOBI"),
        ("سلام", "می‌خواهم"),
        ("Heart", "!!!"),
        ("❤️", "สวัสดี"),
    )
]


def make_library() -> None:
    library.tracks_import([made_up_track(number) for number in range(1, TRACKS + 1)])
    library.tracks_import([(f"foreign-{number}", track) for number, track in enumerate(FOREIGN)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def explained() -> Iterator[list[str]]:
    """The steps of all that is read inside."""
    steps: list[str] = []

    def explain(execute: Callable[..., object], statement: str, params: object, many: bool, context: object) -> object:
        if statement.lstrip("( ").startswith(("SELECT", "WITH")):
            with connection.execute_wrapper(lambda run, *told: run(*told)):
                steps.extend(steps_of(statement, params))
        return execute(statement, params, many, context)

    with connection.execute_wrapper(explain):
        yield steps


def check(steps: list[str], case: str, *tables: str) -> None:
    assert steps
    for table in (Track._meta.db_table, SearchEntry._meta.db_table, "e", "track", "named", *tables):
        assert not reads_all_of(table, steps), (case, steps)


FOUND = (
    *("midnight river", "mid", "mi", "m", "sorensen 12", "no. 7", "o d", "t d ", "midnihgt", "rivr song"),
    *("杰伦", "香", "駆け", "لا", "خواهم", "วัส", "!!!", "❤️", "!", "c d e"),
)
NOT_FOUND = ("zzzz", "龍", "🎸", "~~", "q龍")

NARROWED = (
    ("silver dance", EVERYTHING),
    ("no", Filters(genre="Folk")),
    ("no", Filters(artist="Nora Lind 1")),
    ("", Filters(genre="Folk")),
    ("", Filters(artist="Nora Lind 1")),
    ("", Filters(artist_id=7)),
    ("no", Filters(album_id=7)),
    ("", Filters(favorites_of=1)),
    ("no", Filters(favorites_of=1)),
    ("", Filters(with_audio=True)),
    ("", EVERYTHING),
)


def look_for_songs() -> None:
    for query in (*FOUND, *NOT_FOUND):
        with explained() as steps:
            page = tracks(query=query, limit=20, cursor=None)
            if page.next_cursor is not None:
                tracks(query=query, limit=20, cursor=page.next_cursor)
        check(steps, query, "playlist_searchword")
        assert bool(page.rows) == (query in FOUND), query


def leaf_through_songs() -> None:
    orders: tuple[selector.TrackOrder | None, ...] = (None, "title", "recent", "album")
    for (query, filters), sort in product(NARROWED, orders):
        with explained() as steps:
            page = tracks(query=query, filters=filters, sort=sort, limit=20, cursor=None)
            if page.next_cursor is not None:
                tracks(query=query, filters=filters, sort=sort, limit=20, cursor=page.next_cursor)
        check(steps, f"{query!r}, {filters}, {sort}")


def leaf_through_albums_artists_and_favourites() -> None:
    for query in ("", "nora", "zzzz"):
        with explained() as steps:
            albums.albums(query, None, 20, None)
            albums.albums(query, 7, 20, None)
            albums.artists(query, 20, None)
            selector.favorites(1, 20, None)
        check(steps, query, "playlist_album", "playlist_artist")


def recommend(room: Room, bob: Actor) -> None:
    room.add(*(f"track-{number}" for number in range(1, 9)))
    room.do(types.PlaybackPlay())
    room.do(types.PlaybackNext())
    with explained() as steps:
        found = recommendations(room.row, [id_of(room.host), id_of(bob)], timezone.now(), 20)
    assert found
    check(steps, "recommendations", "play", "beside", "playlist_play", "playlist_favorite", "playlist_playlisttrack")


# One test, since it is the library that takes time.
def test_whatever_is_looked_for_reads_an_index(room: Room, bob: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    make_library()
    for common in (2000, 5):  # words are looked up, or walked
        with monkeypatch.context() as context:
            context.setattr(matches, "COMMON", common)
            look_for_songs()
    leaf_through_songs()
    leaf_through_albums_artists_and_favourites()
    recommend(room, bob)
