"""No search and no page of the library reads a whole table, on either database: EXPLAIN says so."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from playlist import library
from playlist.management.sample import made_up_track
from playlist.models import SearchEntry, Track
from playlist.selectors import library as library_reads
from playlist.selectors.library import matching_track_ids, tracks
from tests.plans import explain, reads_all_of

TRACKS = 5000


@pytest.fixture
def large_library() -> None:
    library.tracks_import([made_up_track(number) for number in range(1, TRACKS + 1)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.mark.usefixtures("large_library")
@pytest.mark.parametrize("query", ["midnight river", "mid", "mi", "m", "sorensen 12", "no. 7", "zzzz"])
def test_a_search_reads_the_trigram_index(query: str) -> None:
    steps = explain(matching_track_ids(query))
    assert not reads_all_of(SearchEntry._meta.db_table, steps), steps
    found = set(matching_track_ids(query))
    assert (found == set()) == (query == "zzzz")


@pytest.mark.usefixtures("large_library")
@pytest.mark.parametrize(
    "filters",
    [{"query": "mid"}, {"query": "silver dance"}, {"genre": "Folk"}, {"artist": "Nora Lind 1"}, {}],
    ids=["short", "words", "genre", "artist", "all"],
)
def test_a_page_of_the_library_reads_an_index(filters: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    captured: list[QuerySet[Any, Any]] = []

    def capture(rows: QuerySet[Any, Any], order: Any, limit: int, cursor: str | None) -> Any:
        captured.append(rows.order_by(*order)[: limit + 1])

    monkeypatch.setattr(library_reads, "keyset_page", capture)
    tracks(**{"query": "", "genre": "", "artist": "", "album": "", **filters}, limit=20, cursor=None)
    steps = explain(captured[0])
    assert not reads_all_of(Track._meta.db_table, steps), steps
