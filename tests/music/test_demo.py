"""What a new server has to play: six tunes with sound in front of the samples; and that they go without a trace."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from music import demo
from music.models import AudioFile
from playlist.models import Playlist, PlaylistTrack, Track
from tests.api.client import Api


@pytest.fixture(autouse=True)
def emptied() -> None:
    """An empty library and a `main` that was never used."""
    assert not Track.objects.exists()


def queue() -> list[tuple[str, bool]]:
    """What waits, as (title, whether it sounds), in playing order."""
    return [(item["track"]["title"], item["track"]["audio_url"] is not None) for item in Api().get("playlist").json]


def test_the_first_start_is_audible() -> None:
    call_command("seed_tracks", if_empty=True, verbosity=0)
    waiting = queue()
    assert [sounds for _, sounds in waiting] == [True] * 6 + [False] * 9
    assert Api().get("playlists/main/playback").json["state"] == "playing"
    assert waiting[0][0] == "Lanterns"
    first, *_ = Api().get("tracks?limit=1").json
    assert first["id"] not in [item["track_id"] for item in Api().get("playlist").json], "smoke tests add it"
    assert {f"track-{number}" for number in range(1, 41)} < set(Track.objects.values_list("pk", flat=True))
    for file in AudioFile.objects.all():
        track = Api().get(f"tracks/{file.track_id}").json
        assert 36_000 < track["duration_ms"] < 41_000
        assert (track["artist"], track["album"]) == ("The House Band", "Opening Night")
        assert abs(track["gain_db"]) < 1, "about −16 LUFS"
        assert track["cover_url"] == f"/media/covers/{file.cover_key}"
        assert (Path(settings.DATA_DIR) / "covers" / f"{file.cover_key}-320.jpg").is_file()


def test_seeding_again_adds_nothing() -> None:
    call_command("seed_tracks", verbosity=0)
    tracks, items = Track.objects.count(), PlaylistTrack.objects.count()
    call_command("seed_tracks", verbosity=0)
    assert (Track.objects.count(), PlaylistTrack.objects.count()) == (tracks, items) == (46, 15)


def test_all_of_it_can_be_taken_away() -> None:
    call_command("seed_tracks", tracks=45, verbosity=0)
    own = Track.objects.get(pk="track-7")
    Track.objects.filter(pk=own.pk).update(audio_version="0123abcd")  # a file of somebody's own has come to it
    call_command("seed_tracks", remove=True, verbosity=0)
    assert list(Track.objects.all()) == [own]
    assert not AudioFile.objects.exists()
    assert Api().get("playlist").json == []
    assert Playlist.objects.get(slug="main").revision > 0
    call_command("seed_tracks", remove=True, verbosity=0)
    assert demo.FOLDER.joinpath("1-lanterns.mp3").is_file(), "the files are the product's"
