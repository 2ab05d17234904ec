"""M3U and M3U8: a line for each song, and directives before it that begin with #.

There is no standard. What Winamp, VLC, foobar2000, iTunes, Kodi and MPD write has EXTINF with seconds and
"Artist - Title"; EXTART, EXTALB and PLAYLIST are widespread additions.
"""

from __future__ import annotations

import re

from music.exchange.entry import MAX_ENTRIES, MAX_TEXT, Entry, TooMany, Written, decoded, shown

#: Seconds, then attributes such as tvg-id="…", then the text behind the first comma outside quotes.
_INFO = re.compile(r'#EXTINF:\s*(-?\d{1,9}(?:\.\d{1,9})?)?((?:[^,"]|"[^"]*")*),(.*)', re.I | re.S)

_DIRECTIVES = ("#EXTINF", "#EXTART", "#EXTALB")
_LINE = re.compile(r"[^\r\n]+|\r\n?|\n")
#: Characters of a line: an artist, a title, and attributes.
_MAX_LINE = 3 * MAX_TEXT


def write(playlist: Written) -> bytes:
    lines = ["#EXTM3U", f"#PLAYLIST:{shown(playlist.title)}"]
    for song in playlist.songs:
        artist, title = shown(song.artist), shown(song.title)
        lines.append(f"#EXTINF:{round(song.duration_ms / 1000)},{artist} - {title}")
        lines.append(f"#EXTART:{artist}")
        if song.album:
            lines.append(f"#EXTALB:{shown(song.album)}")
        lines.append(f"./{song.location}" if song.location.startswith("#") else song.location)
    return ("\n".join(lines) + "\n").encode()


def read(body: bytes) -> list[Entry]:
    """The entries of a file; a line that makes no sense is passed over. Raises TooMany."""
    entries: list[Entry] = []
    told: dict[str, str] = {}
    number = 1
    for line in _LINE.finditer(decoded(body)):  # one after the other, since there may be a million
        text = line[0][:_MAX_LINE].strip()
        if not text:
            number += line[0][0] in "\r\n"
        elif text.startswith("#"):
            name, _, value = text.partition(":")
            if name.upper() in _DIRECTIVES:
                told[name.upper()] = text if name.upper() == "#EXTINF" else value
        else:
            if len(entries) == MAX_ENTRIES:
                raise TooMany
            entries.append(_entry(number, shown(text), told))
            told = {}
    return entries


def _entry(line: int, location: str, told: dict[str, str]) -> Entry:
    info = _INFO.match(told.get("#EXTINF", ""))
    seconds, text = (float(info[1] or -1), shown(info[3], _MAX_LINE)) if info else (-1.0, "")
    artist, title = shown(told.get("#EXTART", "")), text
    if artist and text.startswith(f"{artist} - "):
        title = text[len(artist) + 3 :]
    elif not artist and " - " in text:
        artist, _, title = text.partition(" - ")
    return Entry(
        line=line,
        title=shown(title),
        artist=shown(artist),
        album=shown(told.get("#EXTALB", "")),
        duration_ms=round(seconds * 1000) if seconds > 0 else None,
        location=location,
    )
