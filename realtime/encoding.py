"""The bytes of frames: an event is encoded once, when it is committed, and frames are put together around its bytes.

Pure: no Django, no I/O.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct, UnsetType
from websockets.frames import Frame, Opcode

from playlist import types
from playlist.asgi_types import Message
from playlist.types import LogLine, SnapshotReason
from realtime.frames import PlainMoved, PlainReordered, PlainVoted, SnapshotPage


class Packet(Struct, frozen=True):
    """A text, ready for any number of sockets: as an ASGI message, and as the bytes of a WebSocket frame (RFC 6455).

    A server masks and compresses nothing, so the bytes on the line are the same for every socket.
    """

    message: Message
    frame: bytes


def packet_of(text: str) -> Packet:
    """The packet that sends this text."""
    frame = Frame(Opcode.TEXT, text.encode()).serialize(mask=False)
    return Packet({"type": "websocket.send", "text": text}, frame)


def packet(frame: Struct) -> Packet:
    """The packet that sends this frame of frames.py."""
    return packet_of(encode(frame))


def stream_packet(text: str) -> Packet:
    """A piece of an event stream, which has no WebSocket frames."""
    data = text.encode()
    return Packet({"type": "http.response.body", "body": data, "more_body": True}, data)


def encode(frame: Struct) -> str:
    return msgspec.json.encode(frame).decode()


# ── Frames of the log ────────────────────────────────────────────────────────────────────────────────────────────────


class _ItemId(Struct):
    id: UUID


class _Named(Struct):
    """The part that events of an item share."""

    item: _ItemId


_named = msgspec.json.Decoder(_Named)
#: Events that single events carry with the whole item.
_WHOLE: dict[str, msgspec.json.Decoder[types.TrackVoted] | msgspec.json.Decoder[types.TrackMoved]] = {
    "track.voted": msgspec.json.Decoder(types.TrackVoted),
    "track.moved": msgspec.json.Decoder(types.TrackMoved),
}


def thinned(lines: Sequence[LogLine]) -> list[LogLine]:
    """The lines without vote counts that a later one of the same item replaces."""
    seen: set[UUID] = set()
    kept: list[LogLine] = []
    for line in reversed(lines):
        if line.type == "track.voted":
            item_id = _named.decode(line.body).item.id
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
    packet: Packet


def changes(start: int, lines: Sequence[LogLine], limit_bytes: int) -> list[Changes]:
    """Frames that bring a reader at `start` to the last of these lines, each within the limit.

    `lines` follow `start` without a gap. An event beyond the limit makes the result empty: the reader then needs a
    snapshot, which comes in pages.
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
            frames.append(_changes_frame(start, waiting))
            start, waiting, size = waiting[-1].revision, [], 0
        waiting.append(line)
        size += line_bytes + 1
    if waiting:
        frames.append(_changes_frame(start, waiting))
    return frames


def _changes_frame(start: int, lines: Sequence[LogLine]) -> Changes:
    last = lines[-1]
    events = ",".join([line.body for line in thinned(lines)])
    head = f'{{"type":"changes","from":{start},"revision":{last.revision},"stamp":"{last.stamp}","events":['
    return Changes(start, last.revision, packet_of(f"{head}{events}]}}"))


# ── Single events, for plain mode and streams ────────────────────────────────────────────────────────────────────────


class Singles(Struct, frozen=True):
    """Single events: one packet each for plain mode, one piece for streams. They bring a reader to `revision`."""

    revision: int
    packets: list[Packet]
    stream: Packet


def singles(lines: Sequence[LogLine], items: Mapping[UUID, types.Item]) -> Singles:
    """These lines as single events; of an item's vote counts only the last one stays.

    Clients of single events replace an item by the one in a vote or a move, so those carry the whole item: `items` are
    the ones that `items_named` lists, as they are now. Votes and moves of an item that is gone by now are left out.
    """
    told = [(line, body) for line in thinned(lines) if (body := _single(line, items)) is not None]
    text = "".join([f"id: {line.revision}.{line.stamp}\ndata: {body}\n\n" for line, body in told])
    return Singles(lines[-1].revision, [packet_of(body) for _, body in told], stream_packet(text))


