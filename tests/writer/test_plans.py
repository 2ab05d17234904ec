"""What every vote asks for is found by an index, however much a playlist has come to hold."""

from __future__ import annotations

from typing import Any

from django.db import connection

from playlist.clock import database_now
from playlist.models import Operation, Vote
from playlist.selectors.items import votes_of_actors
from tests.plans import explain
from tests.rooms import Room


def test_the_keys_of_a_batch_are_found_among_thousands(room: Room) -> None:
    now = database_now()
    fields = {"playlist_id": room.id, "payload_hash": "", "revision": 1, "answer": "null", "created_at": now}
    Operation.objects.bulk_create(
        Operation(actor_key=f"user:{number % 50}", key=f"key-{number}", **fields) for number in range(5000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    steps = explain(Operation.objects.filter(playlist=room.id, key__in=["key-1", "key-2"]))
    assert any("playlist_id" in step and "key" in step.replace("actor_key", "") for step in steps), steps


def test_a_persons_votes_are_found_whatever_the_length_of_the_queue(room: Room) -> None:
    items = room.add(*(f"track-{number}" for number in range(1, 12)))
    Vote.objects.bulk_create(
        Vote(item_id=item, actor_key=f"user:{number}", value=1) for item in items for number in range(300)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, statement: str, parameters: Any, *rest: Any) -> Any:
        asked.append((statement, parameters))
        return execute(statement, parameters, *rest)

    with connection.execute_wrapper(note):
        votes = votes_of_actors(room.id, ["user:1", "user:x"])
    assert votes == {"user:1": dict.fromkeys(items, 1), "user:x": {}}
    assert votes_of_actors(room.id + 1, ["user:1"]) == {"user:1": {}}
    ((statement, parameters),) = asked
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'QUERY PLAN' if connection.vendor == 'sqlite' else ''} {statement}", parameters)
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert "actor_key" in plan
    assert "playlist_id=?" not in plan, plan
