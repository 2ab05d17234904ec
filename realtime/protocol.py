"""The frames of `playlist.v1` and of plain mode: what may come in, and the bytes that go out.

Pure: no Django, no I/O. An event is encoded once, when it is committed; frames are put together around its bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from playlist import types
from playlist.errors import DomainError
from playlist.types import LogLine

VERSION = "playlist.v1"
BEARER = "bearer."


# ── What clients send ────────────────────────────────────────────────────────────────────────────────────────────────


class Cursor(Struct, frozen=True, kw_only=True):
    """Where a client is: the revision it has, and the stamp that tells this history from another one."""

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


# ── What the server sends ────────────────────────────────────────────────────────────────────────────────────────────


class You(Struct, frozen=True, kw_only=True):
    id: int | None
    name: str | None
    role: types.Role | None


class Limits(Struct, frozen=True, kw_only=True):
    """What a client must know of the server's settings."""

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
    reason: Literal["initial", "history_changed", "cursor_ahead", "expired", "too_many"]
    page: int
    pages: int
    playlist: types.Playlist | UnsetType = UNSET
    items: list[types.Item]
    playback: types.Playback | UnsetType = UNSET
    my_votes: dict[str, int] | UnsetType = UNSET


class ChangesFrame(Struct, frozen=True, kw_only=True, tag="changes", tag_field="type", rename={"from_": "from"}):
    """Applies to a client at `from`, which is at `revision` afterwards. Put together as text, by `changes`."""

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


class Presence(Struct, frozen=True, kw_only=True, tag="presence", tag_field="type"):
    online: int
    participants: list[types.Participant]


class ServerPing(Struct, frozen=True, kw_only=True, tag="ping", tag_field="type"):
    t: int
    revision: int


class ServerTime(Struct, frozen=True, kw_only=True, tag="time", tag_field="type"):
    t: int | float | str | None
    server_time_ms: int


class GoingAway(Struct, frozen=True, kw_only=True, tag="going_away", tag_field="type"):
    retry_ms: int


class ErrorFrame(Struct, frozen=True, kw_only=True, tag="error", tag_field="type"):
    error: types.ErrorBody


class PlainPing(Struct, frozen=True, kw_only=True, tag="ping", tag_field="type"):
    ts: int


class PlainPong(Struct, frozen=True, kw_only=True, tag="pong", tag_field="type"):
    """Plain mode only: the answer to a client's ping."""


class PlainReordered(Struct, frozen=True, kw_only=True, tag="playlist.reordered", tag_field="type"):
    """A whole list, for clients that replace theirs."""

    revision: int
    at: datetime
    actor: types.Person | None
    items: list[types.Item]


def encode(frame: Struct) -> str:
    return msgspec.json.encode(frame).decode()


def error_body(error: DomainError) -> types.ErrorBody:
    return types.ErrorBody(code=error.code, message=error.message, details=error.details)


# ── What is the same for many sockets ────────────────────────────────────────────────────────────────────────────────

#: An ASGI message. Beside its text it has the frame as RFC 6455 puts it on the line, which is the same for everybody:
#: a server that knows `frame` (playlist_backend/transports.py) writes that, and any other one the text.
Message = dict[str, Any]


