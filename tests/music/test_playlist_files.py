"""Playlists as other players write them, written by hand after their documented habits, and files that mean harm."""

from __future__ import annotations

import json
import time
import tracemalloc
from functools import cache

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from music.exchange import formats
from music.exchange.entry import MAX_ENTRIES, Entry, Song, TooMany, Unreadable, Written, shown
from music.exchange.matching import names_in
from tests.music.players import GOOD, RECORDING, Told
from tests.music.players.lines import LINES
from tests.music.players.tables import TABLES
from tests.music.players.trees import TREES

pytestmark = pytest.mark.pure

PLAYERS = {**LINES, **TREES, **TABLES}


def told(body: bytes) -> list[Told]:
    return [(e.artist, e.title, e.album, e.duration_ms, e.location) for e in formats.read(body)]


@pytest.mark.parametrize("player", PLAYERS)
def test_a_playlist_of_another_player_is_read(player: str) -> None:
    assert told(PLAYERS[player].body) == PLAYERS[player].told


@pytest.mark.parametrize(
    "identifier",
    [
        [f"https://musicbrainz.org/recording/{RECORDING}"],
        f"http://musicbrainz.org/recording/{RECORDING}",
        str(RECORDING),
    ],
)
def test_listenbrainz_names_recordings(identifier: object) -> None:
    track = {"title": "Feeling Good", "creator": GOOD, "identifier": identifier, "extension": {"a": {"b": [1]}}}
    (entry,) = formats.read(json.dumps({"playlist": {"track": [track]}}).encode())
    assert entry.recording == RECORDING


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "M3U, XSPF, JSPF and CSV"),
        (b"   \n", "M3U, XSPF, JSPF and CSV"),
        (b"\x00\x01\x02", "no text"),
        (b"ID3\x03\x00\x00\x00\x00\x00\x00", "no text"),
        (b"\x1f\x8b\x08\x08abc", "no text"),
        ("#EXTM3U\na.mp3\n".encode("utf-16-le"), "no text"),
        (b"PK\x03\x04\x14\x00" + b"a.mp3\n", "unpack it"),
        (b"[playlist]\r\nFile1=a.mp3\r\nNumberOfEntries=1\r\nVersion=2\r\n", "PLS"),
        (b'<?wpl version="1.0"?><smil><body><seq><media src="a.mp3"/></seq></body></smil>', "Windows Media Player"),
        (b'<asx version="3.0"><entry><ref href="a.mp3"/></entry></asx>', "ASX"),
        (b'REM GENRE Rock\nPERFORMER "Muse"\nFILE "a.wav" WAVE\n', "cue sheet"),
        (
            b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" '
            b'"http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n<plist version="1.0"><dict/></plist>',
            "as text or as M3U",
        ),
        (b"<?xml version='1.0'?><rhythmdb-playlists><playlist/></rhythmdb-playlists>", "XSPF is read"),
        (b"<smartplaylist type='songs'><name>a</name></smartplaylist>", "XSPF is read"),
        (b"<html><body>no", "web page"),
        (b"<!doctype html><html>", "web page"),
        (b'{"playlist": 3}', "no list of tracks"),
        (b'{"playlists": [{"name": "a", "items": []}]}', "no list of tracks"),
        (b'[{"title": "a"}]', "no list of tracks"),
        (b'{"playlist": {"track": {}}}', "no list of tracks"),
        (b'{"playlist": {"track": [{"title": "\\ud800"}]}}', "no valid JSON"),
        (b"{" * 100_000, "no valid JSON"),
        (b'{"playlist":' * 100_000, "no valid JSON"),
        (
            b'<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><playlist>&b;</playlist>',
            "entities",
        ),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><playlist/>', "entities"),
        (b'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://localhost/">%a;]><playlist/>', "entities"),
        (b'<?xml version="1.0" encoding="nonsense"?><playlist/>', "well-formed"),
        (b"<playlist><title>&#xD800;</title></playlist>", "well-formed"),
        (b"<playlist>" * 400_000, "too deep"),
        (b'title,artist\n"' + b"a,b\n" * 100_000, "never ends"),
    ],
    ids=lambda part: repr(part[:24]),
)
def test_what_is_no_playlist_gives_a_clear_error(body: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        formats.read(body, "text/csv")


SIZE = 256 * 1024
HEAVY = {
    "empty lines": b"#EXTM3U\n" + b"\n" * SIZE,
    "a directive without an end": b"#EXTINF:1 " + b"a" * SIZE + b"\na.mp3\n",
    "a directive full of quotation marks": b"#EXTINF:1 " + b'"a' * (SIZE // 2) + b"\na.mp3\n",
    "signs for spaces": (b"_" * 4000 + b"\n") * 65,
    "spaces that are escaped": (b"%20" * 1300 + b"\n") * 65,
    "many columns": b"title" + b",a" * 10_000 + b"\n" + b"x," * (SIZE // 2),
    "only columns": b"title" + b"," * SIZE,
    "elements": b"<playlist>" + b"<a/>" * (SIZE // 4) + b"</playlist>",
}


SONG = b"#EXTINF:200,Some Artist - Some Title\nSome Artist/Some Album/07 - Some Title.mp3\n"
ORDINARY = b"#EXTM3U\n" + SONG * (SIZE // len(SONG))


def cost(body: bytes) -> tuple[float, int]:
    """The seconds of computing and the bytes that reading a file takes."""
    tracemalloc.start()
    began = time.thread_time()
    try:
        for entry in formats.read(body):
            names_in(entry)
    except Unreadable:
        pass
    finally:
        taken, (_, peak) = time.thread_time() - began, tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return taken, peak


@cache
def ordinary_seconds() -> float:
    return cost(ORDINARY)[0]


@pytest.mark.parametrize("kind", HEAVY)
def test_no_file_takes_long_or_much_memory(kind: str) -> None:
    """Most take as long as an ordinary file of their size, the worst four times as long; in memory some times it."""
    taken, peak = cost(HEAVY[kind])
    assert (taken < 40 * ordinary_seconds(), peak < 40 * SIZE) == (True, True), (taken, ordinary_seconds(), peak)


def test_odd_values_are_passed_over_one_by_one() -> None:
    odd: list[object] = [
        3,
        None,
        [],
        {"title": 3, "creator": {}, "duration": "x", "location": [7], "identifier": 9},
        {"duration": 1e300},
    ]
    entries = formats.read(json.dumps({"playlist": {"track": [*odd, {"title": "a\0b"}]}}).encode())
    assert [entry.title for entry in entries] == ["", "", "", "", "", "a b"]
    assert {entry.duration_ms for entry in entries} == {None}


@pytest.mark.parametrize("make", [
    lambda count: b"a.mp3\n" * count,
    lambda count: b"title\n" + b"a\n" * count,
    lambda count: b"<playlist><trackList>" + b"<track/>" * count + b"</trackList></playlist>",
    lambda count: b'{"playlist":{"track":[' + b",".join([b"{}"] * count) + b"]}}",
])  # fmt: skip
def test_the_number_of_entries_is_limited(make: object) -> None:
    assert callable(make)
    assert len(formats.read(make(MAX_ENTRIES))) == MAX_ENTRIES
    with pytest.raises(TooMany):
        formats.read(make(MAX_ENTRIES + 1))


LINE = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs"), include_characters=" "), max_size=30
)
NAME = LINE.map(lambda text: " ".join(text.split())).filter(bool)
SONGS = st.builds(
    Song,
    title=NAME,
    artist=NAME,
    album=st.just("") | NAME,
    duration_ms=st.integers(1, 86_400_000),
    location=st.just("http://music.example/media/audio/track-1"),
    recording=st.none() | st.uuids(),
)


@pytest.mark.parametrize("name", formats.FORMATS)
@settings(max_examples=60, deadline=None)
@given(title=NAME, songs=st.lists(SONGS, min_size=1, max_size=4))
def test_what_is_written_is_read_back(name: formats.FormatName, title: str, songs: list[Song]) -> None:
    body = formats.FORMATS[name].write(Written(title=title, songs=songs))
    assert formats.format_of(body) == name
    for song, entry in zip(songs, formats.read(body), strict=True):
        expected = Entry(
            line=entry.line,
            title=song.title,
            artist=song.artist,
            album=song.album,
            duration_ms=song.duration_ms,
            location=song.location,
            recording=song.recording,
        )
        if name == "m3u8":  # it has whole seconds, and no place for a recording
            seconds = round(song.duration_ms / 1000) * 1000 or None
            expected = msgspec.structs.replace(expected, duration_ms=seconds, recording=None)
        assert entry == expected


ODD_TITLES = [
    "two\nlines\r\nand\ttabs",
    "commas, \"quotes\"; and 'apostrophes'",
    '"',
    "👩‍👩‍👧 🎉",
    "שלום - עולם",
    "مرحبا, \u200fعالم",
    "=HYPERLINK(1)",
    "'=1",
    "# 1 Crush",
    "#EXTINF:3,nobody - nothing",
    "#EXTM3U",
    "A - B - C",
    "</title><title>&amp;",
    "50% \\ / ../..",
    "title,artist",
    "[playlist]",
    "ü" * 4_000,
]


@pytest.mark.parametrize("name", formats.FORMATS)
@pytest.mark.parametrize("odd", ODD_TITLES, ids=lambda odd: repr(odd[:12]))
def test_no_name_is_too_odd_to_come_back(name: formats.FormatName, odd: str) -> None:
    song = Song(title=odd, artist=odd, album=odd, duration_ms=1000, location="#1 a/b.mp3", added_by=odd)
    body = formats.FORMATS[name].write(Written(title=odd, songs=[song, song]))
    assert formats.format_of(body) == name
    first, second = formats.read(body)
    assert first.title == first.artist == first.album == shown(odd)
    assert (second.title, second.duration_ms) == (first.title, 1000)


def test_a_spreadsheet_takes_no_name_for_a_formula() -> None:
    song = Song(title="=HYPERLINK(1)", artist="'-x", album="@a", duration_ms=1, location="/x", added_by="+1")
    body = formats.FORMATS["csv"].write(Written(title="", songs=[song]))
    assert b",=" not in body and b"\n=" not in body and b",@" not in body
    (entry,) = formats.read(body)
    assert (entry.title, entry.artist, entry.album) == ("=HYPERLINK(1)", "'-x", "@a")
