"""Loudness is measured and versions for browsers are made; both end in time, and leave nothing behind."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from music import ffmpeg
from music.conversion import convert
from music.formats import FORMATS
from music.inspection import inspect
from music.loudness import heard, measure
from music.reading import Ask
from tests.music import sounds as recipes

pytestmark = pytest.mark.pure

NAMES = [name for name in recipes.SOUNDS if name not in ("aac_fast", "wav_float")]


@pytest.fixture
def sine(sounds: dict[str, Path], tmp_path: Path) -> Path:
    """1 kHz on two channels, 23 dB below full scale: −23 LUFS by the definition of the unit."""
    path = tmp_path / "sine.wav"
    tone = "0.070795*sin(2*PI*1000*t)"
    recipes.ffmpeg("-f", "lavfi", "-i", f"aevalsrc={tone}|{tone}:duration=3:sample_rate=48000", str(path))
    return path


def test_a_sine_is_as_loud_as_its_definition_says(sine: Path) -> None:
    found = measure(bytes(sine), FORMATS["wav"], 3000)
    assert found.gain_db == pytest.approx(7.0, abs=0.1)
    assert found.peak == pytest.approx(10 ** (-23 / 20), rel=0.01)


def test_mono_is_heard_from_two_speakers(sine: Path, tmp_path: Path) -> None:
    path = tmp_path / "mono.wav"
    recipes.ffmpeg("-i", str(sine), "-ac", "1", str(path))
    assert measure(bytes(path), FORMATS["wav"], 3000).gain_db == pytest.approx(7.0, abs=0.1)


def test_a_gain_leaves_a_decibel_below_full_scale(sine: Path, tmp_path: Path) -> None:
    path = tmp_path / "click.wav"
    click = "aeval='if(lt(n,5),0.5,val(0))|if(lt(n,5),0.5,val(1))'"
    recipes.ffmpeg("-i", str(sine), "-af", click, str(path))
    assert measure(bytes(path), FORMATS["wav"], 3000).gain_db == pytest.approx(5.02, abs=0.1)


@pytest.mark.parametrize("name", NAMES)
def test_every_format_is_measured(name: str, sounds: dict[str, Path]) -> None:
    reading = inspect(Ask(bytes(sounds[name])), None)
    reference = measure(bytes(sounds["wav"]), FORMATS["wav"], 2345).gain_db
    assert measure(bytes(sounds[name]), FORMATS[reading.format], 2345).gain_db == pytest.approx(reference, abs=2)


def test_silence_has_no_gain(tmp_path: Path, sounds: dict[str, Path]) -> None:
    path = tmp_path / "silence.wav"
    recipes.ffmpeg("-f", "lavfi", "-i", "anullsrc=duration=2", "-t", "2", str(path))
    assert measure(bytes(path), FORMATS["wav"], 2000) == (None, 0.0)


def test_what_ffmpeg_says_without_a_loudness_is_a_failure() -> None:
    with pytest.raises(ffmpeg.Failed, match="no loudness"):
        heard("size=N/A time=00:00:02.34")


@pytest.mark.parametrize("name", [name for name, sound in recipes.SOUNDS.items() if not sound.plays])
def test_what_browsers_do_not_play_becomes_opus(name: str, sounds: dict[str, Path], tmp_path: Path) -> None:
    reading = inspect(Ask(bytes(sounds[name])), None)
    target = tmp_path / "converted" / "a.opus"
    convert(reading.path, FORMATS[reading.format], target, reading.duration_ms)
    made = inspect(Ask(bytes(target)), None)
    assert (made.format, made.plays) == ("opus", True)
    assert abs(made.duration_ms - reading.duration_ms) <= 50
    assert [path.name for path in target.parent.iterdir()] == ["a.opus"]


def test_a_failure_says_why_and_leaves_nothing(sounds: dict[str, Path], tmp_path: Path) -> None:
    text = tmp_path / "a.wma"
    text.write_text("no music")
    target = tmp_path / "converted" / "a.opus"
    with pytest.raises(ffmpeg.Failed, match="Invalid data"):
        convert(bytes(text), FORMATS["wma"], target, 1000)
    assert list(target.parent.iterdir()) == []


def test_a_list_of_other_files_is_not_followed(sounds: dict[str, Path], tmp_path: Path) -> None:
    listing = tmp_path / "a.wma"
    listing.write_text(f"ffconcat version 1.0\nfile {sounds['wma']}\n")
    with pytest.raises(ffmpeg.Failed):
        measure(bytes(listing), FORMATS["wma"], 1000)


def test_it_is_ended_in_time_and_when_the_server_stops(sounds: dict[str, Path]) -> None:
    endless = ["-nostdin", "-v", "error", "-re", "-f", "lavfi", "-i", "anullsrc", "-f", "null", "-"]
    with pytest.raises(ffmpeg.Failed, match="took longer"):
        ffmpeg.run("ffmpeg", endless, seconds=0.2)
    stopping = threading.Event()
    stopping.set()
    with pytest.raises(ffmpeg.Stopped):
        ffmpeg.run("ffmpeg", endless, seconds=60, stopping=stopping)


def test_what_is_not_installed_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ffmpeg, "program", lambda name: None)
    with pytest.raises(ffmpeg.Failed, match="ffmpeg is not installed"):
        ffmpeg.run("ffmpeg", [], seconds=1)