def message_of(text: str) -> Message:
    """The message that sends this text, ready to be given to any number of sockets."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", 0x81, size)
    elif size < 65536:
        head = struct.pack("!BBH", 0x81, 126, size)
    else:
        head = struct.pack("!BBQ", 0x81, 127, size)
    return {"type": "websocket.send", "text": text, "frame": head + payload}


class Told(Struct, frozen=True):
    """Single events, for plain mode (a message each) and for streams (one message)."""

    revision: int
    messages: list[Message]
    stream: Message


def told(lines: Sequence[LogLine]) -> Told:
    """What readers of single events get of these lines: of the vote counts of an item the last one."""
    kept = thinned(lines)
    text = "".join([f"id: {line.revision}.{line.stamp}\ndata: {line.body}\n\n" for line in kept])
    return Told(lines[-1].revision, [message_of(line.body) for line in kept], stream_message(text))


def stream_message(text: str) -> Message:
    """A piece of an event stream."""
    return {"type": "http.response.body", "body": text.encode(), "more_body": True}


# ── Frames of the log ────────────────────────────────────────────────────────────────────────────────────────────────


class _VotedId(Struct):
    id: UUID


class _Voted(Struct):
    item: _VotedId


_voted = msgspec.json.Decoder(_Voted)


def thinned(lines: Sequence[LogLine]) -> list[LogLine]:
    """The lines without vote counts that a later one of the same item replaces."""
    seen: set[UUID] = set()
    kept: list[LogLine] = []
    for line in reversed(lines):
        if line.type == "track.voted":
            item_id = _voted.decode(line.body).item.id
            if item_id in seen:
                continue
            seen.add(item_id)
        kept.append(line)
    kept.reverse()
    return kept


class Changes(Struct, frozen=True):
    """A `changes` frame: brings a reader from `start` to `revision`."""

    start: int
    revision: int
    stamp: str
    text: str
    message: Message


def changes(start: int, lines: Sequence[LogLine], limit_bytes: int) -> list[Changes]:
    """Frames that bring a reader at `start` to the last of these lines, each within the limit.

    `lines` follow on `start` without a hole. A single event beyond the limit gives no frames at all: the reader needs
    a snapshot then, which comes in pages.
    """
    frames: list[Changes] = []
    waiting: list[LogLine] = []
    size = 0
    for line in lines:
        # A character is up to four bytes in UTF-8; counting them exactly is cheaper than being cut off.
        line_bytes = len(line.body) if line.body.isascii() else len(line.body.encode())
        if line_bytes > limit_bytes - 256:
            return []
        if waiting and size + line_bytes > limit_bytes - 256:
            frames.append(_frame(start, waiting))
            start, waiting, size = waiting[-1].revision, [], 0
        waiting.append(line)
        size += line_bytes + 1
    if waiting:
        frames.append(_frame(start, waiting))
    return frames


def _frame(start: int, lines: Sequence[LogLine]) -> Changes:
    last = lines[-1]
    events = ",".join([line.body for line in thinned(lines)])
    head = f'{{"type":"changes","from":{start},"revision":{last.revision},"stamp":"{last.stamp}","events":['
    text = f"{head}{events}]}}"
    return Changes(start, last.revision, last.stamp, text, message_of(text))


#: What a page has besides items, at most, and what a vote takes: an id, a value and what stands between them.
_PLAYLIST_BYTES, _VOTE_BYTES = 16 * 1024, 48


def pages_of(snapshot: types.Snapshot, reason: Any, limit_bytes: int) -> list[SnapshotPage]:
    """A snapshot in pages within the limit, still without anybody's votes, for which the last page has room.

    Votes for more than 5,000 songs by one person do not fit into any page.
    """
    groups: list[list[types.Item]] = [[]]
    room = max(limit_bytes // 2, limit_bytes - _PLAYLIST_BYTES)
    size = 0
    for item in snapshot.items:
        item_bytes = len(msgspec.json.encode(item)) + 1
        if groups[-1] and size + item_bytes > room:
            groups.append([])
            size = 0
        groups[-1].append(item)
        size += item_bytes
    if size + _VOTE_BYTES * len(snapshot.items) > room:
        groups.append([])
    return [
        SnapshotPage(
            revision=snapshot.revision,
            stamp=snapshot.stamp,
            reason=reason,
            page=number,
            pages=len(groups),
            playlist=snapshot.playlist if number == 1 else UNSET,
            items=items,
            playback=snapshot.playback if number == 1 else UNSET,
        )
        for number, items in enumerate(groups, 1)
    ]


class EncodedPages:
    """The pages of a snapshot as they go out. Only the last one differs, by the reader's votes, and most have none."""

    def __init__(self, pages: list[SnapshotPage]) -> None:
        *before, last = [encode(page) for page in pages]
        self._last = last
        self.before = [message_of(text) for text in before]
        self._without_votes = message_of(self._with({}))

    def last(self, votes: dict[UUID, int]) -> Message:
        """The last page, with one reader's votes spliced in."""
        return message_of(self._with(votes)) if votes else self._without_votes

    def _with(self, votes: dict[UUID, int]) -> str:
        mine = msgspec.json.encode({str(item_id): value for item_id, value in votes.items()}).decode()
        return f'{self._last[:-1]},"my_votes":{mine}}}'
