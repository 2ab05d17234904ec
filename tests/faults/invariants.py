"""What must hold after any fault. Each check names the invariant that it found broken."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from tests.faults.crowd import Crowd, Person
from tests.faults.witness import OP_ID
from tests.faults.world import World, complaints
from tests.fold import apply_events
from tests.realtime.client import V1Client
from tests.rooms import without_stamp

#: Events of which a command has one at most.
_EFFECTS = {"track.added", "track.moved", "track.voted"}

_TABLES = """
import json
from django.db.models import Sum
from django.db.models.functions import Coalesce
from playlist.models import PlaylistTrack, Vote
items = PlaylistTrack.objects.annotate(total=Coalesce(Sum("vote_rows__value"), 0))
wrong = [str(item.pk) for item in items if item.votes != item.total]
playing = items.filter(is_playing=True).count()
votes_of = {}
for key, item_id, value in Vote.objects.values_list("actor_key", "item_id", "value"):
    votes_of.setdefault(key, {})[str(item_id)] = value
counts = {"items": len(items), "votes": Vote.objects.count(), "playing": playing}
print(json.dumps({"wrong": wrong, "votes_of": votes_of, **counts}))
"""


async def fresh_snapshot(world: World) -> dict[str, Any]:
    """What somebody who comes now is told."""
    head = (await world.call("GET", "playlists/main"))["revision"]
    client = await V1Client("main").open(world.alive[0])
    await client.until_revision(head)  # a snapshot may be a moment old, and what came since follows it
    await client.close()
    return client.state


def _comparable(state: dict[str, Any]) -> dict[str, Any]:
    """Without what depends on the server that was asked: its address, and the stamp that came with a snapshot."""
    return without_stamp({**state, "playlist": {**state["playlist"], "join_url": ""}})


async def the_log(world: World) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    while True:
        since = events[-1]["revision"] if events else 0
        page = await world.call("GET", f"playlists/main/events?since={since}&limit=500")
        events += page["events"]
        if page["complete"]:
            return events


async def check(world: World, crowd: Crowd, before: dict[str, Any]) -> dict[str, Any]:
    """I1 to I5, after everybody has got all their answers. Returns what was seen, for the report.

    `before`: a snapshot from the beginning of the history that counts.
    """
    events = await the_log(world)
    revisions = [event["revision"] for event in events]
    assert revisions == list(range(1, len(events) + 1)), "I1: the log has a hole or a double"

    snapshot = await fresh_snapshot(world)
    since = [event for event in events if before["revision"] < event["revision"] <= snapshot["revision"]]
    assert _comparable(apply_events(before, since)) == _comparable(snapshot), "I2: the log is not the tables"

    for person in crowd.people:
        await person.client.until_revision(snapshot["revision"])
        assert person.client.reasons.count("history_changed") == crowd.histories, "I3: a history that never changed"
        assert _comparable(person.client.state) == _comparable(snapshot), "I3: a client differs from the server"

    acked = answers_hold(crowd, events)

    tables = await asyncio.to_thread(world.in_shell, _TABLES)
    assert tables["wrong"] == [], "I5: votes are not the sum of their rows"
    assert tables["playing"] <= 1
    for person in crowd.people:
        mine = tables["votes_of"].get(f"user:{person.client.welcome['you']['id']}", {})
        try:
            await person.client.until(lambda person=person, mine=mine: _own_votes(person, snapshot) == mine)  # type: ignore[misc]
        except TimeoutError:
            raise AssertionError(f"I3: {_own_votes(person, snapshot)} is not what one's votes are: {mine}") from None

    reconnects = sum(person.reconnects for person in crowd.people)
    return {
        "events": len(events),
        "acked": acked,
        "reconnects": reconnects,
        "items": tables["items"],
        "votes": tables["votes"],
    }


def _own_votes(person: Person, snapshot: dict[str, Any]) -> dict[str, int]:
    """What somebody was told of their own votes, as far as the songs are still there."""
    there = {item["id"] for item in snapshot["items"]}
    return {item: value for item, value in person.client.votes.items() if item in there and value}


def check_log(world: World) -> None:
    """I8: tells all servers to stop, and reads what they ever printed."""
    printed = world.stop()
    assert "Listening on" in printed
    broken = complaints(printed)
    assert not broken, "\n\n".join([f"I8: {len(broken)} complaints", *broken])


def answers_hold(crowd: Crowd, events: list[dict[str, Any]]) -> int:
    """I4: what was acked is in the log once, if it had an effect at all; what was only ever refused never is."""
    asked_for = [event for event in events if "op_id" in event]
    in_log = {event["op_id"] for event in asked_for}
    effects = Counter((event["op_id"], event["type"]) for event in asked_for if event["type"] in _EFFECTS)
    doubled = [effect for effect, count in effects.items() if count > 1]
    assert not doubled, f"I4: these had their effect more than once: {doubled}"
    acked = 0
    for person in crowd.people:
        for op_id, command in person.asked.items():
            answer = person.client.answers[op_id]
            if answer["type"] == "ack":
                acked += 1
                assert answer["revision"] <= len(events), f"I4: {command} was acked at a revision that is not there"
                if command["command"] == "track.add":
                    assert op_id in in_log, f"I4: {command} was acked and is not in the log"
            elif person.sent[op_id] == 1:
                assert op_id not in in_log, f"I4: {command} was refused and is in the log"
    known = {op_id for person in crowd.people for op_id in person.asked}
    unknown = {op_id for op_id in in_log - known - crowd.forgotten if not op_id.startswith(OP_ID)}
    assert not unknown, f"I4: something is in the log that nobody asked for: {unknown}"
    return acked
