"""Every way by which a song comes to wait in the queue, against every limit of the room."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from msgspec.structs import replace

from playlist import types
from playlist.errors import DomainError
from playlist.identity import Actor
from playlist.models import Artist, Blocked, Boost, Play, Playlist, PlaylistTrack
from tests.rooms import Room, id_of, person
from tests.servers import ROOT

HOME = "addr:home"


class Night:
    """Bob and Eve joined from one address, and each has a song waiting; `track` is the next one of Bob's."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.bob, self.eve = (replace(person(name), address=HOME) for name in ("Bob", "Eve"))
        self.track = ""
        room.add("track-11", by=self.bob)
        room.add("track-12", by=self.eve)

    def do(self, *commands: types.AnyCommand, by: Actor | None = None) -> Any:
        return self.room.answer(*commands, by=by)

    def add_and_remove(self, remover: Actor) -> Any:
        (item,) = self.room.add(self.track, by=self.bob)
        self.do(types.TrackRemove(id=item), by=remover)
        return item

    def undo(self, revision: int, by: Actor) -> None:
        self.do(types.LogUndo(revisions=[revision]), by=by)


#: What comes before the `yield` happens before there is a limit.
Way = Callable[[Night], Iterator[None]]


def added(night: Night) -> Iterator[None]:
    yield
    night.do(types.TrackAdd(track_id=night.track), by=night.bob)


def added_in_a_row(night: Night) -> Iterator[None]:
    yield
    night.do(types.TracksAdd(track_ids=[night.track]), by=night.bob)


def restored(night: Night) -> Iterator[None]:
    item = night.add_and_remove(night.bob)
    yield
    night.do(types.TrackRestore(id=item), by=night.bob)


def undone_by_the_host(night: Night) -> Iterator[None]:
    night.add_and_remove(night.room.host)
    removal = night.room.row.revision
    yield
    night.undo(removal, night.room.host)


def done_again(night: Night) -> Iterator[None]:
    night.room.add(night.track, by=night.bob)
    night.undo(night.room.row.revision, night.bob)
    undoing = night.room.row.revision
    yield
    night.undo(undoing, night.bob)


def let_in_again(night: Night) -> Iterator[None]:
    """Comes last: it takes Bob's other songs along."""
    night.room.add(night.track, by=night.bob)
    night.do(types.ParticipantRemove(user_id=id_of(night.bob), ban=True, remove_items=True))
    yield
    night.do(types.ParticipantRemove(user_id=id_of(night.bob), ban=False))


WAYS: dict[str, tuple[Way, ...]] = {
    "track.add": (added,),
    "tracks.add": (added_in_a_row,),
    "track.restore": (restored,),
    "log.undo": (undone_by_the_host, done_again),
    "participant.remove": (let_in_again,),
}
#: For those who lead the room; it brings back what was allowed: docs/decisions/0026-what-was-comes-back.md.
UNLIMITED = {"playlist.restore"}


def person_has_enough(night: Night) -> None:
    night.do(types.PlaylistUpdate(max_queued_per_person=1))


def address_has_enough(night: Night) -> None:
    night.do(types.PlaylistUpdate(max_queued_per_person=2))


def too_long(night: Night) -> None:
    night.do(types.PlaylistUpdate(rules=types.RulesChanges(max_track_seconds=1)))


def played_lately(night: Night) -> None:
    night.do(types.PlaylistUpdate(rules=types.RulesChanges(repeat_after_minutes=60)))
    item = PlaylistTrack.objects.filter(playlist=night.room.id).values_list("pk", flat=True)[0]
    play = {"playlist_id": night.room.id, "item_id": item, "track_json": "{}", "added_by": ""}
    at = night.room.row.created_at
    Play.objects.bulk_create([Play(**play, track_id=f"track-{n}", played_at=at) for n in range(1, 13)])


def track_blocked(night: Night) -> None:
    night.do(*(types.BlockedSet(kind="tracks", id=f"track-{n}", blocked=True) for n in range(1, 13)))


def artist_blocked(night: Night) -> None:
    artists = Artist.objects.values_list("pk", flat=True)
    night.do(*(types.BlockedSet(kind="artists", id=artist, blocked=True) for artist in artists))


def nothing(_: Night) -> None:
    """Without a limit each way leads in, or the others would show nothing."""


