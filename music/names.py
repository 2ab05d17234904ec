"""What a file without tags is called: the names of the file and of the folders around it tell."""

from __future__ import annotations

import re
from typing import NamedTuple

from music.texts import tidy

UNTITLED = "Untitled"

#: "03 - Title", "03. Title", "1-03 Title", "[03] Title"; a bare number in front of a word ("99 Luftballons") counts as
#: a track number only with two digits and a leading zero, or with a sign behind it.
_NUMBERED = re.compile(
    r"^\s*[\[(]?(?:(?P<disc>\d)[-.](?=\d\d\b))?(?P<track>\d{1,3})(?:[\])]|\s*[-–._)]\s*(?!\d)|(?<=0\d)\s+)\s*(?=\S)"
)
#: Where a dash parts names. It looks behind, for else thousands of spaces in a row would be tried from each of them.
PARTED = re.compile(r"(?<!\s)\s+[-–—]\s+")
_YEAR = re.compile(r"^[\[(]?((?:19|20)\d\d)[\])]?\s*[-–_. ]\s*(?=\S)|(?<!\s)\s*[\[(]((?:19|20)\d\d)[\])]\s*$")
_DISC = re.compile(r"^(?:cd|dis[ck])[ _.-]*(\d{1,2})$", re.IGNORECASE)


class Names(NamedTuple):
    """ "" and None where the names tell nothing; the title is never empty."""

    title: str
    artist: str = ""
    album: str = ""
    track_number: int | None = None
    disc_number: int | None = None
    year: int | None = None


NAMELESS = Names(UNTITLED)


def names_of(name: bytes) -> Names:
    """What `Artist/Album/03 - Title.mp3`, a path below the music folder, tells."""
    *folders, last = [part.decode("utf-8", "replace") for part in name.split(b"/") if part not in (b"", b".")] or [""]
    stem = last.rpartition(".")[0] or last
    track, disc, parts = _parts(stem.replace("_", " ") if " " not in stem else stem)
    if folders and (numbered := _DISC.match(folders[-1].strip())):
        disc = int(numbered[1])
        folders.pop()
    artist, album, year = _folders(folders)
    if len(parts) >= 2:
        artist = parts[0]
        if len(parts) >= 3:
            album = album or parts[1]
    return Names(tidy(parts[-1]) or UNTITLED, tidy(artist), tidy(album), track, disc, year)


def _parts(stem: str) -> tuple[int | None, int | None, list[str]]:
    """The track, the disc, and what stands between dashes: `Artist - Album - 03 - Title` in any usual order."""
    track = disc = None
    parts = []
    for part in PARTED.split(stem):
        if part.strip().isdecimal() and len(part.strip()) <= 3 and track is None:
            track = int(part)
            continue
        numbered = _NUMBERED.match(part)
        if numbered is not None and track is None:
            track = int(numbered["track"])
            disc = int(numbered["disc"]) if numbered["disc"] else None
            part = part[numbered.end() :]
        if part.strip():
            parts.append(part)
    return track or None, disc or None, parts or [stem]


def _folders(folders: list[str]) -> tuple[str, str, int | None]:
    """Artist, album and year by `Artist/2003 - Album` or by `Artist - Album (2003)`."""
    if not folders:
        return "", "", None
    album, artist = folders[-1], folders[-2] if len(folders) >= 2 else ""
    year = None
    if found := _YEAR.search(album):
        year = int(found[1] or found[2])
        album = album[: found.start()] + album[found.end() :]
    if len(folders) == 1:
        parts = PARTED.split(album, maxsplit=1)
        return (parts[0], parts[1], year) if len(parts) == 2 else ("", album, year)
    return artist, album, year
