"""Timed lyrics: lines of an LRC file with the times at which they are sung. Pure."""

from __future__ import annotations

import re

from msgspec import Struct

#: Lines that are read, and characters of one; no song has more.
_LINES, _CHARACTERS = 2_000, 500
#: Minutes, seconds and a fraction, which some write behind a second colon.
_TIME = re.compile(r"\[(\d{1,3}):(\d{1,2})(?:[.:](\d{1,3}))?\]")
_OFFSET = re.compile(r"\[offset:\s*([+-]?\d{1,6})\s*\]", re.IGNORECASE)
#: The times of single words, which are left out.
_WORD_TIME = re.compile(r"<\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?>")


class Line(Struct, frozen=True, kw_only=True):
    """A line and when it begins, from the start of the song. An empty text ends the line before it."""

    at_ms: int
    text: str


class Lyrics(Struct, frozen=True, kw_only=True):
    """The lines by time."""

    lines: list[Line]


def lyrics_of(lrc: str) -> Lyrics | None:
    """The lyrics in a text in the LRC format; None if no line has a time."""
    offset = _OFFSET.search(lrc)
    earlier_ms = int(offset[1]) if offset else 0
    lines: list[Line] = []
    for row in lrc.splitlines():
        times: list[int] = []
        row = row.strip()
        while len(times) < _LINES and (time := _TIME.match(row)):
            times.append(_ms(time))
            row = row[time.end() :].lstrip()
        text = _WORD_TIME.sub("", row).strip()[:_CHARACTERS]
        lines += [Line(at_ms=max(0, at_ms - earlier_ms), text=text) for at_ms in times[: _LINES - len(lines)]]
    return Lyrics(lines=sorted(lines, key=lambda line: line.at_ms)) if lines else None


def _ms(time: re.Match[str]) -> int:
    minutes, seconds, fraction = time.groups()
    return 60_000 * int(minutes) + 1000 * int(seconds) + int((fraction or "0").ljust(3, "0"))