def items_named(lines: Sequence[LogLine]) -> set[UUID]:
    """The items that single events must carry whole."""
    return {_named.decode(line.body).item.id for line in lines if line.type in _WHOLE}


def _single(line: LogLine, items: Mapping[UUID, types.Item]) -> str | None:
    """The event with its whole item; None where that is gone."""
    decoder = _WHOLE.get(line.type)
    if decoder is None:
        return line.body
    item = items.get(_named.decode(line.body).item.id)
    if item is None:
        return None
    short = decoder.decode(line.body)
    kind = PlainVoted if isinstance(short, types.TrackVoted) else PlainMoved
    common = (short.revision, short.at, short.actor, short.op_id, short.undoes)
    return encode(kind(*common, item=item))


class _Restored(Struct):
    """The part of `track.added` by which a restored item is told from a new one."""

    class Item(Struct):
        id: UUID
        added_at: datetime

    at: datetime
    item: Item
    undoes: int | UnsetType = UNSET


_restored = msgspec.json.Decoder(_Restored)


def restored_item(line: LogLine) -> tuple[UUID, bool] | None:
    """The item that this line put back, and whether that has the votes of its removal: what brings the past back gives
    it those of then. A new item is added at the time of its event.
    """
    if line.type != "track.added":
        return None
    added = _restored.decode(line.body)
    return (added.item.id, added.undoes is not UNSET) if added.item.added_at != added.at else None


def needs_whole_list(lines: Sequence[LogLine]) -> bool:
    """Whether readers of single events must get the whole list: a reordering in the log names positions only."""
    return any(line.type == "playlist.reordered" for line in lines)


def with_whole_list(lines: Sequence[LogLine], whole_list: LogLine) -> list[LogLine]:
    """The lines with the whole list in place of the first reordering and of every later line that it covers."""
    first = next(index for index, line in enumerate(lines) if line.type == "playlist.reordered")
    after = [line for line in lines if line.revision > whole_list.revision]
    return [*lines[:first], whole_list, *after]


def whole_list_line(snapshot: types.Snapshot, at: datetime) -> LogLine:
    """The whole list as one `playlist.reordered` at the snapshot's revision."""
    frame = PlainReordered(revision=snapshot.revision, at=at, actor=None, items=snapshot.items)
    return LogLine(snapshot.revision, snapshot.stamp, "playlist.reordered", "", encode(frame))


# ── Snapshots ────────────────────────────────────────────────────────────────────────────────────────────────────────

#: Room for what a page says beside playlist and items, and for a vote: an id, a value and the punctuation between them.
_PAGE_BYTES, _VOTE_BYTES = 1024, 48


def pages_of(
    snapshot: types.Snapshot, playlist: types.Playlist, reason: SnapshotReason, limit_bytes: int
) -> list[SnapshotPage]:
    """A snapshot in pages within the limit, with the playlist as this reader sees it.

    The pages have no votes yet; the last one has room for them.
    One person's votes for more than 5,000 songs do not fit into any page.
    """
    groups: list[list[types.Item]] = [[]]
    playlist_bytes = len(msgspec.json.encode(playlist)) + len(msgspec.json.encode(snapshot.playback))
    room = max(limit_bytes // 2, limit_bytes - _PAGE_BYTES - playlist_bytes)
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
            playlist=playlist if number == 1 else UNSET,
            items=items,
            playback=snapshot.playback if number == 1 else UNSET,
        )
        for number, items in enumerate(groups, 1)
    ]


class EncodedPages:
    """The encoded pages of a snapshot. Only the last one differs between readers, by their votes; most have none."""

    def __init__(self, pages: list[SnapshotPage]) -> None:
        *before, last = [encode(page) for page in pages]
        self._last = last
        self.before = [packet_of(text) for text in before]
        self._without_votes = packet_of(self._with({}))

    def last(self, votes: dict[UUID, int]) -> Packet:
        """The last page, with one reader's votes spliced in."""
        return packet_of(self._with(votes)) if votes else self._without_votes

    def _with(self, votes: dict[UUID, int]) -> str:
        mine = msgspec.json.encode({str(item_id): value for item_id, value in votes.items()}).decode()
        return f'{self._last[:-1]},"my_votes":{mine}}}'
