"""Playlists as other players write them, written by hand after their documented habits, and files that mean harm."""

from __future__ import annotations

import json
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from music.exchange import formats
from music.exchange.entry import MAX_ENTRIES, Entry, Song, TooMany, Unreadable, Written

pytestmark = pytest.mark.pure

RECORDING = UUID("e97f805a-ab48-4c52-855e-07049142113d")
GOOD, LOST = "Nina Simone", "Motörhead"


def told(body: bytes) -> list[tuple[str, str, str, int | None, str]]:
    return [(e.artist, e.title, e.album, e.duration_ms, e.location) for e in formats.read(body)]


PLAYERS: dict[str, tuple[bytes, list[tuple[str, str, str, int | None, str]]]] = {
    "Winamp, m3u in the code page of Windows": (
        "#EXTM3U\r\n#EXTINF:174,Motörhead - Ace of Spades\r\nC:\\Music\\Motörhead\\Ace of Spades.mp3\r\n".encode(
            "cp1252"
        ),
        [(LOST, "Ace of Spades", "", 174_000, "C:\\Music\\Motörhead\\Ace of Spades.mp3")],
    ),
    "Winamp, m3u8 with a byte order mark": (
        "\ufeff#EXTM3U\r\n#EXTINF:174,Motörhead - Ace of Spades\r\n..\\Ace of Spades.mp3\r\n".encode(),
        [(LOST, "Ace of Spades", "", 174_000, "..\\Ace of Spades.mp3")],
    ),
    "VLC, m3u8 with file addresses and its own directives": (
        b"#EXTM3U\n#EXTINF:177,Nina Simone - Feeling Good\n#EXTVLCOPT:network-caching=1000\n"
        b"file:///home/anna/Music/Feeling%20Good.flac\n",
        [(GOOD, "Feeling Good", "", 177_000, "file:///home/anna/Music/Feeling%20Good.flac")],
    ),
    "VLC, xspf with its extension": (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<playlist xmlns="http://xspf.org/ns/0/" '
        b'xmlns:vlc="http://www.videolan.org/vlc/playlist/ns/0/" version="1"><title>Playlist</title><trackList>'
        b"<track><location>file:///D:/Feeling%20Good.mp3</location><title>Feeling Good</title>"
        b"<creator>Nina Simone</creator><album>I Put a Spell on You</album><duration>177293</duration>"
        b'<extension application="http://www.videolan.org/vlc/playlist/0"><vlc:id>0</vlc:id></extension></track>'
        b'</trackList><extension application="http://www.videolan.org/vlc/playlist/0"><vlc:item tid="0"/></extension>'
        b"</playlist>",
        [(GOOD, "Feeling Good", "I Put a Spell on You", 177_293, "file:///D:/Feeling%20Good.mp3")],
    ),
    "foobar2000, bare paths": (
        b"D:\\Music\\Nina Simone\\01 Feeling Good.mp3\r\nD:\\Music\\02.mp3\r\n",
        [("", "", "", None, "D:\\Music\\Nina Simone\\01 Feeling Good.mp3"), ("", "", "", None, "D:\\Music\\02.mp3")],
    ),
    "foobar2000, m3u8": (
        "#EXTM3U\r\n#EXTINF:174.29,Motörhead - Ace of Spades\r\nAce of Spades.flac\r\n".encode(),
        [(LOST, "Ace of Spades", "", 174_290, "Ace of Spades.flac")],
    ),
    "iTunes, m3u with the lines of an old Mac": (
        b"#EXTM3U\r#EXTINF:177,Feeling Good - Nina Simone\r/Users/anna/Music/Feeling Good.m4a\r",
        [("Feeling Good", "Nina Simone", "", 177_000, "/Users/anna/Music/Feeling Good.m4a")],
    ),
    "iTunes, a text file in UTF-16": (
        (
            "Name\tArtist\tComposer\tAlbum\tTime\tLocation\nAce of Spades\tMotörhead\t\tAce of Spades\t174\tMac:a.m4a\n"
        ).encode("utf-16"),
        [(LOST, "Ace of Spades", "Ace of Spades", 174_000, "Mac:a.m4a")],
    ),
    "Clementine, xspf with an empty album and a relative location": (
        b'<?xml version="1.0" encoding="UTF-8"?><playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList><track>'
        b"<location>../Feeling%20Good.ogg</location><title>Feeling Good</title><creator>Nina Simone</creator><album/>"
        b"<duration>177000</duration><trackNum>4</trackNum></track></trackList></playlist>",
        [(GOOD, "Feeling Good", "", 177_000, "../Feeling%20Good.ogg")],
    ),
    "Strawberry, m3u": (
        b"#EXTM3U\n#EXTINF:177,Nina Simone - Feeling Good\nNina Simone/Feeling Good.flac\n",
        [(GOOD, "Feeling Good", "", 177_000, "Nina Simone/Feeling Good.flac")],
    ),
    "Kodi, m3u8 with a stream in it": (
        b"#EXTM3U\n#EXTINF:-1,Radio\nhttp://radio.example/stream\n#EXTINF:177,Feeling Good\nsmb://nas/music/a.mp3\n",
        [
            ("", "Radio", "", None, "http://radio.example/stream"),
            ("", "Feeling Good", "", 177_000, "smb://nas/music/a.mp3"),
        ],
    ),
    "MPD, paths below its music folder": (
        b"Nina Simone/I Put a Spell on You/07 - Feeling Good.mp3\n",
        [("", "", "", None, "Nina Simone/I Put a Spell on You/07 - Feeling Good.mp3")],
    ),
    "television players, m3u with attributes": (
        b'#EXTM3U x-tvg-url=""\n#EXTINF:-1 tvg-id="a,b" group-title="News",Channel\n#EXTGRP:News\nhttp://a.example/1\n',
        [("", "Channel", "", None, "http://a.example/1")],
    ),
    "other players, m3u with artist and album": (
        b"#EXTM3U\n#PLAYLIST:Night\n#EXTALB:Live - 1964\n#EXTART:Simone - Nina\n"
        b"#EXTINF:177,Simone - Nina - Feeling Good\na.mp3\nb.mp3\n",
        [("Simone - Nina", "Feeling Good", "Live - 1964", 177_000, "a.mp3"), ("", "", "", None, "b.mp3")],
    ),
    "JSPF, as its page shows it": (
        json.dumps(
            {
                "playlist": {
                    "title": "Night",
                    "track": [
                        {
                            "location": ["http://a.example/1.ogg"],
                            "title": "Feeling Good",
                            "creator": GOOD,
                            "duration": 177293,
                        }
                    ],
                }
            }
        ).encode(),
        [(GOOD, "Feeling Good", "", 177_293, "http://a.example/1.ogg")],
    ),
    "Exportify of Spotify": (
        b'"Track URI","Track Name","Album Name","Artist Name(s)","Release Date","Duration (ms)","Popularity"\n'
        b'"spotify:track:6Sy9BUbgFse0n0LPA5lwy5","Feeling Good","I Put A Spell On You",'
        b'"Nina Simone","1965","177293","71"\n',
        [(GOOD, "Feeling Good", "I Put A Spell On You", 177_293, "")],
    ),
    "TuneMyMusic": (
        b"Track name,Artist name,Album,Playlist name,Type,ISRC\n"
        b"Feeling Good,Nina Simone,,Night,Playlist,USPR36406055\n",
        [(GOOD, "Feeling Good", "", None, "")],
    ),
    "Soundiiz, with semicolons": (
        b"title;artist;album;isrc\nFeeling Good;Nina Simone;I Put a Spell on You;USPR36406055\n",
        [(GOOD, "Feeling Good", "I Put a Spell on You", None, "")],
    ),
    "a spreadsheet, with minutes": (
        b'Song,Artist,Length\n"Good, Feeling",Nina Simone,2:57\n\nLong,Nina Simone,1:02:57.5\n',
        [(GOOD, "Good, Feeling", "", 177_000, ""), (GOOD, "Long", "", 3_777_500, "")],
    ),
    "pasted text": (
        b"Nina Simone - Feeling Good\nMotorhead - Ace of Spades\n",
        [("", "", "", None, "Nina Simone - Feeling Good"), ("", "", "", None, "Motorhead - Ace of Spades")],
    ),
}


