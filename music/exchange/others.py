"""What people choose when they mean a playlist: files of other kinds, told by their first characters. Pure."""

from __future__ import annotations

import re

#: How a file of each kind begins, and a sentence that says what to choose instead.
_KINDS = [
    (re.compile(begins, re.IGNORECASE), sentence)
    for begins, sentence in (
        (r"PK[\x03\x05]", "This is a zip archive: unpack it, and import the playlists in it one by one."),
        (r"\[playlist\]", "This is a PLS playlist: save it as M3U, which is read."),
        (
            r"(?:<\?xml[^>]*>\s*)?<(?:!DOCTYPE\s+)?plist\b",
            "This is XML of iTunes or Music: export the playlist as text or as M3U, which are read.",
        ),
        (r"<\?[wz]pl\b|<smil\b", "This is a playlist of Windows Media Player: save it as M3U, which is read."),
        (r"<asx\b", "This is an ASX playlist: save it as M3U, which is read."),
        (r"(?:<!DOCTYPE\s+)?<?html\b", "This is a web page, and no playlist."),
        (
            r'(?:REM (?:COMMENT|DATE|DISCID|GENRE) |(?:FILE|PERFORMER|TITLE) ")',
            "This is a cue sheet: save the playlist as M3U, which is read.",
        ),
    )
]
#: What no text has: control characters but line breaks, tabs, and the end that DOS set below a file.
_BINARY = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f]")


def told_apart(start: str) -> str:
    """A sentence that says what the file is instead of a playlist that can be read; "" if it may be one."""
    for kind, sentence in _KINDS:
        if kind.match(start):
            return sentence
    return "This is no playlist: it is no text." if _BINARY.search(start) else ""
