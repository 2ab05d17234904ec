"""Makes Opus of what browsers do not play, by ffmpeg. Knows no Django."""

from __future__ import annotations

import secrets
import threading
from pathlib import Path

from music import ffmpeg
from music.formats import Format

#: For each second of sound; it takes a hundredth of that on an idle machine.
_SECONDS_PER_SECOND = 2.0
_SECONDS_AT_LEAST = 120.0
_BITRATE = "128k"
PART = ".part"


def convert(path: bytes, kind: Format, target: Path, duration_ms: int, stopping: threading.Event | None = None) -> None:
    """Write the sound of this file to `target`, whole or not at all.

    Raises ffmpeg.Failed, OSError, and ffmpeg.Stopped once `stopping` is set.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}{PART}")
    try:
        ffmpeg.run(
            "ffmpeg",
            [
                *("-nostdin", "-hide_banner", "-nostats", "-v", "error", "-y", "-threads", "1"),
                *ffmpeg.source(path, kind.demuxer),
                # The product has the tags already; two channels are what browsers play.
                *("-map", "0:a:0", "-map_metadata", "-1", "-ac", "2", "-c:a", "libopus", "-b:a", _BITRATE),
                *("-f", "ogg", f"file:{part}"),
            ],
            seconds=_SECONDS_AT_LEAST + _SECONDS_PER_SECOND * duration_ms / 1000,
            stopping=stopping,
        )
        if not part.stat().st_size:
            raise ffmpeg.Failed("Nothing came out of it.")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
