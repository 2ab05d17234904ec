"""A search through the tables finds what the rules say, the best first, however common the words are."""

from __future__ import annotations

import base64
import random

import msgspec
import pytest
from django.utils import timezone

from playlist import accounts, favorites, library, search, types
from playlist.errors import DomainError
from playlist.models import SearchEntry, Track
from playlist.selectors import matches
from playlist.selectors.filters import EVERYTHING, Filters
from playlist.selectors.library import tracks
from tests.rooms import Room

TITLES = [
    *(
        f"{first} {second} No. {number}"
        for first in ("Night", "Nähe", "the Day")
        for second in "az"
        for number in range(9)
    ),
    *("稻香", "周杰伦", "!!!", 'Who\'s "that"?', "100%", "a_b", "back\\slash", "zz top", "No", "no a"),
]


@pytest.fixture(params=[(2000, 200), (5, 40), (0, 6)], ids=["rare", "common", "everything is common"])
def limits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    common, sample = request.param
    monkeypatch.setattr(matches, "COMMON", common)
    monkeypatch.setattr(matches, "SAMPLE", sample)


def pages(limit: int, query: str = "", filters: Filters = EVERYTHING, **order: str) -> list[Track]:
    """The tracks of all pages, one after the other."""
    found: list[Track] = []
    cursor: str | None = None
    while True:
        page = tracks(query=query, filters=filters, limit=limit, cursor=cursor, **order)  # type: ignore[arg-type]
        assert len(page.rows) <= limit
        found += page.rows
        if page.next_cursor is None:
            return found
        cursor = page.next_cursor


def titles(query: str, limit: int = 500) -> list[str]:
    return [track.title for track in pages(limit, query)]


def add(*entries: tuple[str, str, str]) -> None:
    """Tracks with ids entry-0…, given as (title, artist, album)."""
    library.tracks_import(
        [
            (f"entry-{number}", types.NewTrack(title=title, artist=artist, album=album, duration_seconds=9))
            for number, (title, artist, album) in enumerate(entries)
        ]
    )


def rank_of(entry: SearchEntry, wanted: search.Wanted) -> tuple[int, int, str, int] | None:
    """What the order of the matches means, said once more in plain Python."""

    def holds(text: str) -> bool:
        return any(all(any(needle in text for needle in word) for word in words) for words in wanted.needles)

    levels = [entry.text, entry.text + entry.artist, entry.text + entry.artist + entry.album]
    fit = next((fit for fit, text in enumerate(levels, 2) if holds(text)), None)
    if fit is None:
        return None
    fit = 0 if entry.key == wanted.key else 1 if entry.key.startswith(wanted.key) else fit
    return fit, entry.rank, entry.key, entry.pk


@pytest.mark.usefixtures("limits")
@pytest.mark.parametrize("limit", [3, 500])
def test_pages_of_a_search_are_complete_and_the_best_comes_first(limit: int) -> None:
    choice = random.Random(5)
    names = ("Zoë", "Night", "No One", "!!!")
    library.tracks_import(
        [
            (
                f"track-{number}",
                types.NewTrack(
                    title=title,
                    artist=choice.choice(names),
                    album=choice.choice(("", "Day", "稻香 z")),
                    duration_seconds=9,
                    genre="Rock" if number % 2 else "Pop",
                ),
            )
            for number, title in enumerate(TITLES)
        ]
    )
    library.track_delete("track-3")
    Track.objects.filter(pk="track-4").update(missing_since=timezone.now())
    for number in range(0, len(TITLES), 5):
        plays = choice.randrange(1, 200)
        SearchEntry.objects.filter(track_id=f"track-{number}").update(plays=plays, rank=-min(7, plays.bit_length()))
    entries = list(SearchEntry.objects.exclude(track="track-4").select_related("track"))
    for query in ("no", "no z", "zo", "a", "z", "y a", "day", "香", "!!!", '"', "%", "_", "\\", "'s", "zz", "night no"):
        wanted = search.wanted(query)
        ranked = sorted((place, entry) for entry in entries if (place := rank_of(entry, wanted)) is not None)
        expected = [entry.track_id for _, entry in ranked]
        assert [track.pk for track in pages(limit, query)] == expected, query
        rock = [entry.track_id for _, entry in ranked if entry.track.genre == "Rock"]
        assert [track.pk for track in pages(limit, query, Filters(genre="ROCK"))] == rock, query
        by_title = Track.objects.filter(pk__in=expected).order_by("sort_key", "pk")
        assert pages(limit, query, sort="title") == list(by_title), query
    for query in (" ", "\u200b", "\u202e "):
        assert len(pages(limit, query)) == len(entries), "no search"


def test_the_best_match_comes_first() -> None:
    add(
        ("Yesterday", "The Beatles", "Help!"),
        ("Ode to Help", "Somebody", "Ode"),
        ("Help!", "The Beatles", "Help!"),
        ("Helpless", "Neil Young", "Déjà Vu"),
        ("Rain", "Help Me", "Rain"),
    )
    assert titles("help") == ["Help!", "Helpless", "Ode to Help", "Rain", "Yesterday"]
    assert titles("beatles help") == titles("help beatles") == ["Help!", "Yesterday"]


