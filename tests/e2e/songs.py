"""Songs that sound, for a server's MUSIC_DIR: each is a tone of its own, by which it is known when it is heard."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Song(NamedTuple):
    """A sine of so many Hz for so many seconds, as `ending` says."""

    title: str
    hertz: int
    seconds: float
    ending: str = "mp3"


SONGS = (
    Song("Low", 300, 60),
    Song("Middle", 600, 60, "flac"),
    Song("High", 1200, 60),
    Song("Short", 900, 4),
)


#: Beside one of the songs.
LYRICS = "[00:00.00]The first line\n[00:01.00]The second line\n[10:00.00]The last line\n"


def make(folder: Path, songs: Sequence[Song] = SONGS) -> None:
    """Write the files, tagged, and the lyrics of `Low`."""
    (folder / "Low.lrc").write_text(LYRICS)
    for song in songs:
        tone = f"sine=frequency={song.hertz}:sample_rate=44100:duration={song.seconds}"
        tags = ["-metadata", f"title={song.title}", "-metadata", "artist=Sine"]
        command = ["ffmpeg", "-nostdin", "-y", "-v", "error", "-f", "lavfi", "-i", tone, "-ac", "2", *tags]
        subprocess.run([*command, str(folder / f"{song.title}.{song.ending}")], check=True)