@pytest.mark.once
@pytest.mark.parametrize(
    "limit",
    [nothing, person_has_enough, address_has_enough, too_long, played_lately, track_blocked, artist_blocked],
    ids=lambda limit: limit.__name__,
)
def test_a_limit_holds_on_every_way_into_the_queue(room: Room, limit: Callable[[Night], None], settings: Any) -> None:
    settings.ADDRESS_PEOPLE = 1 if limit is address_has_enough else 20
    night = Night(room)
    ways = [way for each in WAYS.values() for way in each]
    assert ways[-1] is let_in_again
    for number, way in enumerate(ways, 1):
        try_one(night, way, f"track-{number}", limit)


def try_one(night: Night, way: Way, track: str, limit: Callable[[Night], None]) -> None:
    """Let a song come in by one way after the limit was set, and lift the limit again."""
    night.track = track
    going = way(night)
    next(going)
    limit(night)
    refusal = None
    try:
        next(going, None)
    except DomainError as error:
        refusal = error.code
    came_in = [item.track_id for item in night.room.items if item.track_id != "track-12"]
    if limit is nothing:
        assert (refusal, track in came_in) == (None, True), way.__name__
    elif way is let_in_again and limit in (person_has_enough, address_has_enough):
        assert len(came_in) == 1, "of his two songs there is room for one"
    else:
        assert track not in came_in, way.__name__
    lift(night)


def lift(night: Night) -> None:
    off = types.RulesChanges(max_track_seconds=None, repeat_after_minutes=None)
    night.do(types.PlaylistUpdate(max_queued_per_person=None, rules=off))
    Play.objects.all().delete()
    Playlist.objects.filter(pk=night.room.id).update(has_blocked=False)
    Blocked.objects.all().delete()
    for item in PlaylistTrack.objects.filter(playlist=night.room.id, track_id=night.track):
        night.do(types.TrackRemove(id=item.pk))


@pytest.mark.pure
def test_every_command_that_adds_is_held_to_the_limits() -> None:
    """By what docs/commands.md says that it records, which another test holds against the table."""
    rows = re.findall(r"^\| `([a-z_.]+)` \|(.*)\|$", (ROOT / "docs" / "commands.md").read_text(), re.MULTILINE)
    adding = {name for name, row in rows if "`track.added`" in row.split("|")[3]}
    assert adding == WAYS.keys() | UNLIMITED


def test_several_that_come_back_at_once_count_together(room: Room, settings: Any) -> None:
    settings.ADDRESS_PEOPLE = 1
    night = Night(room)
    room.add("track-1", "track-2", by=night.bob)
    first = room.row.revision + 1
    night.do(types.ParticipantRemove(user_id=id_of(night.bob), ban=True, remove_items=True))
    gone = list(range(first, room.row.revision + 1))
    assert len(gone) == 3
    night.do(types.PlaylistUpdate(max_queued_per_person=3))
    answer = night.do(types.LogUndo(revisions=gone))
    assert (len(answer["undone"]), [left["reason"] for left in answer["left"]]) == (2, ["superseded"])
    assert len(room.items) == 3, "with Eve's song, which those of one address may have waiting"


def test_a_limit_that_is_undone_as_well_keeps_nothing_away(room: Room) -> None:
    (item,) = room.add("track-1")
    since = room.row.revision
    room.do(types.PlaylistUpdate(rules=types.RulesChanges(max_track_seconds=1), max_queued_per_person=1))
    room.do(types.TrackRemove(id=item))
    with room.proves("track.added", "playlist.updated"):
        room.do(types.LogUndo(person_id=id_of(room.host), since_revision=since))
    assert room.track_ids == ["track-1"]


def test_a_boost_that_was_taken_back_counts_again_only_within_its_hour(room: Room, bob: Actor) -> None:
    room.do(types.PlaylistUpdate(order="votes", rules=types.RulesChanges(boosts_per_hour=1)))
    (item,) = room.add("track-1")
    room.do(types.TrackBoost(id=item), by=bob)

    def undo() -> None:
        room.do(types.LogUndo(revisions=[room.row.revision]), by=bob)

    for _ in range(2):
        with room.proves("track.boosted", "track.boosted", differs=False):
            undo()
            undo()
    undo()
    Boost.objects.update(at=F("at") - timedelta(hours=1))
    with room.proves(), pytest.raises(DomainError) as refusal:
        undo()
    left: Any = refusal.value.details["left"]
    assert [each["reason"] for each in left] == ["expired"]
    with room.proves("track.boosted"):
        room.do(types.LogUndo(revisions=[room.row.revision]))
