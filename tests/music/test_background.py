"""What is done to files in the background, and what comes first."""

from __future__ import annotations

import queue
import shutil
import threading
from collections.abc import Collection
from pathlib import Path

import pytest
from django.db import transaction

from music import background, ffmpeg
from music.background import Background, convert_file, measure_file, round_of_work, tidy_up
from music.files import audio_of, converted_folder
from music.inspection import inspect
from music.models import AudioFile
from music.reading import Ask
from music.store import Arrival, prepared, write
from playlist import types
from playlist.clock import database_now
from playlist.models import PlaylistTrack, Track
from tests.rooms import Room

GOES_ON = threading.Event()  # never set


@pytest.fixture(autouse=True)
def empty_folder() -> None:
    shutil.rmtree(converted_folder(), ignore_errors=True)
    converted_folder().mkdir(parents=True)


def known(path: Path, row_id: int | None = None) -> AudioFile:
    """A file that a scan has found, or has found changed."""
    with transaction.atomic():
        write(prepared([Arrival(inspect(Ask(bytes(path)), None), row_id)]), database_now())
    return AudioFile.objects.get(path=bytes(path))


def song(sounds: dict[str, Path], folder: Path, kind: str, name: str) -> AudioFile:
    """A file of its own: other bytes in its middle, and at its end, make it another sound."""
    path = folder / f"{name}{sounds[kind].suffix}"
    content = sounds[kind].read_bytes()
    middle = len(content) // 2
    path.write_bytes(content[:middle] + name.encode() + content[middle + len(name) :] + name.encode())
    return known(path)


def test_what_is_queued_is_measured_first_then_what_was_played_then_the_rest(
    sounds: dict[str, Path], tmp_path: Path
) -> None:
    _, played, queued, playing = (
        song(sounds, tmp_path, "mp3_cbr", name) for name in ("rest", "played", "queued", "playing")
    )
    room = Room.open()
    for file in (played, playing, queued):
        room.do(types.TrackAdd(track_id=str(file.track_id)))
    PlaylistTrack.objects.filter(track=played.track).update(played_at=database_now())
    order = [job.file.title for job in round_of_work()]
    assert order[:2] == ["queued", "playing"]
    assert order[2:] == ["played", "rest"]
    assert [job.file.title for job in round_of_work({queued.pk})] == ["playing", "played", "rest"]


def test_a_measurement_reaches_the_track_and_the_playlists_that_hold_it(
    sounds: dict[str, Path], tmp_path: Path
) -> None:
    file = song(sounds, tmp_path, "mp3_cbr", "a")
    room = Room.open()
    room.do(types.TrackAdd(track_id=str(file.track_id)))
    revision = room.row.revision
    assert measure_file(file, GOES_ON)
    file.refresh_from_db()
    assert file.loudness_from == "measured"
    assert file.gain_db is not None
    assert Track.objects.get(pk=file.track_id).gain_db == file.gain_db
    assert room.row.revision > revision
    assert round_of_work() == []