@pytest.mark.parametrize("player", PLAYERS)
def test_a_playlist_of_another_player_is_read(player: str) -> None:
    body, entries = PLAYERS[player]
    assert told(body) == entries


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
    "body",
    [
        b"",
        b"   \n",
        b"\x00\x01\x02",
        b"ID3\x03\x00\x00\x00\x00\x00\x00",
        b"<html><body>no",
        b'{"playlist": 3}',
        b'{"playlist": {"track": {}}}',
        b"{" * 100_000,
        b'{"playlist":' * 100_000,
        b'<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><playlist>&b;</playlist>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><playlist/>',
        b'<?xml version="1.0" encoding="nonsense"?><playlist/>',
        b"<a>" * 400_000,
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_is_no_playlist_gives_a_clear_error(body: bytes) -> None:
    with pytest.raises(Unreadable):
        formats.read(body, "text/csv")


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


def test_a_spreadsheet_takes_no_name_for_a_formula() -> None:
    song = Song(title="=HYPERLINK(1)", artist="'-x", album="@a", duration_ms=1, location="/x", added_by="+1")
    body = formats.FORMATS["csv"].write(Written(title="", songs=[song]))
    assert b",=" not in body and b"\n=" not in body and b",@" not in body
    (entry,) = formats.read(body)
    assert (entry.title, entry.artist, entry.album) == ("=HYPERLINK(1)", "'-x", "@a")
