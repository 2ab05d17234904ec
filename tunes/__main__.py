"""`python -m tunes [TITLE …]`: render the tunes, all or these, into music/demo/ as MP3 with tags and covers."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from tunes.covers import cover
from tunes.mixing import finished
from tunes.scores import ALBUM, ARTIST, TUNES, Tune
from tunes.synth import RATE, Sound

FOLDER = Path(__file__).resolve().parent.parent / "music" / "demo"
LOUDNESS = -16.0
#: ReplayGain means this loudness.
_REPLAYGAIN = -18.0


def loudness(sound: Sound) -> float:
    """LUFS, as ffmpeg measures it (EBU R 128)."""
    told = _ffmpeg("-hide_banner", "-nostats", *_PCM, "-af", "ebur128", "-f", "null", "-", given=_bytes(sound))
    return float(re.findall(r"I:\s+(-?[\d.]+) LUFS", told)[-1])


_PCM = ("-f", "s16le", "-ar", str(RATE), "-ac", "2", "-i", "pipe:0")


def _bytes(sound: Sound) -> bytes:
    return bytes((sound.T * 32767).round().astype("<i2").tobytes())


def _ffmpeg(*arguments: str, given: bytes) -> str:
    done = subprocess.run(["ffmpeg", *arguments], input=given, capture_output=True, check=True)  # noqa: S603, S607
    return done.stderr.decode()


def mastered(sound: Sound) -> Sound:
    """At LOUDNESS, which the soft ceiling makes a matter of a few tries."""
    gain_db = -20 * float(np.log10(np.max(np.abs(sound)))) - 3
    for _ in range(4):
        gain_db += LOUDNESS - loudness(finished(sound, gain_db))
    return finished(sound, gain_db)


def write(tune: Tune, number: int) -> Path:
    sound = mastered(tune.play())
    measured = loudness(sound)
    tags = {
        "title": tune.title,
        "artist": ARTIST,
        "album": ALBUM,
        "genre": tune.genre,
        "track": f"{number}/{len(TUNES)}",
        "replaygain_track_gain": f"{_REPLAYGAIN - measured:+.2f} dB",
        "replaygain_track_peak": f"{np.max(np.abs(sound)):.6f}",
    }
    path = FOLDER / f"{number}-{tune.title.lower().replace(' ', '-')}.mp3"
    with tempfile.NamedTemporaryFile(suffix=".jpg") as picture:
        picture.write(cover(tune.title, tune.colours))
        picture.flush()
        _ffmpeg(
            "-v", "error", "-y", *_PCM, "-i", picture.name, "-map", "0:a", "-map", "1:v", "-c:v", "copy",
            "-c:a", "libmp3lame", "-b:a", "64k", "-joint_stereo", "1", "-id3v2_version", "4",
            "-disposition:v", "attached_pic", "-metadata:s:v", "comment=Cover (front)", "-fflags", "+bitexact",
            *(word for name, value in tags.items() for word in ("-metadata", f"{name}={value}")), str(path),
            given=_bytes(sound),
        )  # fmt: skip
    return path


def main(titles: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    for number, tune in enumerate(TUNES, 1):
        if not titles or tune.title in titles:
            path = write(tune, number)
            print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