def test_what_rooms_play_comes_first_among_equals(room: Room) -> None:
    add(("Tune one", "A", ""), ("Tune two", "A", ""), ("Another tune", "A", ""), ("Tune three", "A", ""))
    assert titles("tune") == ["Tune one", "Tune three", "Tune two", "Another tune"]
    room.do(types.TracksAdd(track_ids=["entry-1", "entry-2"]))
    room.do(types.PlaybackPlay())
    room.do(types.PlaybackNext())
    assert titles("tune") == ["Tune two", "Tune one", "Tune three", "Another tune"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("bohemain", ["Bohemian Rhapsody"]),
        ("bohemian rapsody", ["Bohemian Rhapsody"]),
        ("rhapsodi bohemian", ["Bohemian Rhapsody"]),
        ("quen", ["Bohemian Rhapsody"]),
        ("qeen bohemian", ["Bohemian Rhapsody"]),
        ("bogemi", ["Bohemian Rhapsody"]),
        ("wonderwal", ["Wonderwall"]),
        ("wondarwall", ["Wonderwall"]),
        ("woonderwall", ["Wonderwall"]),
        ("стена", ["Стена"]),
        ("стема", ["Стена"]),
        ("wxnder", ["Wonderwall"]),
        ("oonder", ["Wonderwall"]),
        ("周伦杰", ["稻香"]),
        ("wxnderxall", []),
        ("xo", []),
    ],
)
def test_one_letter_is_forgiven(typed: str, found: list[str]) -> None:
    add(
        ("Bohemian Rhapsody", "Queen", "Opera"),
        ("Wonderwall", "Oasis", "Glory"),
        ("Стена", "Кино", ""),
        ("稻香", "周杰伦", ""),
    )
    assert titles(typed) == found


@pytest.mark.usefixtures("limits")
def test_letters_are_forgiven_only_where_nothing_matches_exactly() -> None:
    add(*(("Wish", "A", "") for _ in range(9)), ("Fish", "A", ""), *((f"Dish {n}", "A", "") for n in range(9)))
    assert titles("fish", limit=3) == ["Fish"]
    assert sorted(titles("kish", limit=4)) == sorted(["Fish", *["Wish"] * 9, *(f"Dish {n}" for n in range(9))])
    assert titles("kish dish") == [f"Dish {n}" for n in range(9)]


def test_narrow_filters_with_a_search() -> None:
    add(("Help", "A", "One"), ("Help me", "B", "One"), ("No help", "A", "Two"), ("Other", "A", "One"))
    user = accounts.guest_create("Alice")
    for track_id in ("entry-0", "entry-3"):
        favorites.favorite_add(user, track_id)
    artist = Track.objects.get(pk="entry-0").artist_id
    assert [track.pk for track in pages(1, "help", Filters(artist_id=artist))] == ["entry-0", "entry-2"]
    assert [track.pk for track in pages(1, "help", Filters(favorites_of=user.pk))] == ["entry-0"]
    assert [track.pk for track in pages(1, "help", Filters(album="ONE"))] == ["entry-0", "entry-1"]
    Track.objects.filter(pk="entry-1").update(audio_url="/media/audio/track-1")
    assert [track.pk for track in pages(1, "help", Filters(with_audio=True))] == ["entry-1"]


@pytest.mark.parametrize(
    "values", [7, [], [0, 1, 2], [False, 9, 0, "a", 1], [False, 0, 0, "\0", 1], [False, 0, 0, "a", 2**63], ["a"]]
)
def test_a_foreign_cursor_is_refused(values: object) -> None:
    cursor = base64.urlsafe_b64encode(msgspec.json.encode(values)).decode()
    for order in ({}, {"sort": "title"}, {"sort": "recent"}, {"sort": "album"}):
        with pytest.raises(DomainError, match="cursor"):
            tracks(query="no", limit=1, cursor=cursor, **order)  # type: ignore[arg-type]


def test_a_cursor_of_another_order_is_refused() -> None:
    add(("A", "A", ""), ("B", "A", ""))
    for order in (None, "recent", "album"):
        with pytest.raises(DomainError, match="cursor"):
            tracks(query="a", sort=order, limit=1, cursor=tracks(sort="title", limit=1, cursor=None).next_cursor)


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
    add(*((title, "A", "") for title in given))
    assert [track.title for track in pages(500)] == [
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
            (f"entry-{number}", types.NewTrack(title="T", artist="𝓒𝓱𝓲𝓵𝓵", duration_seconds=9, genre=genre))
            for number, genre in enumerate(("𝐋𝐨𝐟𝐢", "lofi", "LoFi\u200b"))
        ]
    )
    assert len(pages(500, filters=Filters(genre="LOFI"))) == len(pages(500, filters=Filters(artist="chill"))) == 3


@pytest.mark.parametrize("limit", [1, 2, 500])
def test_the_orders_of_the_library(limit: int) -> None:
    add(
        ("C", "X", "Beta"), ("B", "X", "Älpha"), ("A", "X", "Beta"), ("D", "X", ""), ("E", "X", "Älpha"), ("F", "X", "")
    )
    for track_id, disc, number in (("entry-0", 1, 2), ("entry-2", 1, 1), ("entry-4", 2, 1), ("entry-1", None, 7)):
        Track.objects.filter(pk=track_id).update(disc_number=disc, track_number=number)
    ordered = {order: "".join(t.title for t in pages(limit, sort=order)) for order in ("title", "recent", "album")}
    assert ordered == {"title": "ABCDEF", "recent": "FEDABC", "album": "BEACDF"}
    beta = Track.objects.get(pk="entry-0").album_id
    assert "".join(track.title for track in pages(limit, filters=Filters(album_id=beta), sort="album")) == "AC"
    assert "".join(track.title for track in pages(limit, "beta", sort="album")) == "AC"
