"""Windows decode to the same samples as the whole file, in every format that can be cut."""

from __future__ import annotations

import errno
import os
import random
import subprocess
from array import array
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from music.windows import flac
from music.windows.checksums import FLAC_FRAME, FLAC_HEADER
from music.windows.cutter import INDEXERS, Beyond, Cutter, Song
from music.windows.pieces import File, NotCuttable, boundary
from tests.music.sounds import SOUNDS, ffmpeg

pytestmark = pytest.mark.pure

Samples = NDArray[Any]

#: What decoders make of the same frames: Opus and AAC reckon in floats, and from another beginning.
TOLERANCE = {"opus": 2e-3, "aac": 1e-6}
CUTTABLE = ("mp3_cbr", "mp3_vbr", "mp3_cbr_bare", "mp3_vbr_bare", "mp3_low", "flac", "vorbis", "opus", "aac_fast",
            "wav", "wav_float", "aiff")  # fmt: skip
WHOLE = ("mp2", "oggflac", "aac_fragments", "alac", "adts", "wav_adpcm", "wma")
#: (from, duration) in ms: the beginning, neighbours, the middle, one that is shorter than a frame, the end.
WINDOWS = ((0, 400), (400, 600), (1000, 333), (777, 1), (1333, 900), (2000, 10_000))


def decoded(source: Path | bytes) -> Samples:
    """All samples, a row for each moment."""
    whole = source.read_bytes() if isinstance(source, Path) else source
    probe = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "stream=channels", "-of", "csv=p=0", "-"],
        input=whole, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", "-", "-f", "f32le", "-"]
    if isinstance(source, Path):
        command[5] = str(source)
    heard = subprocess.run(command, input=whole, stdout=subprocess.PIPE, check=True)
    return np.frombuffer(heard.stdout, np.float32).reshape(-1, int(probe.stdout.split()[0]))


def song_of(path: Path, kind: str, file: Any) -> Song:
    return Song((path,), kind, file.fileno(), path.stat().st_size)


@pytest.mark.parametrize("name", CUTTABLE)
async def test_a_window_sounds_like_the_same_part_of_the_whole(
    name: str, sounds: dict[str, Path], tmp_path: Path
) -> None:
    path, kind = sounds[name], SOUNDS[name].format
    if kind == "aac":  # without noise that decoders make up anew each time
        path = tmp_path / "plain.m4a"
        ffmpeg("-i", str(sounds["wav"]), "-c:a", "aac", "-aac_pns", "0", "-movflags", "faststart", str(path))
    whole, cutter = decoded(path), Cutter()
    with path.open("rb") as file:
        for from_ms, duration_ms in WINDOWS:
            window = await cutter.window(song_of(path, kind, file), from_ms, duration_ms)
            begin = boundary(from_ms, window.rate)
            assert window.from_ms == pytest.approx(1000 * begin / window.rate)
            part = decoded(window.data)[window.skip : window.skip + window.samples]
            assert len(part) == window.samples
            if from_ms + duration_ms < 2300:
                assert window.samples == boundary(from_ms + duration_ms, window.rate) - begin
            assert np.abs(part - whole[begin : begin + window.samples]).max() <= TOLERANCE.get(kind, 0.0)
        with pytest.raises(Beyond):
            await cutter.window(song_of(path, kind, file), 2500, 100)


@pytest.mark.parametrize("ending", ["mp3", "m4a", "flac", "wav", "ogg"])
async def test_windows_of_another_rate_are_resampled_to_one_another(
    ending: str, sounds: dict[str, Path], tmp_path: Path
) -> None:
    """Players resample each window by itself to 44.1 kHz: all to the same moments, none from its first sample on."""
    path = tmp_path / f"sound.{ending}"
    ffmpeg("-i", str(sounds["wav"]), "-ar", "48000", *(("-c:a", "libvorbis") if ending == "ogg" else ()), str(path))
    kind = {"m4a": "aac", "ogg": "vorbis"}.get(ending, ending)
    cutter, begins = Cutter(), set()
    with path.open("rb") as file:
        for from_ms in range(0, 2300, 100):
            window = await cutter.window(song_of(path, kind, file), from_ms, 100)
            begin = boundary(from_ms, 48_000) - window.skip
            begins.add(begin % 160)
            assert window.skip >= 64 or from_ms == 0
    assert len(begins) == 1 or ending == "ogg"  # whose pages are too long to begin one earlier


@pytest.mark.parametrize("name", WHOLE)
async def test_what_cannot_be_cut_says_so(name: str, sounds: dict[str, Path]) -> None:
    with sounds[name].open("rb") as file, pytest.raises(NotCuttable):
        await Cutter().window(song_of(sounds[name], SOUNDS[name].format, file), 0, 100)


