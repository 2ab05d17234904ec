"""A feed and those who follow it, without a server: what each delivery gives to whom, and what comes after a gap."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import override_settings

from playlist import metrics, types
from playlist.selectors.log import Head
from playlist.types import LogLine
from realtime import encoding
from realtime.encoding import Singles
from realtime.reader import State
from realtime.v1 import V1Reader
from tests.readers import PRESENCE, Sink, Stage, answer_pings, is_contiguous, is_in, line, my_votes, settled
from tests.unit.test_pages import NOW, item

pytestmark = pytest.mark.pure

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
    is_contiguous(stage.sink.told)
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


async def test_lines_that_were_on_their_way_when_the_feed_started_over_are_dropped() -> None:
    stage, looked_up = Stage(), asyncio.Event()
    stage.plain()
    follower = await stage.following()
    read_singles = stage.feed.singles

    async def slowly(lines: list[LogLine]) -> Singles:
        await looked_up.wait()
        return await read_singles(lines)

    stage.feed.singles = slowly  # type: ignore[method-assign]
    delivering = asyncio.create_task(stage.happens())
    await settled()
    stage.feed.restart(Head(3, "another history"), "history_changed")
    await settled()
    looked_up.set()
    await delivering
    assert (stage.feed.head, follower.revision) == (Head(3, "another history"), 3)
    assert not {"changes", "track.removed"} & {*stage.sink.types()}


async def test_how_late_a_delivery_is_counts_from_what_was_heard_since_the_feed_started_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage, clock = Stage(), SimpleNamespace(now=1.0)
    lags: list[float] = []
    monkeypatch.setattr("realtime.feed.time", SimpleNamespace(perf_counter=lambda: clock.now))
    monkeypatch.setattr(metrics, "LAG_SECONDS", SimpleNamespace(observe=lags.append))
    stage.feed.nudged(6, [line(6)])
    stage.feed.restart(Head(3, "another history"), "history_changed")
    clock.now = 3600.0
    stage.feed.nudged(4, [line(4)])
    await stage.feed.reached(4)
    assert lags == [0.0]


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
