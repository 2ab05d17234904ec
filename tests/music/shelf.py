"""A folder of small songs, and scans of it."""

from __future__ import annotations

import os
import random
from pathlib import Path
from struct import pack

from music import runner, state
from music.models import AudioFile, Scan
from tests.music import taggers

_RATE = 8000


def sound(seed: int, seconds: float = 0.05) -> bytes:
    """A WAV of noise, another one for each seed."""
    samples = random.Random(seed).randbytes(int(_RATE * seconds))
    form = pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, _RATE, _RATE, 1, 8)
    content = b"WAVE" + form + b"data" + pack("<I", len(samples)) + samples
    return b"RIFF" + pack("<I", len(content)) + content


def tagged(plain: bytes, **tags: str) -> bytes:
    """The sound with a tag: title, artist, album, album_artist, number, genre, year."""
    names = {
        "title": "TIT2", "artist": "TPE1", "album": "TALB", "album_artist": "TPE2", "number": "TRCK", "genre": "TCON",
        "year": "TDRC",
    }  # fmt: skip
    return taggers.riff(plain, taggers.id3({names[name]: text for name, text in tags.items()}))


class Shelf:
    """A music folder. Paths are relative to it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self._written = 0

    def put(self, name: str, seed: int, **tags: str) -> Path:
        """Write the song with this sound and these tags."""
        return self.write(name, tagged(sound(seed), **tags) if tags else sound(seed))

    def write(self, name: str, content: bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        # As far apart as the writes of people, whatever the clock of the file system counts in.
        self._written += 1
        os.utime(path, ns=(self._written * 10**9, self._written * 10**9))
        return path

    def move(self, old: str, new: str) -> None:
        (self.root / new).parent.mkdir(parents=True, exist_ok=True)
        (self.root / old).rename(self.root / new)

    def copy(self, old: str, new: str) -> None:
        self.write(new, (self.root / old).read_bytes())

    def scan(self) -> Scan:
        """Scan it as a server does. MUSIC_DIR must name it."""
        asked = state.request()
        claimed = state.claim()
        assert claimed == asked
        runner.run(claimed)
        claimed.refresh_from_db()
        assert claimed.state == Scan.State.DONE, claimed.reason
        return claimed

    def track_at(self, name: str) -> str | None:
        """The id of the track whose file lies there."""
        path = os.fsencode(self.root / name)
        for file in AudioFile.objects.filter(missing_since__isnull=True):
            if bytes(file.path) == path:
                return file.track_id
        return None
