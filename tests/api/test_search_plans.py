"""No search and no page of the library reads a whole table, on either database: EXPLAIN says so."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from playlist import library, search, types
from playlist.management.sample import made_up_track
from playlist.models import SearchEntry, Track
from playlist.selectors import library as selector
from playlist.selectors import matches
from playlist.selectors.library import tracks
from playlist.selectors.matches import matching_ids
from playlist.selectors.pages import keyset_page
from tests.plans import explain, reads_all_of

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


@pytest.fixture
def large_library() -> None:
    library.tracks_import([made_up_track(number) for number in range(1, TRACKS + 1)])
    library.tracks_import([(f"foreign-{number}", track) for number, track in enumerate(FOREIGN)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.mark.usefixtures("large_library")
@pytest.mark.parametrize(
    ("query", "matches_any"),
    [
        *((query, True) for query in ("midnight river", "mid", "mi", "m", "sorensen 12", "no. 7", "o d", "t d ")),
        *((query, True) for query in ("杰伦", "香", "駆け", "لا", "خواهم", "วัส", "!!!", "❤️", "!", "c d e")),
        *((query, False) for query in ("zzzz", "龍", "🎸", "~~", "q龍")),
    ],
)
def test_a_search_reads_the_trigram_index(query: str, matches_any: bool) -> None:
    found = matching_ids(search.alternatives(query))
    steps = explain(found)
    assert not reads_all_of(SearchEntry._meta.db_table, steps), steps
    assert any("playlist_search" in step or "VIRTUAL" in step for step in steps), steps
    assert found.exists() == matches_any


@pytest.mark.usefixtures("large_library")
@pytest.mark.parametrize(
    "filters",
    [
        {"query": "mid"},
        {"query": "silver dance"},
        {"query": "杰"},
        {"query": "no"},
        {"query": "no", "genre": "Folk"},
        {"query": "no", "artist": "Nora Lind 1"},
        {"genre": "Folk"},
        {"artist": "Nora Lind 1"},
        {},
    ],
    ids=["short", "words", "character", "common", "common in a genre", "common by an artist", "genre", "artist", "all"],
)
def test_a_page_of_the_library_reads_an_index(filters: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    captured: list[QuerySet[Any, Any]] = []

    def capture(rows: QuerySet[Any, Any], order: Any, limit: int, cursor: str | None) -> Any:
        captured.append(rows.order_by(*order)[: limit + 1])
        return keyset_page(rows, order, limit, cursor)

    for module in (selector, matches):
        monkeypatch.setattr(module, "keyset_page", capture)
    monkeypatch.setattr(matches, "COMMON", 500)
    tracks(**{"query": "", "genre": "", "artist": "", "album": "", **filters}, limit=20, cursor=None)
    for rows in captured:
        steps = explain(rows)
        assert not reads_all_of(Track._meta.db_table, steps), steps
        assert not reads_all_of(SearchEntry._meta.db_table, steps), steps
