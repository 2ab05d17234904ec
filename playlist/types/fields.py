"""The types of single values: names, positions, limits."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

Direction = Literal["up", "down", "none"]
PlaylistOrder = Literal["manual", "votes", "fair"]
Visibility = Literal["public", "unlisted"]
PlaybackState = Literal["playing", "paused", "stopped"]
Role = Literal["host", "cohost", "participant"]
#: The reason for a snapshot instead of changes.
SnapshotReason = Literal["initial", "history_changed", "cursor_ahead", "expired", "too_many"]

#: No control characters or line breaks, and at least one character that is not a space. `$` alone would let a final
#: newline pass in Python.
_BREAKS = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
TEXT = rf"^[^{_BREAKS}]*[^\s{_BREAKS}][^{_BREAKS}]*$(?!\n)"
_TEXT_OR_NOTHING = rf"^[^{_BREAKS}]*$(?!\n)"
#: How parsing.py treats a text before its length is checked.
_NAME, _ADDRESS, _VERBATIM = ({"read_as": kind} for kind in ("name", "address", "verbatim"))

TrackId: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64)]
#: The most tracks that one command adds.
TRACKS_AT_ONCE = 200
TrackIds: TypeAlias = Annotated[list[TrackId], Meta(min_length=1, max_length=TRACKS_AT_ONCE)]
PersonName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=50, pattern=TEXT, extra=_NAME)]
#: Blank counts as absent.
AddedBy: TypeAlias = Annotated[str, Meta(max_length=50, pattern=_TEXT_OR_NOTHING, extra=_NAME)]
PlaylistName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=80, pattern=TEXT, extra=_NAME)]
Title: TypeAlias = Annotated[str, Meta(min_length=1, max_length=500, pattern=TEXT, extra=_NAME)]
OptionalTitle: TypeAlias = Annotated[str, Meta(max_length=500, pattern=_TEXT_OR_NOTHING, extra=_NAME)]
Genre: TypeAlias = Annotated[str, Meta(max_length=50, pattern=_TEXT_OR_NOTHING, extra=_NAME)]
#: A full http(s) address, or a path on this server: nothing that a browser would run. Browsers read a backslash as a
#: slash, so "/\evil.example" would be no path. "" is null.
WebAddress: TypeAlias = Annotated[
    str,
    Meta(
        max_length=500,
        pattern=r"^((https?://[^\s/\\\x00-\x1f\x7f]+|/(?!/))[^\s\\\x00-\x1f\x7f]*)?$(?!\n)",
        extra=_ADDRESS,
    ),
]
#: As typed: accounts of earlier versions have names that are not in a normal form.
Username: TypeAlias = Annotated[str, Meta(min_length=1, max_length=150, extra=_VERBATIM)]
Password: TypeAlias = Annotated[str, Meta(min_length=1, max_length=128, extra=_VERBATIM)]
#: Rounded when it is stored, to at least 1.
TrackSeconds: TypeAlias = Annotated[float, Meta(gt=0, le=86_400)]
Position: TypeAlias = Annotated[float, Meta(ge=-1e9, le=1e9)]
SeekSeconds: TypeAlias = Annotated[float, Meta(ge=0, le=86_400)]
Volume: TypeAlias = Annotated[int, Meta(ge=0, le=100)]
QueuedLimit: TypeAlias = Annotated[int, Meta(ge=1, le=1_000)]
#: What fits into a database's integer.
UserId: TypeAlias = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Revision: TypeAlias = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Key: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64)]
#: The secret of a link. Its length is not checked, so that a wrong one is refused in one way only.
Secret: TypeAlias = Annotated[str, Meta(max_length=128, extra=_VERBATIM)]
#: A time in the log or of a resource, in UTC; the documents call it `format: date-time`.
Moment: TypeAlias = Annotated[datetime, Meta(tz=True)]
