"""A search through the tables finds what the rules say, in the order of the titles, however common the words are."""

from __future__ import annotations

import pytest

from playlist import library, search, types
from playlist.models import Track
from playlist.selectors import matches
from playlist.selectors.library import tracks

TITLES = [
    *(
        f"{first} {second} No. {number}"
        for first in ("Night", "Nähe", "the Day")
        for second in "az"
        for number in range(9)
    ),
    *("稻香", "周杰伦", "!!!", 'Who\'s "that"?', "100%", "a_b", "back\\slash", "zz top"),
]


@pytest.fixture(params=[(1000, 5000), (10, 12), (1, 1000)], ids=["rare", "beyond the walk", "within the walk"])
def limits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    common, walked = request.param
    monkeypatch.setattr(matches, "COMMON", common)
    monkeypatch.setattr(matches, "WALKED", walked)


def pages(limit: int, **filters: str) -> list[str]:
    """The titles of all pages, one after the other."""
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = tracks(**{"query": "", "genre": "", "artist": "", "album": "", **filters}, limit=limit, cursor=cursor)
        assert len(page.rows) <= limit
        found += [track.title for track in page.rows]
        if page.next_cursor is None:
            return found
        cursor = page.next_cursor


@pytest.mark.usefixtures("limits")
@pytest.mark.parametrize("limit", [3, 500])
def test_pages_of_a_search_are_complete_and_by_title(limit: int) -> None:
    library.tracks_import(
        [
            (
                f"track-{number}",
                types.NewTrack(title=title, artist="Zoë", duration_seconds=9, genre="Rock" if number % 2 else "Pop"),
            )
            for number, title in enumerate(TITLES)
        ]
    )
    library.track_delete("track-3")
    ordered = list(Track.objects.order_by("sort_key", "id"))
    for query in ("no", "no z", "zo", "a", "z", "y a", "day", "香", "!!!", '"', "%", "_", "\\", "'s", "nothing", "zz"):
        alternatives = search.alternatives(query)
        matching = [
            track
            for track in ordered
            if any(all(needle in track.search_entry.text for needle in needles) for needles in alternatives)
        ]
        assert pages(limit, query=query) == [track.title for track in matching], query
        rock = [track.title for track in matching if track.genre == "Rock"]
        assert pages(limit, query=query, genre="ROCK") == rock, query
    for query in (" ", "\u200b", "\u202e "):
        assert len(pages(limit, query=query)) == len(ordered), "no search"


def test_titles_are_sorted_as_people_expect() -> None:
    given = [
        "Zebra",
        "apple",
        "Éclair",
        "“Heroes”",
        "(What's the Story)",
        "eagle",
        "𝐙𝐢𝐩",
        "Ärger",
        "Øst",
        "Oslo",
        "7 Years",
    ]
    library.tracks_import(
        [
            (f"track-{number}", types.NewTrack(title=title, artist="A", duration_seconds=9))
            for number, title in enumerate(given)
        ]
    )
    assert pages(500) == [
        *(
            "7 Years",
            "apple",
            "Ärger",
            "eagle",
            "Éclair",
            "“Heroes”",
            "Oslo",
            "Øst",
            "(What's the Story)",
            "Zebra",
            "𝐙𝐢𝐩",
        )
    ]


def test_one_name_of_a_genre_however_it_is_written() -> None:
    library.tracks_import(
        [
            (f"track-{number}", types.NewTrack(title="T", artist="𝓒𝓱𝓲𝓵𝓵", duration_seconds=9, genre=genre))
            for number, genre in enumerate(("𝐋𝐨𝐟𝐢", "lofi", "LoFi\u200b"))
        ]
    )
    assert len(pages(500, genre="LOFI")) == len(pages(500, artist="chill")) == 3
