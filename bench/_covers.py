"""Covers apart: what the reading child takes for them, beside Pillow that makes the same three pictures."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from bench._report import Row
from music.child import Readers
from music.reading import Ask
from tests.music import taggers

_COVERS, _SIDE = 60, 1000

_PILLOW = """
import io, sys
from pathlib import Path
from PIL import Image, ImageOps

for number, path in enumerate(sorted(Path(sys.argv[1]).glob("*.jpg"))):
    with Image.open(io.BytesIO(path.read_bytes())) as opened:
        opened.draft("RGB", (640, 640))
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    for size in (640, 320, 96):
        picture.thumbnail((size, size), Image.Resampling.LANCZOS, reducing_gap=2.0)
        picture.save(f"{sys.argv[2]}/{number}-{size}.jpg", "JPEG", quality=82)
"""


def row(sound: bytes) -> Row:
    """`sound`: an MP3 without tags, in which the covers are put."""
    with TemporaryDirectory(prefix="playlist-bench-covers-") as name:
        folder = Path(name)
        songs, pictures, made = folder / "songs", folder / "pictures", folder / "made"
        for each in (songs, pictures, made, folder / "covers"):
            each.mkdir()
        for number in range(_COVERS):
            picture = _picture()
            (pictures / f"{number:03}.jpg").write_bytes(picture)
            (songs / f"{number:03}.mp3").write_bytes(taggers.id3({"TIT2": f"Song {number}"}, picture=picture) + sound)
        without = _cpu(lambda: _read(songs, None))
        ours = _cpu(lambda: _read(songs, folder / "covers")) - without
        nothing = _cpu(lambda: _pillow(made, folder / "none"))
        rival = _cpu(lambda: _pillow(made, pictures)) - nothing
        assert len(list((folder / "covers").iterdir())) == len(list(made.iterdir())) == 3 * _COVERS
    note = f"{_COVERS} JPEGs of {_SIDE}²; Pillow {1000 * rival / _COVERS:.1f} ms"
    return Row(
        "covers, CPU for each", 1000 * ours / _COVERS, "ms", ours / rival, "≤ 1.2× Pillow", ours <= 1.2 * rival, note
    )


def _picture() -> bytes:
    jpeg = io.BytesIO()
    noise = Image.effect_noise((_SIDE // 4, _SIDE // 4), 60)
    noise.resize((_SIDE, _SIDE)).convert("RGB").save(jpeg, "JPEG", quality=90)
    return jpeg.getvalue()


def _read(songs: Path, covers: Path | None) -> None:
    with Readers(covers) as readers:
        readings = list(readers.read(Ask(bytes(path)) for path in sorted(songs.iterdir())))
    assert [reading.reason for reading in readings] == [""] * _COVERS
    assert all(bool(reading.cover_key) == (covers is not None) for reading in readings)


def _pillow(made: Path, pictures: Path) -> None:
    subprocess.run([sys.executable, "-c", _PILLOW, pictures, made], check=True)


def _cpu(work: Callable[[], None]) -> float:
    """Seconds of computing of the processes that this starts and sees the end of."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
