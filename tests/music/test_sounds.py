"""Formats, lengths and marks of files without tags."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from music.inspection import inspect
from music.reading import Ask, Reading
from tests.music.sounds import SECONDS, SOUNDS, decoded_seconds, ffmpeg, probed_seconds

pytestmark = pytest.mark.pure

CONTENT_TYPES = {
    "mp3": "audio/mpeg",
    "mp2": "audio/mpeg",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "wav": "audio/wav",
    "aiff": "audio/aiff",
    "wma": "audio/x-ms-wma",
}


def read(path: Path) -> Reading:
    return inspect(Ask(bytes(path)), None)


@pytest.mark.parametrize("name", SOUNDS)
def test_format_and_length(name: str, sounds: dict[str, Path]) -> None:
    path, sound = sounds[name], SOUNDS[name]
    reading = read(path)
    assert reading.reason == ""
    assert (reading.format, reading.plays) == (sound.format, sound.plays)
    assert reading.content_type == CONTENT_TYPES[sound.ending]
    seconds = reading.duration_ms / 1000
    if name in ("mp3_cbr", "mp3_vbr", "mp3_low"):
        assert abs(seconds - SECONDS) <= 0.001  # ffprobe counts LAME's padding, which nobody hears
    elif name in ("mp3_vbr_bare", "adts"):
        assert abs(seconds - decoded_seconds(path)) <= 0.05  # ffprobe guesses these by their bitrate
    else:
        assert abs(seconds - probed_seconds(path)) <= 0.05


def test_without_ffprobe_a_fragmented_m4a_is_refused_with_a_reason(
    sounds: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("music.ffmpeg.program", lambda name: None)
    assert read(sounds["aac_fragments"]).reason == "It holds no sound, or nothing tells how long it is."
    assert read(sounds["oggflac"]).reason == ""


def test_sounds_have_marks_of_their_own(sounds: dict[str, Path], tmp_path: Path) -> None:
    marks = [read(path).fingerprint for name, path in sounds.items() if name not in ("aac_fast", "aac_fragments")]
    for seed in ("3", "4"):
        path = tmp_path / f"{seed}.opus"
        ffmpeg("-f", "lavfi", "-i", f"anoisesrc=seed={seed}:duration=2", str(path))
        marks.append(read(path).fingerprint)
    assert len(set(marks)) == len(marks)
    assert all(len(mark) == 32 for mark in marks)


@pytest.mark.parametrize("name", ["aac", "flac", "wav", "alac", "aiff"])
def test_the_mark_survives_a_new_container(name: str, sounds: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / sounds[name].name
    ffmpeg("-i", str(sounds[name]), "-c", "copy", "-metadata", "title=Another", str(path))
    assert read(path).title == "Another"
    assert read(path).fingerprint == read(sounds[name]).fingerprint


def test_tags_at_the_end_are_no_sound(sounds: dict[str, Path], tmp_path: Path) -> None:
    sound = sounds["mp3_cbr"].read_bytes()
    id3v1 = b"TAG" + b"Old title".ljust(125, b"\0")
    ape = b"APETAGEX" + b"\xd0\x07\0\0" + (32).to_bytes(4, "little") + bytes(16)
    lyrics = b"LYRICSBEGIN" + b"IND00002" + b"10" + b"000021LYRICS200"
    mark = read(sounds["mp3_cbr"]).fingerprint
    for number, tail in enumerate((id3v1, ape + id3v1, lyrics + id3v1, ape, id3v1 + ape)):
        path = tmp_path / f"{number}.mp3"
        path.write_bytes(sound + tail)
        assert read(path).fingerprint == mark


def test_padding_before_the_first_frame_is_passed_over(sounds: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(b"ID3\x04\0\0\0\0\0\0" + bytes(2000) + sounds["mp3_cbr"].read_bytes())
    assert read(path).duration_ms == read(sounds["mp3_cbr"]).duration_ms


def test_the_content_counts_and_not_the_name(sounds: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "really an m4a.mp3"
    shutil.copy(sounds["aac"], path)
    assert read(path).format == "aac"
    assert read(path).duration_ms == read(sounds["aac"]).duration_ms
