"""The states of a reader, without a server: what may be given in which of them, and what leads from one to the next."""

from __future__ import annotations

import asyncio
import gc
from uuid import uuid4

import pytest
from django.db import DatabaseError
from django.test import override_settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from playlist import types
from playlist.selectors.log import Head
from playlist.types import LogLine
from realtime import encoding
from realtime.reader import Reader, State
from realtime.v1 import V1Reader
from tests.readers import ITEM, PRESENCE, VISITOR, Stage, answer_pings, is_contiguous, is_in, my_votes, settled
from tests.unit.test_pages import NOW

pytestmark = pytest.mark.pure


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


async def test_votes_that_could_not_be_read_are_told_when_the_database_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise DatabaseError("away")

    stage = Stage()
    reader = await stage.following()
    event = types.TrackVoted(revision=6, at=NOW, actor=None, item=types.VotedItem(id=ITEM, votes=1))
    voted = LogLine(6, "s6", "track.voted", VISITOR.actor.key, encoding.encode(event))
    monkeypatch.setattr("realtime.feed.read", away)
    with pytest.raises(DatabaseError):
        await stage.feed.deliver([voted])
    assert stage.sink.types()[-1] == "changes"
    reader.tick(reader.opened_at + 1)
    await settled()
    assert stage.sink.told[-1] == {"type": "my_votes", "revision": 6, "votes": {str(ITEM): 1}}
    reader.tick(reader.opened_at + 2)
    await settled()
    assert stage.sink.types().count("my_votes") == 1


async def test_a_resume_is_exact_and_then_follows() -> None:
    stage = Stage()
    await stage.happens(3)
    reader = stage.v1()
    reader.handle("hello", {"type": "hello", "resume": {"revision": 6, "stamp": "s6"}})
    await settled()
    assert stage.sink.types() == ["welcome", "changes", "my_votes"]
    await stage.happens()
    assert reader.state is State.FOLLOWING


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
def test_whatever_happens_a_clientis_contiguous_and_ends_at_the_head(steps: list[str], is_v1: bool) -> None:
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
        is_contiguous(stage.sink.told)


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
