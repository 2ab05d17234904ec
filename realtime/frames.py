"""The frames of `playlist.v1` and of plain mode, as types: encoding.py makes bytes of them, asyncapi.py a document."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from playlist import types
from playlist.errors import DomainError
from playlist.types.fields import Moment, PersonName

VERSION = "playlist.v1"
BEARER = "bearer."


# ── From clients ────────────────────────────────────────────────────────────────────────────────────────────────


class Cursor(Struct, frozen=True, kw_only=True):
    """A client's position: its revision, and the stamp that tells this history from another one."""

    revision: Annotated[int, Meta(ge=0, le=2**63 - 1)]
    stamp: Annotated[str, Meta(max_length=16)]


class Hello(Struct, frozen=True, kw_only=True, tag="hello", tag_field="type"):
    resume: Cursor | UnsetType | None = UNSET


class Pong(Struct, frozen=True, kw_only=True, tag="pong", tag_field="type"):
    t: int | float | None = None


class Ping(Struct, frozen=True, kw_only=True, tag="ping", tag_field="type"):
    """Plain mode only."""


class Time(Struct, frozen=True, kw_only=True, tag="time", tag_field="type"):
    t: int | float | str | None = None


class Speaker(Struct, frozen=True, kw_only=True, tag="speaker", tag_field="type"):
    """This device plays the sound of the room, or stops. What it plays is told as evidence only.

    A name needs an identity; without one it is "A device".
    """

    on: bool
    name: PersonName | UnsetType | None = UNSET
    item_id: UUID | UnsetType | None = UNSET
    started_at_ms: int | UnsetType | None = UNSET


# ── From the server ────────────────────────────────────────────────────────────────────────────────────────────


class You(Struct, frozen=True, kw_only=True):
    id: int | None
    name: str | None
    role: types.Role | None
    #: As on the items that one added; a caller without an identity shares it with their address.
    adder: str | None


class Limits(Struct, frozen=True, kw_only=True):
    """The settings that a client must respect."""

    frame_in_bytes: int
    frame_out_bytes: int
    commands_per_second: float
    commands_burst: int
    commands_in_flight: int
    unread_frames: int
    unread_bytes: int
    resume_events: int


class Welcome(Struct, frozen=True, kw_only=True, tag="welcome", tag_field="type"):
    protocol: int
    revision: int
    stamp: str
    you: You
    limits: Limits
    server_time_ms: int


class SnapshotPage(Struct, frozen=True, kw_only=True, tag="snapshot", tag_field="type"):
    """`playlist` and `playback` are on the first page, `my_votes` on the last."""

    revision: int
    stamp: str
    reason: types.SnapshotReason
    page: int
    pages: int
    playlist: types.Playlist | UnsetType = UNSET
    items: list[types.Item]
    playback: types.Playback | UnsetType = UNSET
    my_votes: dict[str, int] | UnsetType = UNSET


class ChangesFrame(Struct, frozen=True, kw_only=True, tag="changes", tag_field="type", rename={"from_": "from"}):
    """Brings a client from `from` to `revision`. encoding.py puts it together as text, in `changes`."""

    from_: int
    revision: int
    stamp: str
    events: list[types.AnyEvent]


class MyVotes(Struct, frozen=True, kw_only=True, tag="my_votes", tag_field="type"):
    revision: int
    votes: dict[str, int]


class Ack(Struct, frozen=True, kw_only=True, tag="ack", tag_field="type"):
    op_id: str
    revision: int
    result: msgspec.Raw


class Nack(Struct, frozen=True, kw_only=True, tag="nack", tag_field="type"):
    op_id: str
    error: types.ErrorBody
    retryable: bool


class SpeakerName(Struct, frozen=True, kw_only=True):
    name: str


class Presence(Struct, frozen=True, kw_only=True, tag="presence", tag_field="type"):
    online: int
    participants: list[types.Participant]
    #: The devices that play the sound of the room, at most ten.
    speakers: list[SpeakerName]


class ServerPing(Struct, frozen=True, kw_only=True, tag="ping", tag_field="type"):
    t: int
    revision: int


class ServerTime(Struct, frozen=True, kw_only=True, tag="time", tag_field="type"):
    """The clock of `started_at_ms`. `clock` counts how often it was set: times of two counts are of two clocks."""

    t: int | float | str | None
    server_time_ms: int
    clock: int


class GoingAway(Struct, frozen=True, kw_only=True, tag="going_away", tag_field="type"):
    retry_ms: int


class ErrorFrame(Struct, frozen=True, kw_only=True, tag="error", tag_field="type"):
    error: types.ErrorBody


class PlainPing(Struct, frozen=True, kw_only=True, tag="ping", tag_field="type"):
    ts: Moment


class PlainPong(Struct, frozen=True, kw_only=True, tag="pong", tag_field="type"):
    """Plain mode only: the answer to a client's ping."""


class PlainVoted(types.Event, frozen=True, kw_only=True, tag="track.voted"):
    """With the whole item, for clients that replace theirs."""

    item: types.Item


class PlainMoved(types.Event, frozen=True, kw_only=True, tag="track.moved"):
    """With the whole item, for clients that replace theirs."""

    item: types.Item


class PlainReordered(Struct, frozen=True, kw_only=True, tag="playlist.reordered", tag_field="type"):
    """A whole list, for clients that replace theirs."""

    revision: int
    at: Moment
    actor: types.Person | None
    items: list[types.Item]


def error_body(error: DomainError) -> types.ErrorBody:
    return types.ErrorBody(code=error.code, message=error.message, details=error.details)
