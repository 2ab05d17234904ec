"""Which songs of a library the playlists of other players mean."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from music.exchange import formats
from music.exchange.matching import Here, matches
from music.models import AudioFile, digest_of
from playlist import library, types
from tests.music.players import LIBRARY, RECORDING
from tests.music.players.lines import LINES
from tests.music.players.tables import TABLES
from tests.music.players.trees import TREES

ROOT = Path("/srv/music")


@pytest.fixture
def shelf() -> None:
    library.tracks_import(
        [
            (track_id, types.NewTrack(title=title, artist=artist, duration_seconds=seconds))
            for track_id, title, artist, seconds, _ in LIBRARY
        ]
    )
    for number, (track_id, *_, file) in enumerate(LIBRARY):
        path = os.fsencode(ROOT / file)
        recording = RECORDING if track_id == "good" else None
        AudioFile.objects.create(
            track_id=track_id,
            path=path,
            path_digest=digest_of(path),
            size=1,
            mtime_ns=number,
            mb_recording=recording,
            duration_ms=1000,
        )


@pytest.mark.once
@pytest.mark.usefixtures("shelf")
def test_a_playlist_of_another_player_finds_its_songs() -> None:
    players = {**LINES, **TREES, **TABLES}
    assert len(players) >= 30
    here = Here(frozenset({"http://localhost:8000"}), (os.fsencode(ROOT),))
    found = {name: matches(formats.read(player.body), here) for name, player in players.items()}
    assert found == {name: player.means for name, player in players.items()}
