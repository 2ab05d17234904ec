"""JSPF, the JSON form of XSPF (https://xspf.org/jspf), with MusicBrainz recordings as ListenBrainz has them."""

from __future__ import annotations

from typing import Any

import msgspec

from music.exchange.entry import (
    MAX_ENTRIES,
    Entry,
    TooMany,
    Unreadable,
    Written,
    as_address,
    recording_address,
    recording_in,
    shown,
)


def write(playlist: Written) -> bytes:
    tracks = []
    for song in playlist.songs:
        track: dict[str, object] = {
            "location": [as_address(song.location)],
            "title": song.title,
            "creator": song.artist,
        }
        if song.recording is not None:
            track["identifier"] = [recording_address(song.recording)]
        if song.album:
            track["album"] = song.album
        tracks.append({**track, "duration": song.duration_ms})
    return msgspec.json.format(msgspec.json.encode({"playlist": {"title": playlist.title, "track": tracks}})) + b"\n"


def read(body: bytes) -> list[Entry]:
    """The entries of a file. Raises Unreadable."""
    try:
        document: Any = msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise Unreadable("The playlist is no valid JSON.") from None
    playlist = document.get("playlist") if isinstance(document, dict) else None
    tracks = playlist.get("track") if isinstance(playlist, dict) else None
    if not isinstance(tracks, list):
        raise Unreadable("The playlist has no list of tracks.")
    if len(tracks) > MAX_ENTRIES:
        raise TooMany
    return [_entry(number, track) for number, track in enumerate(tracks, start=1)]


def _entry(number: int, track: object) -> Entry:
    fields: dict[str, Any] = track if isinstance(track, dict) else {}
    duration = fields.get("duration")
    identifiers = [recording_in(shown(text)) for text in _texts(fields.get("identifier"))]
    return Entry(
        line=number,
        title=shown(fields.get("title")),
        artist=shown(fields.get("creator")),
        album=shown(fields.get("album")),
        duration_ms=round(duration) if isinstance(duration, int | float) and 0 < duration < 1e9 else None,
        location=next((shown(text) for text in _texts(fields.get("location"))), ""),
        recording=next((found for found in identifiers if found is not None), None),
    )


def _texts(value: object) -> list[object]:
    """Earlier versions of the format have one text where later ones have a list."""
    return value if isinstance(value, list) else [value]
