"""A feed and its readers without a server: an outlet that keeps what it is given, snapshots that are there at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from datetime import UTC, datetime
from time import monotonic
from typing import Any, TypeVar
from uuid import UUID, uuid4

from playlist import types
from playlist.asgi_types import Message
from playlist.identity import Actor
from playlist.selectors.log import Head
from playlist.selectors.people import Admission
from playlist.timeline import Reading, timeline
from playlist.types import LogLine, SnapshotReason
from realtime import encoding
from realtime.encoding import EncodedPages, Packet, Singles, packet
from realtime.feed import Feed
from realtime.frames import MyVotes, Presence
from realtime.outlet import Outlet
from realtime.plain import PlainReader
from realtime.reader import Reader, State
from realtime.snapshots import Taken
from realtime.sse import StreamReader
from realtime.v1 import V1Reader
from realtime.visitor import Visitor
from tests.unit.test_pages import item, paged, snapshot

ReaderT = TypeVar("ReaderT", bound=Reader)

#: A reader is told the time by the clock that its process has read.
timeline.observe(Reading(1_795_248_000_000, monotonic(), monotonic()))
timeline.settle(0, timeline.stepped_ms)

NOBODY = Admission(playlist_id=1, user_id=None, name=None, role=None, is_member=False)
VISITOR = Visitor(Actor(key="addr:1"), None, NOBODY, "http://localhost", is_wall=False)


class Sink(Outlet):
    """Takes what it is given, also while it says that it is full."""

    def __init__(self) -> None:
        super().__init__(10**9)
        self.told: list[dict[str, Any]] = []
        self.closed_with: int | None = None
        self.dropped = False

    def push(self, packet: Packet) -> None:
        if "text" in packet.message:
            self.told.append(json.loads(str(packet.message["text"])))
        else:
            pieces = packet.frame.decode().split("\n\n")[:-1]
            self.told += [json.loads(piece.partition("data: ")[2]) for piece in pieces]

    async def close(self, message: Message, within_seconds: float) -> None:
        self.closed_with = int(str(message.get("code", 1000)))

    def drop(self) -> None:
        self.dropped = True

    def fill(self) -> None:
        self._block()

    def drain(self) -> None:
        self._unblock()

    def events(self) -> list[dict[str, Any]]:
        """What a reader of single events was told, without the pings."""
        return [frame for frame in self.told if frame["type"] != "ping"]

    def types(self) -> list[str]:
        return [frame["type"] for frame in self.told]


ITEM = UUID(int=7)
PRESENCE = packet(Presence(online=1, participants=[], speakers=[]))


class Shelf:
    """Snapshots that are there at once, or when they are let go."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self.ready = asyncio.Event()
        self.ready.set()
        self.items = 1

    async def get(self, revision: int, at_least: int) -> Taken:
        taken = self.feed.revision
        await self.ready.wait()
        whole = snapshot([item("A")] * self.items)
        return Taken(
            types.Snapshot(
                revision=taken, stamp=f"s{taken}", playlist=whole.playlist, items=whole.items, playback=whole.playback
            ),
            datetime(2026, 1, 1, tzinfo=UTC),
        )

    def pages(self, taken: Taken, reason: SnapshotReason, own_origin: str) -> EncodedPages:
        return EncodedPages(paged(taken.snapshot, reason, 100_000))

    def whole_list(self, taken: Taken) -> Singles:
        return encoding.singles([encoding.whole_list_line(taken.snapshot, taken.at)], {})

    def clear(self) -> None: ...


class Stage:
    """A feed and one reader of it. It is the reader's home."""

    def __init__(self, revision: int = 5) -> None:
        self.feed = Feed(1, Head(revision, f"s{revision}"), self.spawn, lambda feed, lines: None)
        self.shelf = Shelf(self.feed)
        self.feed.snapshots = self.shelf  # type: ignore[assignment]
        self.votes_are_read = asyncio.Event()
        self.votes_are_read.set()
        self.feed.votes_of = self.ask_votes  # type: ignore[assignment]
        self.sink = Sink()
        self.left: list[Reader] = []

    async def ask_votes(self, actor_key: str) -> dict[UUID, int]:
        await self.votes_are_read.wait()
        return {ITEM: 1}

    def spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        return asyncio.get_running_loop().create_task(work)

    def end(self, work: Coroutine[object, object, None]) -> None:
        self.spawn(work)

    def speaker_changed(self, reader: Reader) -> None:
        self.feed.speaker_changed(reader)

    def leave(self, reader: Reader) -> None:
        self.left.append(reader)
        self.feed.leave(reader)

    def v1(self) -> V1Reader:
        return self._joined(V1Reader(self, self.feed, VISITOR, self.sink))

    def plain(self) -> PlainReader:
        return self._joined(PlainReader(self, self.feed, VISITOR, self.sink))

    def stream(self, last_event_id: str = "") -> StreamReader:
        return self._joined(StreamReader(self, self.feed, VISITOR, self.sink, last_event_id))

    def _joined(self, reader: ReaderT) -> ReaderT:
        self.feed.join(reader)
        return reader

    async def happens(self, count: int = 1, kind: str = "track.removed") -> None:
        """So many events are committed, and delivered."""
        first = self.feed.revision + 1
        await self.feed.deliver([line(revision, kind) for revision in range(first, first + count)])

    async def following(self) -> V1Reader:
        reader = self.v1()
        reader.handle("hello", {"type": "hello"})
        await settled()
        assert reader.state is State.FOLLOWING
        return reader


def line(revision: int, kind: str = "track.removed") -> LogLine:
    body = json.dumps({"type": kind, "revision": revision, "id": str(uuid4())})
    return LogLine(revision, f"s{revision}", kind, "user:2", body)


async def settled() -> None:
    """Everything that can happen has."""
    for _ in range(20):
        await asyncio.sleep(0)


def is_in(reader: Reader, state: State) -> bool:
    """For states that change behind mypy's back."""
    return reader.state is state


def answer_pings(reader: V1Reader, sink: Sink) -> None:
    """Answer every ping that came, as an honest client does."""
    for ping in [frame for frame in sink.told if frame["type"] == "ping"]:
        reader.handle("pong", {"type": "pong", "t": ping["t"]})


def my_votes(revision: int) -> MyVotes:
    return MyVotes(revision=revision, votes={})


def is_contiguous(told: list[dict[str, Any]]) -> None:
    """Frames of changes follow on one another or on a snapshot; single events never go back but to a whole list."""
    at = 0
    for frame in told:
        match frame["type"]:
            case "snapshot" | "playlist.reordered":
                at = frame["revision"]
            case "changes":
                assert frame["from"] == at
                at = frame["revision"]
            case "track.removed":
                assert frame["revision"] == at + 1
                at += 1