async def test_mp3_with_tags_around_it_and_with_something_in_between(sounds: dict[str, Path], tmp_path: Path) -> None:
    music = sounds["mp3_vbr"].read_bytes()
    tag = b"ID3\x04\x00\x00\x00\x00\x02\x00" + bytes(256)
    path = tmp_path / "tagged.mp3"
    path.write_bytes(tag + music + b"TAG" + bytes(125))
    whole, cutter = decoded(sounds["mp3_vbr"]), Cutter()
    with path.open("rb") as file:
        window = await cutter.window(song_of(path, "mp3", file), 1000, 10_000)
    part = decoded(window.data)[window.skip : window.skip + window.samples]
    assert np.array_equal(part, whole[44_100 : 44_100 + window.samples])
    assert 44_100 + window.samples == len(whole)
    path.write_bytes(music[:9000] + b"something else" + music[9000:])
    with path.open("rb") as file, pytest.raises(NotCuttable):
        await Cutter().window(song_of(path, "mp3", file), 0, 100)


async def test_flac_whose_blocks_differ_is_numbered_by_samples(sounds: dict[str, Path], tmp_path: Path) -> None:
    """What encoders with variable blocks write: each frame begins with the number of its first sample."""
    path = tmp_path / "variable.flac"
    path.write_bytes(_with_sample_numbers(sounds["flac"].read_bytes()))
    whole = decoded(sounds["flac"])
    assert np.array_equal(decoded(path), whole)
    with path.open("rb") as file:
        window = await Cutter().window(song_of(path, "flac", file), 1000, 500)
    part = decoded(window.data)[window.skip : window.skip + window.samples]
    assert np.array_equal(part, whole[44_100 : 44_100 + window.samples])


def _with_sample_numbers(content: bytes) -> bytes:
    at = 4
    while True:
        is_last, size = content[at] & 0x80, int.from_bytes(content[at + 1 : at + 4], "big")
        at += 4 + size
        if is_last:
            break
    found, number, made = at, 0, [content[:at]]
    while found < len(content):
        following = len(content)
        search = content.find(b"\xff\xf8", found + 10)
        while search >= 0:
            header = flac._header_at(content, search)
            if header is not None and header.number == number + 1:
                following = search
                break
            search = content.find(b"\xff\xf8", search + 1)
        frame = content[found:following]
        header = flac._header_at(frame, 0)
        assert header is not None
        new = b"\xff\xf9" + frame[2:4] + flac._coded(number * 4608) + frame[4 + header.number_bytes : header.length - 1]
        new += bytes((FLAC_HEADER.of(new),)) + frame[header.length : -2]
        made.append(new + FLAC_FRAME.of(new).to_bytes(2, "big"))
        found, number = following, number + 1
    return b"".join(made)


@pytest.mark.parametrize("name", ["mp3_vbr", "flac", "vorbis", "opus", "aac", "aac_fast", "wav", "aiff"])
async def test_a_damaged_file_is_cut_or_taken_whole(name: str, sounds: dict[str, Path], tmp_path: Path) -> None:
    """Whatever stands in it, nothing else happens."""
    content, chance = sounds[name].read_bytes(), random.Random(name)
    path = tmp_path / "damaged"
    for _ in range(60):
        damaged = bytearray(content[: chance.randrange(1, len(content))] if chance.random() < 0.5 else content)
        for _ in range(chance.randrange(1, 30)):
            # Mostly where tables and headers are.
            at = min(int(chance.random() ** 4 * len(damaged)), len(damaged) - 1)
            damaged[at] = chance.randrange(256)
        path.write_bytes(damaged)
        with path.open("rb") as file:
            try:
                window = await Cutter().window(song_of(path, SOUNDS[name].format, file), chance.randrange(2500), 500)
            except (NotCuttable, Beyond):
                continue
        assert window.samples > 0
        assert window.skip >= 0


async def test_a_song_is_cut_once_descriptors_are_left_again(
    sounds: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left(_: int) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    cutter = Cutter()
    with sounds["flac"].open("rb") as file:
        song = song_of(sounds["flac"], "flac", file)
        with monkeypatch.context() as meanwhile, pytest.raises(OSError, match="Too many"):
            meanwhile.setattr(os, "dup", none_left)
            await cutter.window(song, 0, 100)
        assert (await cutter.window(song, 0, 100)).samples


async def test_indexes_are_forgotten_when_there_are_too_many(sounds: dict[str, Path]) -> None:
    path = sounds["mp3_cbr"]
    cutter = Cutter(limit_bytes=5000)
    with path.open("rb") as file:
        for number in range(20):
            song = Song((path, number), "mp3", file.fileno(), path.stat().st_size)
            await cutter.window(song, 0, 100)
            assert cutter.kept_bytes <= 5000
        assert cutter.kept_bytes > 2000


@pytest.mark.parametrize("name", ["mp3_vbr", "flac", "vorbis", "aac_fast"])
def test_an_index_takes_no_more_memory_than_it_counts(name: str, sounds: dict[str, Path]) -> None:
    with sounds[name].open("rb") as file:
        index = INDEXERS[SOUNDS[name].format](File(file.fileno(), sounds[name].stat().st_size))
    parts = {**vars(index), **vars(vars(index).get("_pages", SimpleNamespace()))}.values()
    tables = [table.itemsize * len(table) for table in parts if isinstance(table, array)]
    assert 0 < sum(tables) <= index.memory_bytes
