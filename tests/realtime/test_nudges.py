"""Nudges may get lost, come twice, late or in the wrong order: nothing changes but latency."""

from __future__ import annotations

import asyncio
import random
from typing import Any
from uuid import UUID

import msgspec
import pytest

from playlist import types
from playlist.identity import Actor
from playlist.selectors.log import log_after
from playlist.types import LogLine, Participant
from playlist.writer import Submission, get_writer
from realtime.fanout import Fanout, get_fanout
from realtime.protocol import Changes, Told, told
from realtime.room import Room as Watched
from tests.fold import State, apply_thinned
from tests.realtime.client import inside
from tests.rooms import Room, without_stamp


class Listener:
    """A member of a room that keeps what it was told, and fails when that is not contiguous."""

    actor_key, is_member, knows_presence, kind = "system", False, True, "v1"
    user_id: int | None = None
    person: Participant | None = None
    takes = True

    def __init__(self, watched: Watched, state: State, plain: bool) -> None:
        self.plain = plain
        self.state = state
        self.revision = watched.revision
        self.singles: list[int] = []

    def deliver(self, frame: Changes) -> None:
        assert frame.start == self.revision
        self.revision = frame.revision
        events = msgspec.json.decode(frame.text)["events"]
        self.state = apply_thinned(self.state, events, frame.revision)

    def deliver_plain(self, events: Told) -> None:
        assert events.revision > self.revision
        self.revision = events.revision
        self.singles += [msgspec.json.decode(message["text"])["revision"] for message in events.messages]

    def tell_votes(self, revision: int, votes: dict[UUID, int]) -> None: ...
    def tell_presence(self, text: str) -> None: ...
    def tick(self, now: float) -> None: ...
    def go_away(self, retry_ms: int) -> None: ...

    def start_over(self, reason: str) -> None:
        raise AssertionError(reason)

    def end(self, code: int, reason: str) -> None:
        raise AssertionError(reason)


class Unreliable:
    """Stands between the writer and the fan-out."""

    def __init__(self, fanout: Fanout, seed: int) -> None:
        self.fanout = fanout
        self.choice = random.Random(seed)
        self.pass_on = fanout._nudged
        self.lost = self.doubled = self.late = 0

    def nudged(self, playlist_id: int, revision: int) -> None:
        chance = self.choice.random()
        if chance < 0.4:
            self.lost += 1
        elif chance < 0.7:
            self.late += 1
            asyncio.get_running_loop().call_later(self.choice.uniform(0, 0.2), self.pass_on, playlist_id, revision)
        else:
            self.doubled += 1
            self.pass_on(playlist_id, revision)
            self.pass_on(playlist_id, revision - 1)
            self.pass_on(playlist_id, revision)


@pytest.mark.parametrize("seed", range(3))
async def test_nudges_that_are_lost_doubled_and_late_change_nothing(
    room: Room, bob: Actor, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = await inside(room.add, *(f"track-{number}" for number in range(1, 9)))
    fanout = get_fanout()
    watched = await fanout.open(room.id)
    state = without_stamp(await inside(room.snapshot))
    listeners = [Listener(watched, state, plain) for plain in (False, True)]
    for listener in listeners:
        fanout.joined(watched, listener)
    unreliable = Unreliable(fanout, seed)
    monkeypatch.setattr(fanout, "_nudged", unreliable.nudged)
    choice = random.Random(seed)
    commands: list[Any] = [
        types.TrackVote(id=item, direction=choice.choice(("up", "down", "none"))) for item in items for _ in range(6)
    ] + [types.TrackMove(id=item, after=None) for item in items]
    choice.shuffle(commands)
    for command in commands:
        await asyncio.wrap_future(get_writer().submit(room.id, Submission(bob, (command,))))
        await asyncio.sleep(choice.uniform(0, 0.03))
    assert min(unreliable.lost, unreliable.doubled, unreliable.late) > 3
    await fanout.poll_once()
    snapshot = await inside(room.snapshot)
    async with asyncio.timeout(60):
        while any(listener.revision < snapshot["revision"] for listener in listeners):
            await asyncio.sleep(0.05)
    v1, plain = listeners
    assert v1.state == without_stamp(snapshot)
    assert plain.singles == sorted(set(plain.singles)), "in order, and nothing twice"
    log = await inside(log_after, room.id, state["revision"], 1000)
    assert {line.revision for line in unthinnable(log)} <= set(plain.singles)
    assert told(log).revision == plain.revision
    for listener in listeners:
        fanout.leave(watched, listener)


def unthinnable(lines: list[LogLine]) -> list[LogLine]:
    """What plain readers get whatever the pace: all but vote counts."""
    return [line for line in lines if line.type != "track.voted"]
