"""Timed lyrics, as files write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from music.lyrics import lyrics_of
from music.models import AudioFile
from tests.api.client import Api
from tests.rooms import make_tracks


def lines(lrc: str) -> list[tuple[int, str]]:
    lyrics = lyrics_of(lrc)
    return [] if lyrics is None else [(line.at_ms, line.text) for line in lyrics.lines]


@pytest.mark.pure
@pytest.mark.parametrize(
    ("lrc", "expected"),
    [
        ("[00:12.50]Hello\n[01:02]World", [(12_500, "Hello"), (62_000, "World")]),
        ("[ti:Title]\n[ar:Artist]\n[00:01.005] a ", [(1_005, "a")]),
        ("[00:05][00:01.5]Again\n[00:03]Once", [(1_500, "Again"), (3_000, "Once"), (5_000, "Again")]),
        ("[offset:+500]\n[00:01.00]a\n[00:00.1]b", [(0, "b"), (500, "a")]),
        ("[offset: -250]\n[00:01.00]a", [(1_250, "a")]),
        ("[00:01.00]<00:01.10>one <00:01.60>two\r\n[00:02:50]", [(1_000, "one two"), (2_500, "")]),
        ("no times\n[x]", []),
        ("", []),
        ("[00:01]" + "x" * 900, [(1_000, "x" * 500)]),
    ],
)
def test_lines_have_their_times(lrc: str, expected: list[tuple[int, str]]) -> None:
    assert lines(lrc) == expected


@pytest.mark.pure
def test_no_text_makes_more_lines_than_a_song_has() -> None:
    assert len(lines("[00:01]a\n" * 5_000)) == len(lines("[00:01]" * 5_000 + "a")) == 2_000


@pytest.mark.pure
@given(st.text(alphabet="[]:.0123456789<>offset-+ \n"))
def test_any_text_is_read(lrc: str) -> None:
    assert all(at_ms >= 0 for at_ms, _ in lines(lrc) if "offset" not in lrc)


def test_the_lyrics_of_a_track() -> None:
    api = Api()
    make_tracks(2, prefix="song")
    AudioFile.objects.create(track_id="song-1", path=b"/a", path_digest="a", size=1, mtime_ns=1, lyrics="[00:01]La")
    assert api.get("tracks/song-1/lyrics").json == {"lines": [{"at_ms": 1000, "text": "La"}]}
    assert api.get("tracks/song-2/lyrics").code == "NOT_FOUND"
    assert api.get("tracks/nothing/lyrics").code == "TRACK_NOT_FOUND"
