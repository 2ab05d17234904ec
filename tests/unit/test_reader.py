"""The states of a reader, without a server: what may be given in which of them, and what leads from one to the next."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import override_settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from playlist import types
from playlist.selectors.log import Head
from playlist.types import LogLine, SnapshotReason
from realtime import encoding
from realtime.encoding import EncodedPages, Singles, packet
from realtime.feed import Feed
from realtime.frames import MyVotes, Presence
from realtime.plain import PlainReader
from realtime.reader import Reader, State
from realtime.snapshots import Taken
from realtime.sse import StreamReader
from realtime.v1 import V1Reader
from tests.readers import VISITOR, Sink
from tests.unit.test_pages import NOW, item, paged, snapshot

pytestmark = pytest.mark.pure

ReaderT = TypeVar("ReaderT", bound=Reader)

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


async def test_readers_share_the_names_of_their_fields() -> None:
    """CPython shares them among up to thirty; a thousand idle sockets would take 1.3 MB more."""
    stage = Stage()
    first, second = stage.v1(), await stage.following()
    assert max(len(vars(first)), len(vars(second))) <= 30


# ── GREETING ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_before_hello_nothing_is_told() -> None:
    stage = Stage()
    reader = stage.v1()
    await stage.happens(3)
    reader.give(my_votes(8))
    reader.give(PRESENCE)
    reader.start_over("history_changed")
    await settled()
    assert (reader.state, stage.sink.told, reader.knows_presence) == (State.GREETING, [], False)
    reader.handle("hello", {"type": "hello"})
    await settled()
    assert stage.sink.types()[:2] == ["welcome", "snapshot"]
    assert (stage.sink.told[1]["revision"], stage.sink.told[1]["reason"]) == (8, "initial")
    assert reader.state is State.FOLLOWING


async def test_hello_comes_within_its_time() -> None:
    stage = Stage()
    reader = stage.v1()
    reader.tick(reader.opened_at + 9)
    assert reader.state is State.GREETING
    reader.tick(reader.opened_at + 11)
    assert (reader.state, reader.closed_with) == (State.ENDED, 4400)


# ── BRINGING ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_comes_while_a_snapshot_is_on_its_way_follows_it() -> None:
    stage = Stage()
    stage.shelf.ready.clear()
    reader = stage.v1()
    reader.handle("hello", {"type": "hello"})
    await settled()
    await stage.happens(2)
    reader.give(my_votes(7))
    reader.give(PRESENCE)
    assert (reader.state, stage.sink.types()) == (State.BRINGING, ["welcome"])
    stage.shelf.ready.set()
    await settled()
    assert stage.sink.types() == ["welcome", "snapshot", "changes"], "the snapshot has the votes of now"
    assert stage.sink.told[2]["from"] == 5
    assert (reader.state, reader.revision, reader.knows_presence) == (State.FOLLOWING, 7, False)


async def test_starting_over_while_a_snapshot_is_on_its_way_is_done_afterwards() -> None:
    stage = Stage()
    stage.shelf.ready.clear()
    reader = stage.v1()
    reader.handle("hello", {"type": "hello"})
    await settled()
    stage.feed.restart(Head(2, "another history"), "history_changed")
    stage.shelf.ready.set()
    await settled()
    snapshots = [frame for frame in stage.sink.told if frame["type"] == "snapshot"]
    assert [(frame["reason"], frame["revision"]) for frame in snapshots] == [("initial", 5), ("history_changed", 2)]
    assert (reader.state, reader.revision) == (State.FOLLOWING, 2)


async def test_starting_over_while_a_resume_is_ahead_of_the_feed_ends_the_wait() -> None:
    """The database was restored: the feed never gets to where the resume has led."""
    stage = Stage()
    reader = stage.v1()

    async def far_ahead() -> None:
        reader.revision = 100

    reader.handle("hello", {"type": "hello"})
    await settled()
    stage.feed.nudged = lambda revision, lines=(): None  # type: ignore[method-assign]
    reader.bring(far_ahead)
    await settled()
    assert is_in(reader, State.BRINGING), "the feed has not got there"
    stage.feed.restart(Head(80, "s80"), "history_changed")
    await settled()
    assert (stage.sink.told[-1]["type"], stage.sink.told[-1]["revision"]) == ("snapshot", 80)
    assert reader.state is State.FOLLOWING


async def test_each_page_waits_for_the_pong_of_the_one_before_and_only_for_that() -> None:
    stage = Stage()
    stage.shelf.items = 900
    reader = stage.v1()
    reader.handle("hello", {"type": "hello"})
    await settled()
    reader.give(my_votes(5))
    assert stage.sink.types() == ["welcome", "snapshot", "ping"]
    for nonsense in (10**18, 1e18, -1, 0, None, stage.sink.told[-1]["t"] + 1):
        reader.handle("pong", {"type": "pong", "t": nonsense})
    await settled()
    assert stage.sink.types() == ["welcome", "snapshot", "ping"]
    while reader.state is State.BRINGING:
        answer_pings(reader, stage.sink)
        await settled()
    kinds = stage.sink.types()
    pages = stage.sink.told[1]["pages"]
    assert kinds == ["welcome", *["snapshot", "ping"] * (pages - 1), "snapshot"], "nothing comes between the pages"


async def test_votes_that_change_while_they_are_read_are_told_again() -> None:
    stage = Stage()
    reader = stage.v1()
    stage.votes_are_read.clear()
    reader.handle("hello", {"type": "hello"})
    await settled()
    reader.give(my_votes(5))
    stage.votes_are_read.set()
    await settled()
    assert stage.sink.types() == ["welcome", "snapshot", "my_votes"]
    assert stage.sink.told[-1]["votes"] == {str(ITEM): 1}


async def test_a_resume_is_exact_and_then_follows() -> None:
    stage = Stage()
    await stage.happens(3)
    reader = stage.v1()
    reader.handle("hello", {"type": "hello", "resume": {"revision": 6, "stamp": "s6"}})
    await settled()
    assert stage.sink.types() == ["welcome", "changes", "my_votes"]
    await stage.happens()
    assert reader.state is State.FOLLOWING


# ── FOLLOWING and LAGGING ────────────────────────────────────────────────────────────────────────────────────────────


async def test_votes_and_presence_are_told_to_those_who_follow() -> None:
    stage = Stage()
    reader = await stage.following()
    reader.give(PRESENCE)
    reader.give(my_votes(5))
    assert stage.sink.types()[2:] == ["presence", "my_votes"]
    assert reader.knows_presence


async def test_votes_never_go_back() -> None:
    stage = Stage()
    reader = await stage.following()
    reader.give(my_votes(9))
    reader.give(my_votes(8))
    assert [frame["revision"] for frame in stage.sink.told if frame["type"] == "my_votes"] == [9]


async def test_a_socket_that_is_full_gets_nothing_until_it_has_drained_and_then_all_of_it() -> None:
    stage = Stage()
    reader = await stage.following()
    reader.give(PRESENCE)
    before = len(stage.sink.told)
    stage.sink.fill()
    assert (reader.state, reader.knows_presence) == (State.LAGGING, False), "presence is due again"
    await stage.happens(3)
    reader.give(my_votes(8))
    reader.give(PRESENCE)
    await settled()
    assert stage.sink.types()[before:] == ["ping"], "it is asked what it has read, and told nothing"
    stage.sink.drain()
    await settled()
    assert reader.state is State.FOLLOWING
    assert stage.sink.types()[before + 1 :] == ["changes", "my_votes"]
    assert stage.sink.told[before + 1]["from"] == 5
    await stage.happens()
    assert stage.sink.told[-1]["from"] == 8


@override_settings(UNREAD_FRAMES=20)
async def test_a_reader_that_answers_no_ping_lags_at_its_limit_and_goes_on_from_half_of_it() -> None:
    stage = Stage()
    reader = await stage.following()
    answer_pings(reader, stage.sink)
    while is_in(reader, State.FOLLOWING):
        await stage.happens()
        reader.look()
    told = stage.sink.types().count("changes")
    assert told == 19, "the snapshot counts, too"
    await stage.happens(5)
    for nonsense in (10**18, 1e18, 0, None):
        reader.handle("pong", {"type": "pong", "t": nonsense})
    assert stage.sink.types().count("changes") == told
    answer_pings(reader, stage.sink)
    await settled()
    assert reader.state is State.FOLLOWING
    assert stage.sink.told[-1]["revision"] == stage.feed.revision


@override_settings(UNREAD_FRAMES=20, STALLED_SECONDS=10, PONG_SECONDS=45)
async def test_a_reader_that_lags_is_let_go_unless_it_shows_that_it_reads() -> None:
    stage = Stage()
    reader = await stage.following()
    while reader.state is State.FOLLOWING:
        await stage.happens()
        reader.look()
    now = reader.opened_at
    reader.tick(now + 9)
    assert reader.state is State.LAGGING
    reader.handle("pong", {"type": "pong", "t": 1e18})
    reader.tick(now + 12)
    await settled()
    assert (reader.state, stage.sink.closed_with) == (State.ENDED, 4408)


async def test_a_reader_that_follows_is_ticked_seldom_and_one_in_trouble_at_once() -> None:
    stage = Stage()
    reader = await stage.following()
    now = reader.opened_at + 1
    reader.tick(now)
    assert now < reader.due_at <= now + 5
    stage.sink.fill()
    assert reader.due_at == 0.0
    stage.sink.drain()
    await settled()
    reader.tick(now + 12)
    assert now + 12 < reader.due_at < now + 15, "its ping comes in time"


async def test_nonsense_is_no_pong() -> None:
    stage = Stage()
    reader = await stage.following()
    now = reader.opened_at
    for second in range(1, 60):
        reader.tick(now + second)
        reader.handle("pong", {"type": "pong", "t": 1e18})
        reader.handle("pong", {"type": "pong", "t": stage.sink.told[-1].get("t", 0) + 0.5})
    await settled()
    assert (reader.state, stage.sink.closed_with) == (State.ENDED, 4409)


async def test_a_crowd_is_asked_after_so_many_frames_but_not_all_of_it_at_once() -> None:
    stage = Stage()
    sinks: list[Sink] = []
    for _ in range(16):
        stage.sink = Sink()
        sinks.append(stage.sink)
        await stage.following()
    asked_at: list[int] = []
    for number in range(settings.UNREAD_FRAMES // 2):
        asked = sum(sink.types().count("ping") for sink in sinks)
        await stage.happens()
        now = sum(sink.types().count("ping") for sink in sinks)
        asked_at += [number] * (now - asked)
    assert len(asked_at) == 16, "each of them once"
    assert max(asked_at.count(number) for number in asked_at) == 2, "and few at a time"


async def test_starting_over_brings_a_snapshot_whether_it_follows_or_lags() -> None:
    for full in (False, True):
        stage = Stage()
        reader = await stage.following()
        if full:
            stage.sink.fill()
        stage.feed.restart(Head(3, "another history"), "history_changed")
        await settled()
        told = [frame for frame in stage.sink.told if frame["type"] == "snapshot"][-1]
        assert (told["reason"], told["revision"]) == ("history_changed", 3)
        assert reader.state is (State.LAGGING if full else State.FOLLOWING)
        stage.sink.drain()
        await settled()
        assert (reader.state, reader.revision) == (State.FOLLOWING, 3)


@override_settings(UNREAD_FRAMES=10)
async def test_a_reader_lags_at_the_frame_that_is_too_much_and_the_others_do_not() -> None:
    stage = Stage()
    stuck = await stage.following()
    answering: list[tuple[V1Reader, Sink]] = []
    lags_at: list[int] = []
    for number in range(1, 41):
        if number in (1, 12):
            stage.sink = Sink()
            answering.append((await stage.following(), stage.sink))
        await stage.happens()
        for reader, sink in answering:
            answer_pings(reader, sink)
        if stuck.state is State.LAGGING:
            lags_at.append(number)
    assert lags_at == [*range(9, 41)], "its snapshot and nine changes are ten frames"
    assert [reader.state for reader, _ in answering] == [State.FOLLOWING] * 2


async def test_lines_that_follow_the_head_are_delivered_without_reading_the_log() -> None:
    stage = Stage()
    await stage.following()
    for revision in (6, 7, 8):
        stage.feed.nudged(revision, [line(revision)])
    stage.feed.nudged(7, [line(7)])  # once more, and late
    stage.feed.nudged(9, [line(9)])
    await stage.feed.reached(9)
    _is_contiguous(stage.sink.told)
    assert stage.sink.told[-1]["revision"] == 9


async def test_lines_of_another_history_are_forgotten() -> None:
    stage = Stage()
    await stage.following()
    stage.feed.nudged(6, [line(6)])
    stage.feed.restart(Head(3, "another history"), "history_changed")
    stage.feed.nudged(4, [line(4)])
    await stage.feed.reached(4)
    await settled()
    assert [frame["revision"] for frame in stage.sink.told if frame["type"] == "changes"] == [4]


# ── Single events ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["plain", "stream"])
async def test_single_events_are_in_order_and_whole_after_a_gap(kind: str) -> None:
    stage = Stage()
    reader = stage.plain() if kind == "plain" else stage.stream()
    await settled()
    await stage.happens(2)
    stage.sink.fill()
    await stage.happens(3)
    reader.give(my_votes(10))
    reader.give(PRESENCE)
    assert [frame["revision"] for frame in stage.sink.events()][-2:] == [6, 7]
    stage.sink.drain()
    await settled()
    await stage.happens()
    revisions = [frame["revision"] for frame in stage.sink.events()]
    assert revisions == sorted(set(revisions))
    assert revisions[-4:] == [8, 9, 10, 11]
    assert set(stage.sink.types()) <= {"track.removed", "playlist.reordered", "ping"}


@override_settings(UNREAD_FRAMES=4)
async def test_a_reader_of_single_events_that_missed_too_much_gets_the_whole_list() -> None:
    stage = Stage()
    stage.plain()
    stage.sink.fill()
    await stage.happens(5)
    assert stage.sink.events() == [], "nothing waits for it"
    stage.sink.drain()
    await settled()
    assert [(frame["type"], frame["revision"]) for frame in stage.sink.events()] == [("playlist.reordered", 10)]
    await stage.happens()
    assert stage.sink.events()[-1]["revision"] == 11


async def test_a_stream_is_not_told_of_what_happened_before_its_list() -> None:
    stage = Stage()
    stage.shelf.ready.clear()
    reader = stage.stream()
    await settled()
    await stage.happens(2)
    assert stage.sink.events() == []
    stage.shelf.ready.set()
    await settled()
    assert [frame["revision"] for frame in stage.sink.events()] == [5, 6, 7]
    assert reader.state is State.FOLLOWING


@pytest.mark.parametrize("kind", ["plain", "stream"])
async def test_the_first_ping_comes_at_once(kind: str) -> None:
    stage = Stage()
    if kind == "plain":
        stage.plain()
    else:
        stage.stream()
    await settled()
    assert stage.sink.types()[0] == "ping"
    assert datetime.fromisoformat(stage.sink.told[0]["ts"]).tzinfo is not None


def test_a_vote_and_a_move_are_told_with_the_whole_item_as_it_is_now() -> None:
    one, gone = item("A"), item("B")
    voted = types.TrackVoted(revision=1, at=NOW, actor=None, op_id="x", item=types.VotedItem(id=one.id, votes=9))
    moved = types.TrackMoved(revision=2, at=NOW, actor=None, item=types.MovedItem(id=one.id, position=2.0))
    late = types.TrackVoted(revision=3, at=NOW, actor=None, item=types.VotedItem(id=gone.id, votes=1))
    lines = [
        LogLine(event.revision, "s", str(event.__struct_config__.tag), "user:2", encoding.encode(event))
        for event in (voted, moved, late)
    ]
    assert encoding.items_named(lines) == {one.id, gone.id}
    told = encoding.singles(lines, {one.id: one})
    assert told.revision == 3, "what is gone is told by its removal"
    bodies = [json.loads(str(packet.message["text"])) for packet in told.packets]
    assert [(body["type"], body["revision"], body.get("op_id")) for body in bodies] == [
        ("track.voted", 1, "x"),
        ("track.moved", 2, None),
    ]
    whole = json.loads(encoding.encode(one))
    assert [body["item"] for body in bodies] == [whole, whole]


# ── ENDED ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_after_the_end_nothing_is_told() -> None:
    stage = Stage()
    reader = await stage.following()
    reader.end(4403, "Removed.")
    reader.end(4404, "Deleted.")
    await stage.happens()
    reader.give(PRESENCE)
    reader.start_over("history_changed")
    stage.sink.fill()
    stage.sink.drain()
    reader.tick(reader.opened_at + 1000)
    await settled()
    assert stage.sink.types() == ["welcome", "snapshot"]
    assert (stage.sink.closed_with, reader.closed_with, stage.left) == (4403, 4403, [reader])


@pytest.mark.filterwarnings("error")
async def test_an_end_at_once_leaves_nothing_behind() -> None:
    stage = Stage()
    reader = stage.v1()
    reader.handle("hello", {"type": "hello"})
    reader.gone()
    await settled()
    gc.collect()
    assert stage.sink.types() == ["welcome"]


async def test_an_end_while_a_snapshot_is_on_its_way_stops_that() -> None:
    stage = Stage()
    stage.shelf.ready.clear()
    reader = stage.v1()
    reader.handle("hello", {"type": "hello"})
    await settled()
    reader.gone()
    stage.shelf.ready.set()
    await settled()
    assert stage.sink.types() == ["welcome"]
    assert stage.sink.dropped


# ── Anything at any time ─────────────────────────────────────────────────────────────────────────────────────────────

_STEPS = ("event", "events", "fill", "drain", "pongs", "nonsense", "look", "votes", "presence", "restart")


@hypothesis_settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_STEPS), max_size=40), st.booleans())
def test_whatever_happens_a_client_is_contiguous_and_ends_at_the_head(steps: list[str], is_v1: bool) -> None:
    asyncio.run(_lives_through(steps, is_v1))


async def _lives_through(steps: list[str], is_v1: bool) -> None:
    with override_settings(UNREAD_FRAMES=6):
        stage = Stage()
        reader: Reader = await stage.following() if is_v1 else stage.stream()
        await settled()
        for step in [*steps, "drain", "pongs", "drain", "pongs", "event", "pongs"]:
            await _step(stage, reader, step)
        await settled()
        assert reader.state is State.FOLLOWING
        assert reader.revision == stage.feed.revision
        _is_contiguous(stage.sink.told)


async def _step(stage: Stage, reader: Reader, step: str) -> None:
    is_full = stage.sink.blocked_since is not None
    match step:
        case "event" | "events":
            await stage.happens(1 if step == "event" else 8)
        case "fill" if not is_full:
            stage.sink.fill()
        case "drain" if is_full:
            stage.sink.drain()
        case "pongs" if isinstance(reader, V1Reader):
            answer_pings(reader, stage.sink)
        case "nonsense" if isinstance(reader, V1Reader):
            reader.handle("pong", {"type": "pong", "t": 1e18})
        case "look":
            reader.look()
        case "votes":
            reader.give(my_votes(stage.feed.revision))
        case "presence":
            reader.give(PRESENCE)
        case "restart":
            head = Head(max(1, stage.feed.revision - 3), str(uuid4()))
            stage.feed.restart(head, "history_changed")
    await settled()


def _is_contiguous(told: list[dict[str, Any]]) -> None:
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
