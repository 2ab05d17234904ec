"""The hand-written SQL says what the ORM says, in one text however many values there are, and by an index."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from music.models import AudioFile
from playlist import accounts, sql, types
from playlist.commands.votes import votes_stored
from playlist.library import track_create
from playlist.models import Operation, PlaylistTrack, SearchEntry, Vote
from playlist.selectors.items import items_by_id, items_of, votes_of_actors
from tests.rooms import Room


@pytest.fixture
def full(room: Room) -> Room:
    """A room with all that an item can have: votes, one that played, one that plays, one without an album."""
    bare = track_create(
        types.NewTrack(title="Bare", artist="Nobody", duration_seconds=5), accounts.guest_create("Erin")
    ).id
    first, *_ = room.add(*(f"track-{number}" for number in range(1, 6)), bare)
    room.do(types.TrackVote(id=first, direction="up"))
    room.do(types.PlaybackPlay())
    room.do(types.PlaybackNext())
    return room


@pytest.mark.parametrize("count", [1, 5, 6])
def test_items_by_id_are_what_the_orm_finds(full: Room, count: int) -> None:
    everything = {item.id: item for item in items_of(full.row)}
    wanted = list(everything)[:count]
    assert items_by_id(full.row, [*wanted, uuid4()]) == {item_id: everything[item_id] for item_id in wanted}
    assert items_by_id(Room.main().row, wanted) == {}
    assert items_by_id(full.row, []) == {}


def test_stored_votes_are_what_the_orm_finds(full: Room) -> None:
    (vote,) = Vote.objects.all()
    others = [item.id for item in full.items if item.id != vote.item_id]
    assert votes_stored([vote.item_id, *others], [vote.actor_key, "user:x"]) == {(vote.item_id, vote.actor_key): 1}
    assert votes_stored(others, [vote.actor_key]) == {}
    assert votes_stored([vote.item_id], ["user:x"]) == {}


def _entries(count: int) -> None:
    """Rows of a table with a full-text index, of tracks that there are not."""
    odd = 'it\'s "so" \\x41 \\u0041 %s {} ünï→🎵\n'
    rows = [(f"nothing-{number}", f"{odd}{number}", "", str(number)) for number in range(count)]
    with transaction.atomic():
        sql.insert(SearchEntry, ("track_id", "text", "artist", "key"), rows, is_indexed=True)
        inserted = SearchEntry.objects.filter(track_id__in=[track_id for track_id, *_ in rows]).order_by("id")
        assert list(inserted.values_list("track_id", "text", "artist", "key")) == rows
        inserted.delete()


OPERATION = ("playlist_id", "actor_key", "key", "payload_hash", "revision", "answer", "created_at")
QUERIES: dict[str, Callable[[Room, int], Any]] = {
    "inserts": lambda room, count: sql.insert(
        Operation, OPERATION, [(room.id, f"of {count}", str(n), "", 1, "", datetime.now(UTC)) for n in range(count)]
    ),
    "inserts where texts are indexed": lambda room, count: _entries(count),
    "items": lambda room, count: items_by_id(room.row, [uuid4() for _ in range(count)]),
    "votes": lambda room, count: votes_stored([uuid4() for _ in range(count)], [f"user:{n}" for n in range(count)]),
    "my votes": lambda room, count: votes_of_actors(room.id, [f"user:{number}" for number in range(count)]),
}


@pytest.mark.parametrize("name", QUERIES)
def test_the_text_does_not_depend_on_how_many_values_there_are(full: Room, name: str) -> None:
    asked: set[str] = set()

    def note(execute: Any, statement: str, *rest: Any) -> Any:
        asked.add(statement)
        return execute(statement, *rest)

    for count in (1, 128):
        with connection.execute_wrapper(note), CaptureQueriesContext(connection):
            QUERIES[name](full, count)
    marks = ("json_each", "ANY", "INSERT")
    assert len({statement for statement in asked if any(mark in statement for mark in marks)}) == 1


def test_items_are_found_by_their_ids_however_long_the_queue_is(room: Room) -> None:
    (item,) = room.add("track-1")
    row = PlaylistTrack.objects.get(pk=item)
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, statement: str, parameters: Any, *rest: Any) -> Any:
        asked.append((statement, parameters))
        return execute(statement, parameters, *rest)

    with connection.execute_wrapper(note):
        items_by_id(row.playlist, [item])
    statement, parameters = asked[-1]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'QUERY PLAN' if connection.vendor == 'sqlite' else ''} {statement}", parameters)
        plan = " ".join(str(line) for line in cursor.fetchall())
    assert "playlist_id=?" not in plan, plan
    assert "item_by_position" not in plan, plan


def test_rows_are_found_as_they_were_inserted(db: None) -> None:
    leap = datetime(2024, 2, 29, 1, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    told: list[dict[str, Any]] = [
        {"path": b"it's \\x41 \x80\xff", "title": 'it\'s "so" \\x41 %s {}\n\t', "year": None, "gain_db": -1.5e-7},
        {"path": b"", "title": "ünï→🎵", "year": 1999, "gain_db": 1 / 3, "mb_recording": uuid4(), "hidden": True},
        {"path": b"\\x41", "title": "\\x41", "mtime_ns": 2**63 - 1, "missing_since": leap},
        {"path": b"{}", "title": "null", "missing_since": datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=UTC)},
    ]
    files = [AudioFile(**{"size": 2**40, "mtime_ns": -1, "path_digest": each["title"], **each}) for each in told]
    columns = [field.attname for field in AudioFile._meta.concrete_fields if not field.primary_key]
    rows = [tuple(getattr(file, column) for column in columns) for file in files]
    for some in ([], rows[:1], rows[1:]):
        sql.insert(AudioFile, columns, some)
    found = AudioFile.objects.order_by("id").values_list(*columns)
    assert [tuple(bytes(value) if isinstance(value, memoryview) else value for value in row) for row in found] == rows
