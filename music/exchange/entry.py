"""One entry of a playlist file, and what all formats share. Pure: knows no Django and no library."""

from __future__ import annotations

import re
from urllib.parse import quote
from uuid import UUID

from msgspec import Struct

#: Entries of a file.
MAX_ENTRIES = 5_000
#: Characters of one text. Longer ones can match nothing that the library holds.
MAX_TEXT = 4_096

_RECORDING = re.compile(
    r"(?:musicbrainz\.org/(?:recording|track)/|musicbrainz:|^)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$", re.I
)


class Unreadable(Exception):
    """The file is no playlist of the kind that it begins like; the message is a sentence for people."""


class TooMany(Unreadable):
    """The file has more than MAX_ENTRIES entries."""

    def __init__(self) -> None:
        super().__init__(f"The playlist has more than {MAX_ENTRIES} entries.")


class Entry(Struct, frozen=True, kw_only=True):
    """What a file tells of one song.

    `line` counts from 1: the line of the file in M3U and CSV, the number of the entry in XSPF and JSPF.
    """

    line: int
    title: str = ""
    artist: str = ""
    album: str = ""
    duration_ms: int | None = None
    #: A path or an address, as it stands in the file.
    location: str = ""
    #: A MusicBrainz recording.
    recording: UUID | None = None


class Song(Struct, frozen=True, kw_only=True):
    """A song to be written into a file; the last four fields are for CSV alone."""

    title: str
    artist: str
    album: str
    duration_ms: int
    #: An address of this server, or a path below a music folder.
    location: str
    recording: UUID | None = None
    added_by: str = ""
    votes: int | None = None
    #: ISO 8601.
    played_at: str = ""


class Written(Struct, frozen=True, kw_only=True):
    """A whole playlist to be written."""

    title: str
    songs: list[Song]


def shown(text: object, characters: int = MAX_TEXT) -> str:
    """A value of a file as one line of text, "" for what is none; cut off."""
    if not isinstance(text, str):
        return ""
    return " ".join(text[:characters].replace("\0", " ").split())


def recording_in(identifier: str) -> UUID | None:
    """The MusicBrainz recording that an address or a plain UUID names."""
    found = _RECORDING.search(identifier.strip()[:200])
    return UUID(found[1]) if found else None


def as_address(location: str) -> str:
    """A location as an address: a path is escaped (RFC 3986), an address stays as it is."""
    return location if "://" in location else quote(location)


def recording_address(recording: UUID) -> str:
    return f"https://musicbrainz.org/recording/{recording}"


def decoded(body: bytes) -> str:
    """The text of a file: by its byte order mark, else UTF-8, else as Windows and old players wrote it."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")