def test_what_cannot_be_measured_is_not_tried_again(
    sounds: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ffmpeg.Failed("Invalid data")

    file = song(sounds, tmp_path, "mp3_cbr", "a")
    monkeypatch.setattr(background, "measure", fail)
    assert measure_file(file, GOES_ON)
    assert round_of_work() == []
    assert Track.objects.get(pk=file.track_id).gain_db is None


def test_a_file_that_is_away_or_has_changed_is_left_for_later(sounds: dict[str, Path], tmp_path: Path) -> None:
    file = song(sounds, tmp_path, "wma", "a")
    Path(file.local_path).rename(tmp_path / "elsewhere")
    assert not measure_file(file, GOES_ON)
    assert not convert_file(file, GOES_ON)
    assert len(round_of_work()) == 2
    (tmp_path / "elsewhere").rename(file.local_path)
    AudioFile.objects.update(mtime_ns=1)
    assert measure_file(file, GOES_ON)
    assert AudioFile.objects.get().loudness_from == ""


def test_what_browsers_do_not_play_gets_a_version_and_the_track_another_mark(
    sounds: dict[str, Path], tmp_path: Path
) -> None:
    file = song(sounds, tmp_path, "wma", "a")
    before = Track.objects.get(pk=file.track_id).audio_version
    assert convert_file(file, GOES_ON)
    played = audio_of(str(file.track_id))
    assert played is not None
    made = inspect(Ask(bytes(converted_folder() / played.converted)), None)
    assert (made.format, made.plays) == ("opus", True)
    assert Track.objects.get(pk=file.track_id).audio_version != before
    assert [job.do for job in round_of_work()] == [measure_file]


def test_a_retagged_file_is_not_converted_again(
    sounds: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = song(sounds, tmp_path, "alac", "a")
    assert convert_file(file, GOES_ON)
    AudioFile.objects.update(converted="")
    file.refresh_from_db()
    monkeypatch.setattr(ffmpeg, "run", None)
    assert convert_file(file, GOES_ON)
    assert AudioFile.objects.get().converted != ""


def test_why_a_version_could_not_be_made_is_kept_until_the_file_changes(
    sounds: dict[str, Path], tmp_path: Path
) -> None:
    file = song(sounds, tmp_path, "wma", "a")
    path = Path(file.local_path)
    good = path.read_bytes()
    path.write_bytes(b"damaged")
    assert convert_file(file, GOES_ON)
    file.refresh_from_db()
    assert file.conversion_reason == "Invalid data found when processing input"
    assert [job.do for job in round_of_work()] == [measure_file]
    path.write_bytes(good)
    known(path, file.pk)
    assert convert_file in [job.do for job in round_of_work()]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ffmpeg.Failed("No space left on device")])
def test_a_full_disk_is_no_fault_of_the_file(
    error: Exception,
    sounds: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise error

    file = song(sounds, tmp_path, "wma", "a")
    monkeypatch.setattr(background, "convert", fail)
    assert not convert_file(file, GOES_ON)
    assert "cannot be converted for browsers: No space left on device" in caplog.text
    file.refresh_from_db()
    assert file.conversion_reason == ""


def test_versions_without_a_file_go_and_lost_ones_are_made_again(sounds: dict[str, Path], tmp_path: Path) -> None:
    file = song(sounds, tmp_path, "wma", "a")
    convert_file(file, GOES_ON)
    file.refresh_from_db()
    (converted_folder() / "left over.opus").touch()
    (converted_folder() / ".x.opus.1234.part").touch()
    (converted_folder() / "not ours").touch()
    tidy_up()
    assert {path.name for path in converted_folder().iterdir()} == {file.converted, "not ours"}
    (converted_folder() / file.converted).unlink()
    tidy_up()
    file.refresh_from_db()
    assert file.converted == ""


def test_the_thread_does_all_of_it_and_stops(
    sounds: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = threading.Event()

    def look(put_off: Collection[int]) -> list[background.Job]:
        jobs = round_of_work(put_off)
        if not jobs:
            told.set()
        return jobs

    monkeypatch.setattr(background, "round_of_work", look)
    files = [song(sounds, tmp_path, kind, kind) for kind in ("mp3_cbr", "wma")]
    thread = Background()
    thread.start()
    try:
        assert told.wait(120)
    finally:
        thread.stop()
    for file in files:
        file.refresh_from_db()
    assert [(file.loudness_from, bool(file.converted)) for file in files] == [("measured", False), ("measured", True)]


def test_one_process_works_at_a_time() -> None:
    with background._alone() as mine, background._alone() as other:
        assert (mine, other) == (True, False)
    with background._alone() as again:
        assert again


def test_without_ffmpeg_it_says_so_once_when_it_is_needed(
    sounds: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ffmpeg, "program", lambda name: None)
    file = song(sounds, tmp_path, "wma", "a")
    told: queue.Queue[str] = queue.Queue()
    monkeypatch.setattr(background.logger, "info", told.put)
    thread = Background()
    thread.start()
    assert told.get(timeout=60).startswith("ffmpeg is not installed")
    thread.stop()
    assert told.empty()
    file.refresh_from_db()
    assert (file.loudness_from, file.conversion_reason) == ("", "")
