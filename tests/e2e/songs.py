"""Songs that sound, for a server's library: `python -m tests.e2e.songs FOLDER` with that server's DATA_DIR.

Each is a tone of its own, so that what is heard says which song it is.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.servers import ROOT


class Song(NamedTuple):
    """A sine of so many Hz for so many seconds, as `ending` says."""

    title: str
    hertz: int
    seconds: float
    ending: str = "mp3"

    @property
    def track_id(self) -> str:
        return f"song-{self.title.lower()}"


SONGS = (
    Song("Low", 220, 30),
    Song("Middle", 440, 8),
    Song("High", 880, 30),
)


def make(folder: Path, data_dir: Path) -> None:
    """Make the files, and the rows that a scan would write."""
    for song in SONGS:
        tone = f"sine=frequency={song.hertz}:sample_rate=44100:duration={song.seconds}"
        command = ["ffmpeg", "-nostdin", "-y", "-v", "error", "-f", "lavfi", "-i", tone, "-ac", "2", "-b:a", "128k"]
        subprocess.run([*command, str(folder / f"{song.title}.{song.ending}")], check=True)
    environment = {
        **os.environ,
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "playlist_backend.settings",
    }
    subprocess.run([sys.executable, "-m", "tests.e2e.songs", str(folder)], cwd=ROOT, env=environment, check=True)


def _write_rows(folder: Path) -> None:
    import django

    django.setup()
    from playlist import types
    from playlist.library import tracks_import
    from playlist.models import Track
    from tests.music.library import put

    tracks_import(
        [
            (song.track_id, types.NewTrack(title=song.title, artist="Sine", duration_seconds=song.seconds))
            for song in SONGS
        ]
    )
    for song in SONGS:
        put(song.track_id, folder / f"{song.title}.{song.ending}")
        Track.objects.filter(pk=song.track_id).update(audio_url=f"/media/audio/{song.track_id}")


if __name__ == "__main__":
    _write_rows(Path(sys.argv[1]))
