"""Nudges may get lost, come twice, late or in the wrong order: nothing changes but latency."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Coroutine, Sequence
from typing import Any

import pytest
from channels.layers import channel_layers
from django.utils.module_loading import import_string

from playlist import types
from playlist.identity import Actor
from playlist.selectors.log import log_after
from playlist.types import LogLine
from playlist.writer import Submission, get_writer
from realtime.fanout import Fanout
from realtime.line import GROUP, Line, Nudge
from realtime.plain import PlainReader
from realtime.poll import poll
from realtime.reader import Reader
from realtime.v1 import V1Reader
from tests.fold import State, apply_thinned
from tests.readers import VISITOR, Sink
from tests.realtime.client import inside
from tests.rooms import Room, without_stamp
from tests.servers import DEADLINE


class Unreliable:
    """Stands between the writer and the fan-out."""

    def __init__(self, fanout: Fanout, seed: int) -> None:
        self.choice = random.Random(seed)
        self.pass_on = fanout.nudged
        self.lost = self.doubled = self.late = 0

    def nudged(self, playlist_id: int, revision: int, lines: Sequence[LogLine]) -> None:
        chance = self.choice.random()
        if chance < 0.4:
            self.lost += 1
        elif chance < 0.7:
            self.late += 1
            asyncio.get_running_loop().call_later(
                self.choice.uniform(0, 0.2), self.pass_on, playlist_id, revision, lines
            )
        else:
            self.doubled += 1
            self.pass_on(playlist_id, revision, lines)
            self.pass_on(playlist_id, revision - 1)
            self.pass_on(playlist_id, revision, lines)


@pytest.mark.parametrize("seed", range(3))
async def test_nudges_that_are_lost_doubled_and_late_change_nothing(room: Room, bob: Actor, seed: int) -> None:
    items = await inside(room.add, *(f"track-{number}" for number in range(1, 9)))
    fanout = Fanout()
    unreliable = Unreliable(fanout, seed)
    Line(fanout.spawn, unreliable.nudged)
    feed = await fanout.open(room.id)
    state = without_stamp(await inside(room.snapshot))
    v1, plain = V1Reader(fanout, feed, VISITOR, Sink()), PlainReader(fanout, feed, VISITOR, Sink())
    readers = (v1, plain)
    for reader in readers:
        fanout.join(reader)
    v1.handle("hello", {"type": "hello"})
    choice = random.Random(seed)
    commands: list[Any] = [
        types.TrackVote(id=item, direction=choice.choice(("up", "down", "none"))) for item in items for _ in range(6)
    ] + [types.TrackMove(id=item, after=None) for item in items]
    choice.shuffle(commands)
    for command in commands:
        await asyncio.wrap_future(get_writer().submit(room.id, Submission(bob, (command,))))
        await asyncio.sleep(choice.uniform(0, 0.03))
    assert min(unreliable.lost, unreliable.doubled, unreliable.late) > 3
    await poll(fanout)
    snapshot = await inside(room.snapshot)
    async with asyncio.timeout(DEADLINE):
        while any(reader.revision < snapshot["revision"] for reader in readers):
            await asyncio.sleep(0.05)
    told = folded(told_to(v1))
    del told["playlist"]["join_url"]  # an address, which readers alone are told
    assert told == without_stamp(snapshot)
    singles = [event["revision"] for event in told_to(plain) if event["type"] != "ping"]
    assert singles == sorted(set(singles)), "in order, and nothing twice"
    log = await inside(log_after, room.id, state["revision"], 1000)
    assert {line.revision for line in unthinnable(log)} <= set(singles)
    for reader in readers:
        reader.gone()


@pytest.mark.parametrize("lost", [None, 0, 1, 3])
async def test_lines_that_are_handed_over_are_those_of_the_log(room: Room, bob: Actor, lost: int | None) -> None:
    """Whichever nudge is lost, with its lines: what is missing comes from the log, and nothing comes twice."""
    (item,) = await inside(room.add, "track-1")
    fanout = Fanout()
    feed = await fanout.open(room.id)
    before = feed.revision
    delivered: list[LogLine] = []
    fanout.on_delivered.append(lambda feed, lines: delivered.extend(lines))
    handed: list[tuple[int, int, Sequence[LogLine]]] = []
    line = Line(fanout.spawn, lambda *nudge: handed.append(nudge))
    for direction in ("up", "down", "none", "up"):
        command = types.TrackVote(id=item, direction=direction)
        await asyncio.wrap_future(get_writer().submit(room.id, Submission(bob, (command,))))
    assert await line.hears_itself(DEADLINE)
    own = [nudge for nudge in handed if nudge[2]]
    log = await inside(log_after, room.id, before, 1000)
    assert [line for _, _, lines in own for line in lines] == log, "byte for byte"
    for number, nudge in enumerate(own):
        if number != lost:
            fanout.nudged(*nudge)
    await feed.reached(log[-1].revision)
    assert delivered == log


async def test_a_message_that_cannot_be_read_costs_none_of_those_behind_it(caplog: pytest.LogCaptureFixture) -> None:
    fanout = Fanout()
    heard: asyncio.Queue[tuple[int, int]] = asyncio.Queue()
    line = Line(fanout.spawn, lambda playlist_id, revision, lines: heard.put_nowait((playlist_id, revision)))
    assert await line.hears_itself(DEADLINE)
    await channel_layers["default"].group_send(GROUP, {"type": "playlist.nudge", "playlist_id": "of a later version"})
    await channel_layers["default"].group_send(GROUP, {"type": "playlist.unknown"})
    await line.send(Nudge(playlist_id=7, revision=3))
    async with asyncio.timeout(DEADLINE):
        assert await heard.get() == (7, 3)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "cannot be read" in caplog.text


@pytest.mark.pure
async def test_while_redis_is_away_memory_does_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = import_string("channels_redis.pubsub.RedisPubSubChannelLayer")(hosts=["redis://127.0.0.1:1"])
    failures: list[Exception] = []
    monkeypatch.setattr("realtime.line.get_channel_layer", lambda: layer)
    monkeypatch.setattr("realtime.line._AGAIN_SECONDS", 0)
    monkeypatch.setattr(Line, "_note_away", lambda _, error: failures.append(error))
    Line(Fanout().spawn, lambda *_: None)
    async with asyncio.timeout(DEADLINE):
        while len(failures) < 10:
            await asyncio.sleep(0)
    assert len(layer.channels) <= 1


@pytest.mark.pure
async def test_a_process_can_stop_while_it_tries_to_reach_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = import_string("channels_redis.pubsub.RedisPubSubChannelLayer")(hosts=["redis://127.0.0.1:1"])
    is_flushing = asyncio.Event()
    tasks: list[asyncio.Task[None]] = []

    async def flush() -> None:
        is_flushing.set()
        with contextlib.suppress(asyncio.CancelledError):  # as the layer does while it waits for its own task
            await asyncio.Event().wait()

    def spawn(work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        tasks.append(asyncio.create_task(work))
        return tasks[-1]

    monkeypatch.setattr(layer, "flush", flush)
    monkeypatch.setattr("realtime.line.get_channel_layer", lambda: layer)
    monkeypatch.setattr("realtime.line._AGAIN_SECONDS", 0)
    Line(spawn, lambda *_: None)
    async with asyncio.timeout(DEADLINE):
        await is_flushing.wait()
    (listening,) = tasks
    listening.cancel()
    await asyncio.wait(tasks, timeout=DEADLINE)
    assert listening.cancelled()


def told_to(reader: Reader) -> list[dict[str, Any]]:
    assert isinstance(reader.outlet, Sink)
    return reader.outlet.told


def folded(frames: list[dict[str, Any]]) -> State:
    """What a client has after these frames; fails when they are not contiguous."""
    (snapshot,) = [frame for frame in frames if frame["type"] == "snapshot"]
    state = {name: snapshot[name] for name in ("revision", "playlist", "items", "playback")}
    for frame in frames:
        if frame["type"] == "changes":
            assert frame["from"] == state["revision"]
            state = apply_thinned(state, frame["events"], frame["revision"])
    return state


def unthinnable(lines: list[LogLine]) -> list[LogLine]:
    """What plain readers get whatever the pace: all but vote counts."""
    return [line for line in lines if line.type != "track.voted"]
