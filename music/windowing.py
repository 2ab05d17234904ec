"""`GET /media/audio/{id}/window`: what is asked for, how often, and what the answer says of it."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import NamedTuple

from django.conf import settings

from music.sources import OpenFile, Source
from music.windows.cutter import Beyond, Cutter, Song, Window
from music.windows.pieces import NotCuttable
from playlist.errors import DomainError, invalid
from playlist.identity import Actor
from playlist.token_bucket import KeyedBuckets

#: The longest window.
WINDOW_MS = 10_000
#: A player that begins, or that jumps, asks for several windows at once: for what it may in so many seconds.
BURST_SECONDS = 5
#: 11 days.
_FROM_MS = 10**9
_NUMBER = re.compile(r"[0-9]{1,10}")
#: Names of headers that pages of other origins may read, too.
EXPOSED = "X-Window-From-Ms, X-Window-Rate, X-Window-Samples, X-Window-Skip"


class Asked(NamedTuple):
    """The window that is asked for, of this version of the file."""

    from_ms: int
    duration_ms: int
    version: str


def window_asked(query: Mapping[str, str]) -> Asked:
    """Raises VALIDATION_ERROR."""
    if not query.get("v"):
        raise invalid("v", "must be the track's audio_version")
    return Asked(_number(query, "from_ms", 0, _FROM_MS), _number(query, "duration_ms", 1, WINDOW_MS), query["v"])


def _number(query: Mapping[str, str], name: str, low: int, high: int) -> int:
    text = query.get(name, "")
    if not _NUMBER.fullmatch(text) or not low <= int(text) <= high:
        raise invalid(name, f"must be a whole number from {low} to {high}")
    return int(text)


class Windows:
    """The windows of one process: at most WINDOWS_PER_SECOND for each person, or address without an identity."""

    def __init__(self) -> None:
        rate = settings.WINDOWS_PER_SECOND
        self._buckets = KeyedBuckets(rate, max(1, round(BURST_SECONDS * rate)), time.monotonic)
        self._cutter = Cutter()

    def take(self, actor: Actor) -> None:
        """Raises RATE_LIMITED."""
        wait_seconds = self._buckets.take(actor.key)
        if wait_seconds:
            message = "So many pieces of music at once are more than anybody hears."
            raise DomainError("RATE_LIMITED", message, retry_after_seconds=wait_seconds)

    async def cut(self, source: Source, file: OpenFile, asked: Asked) -> Window:
        """Raises NOT_FOUND for a file that was changed since it was read, NOT_CUTTABLE, RANGE_NOT_SATISFIABLE."""
        if source.read_at is not None and source.read_at != (file.size, file.mtime_ns):
            raise DomainError("NOT_FOUND", "The file has changed, and was not read again yet.")
        key = (source.path, file.inode, file.size, file.mtime_ns)
        song = Song(key, source.format, file.descriptor, file.size)
        try:
            return await self._cutter.window(song, asked.from_ms, asked.duration_ms)
        except NotCuttable as why:
            raise DomainError("NOT_CUTTABLE", f"This song has to be taken whole. {why}") from None
        except Beyond:
            raise DomainError("RANGE_NOT_SATISFIABLE", "The song has ended by then.") from None


def window_headers(window: Window) -> dict[str, str]:
    """What to do with the piece, which never changes."""
    return {
        "cache-control": "private, max-age=31536000, immutable",
        "x-window-from-ms": f"{window.from_ms:.6f}".rstrip("0").rstrip("."),
        "x-window-rate": str(window.rate),
        "x-window-samples": str(window.samples),
        "x-window-skip": str(window.skip),
    }
