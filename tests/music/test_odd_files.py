"""What is no music, or is damaged, or was made to do harm: a reason each, and never a crash."""

from __future__ import annotations

import errno
import io
import os
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from music import inspection, limits
from music.covers import SIZES, Covers, file_name
from music.inspection import DAMAGED, ENDLESS, UNKNOWN, inspect
from music.reading import Ask, Reading
from tests.music import taggers

pytestmark = pytest.mark.pure


def read(path: Path) -> Reading:
    return inspect(Ask(bytes(path)), None)


def zipped() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a", "b")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b"\0", UNKNOWN),
        (bytes(100_000), UNKNOWN),
        (b"\xff" * 100_000, UNKNOWN),
        (b"this is text named .mp3\n" * 1000, UNKNOWN),
        ("this is text in UTF-16, whose mark looks like a frame\n" * 1000, UNKNOWN),
        (zipped(), UNKNOWN),
        (b"ID3\x04\0\0\x7f\x7f\x7f\x7f", UNKNOWN),
        (b"ID3\x04\0\0\0\0\0\x04" * 10, UNKNOWN),
        (b"fLaC", ENDLESS),
        (b"OggS" + bytes(100), UNKNOWN),
        (b"\0\0\0\x10ftypM4A \0\0\0\0", UNKNOWN),
        (b"RIFF\xff\xff\xff\xffWAVEdata\xff\xff\xff\xff", ENDLESS),
        (b"FORM\xff\xff\xff\xffAIFFSSND\xff\xff\xff\xff", ENDLESS),
        (bytes.fromhex("3026B2758E66CF11A6D900AA0062CE6C") + bytes(40), UNKNOWN),
        (b"\0\0\0\x10ftypM4A \0\0\0\0" + b"\0\x01\0\0moov" * 20_000, UNKNOWN),
    ],
)
def test_it_is_refused_with_its_reason(content: bytes | str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-16"))
    assert read(path).reason == reason


@pytest.mark.parametrize("size", [1, 10, 100, 1000, 10_000])
def test_a_file_that_is_cut_off_is_read_or_refused(size: int, sounds: dict[str, Path], tmp_path: Path) -> None:
    for name, sound in sounds.items():
        path = tmp_path / name
        path.write_bytes(sound.read_bytes()[:size])
        reading = read(path)
        assert reading.reason or reading.duration_ms > 0


@pytest.mark.parametrize(
    "name", ["wav", "wav_float", "aiff", "mp3_cbr", "mp3_vbr", "mp3_cbr_bare", "vorbis", "opus", "adts"]
)
def test_half_a_file_lasts_half_as_long(name: str, sounds: dict[str, Path], tmp_path: Path) -> None:
    """Where the format lets one know: FLAC and M4A say how long the whole was."""
    whole = sounds[name].read_bytes()
    path = tmp_path / sounds[name].name
    path.write_bytes(whole[: len(whole) // 2])
    assert read(path).duration_ms == pytest.approx(read(sounds[name]).duration_ms / 2, rel=0.2)


def test_a_wav_that_was_written_into_a_pipe_lasts_as_long_as_it_is(sounds: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    sound = sounds["wav"].read_bytes()
    place = sound.index(b"data") + 4
    path.write_bytes(sound[:place] + b"\xff\xff\xff\xff" + sound[place + 4 :])
    assert read(path).duration_ms == read(sounds["wav"]).duration_ms


def test_an_index_without_sound_is_refused(sounds: dict[str, Path], tmp_path: Path) -> None:
    sound = sounds["aac_fast"].read_bytes()
    path = tmp_path / "a.m4a"
    path.write_bytes(sound[: sound.index(b"mdat") + 4])
    assert read(path).reason == ENDLESS


def test_an_m4a_without_its_index_is_refused(sounds: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "a.m4a"
    path.write_bytes(sounds["aac"].read_bytes()[:15_000])  # the index lies at the end
    assert read(path).reason in (UNKNOWN, ENDLESS, DAMAGED)


def test_every_byte_may_be_wrong(sounds: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the first bytes, where the headers are, becomes the largest number there is."""
    monkeypatch.setattr("music.ffmpeg.program", lambda name: None)  # asking it each time takes long
    path = tmp_path / "a"
    for name in ("mp3_vbr", "flac", "vorbis", "opus", "oggflac", "aac_fast", "wav", "aiff", "wma"):
        sound = sounds[name].read_bytes()
        for place in range(0, 200, 3):
            path.write_bytes(sound[:place] + b"\xff\xff" + sound[place + 2 :])
            reading = read(path)
            assert reading.reason or reading.duration_ms > 0


def test_computing_is_bounded(sounds: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BUDGET_SECONDS", 0.05)
    path = tmp_path / "a.mp3"
    frames = sounds["mp3_cbr_bare"].read_bytes()[:900]
    path.write_bytes(frames + b"\xff" * 3_000_000)  # a second of searching for the next frame
    assert read(path).reason.startswith("Reading it took more than")


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp3")
    (tmp_path / "folder.mp3").mkdir()
    assert read(tmp_path / "pipe.mp3").reason == "It cannot be read: it is no regular file."
    assert read(tmp_path / "folder.mp3").reason.startswith("It cannot be read: ")
    assert read(tmp_path / "gone.mp3").reason == "It cannot be read: No such file or directory."
    assert read(tmp_path / ("x" * 300)).reason == "It cannot be read: File name too long."


@pytest.mark.parametrize("name", ["mp3_vbr", "flac", "vorbis", "aac", "wav", "wma"])
def test_what_the_disk_does_not_give_is_to_be_read_again(
    name: str, sounds: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of the pieces that are read fails once, as on a network that is away for a moment."""
    whole, opened = read(sounds[name]), limits.open_regular
    left = 0

    class Failing(io.FileIO):
        def readinto(self, buffer: Any, /) -> int:
            nonlocal left
            left -= 1
            if left == 0:
                raise OSError(errno.EIO, "Input/output error")
            return super().readinto(buffer)

    def failing(path: bytes) -> io.FileIO:
        with opened(path):
            return Failing(os.fsdecode(path))

    monkeypatch.setattr(inspection, "open_regular", failing)
    for which in range(1, 100):
        left = which
        reading = read(sounds[name])
        if left > 0:
            break
        refused = reading.reason, reading.size, reading.mtime_ns
        assert reading == whole or refused == ("It cannot be read: Input/output error.", 0, 0)
    assert which > 3
    assert reading == whole


def test_a_name_that_is_no_utf8(sounds: dict[str, Path], tmp_path: Path) -> None:
    path = bytes(tmp_path) + b"/caf\xe9.wav"
    with open(path, "wb") as file:  # noqa: PTH123 - bytes
        file.write(sounds["wav"].read_bytes())
    reading = inspect(Ask(path), None)
    assert (reading.path, reading.title) == (path, "caf\ufffd")


def _png(width: int, height: int) -> bytes:
    """A black picture, one bit a pixel."""
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * height, 1)
    chunks = (b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0), b"IDAT" + rows, b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks
    )


def _encoded(kind: str, size: tuple[int, int] = (800, 600), mode: str = "RGB") -> bytes:
    content = io.BytesIO()
    Image.effect_noise(size, 50).convert(mode).save(content, kind)
    return content.getvalue()


def _jpeg_of_many_scans() -> bytes:
    """Small enough that no scan takes time; of 36 megapixels a thousand of them, in 200 kB, take twenty seconds."""
    content = io.BytesIO()
    Image.new("L", (80, 60)).save(content, "JPEG", progressive=True)
    picture = content.getvalue()
    last = picture[picture.rindex(b"\xff\xda") : -2]
    return picture[:-2] + 200 * last + picture[-2:]


def with_picture(picture: bytes, sounds: dict[str, Path], folder: Path) -> Reading:
    path = folder / "a.mp3"
    path.write_bytes(taggers.id3({"TIT2": "A"}, picture=picture) + sounds["mp3_cbr"].read_bytes())
    return inspect(Ask(bytes(path), beside=1), Covers(folder / "covers"))


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (_png(30_000, 30_000), "The picture cannot be used: it is too large."),
        (_png(7_000, 7_000), "The picture cannot be used: it is too large."),
        (_jpeg_of_many_scans(), "The picture cannot be used: it is too large."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "The picture cannot be used: it is damaged, or no picture."),
        (_encoded("PNG")[:5000], "The picture cannot be used: it is damaged, or no picture."),
        (_encoded("TIFF"), "The picture cannot be used: it is damaged, or no picture."),
        (b"x" * (16 * 1024**2 + 1), "The picture is larger than 16 MB."),
    ],
    ids=["30000", "49 megapixels", "200 scans", "svg", "cut off", "tiff", "17 MB"],
)
def test_a_picture_that_cannot_be_used_costs_the_cover_and_not_the_song(
    picture: bytes, reason: str, sounds: dict[str, Path], tmp_path: Path
) -> None:
    reading = with_picture(picture, sounds, tmp_path)
    assert (reading.reason, reading.title, reading.cover_key) == ("", "A", "")
    assert reading.cover_reason == reason
    assert not list(tmp_path.glob("covers/*"))


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("GIF", "P")]
)
def test_covers_of_three_sizes(kind: str, mode: str, sounds: dict[str, Path], tmp_path: Path) -> None:
    reading = with_picture(_encoded(kind, mode=mode), sounds, tmp_path)
    assert reading.cover_reason == ""
    for size in SIZES:
        with Image.open(tmp_path / "covers" / file_name(reading.cover_key, size)) as cover:
            assert (cover.format, cover.mode, cover.size) == ("JPEG", "RGB", (size, size * 3 // 4))
    assert len(list((tmp_path / "covers").iterdir())) == 3


def test_a_small_picture_is_not_blown_up(sounds: dict[str, Path], tmp_path: Path) -> None:
    reading = with_picture(_encoded("PNG", (200, 200)), sounds, tmp_path)
    with Image.open(tmp_path / "covers" / file_name(reading.cover_key, 640)) as cover:
        assert cover.size == (200, 200)


def test_the_picture_beside_stands_in_for_one_that_is_missing_or_damaged(
    sounds: dict[str, Path], tmp_path: Path
) -> None:
    (tmp_path / "Front.PNG").write_bytes(_encoded("PNG", (50, 50)))
    (tmp_path / "cover.jpeg").write_bytes(_encoded("JPEG", (60, 60)))
    for picture in (b"", b"damaged"):
        reading = with_picture(picture, sounds, tmp_path)
        with Image.open(tmp_path / "covers" / file_name(reading.cover_key, 640)) as cover:
            assert cover.size == (60, 60)
        assert reading.cover_reason == ""


def test_a_picture_is_made_once_for_all_songs_that_have_it(sounds: dict[str, Path], tmp_path: Path) -> None:
    picture = _encoded("PNG")
    first = with_picture(picture, sounds, tmp_path)
    cover = tmp_path / "covers" / file_name(first.cover_key, 640)
    made = cover.stat().st_mtime_ns
    assert with_picture(picture, sounds, tmp_path).cover_key == first.cover_key
    assert cover.stat().st_mtime_ns == made
    cover.write_bytes(b"")  # as a crash of the machine may leave it
    with_picture(picture, sounds, tmp_path)
    assert cover.stat().st_size > 0


def test_a_full_disk_costs_the_cover_and_leaves_nothing_behind(
    sounds: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    path = tmp_path / "a.mp3"
    path.write_bytes(taggers.id3({"TIT2": "A"}, picture=_encoded("PNG")) + sounds["mp3_cbr"].read_bytes())
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", write)
        reading = inspect(Ask(bytes(path)), Covers(tmp_path / "covers"))
    assert (reading.reason, reading.cover_key) == ("", "")
    assert reading.cover_reason == "The cover cannot be written: No space left on device."
    assert list((tmp_path / "covers").iterdir()) == []
    assert inspect(Ask(bytes(path)), Covers(tmp_path / "covers")).cover_key != ""  # once there is room again
