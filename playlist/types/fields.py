"""The vocabulary of single values: what a name, a position or a limit may be."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

Direction = Literal["up", "down", "none"]
PlaylistOrder = Literal["manual", "votes"]
Policy = Literal["open", "hosted"]
Visibility = Literal["public", "unlisted"]
PlaybackState = Literal["playing", "paused", "stopped"]
Role = Literal["host", "participant"]

#: No control characters, and one visible character at least. `$` alone would let a final newline pass in Python.
_TEXT = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$(?!\n)"
_TEXT_OR_NOTHING = r"^[^\x00-\x1f\x7f]*$(?!\n)"

TrackId: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64)]
PersonName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=50, pattern=_TEXT)]
#: Blank counts as not given.
AddedBy: TypeAlias = Annotated[str, Meta(max_length=50, pattern=_TEXT_OR_NOTHING)]
PlaylistName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=80, pattern=_TEXT)]
Title: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200, pattern=_TEXT)]
OptionalTitle: TypeAlias = Annotated[str, Meta(max_length=200, pattern=_TEXT_OR_NOTHING)]
Genre: TypeAlias = Annotated[str, Meta(max_length=50, pattern=_TEXT_OR_NOTHING)]
#: A whole http(s) address, or a path on this server: nothing that a browser would run.
WebAddress: TypeAlias = Annotated[str, Meta(max_length=500, pattern=r"^(https?://[^\s/]+|/(?!/))[^\s]*$(?!\n)")]
TrackSeconds: TypeAlias = Annotated[int, Meta(ge=1, le=86_400)]
Position: TypeAlias = Annotated[float, Meta(ge=-1e9, le=1e9)]
SeekSeconds: TypeAlias = Annotated[float, Meta(ge=0, le=86_400)]
QueuedLimit: TypeAlias = Annotated[int, Meta(ge=1, le=1_000)]
#: What fits into a database's integer.
UserId: TypeAlias = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Key: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64)]
