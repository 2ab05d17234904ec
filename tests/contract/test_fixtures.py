"""The examples that server and client share: each side replays them, so that both read the protocol alike.

events.json: rooms before and after some commands, with the events that each led to. The client also holds its guesses
of what a command will do against them (frontend/test).
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from playlist import types
from playlist.commands.table import SOCKET_COMMANDS
from playlist.errors import FORBIDDEN_REASONS, STATUS_BY_CODE
from playlist.ordering.explain import explain
from playlist.ordering.fair import given_back, started
from playlist.ordering.plan import plan
from playlist.ordering.positions import calculate_position
from playlist.ordering.turns import Ordering, playing_order, upcoming
from realtime import asyncapi
from tests.fold import apply_events
from tests.realtime.client import conforming
from tests.rooms import without_stamp

pytestmark = pytest.mark.pure

HERE = Path(__file__).parent


def fixture(name: str) -> Any:
    return json.loads((HERE / name).read_text())


@pytest.mark.parametrize("case", fixture("events.json"), ids=lambda case: case["name"])
def test_the_events_lead_from_before_to_after(case: Any) -> None:
    events = [event for step in case["steps"] for event in step["events"]]
    for event in events:
        assert msgspec.to_builtins(msgspec.convert(event, types.AnyEvent)) == msgspec.to_builtins(event)
    assert without_stamp(apply_events(case["before"], events)) == without_stamp(case["after"])


def test_the_events_and_commands_are_all_there() -> None:
    steps = [step for case in fixture("events.json") for step in case["steps"]]
    told = {event["type"] for step in steps for event in step["events"]}
    assert told == {str(kind.__struct_config__.tag) for kind in get_args(types.AnyEvent)}
    asked = {step["command"]["command"] for step in steps if step["command"] is not None}
    assert asked == set(SOCKET_COMMANDS)


def test_every_refusal_that_clients_put_into_words_is_there() -> None:
    rows = fixture("refusals.json")
    assert {row["code"] for row in rows} == set(STATUS_BY_CODE)
    assert {row["details"].get("reason") for row in rows if row["code"] == "FORBIDDEN"} == {*FORBIDDEN_REASONS, None}
    assert {row["details"].get("right") for row in rows if row["code"] == "FORBIDDEN"} == {*get_args(types.Right), None}


def test_there_is_a_frame_of_each_kind_and_it_is_as_the_document_says() -> None:
    document: Any = asyncapi.document()
    names = [message["$ref"].rpartition("/")[2] for message in document["operations"]["sendV1"]["messages"]]
    kinds = {document["components"]["schemas"][name]["properties"]["type"]["enum"][0] for name in names}
    assert conforming(fixture("frames.json"), "v1") == kinds


class Turn(msgspec.Struct):
    """An item of order.json."""

    id: str
    position: float
    votes: int
    adder: str | None
    is_playing: bool
    played_at: datetime | None
    boosted_at: datetime | None
    because: types.Because | None


@pytest.mark.parametrize("case", fixture("order.json"), ids=lambda case: case["name"])
def test_the_order_of_items_and_what_plays_next(case: Any) -> None:
    turns, ordering = msgspec.convert(case["items"], list[Turn]), msgspec.convert(case, Ordering)
    assert [turn.id for turn in playing_order(turns, ordering)] == case["playing_order"]
    assert [turn.id for turn in upcoming(turns, ordering)] == case["upcoming"]


@pytest.mark.parametrize("case", fixture("fair.json"), ids=lambda case: case["name"])
def test_whose_turn_it_is(case: Any) -> None:
    fair, after = msgspec.convert([case["fair"], case["after"]], list[types.Fair])
    if case["what"] == "started":
        assert started(fair, case["adder"], case["waiting"]) == after
    else:
        assert given_back(fair, case["adder"]) == after


class TimedTurn(Turn):
    """An item of plan.json."""

    duration_ms: int
    has_sound: bool


class Playing(msgspec.Struct):
    """A playback of plan.json."""

    state: types.PlaybackState
    position_seconds: float
    started_at_ms: int | None


@pytest.mark.parametrize("case", fixture("plan.json"), ids=lambda case: case["name"])
def test_what_plays_when(case: Any) -> None:
    items = msgspec.convert(case["items"], list[TimedTurn])
    playback = msgspec.convert(case["playback"], Playing)
    planned = plan(items, msgspec.convert(case, Ordering), playback, case["now_ms"], is_heard=case["is_heard"])
    assert [[item.id, starts_at_ms] for item, starts_at_ms in planned] == case["plan"]


@pytest.mark.parametrize("case", fixture("queue.json"), ids=lambda case: case["name"])
def test_when_and_why(case: Any) -> None:
    items = msgspec.convert(case["items"], list[TimedTurn])
    playback = msgspec.convert(case["playback"], Playing)
    explained = explain(items, msgspec.convert(case, Ordering), playback, is_heard=case["is_heard"])
    found = [[each.item.id, each.plays_at_ms, each.round, msgspec.to_builtins(each.because)] for each in explained]
    assert found == case["queue"]


@pytest.mark.parametrize("case", fixture("positions.json"), ids=str)
def test_positions(case: Any) -> None:
    assert calculate_position(case["previous"], case["following"]) == case["position"]
