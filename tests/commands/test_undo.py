"""Undoing: what happened is taken back by ordinary events, and what cannot be is left with its reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from playlist import library, types
from playlist.commands.undo import undo_preview
from playlist.errors import DomainError
from playlist.identity import Actor
from playlist.models import Event, PlaylistTrack, RemovedItem, Vote
from tests.rooms import DORA, Room, id_of

Left = list[tuple[int, str]]


def undo(room: Room, *revisions: int, by: Actor | None = None) -> tuple[list[int], Left]:
    """Undo these events. Returns what was undone, and what was left with which reason."""
    answer = room.answer(types.LogUndo(revisions=list(revisions)), by=by)
    return answer["undone"], [(left["revision"], left["reason"]) for left in answer["left"]]


def undo_person(room: Room, person: Actor, **since: Any) -> list[int]:
    undone: list[int] = room.answer(types.LogUndo(person_id=id_of(person), **since))["undone"]
    return undone


def left_by(room: Room, *revisions: int, by: Actor | None = None) -> Left:
    """The reasons for which none of these can be undone."""
    before = room.row.revision
    with pytest.raises(DomainError) as refusal:
        undo(room, *revisions, by=by)
    assert refusal.value.code == "NOT_UNDOABLE"
    assert room.row.revision == before
    details: Any = refusal.value.details
    return [(left["revision"], left["reason"]) for left in details["left"]]


def everything(room: Room) -> Any:
    """All that people see of a room, and every vote by person."""
    state = room.snapshot()
    votes = Vote.objects.filter(item__playlist=room.id).values_list("item_id", "actor_key", "value")
    playlist = {name: value for name, value in state["playlist"].items() if name not in ("revision", "playback")}
    return state["items"], playlist, sorted(votes)


def head(room: Room) -> int:
    return room.row.revision


def a_queue(room: Room, bob: Actor) -> list[Any]:
    """Four songs, with votes of three people."""
    items = [*room.add("track-1", "track-2"), *room.add("track-3", "track-4", by=bob)]
    for item in items:
        room.do(types.TrackVote(id=item, direction="up"))
        room.do(types.TrackVote(id=item, direction="down"), by=bob)
    return items


def test_do_undo_and_undo_the_undo(room: Room, bob: Actor) -> None:
    one, two, three, four = a_queue(room, bob)
    rules = types.RulesChanges(guests=types.GuestRightsChanges(move=False), max_track_seconds=600)
    doings: list[types.AnyCommand] = [
        types.TrackAdd(track_id="track-9"),
        types.TrackAdd(track_id="track-8", after=one),
        types.TracksAdd(track_ids=["track-10", "track-11"], after=None),
        types.TrackRemove(id=two),
        types.TrackMove(id=four, after=None),
        types.TrackMove(id=one, position=2.5),
        types.TrackVote(id=three, direction="down"),
        types.TrackVote(id=three, direction="none"),
        types.TrackBoost(id=three),
        types.PlaylistUpdate(name="Saturday", order="votes", locked=True, max_queued_per_person=9),
        types.PlaylistUpdate(policy="hosted"),
        types.PlaylistUpdate(rules=rules),
        types.TrackBoost(id=three),
        types.TrackRestore(id=two),
    ]
    for doing in doings:
        before, first = everything(room), head(room) + 1
        room.do(doing)
        after, did = everything(room), list(range(head(room), first - 1, -1))
        assert before != after
        types_done = [event["type"] for event in room.events(since=first - 1)]
        opposite = {"track.added": "track.removed", "track.removed": "track.added"}
        undoing = [opposite.get(kind, kind) for kind in reversed(types_done)]
        with room.proves(*undoing):
            assert undo(room, *did) == (did, [])
        assert everything(room) == before, doing
        assert [event["undoes"] for event in room.events(since=did[0])] == did
        undid = list(range(head(room), did[0], -1))
        with room.proves(*[opposite.get(kind, kind) for kind in reversed(undoing)]):
            assert undo(room, *undid) == (undid, [])
        assert everything(room) == after, doing


def test_fair_order_comes_back_with_its_turns(room: Room, bob: Actor) -> None:
    a_queue(room, bob)
    room.do(types.PlaylistUpdate(order="fair"))
    room.do(types.PlaybackPlay())
    before = everything(room)
    assert room.row.fair is not None
    assert room.row.fair.turns
    room.do(types.PlaylistUpdate(order="votes", name="Saturday"))
    did = head(room)
    after = everything(room)
    with room.proves("playlist.updated"):
        undo(room, did)
    assert everything(room) == before
    with room.proves("playlist.updated"):
        undo(room, did + 1)
    assert everything(room) == after
    assert undo(room, did, did + 1, did + 2) == ([did + 2, did + 1, did], [])
    assert everything(room) == before


def test_an_item_comes_back_with_everything_it_had(room: Room, bob: Actor) -> None:
    _, two, *_ = a_queue(room, bob)
    room.do(types.TrackVote(id=two, direction="up"), by=bob)
    before = everything(room)
    room.do(types.TrackRemove(id=two), by=bob)
    assert undo(room, head(room), by=bob)[1] == []
    assert everything(room) == before
    assert RemovedItem.objects.count() == 0


def test_ones_own_is_everybodys_to_undo_and_all_is_the_hosts(room: Room, bob: Actor, charlie: Actor) -> None:
    one, *_ = a_queue(room, bob)
    room.do(types.TrackMove(id=one, after=None), by=bob)
    his = head(room)
    room.do(types.TrackVote(id=one, direction="none"))
    hers = head(room)
    for revisions, who in (([his], charlie), ([hers], bob), ([his, hers], bob)):
        with room.proves(), pytest.raises(DomainError) as refusal:
            undo(room, *revisions, by=who)
        assert refusal.value.code == "FORBIDDEN"
    with pytest.raises(DomainError) as refusal:
        undo(room, his, by=DORA)
    assert refusal.value.code == "AUTH_REQUIRED"
    assert undo(room, his, by=bob) == ([his], [])
    assert undo(room, hers) == ([hers], [])
    # What the host undid is the host's doing.
    with pytest.raises(DomainError) as refusal:
        undo(room, head(room), by=bob)
    assert refusal.value.code == "FORBIDDEN"


def test_a_former_host_cannot_take_back_settings(room: Room, bob: Actor) -> None:
    room.do(types.PlaylistUpdate(locked=True))
    Event.objects.filter(playlist=room.id, revision=head(room)).update(actor_key=bob.key)
    for wanted in (types.LogUndo(revisions=[head(room)]), types.LogUndo(person_id=id_of(bob), minutes=5)):
        with room.proves(), pytest.raises(DomainError) as refusal:
            room.do(wanted, by=bob)
        assert refusal.value.code == "FORBIDDEN"


def test_what_cannot_be_undone_is_left_with_its_reason(room: Room, bob: Actor) -> None:
    one, two, three, _ = a_queue(room, bob)
    added, voted = 1, 5
    room.do(types.TrackMove(id=one, after=three))
    moved = head(room)
    room.do(types.PlaybackPlay(item_id=one))
    playing = head(room)
    room.do(types.TrackRemove(id=two))
    removed = head(room)
    room.add("track-2", by=bob)
    room.do(types.TrackVote(id=one, direction="none"))
    assert left_by(room, added, voted, moved, playing, removed, 999) == [
        (removed, "duplicate"),
        (playing, "kind"),
        (moved, "heard"),
        (voted, "superseded"),
        (added, "heard"),
        (999, "expired"),
    ]
    room.do(types.TrackRemove(id=three))
    again = head(room)
    assert left_by(room, 3, 10) == [(10, "gone"), (3, "gone")]
    library.track_delete("track-3")
    assert left_by(room, again) == [(again, "gone")]
    RemovedItem.objects.all().delete()
    assert left_by(room, again) == [(again, "expired")]
    # An older server notes nothing of what was before.
    room.do(types.PlaylistUpdate(name="Saturday"))
    room.do(types.TrackVote(id=one, direction="up"))
    Event.objects.filter(playlist=room.id, revision__gt=head(room) - 2).update(before=None)
    assert {reason for _, reason in left_by(room, head(room), head(room) - 1)} == {"expired"}


def test_what_is_half_gone_comes_back_as_far_as_it_can(room: Room, bob: Actor) -> None:
    items = a_queue(room, bob)
    first = head(room) + 1
    for item in items:
        room.do(types.TrackRemove(id=item), by=bob)
    room.add("track-2")
    library.track_delete("track-4")
    undone = undo_person(room, bob, since_revision=first - 1)
    assert undone == [first + 2, first]
    assert room.track_ids == ["track-2", "track-1", "track-3"], "its place was taken, so it comes right behind"


def test_of_two_who_undo_the_same_one_does(room: Room, bob: Actor) -> None:
    one, two, *_ = a_queue(room, bob)
    room.do(types.TrackVote(id=one, direction="none"), by=bob)
    room.do(types.TrackRemove(id=two), by=bob)
    room.do(types.TrackAdd(track_id="track-9"), by=bob)
    did = [head(room), head(room) - 1, head(room) - 2]
    assert undo(room, *did) == (did, [])
    assert left_by(room, *did, by=bob) == [(revision, "superseded") for revision in did]
    # Voting again is something new: the undone vote stays undone.
    room.do(types.TrackVote(id=one, direction="none"), by=bob)
    assert left_by(room, did[2]) == [(did[2], "superseded")]


def test_a_song_that_would_be_one_too_many_stays_away(room: Room, bob: Actor) -> None:
    room.do(types.PlaylistUpdate(max_queued_per_person=1))
    (item,) = room.add("track-1", by=bob)
    room.do(types.TrackRemove(id=item), by=bob)
    removed = head(room)
    room.add("track-2", by=bob)
    assert left_by(room, removed, by=bob) == [(removed, "superseded")]


def test_a_persons_doings_since_a_time_and_what_that_would_bring_back(room: Room, bob: Actor) -> None:
    one, two, three, four = a_queue(room, bob)
    Event.objects.filter(playlist=room.id).update(at=F("at") - timedelta(hours=2))
    evening, since = everything(room), head(room)
    room.do(types.TrackMove(id=four, after=None), by=bob)
    room.do(types.TrackRemove(id=one), by=bob)
    room.do(types.TrackVote(id=two, direction="none"), by=bob)
    room.do(types.TrackVote(id=two, direction="up"), by=bob)
    room.do(types.TrackRemove(id=three), by=bob)
    undo(room, head(room), by=bob)  # a second thought of his: it counts as not done
    room.do(types.PlaybackPlay(item_id=two), by=bob)

    preview = undo_preview(room.row, room.host, types.UndoWanted(person_id=id_of(bob), minutes=60))
    assert isinstance(preview.entries, list)
    assert preview.undone == [since + 4, since + 3, since + 2, since + 1]
    assert [entry.type for entry in preview.entries] == ["track.voted", "track.removed", "track.moved"]
    assert [entry.track.title for entry in preview.entries if entry.track] == ["Song 2", "Song 1", "Song 4"]
    assert {left.reason for left in preview.left} == {"kind"}
    same = undo_preview(room.row, room.host, types.UndoWanted(person_id=id_of(bob), since_revision=since))
    assert same == preview
    assert undo_person(room, bob, minutes=60) == preview.undone
    now, was = everything(room), evening
    assert [item["id"] for item in now[0]] == [item["id"] for item in was[0]]
    assert now[2] == was[2]
    with pytest.raises(DomainError) as refusal:
        undo_person(room, bob, minutes=60)
    assert refusal.value.code == "NOT_UNDOABLE"


@pytest.mark.parametrize(
    "wanted",
    [
        types.LogUndo(),
        types.LogUndo(revisions=[1], person_id=1),
        types.LogUndo(person_id=1),
        types.LogUndo(person_id=1, minutes=1, since_revision=1),
    ],
)
def test_either_revisions_or_a_person_and_since_when(room: Room, wanted: types.LogUndo) -> None:
    with pytest.raises(DomainError) as refusal:
        room.do(wanted)
    assert refusal.value.code == "VALIDATION_ERROR"


def test_places_hold_through_a_renumbering(room: Room) -> None:
    """Doubles run out between the first two songs; what was removed and moved before keeps its neighbours."""
    one, two, three, four, five = room.add("track-1", "track-2", "track-3", "track-4", "track-5")
    room.do(types.TrackRemove(id=three))
    room.do(types.TrackMove(id=five, position=3.5))
    removed, moved = head(room) - 1, head(room)
    for number in range(200):
        room.do(types.TrackMove(id=(two, four)[number % 2], after=one))
        if room.events(since=head(room) - 2)[0]["type"] == "playlist.reordered":
            break
    assert [item.position for item in room.items] != [1.0, 2.0, 3.5, 4.0], "they have new numbers"
    before = room.track_ids
    assert undo(room, removed, moved) == ([moved, removed], [])
    assert set(room.track_ids) == {*before, "track-3"}
    assert room.track_ids[-2:] == ["track-3", "track-5"]
    room.check()


def test_numbers_run_out_while_undoing(room: Room) -> None:
    one, two, three = room.add("track-1", "track-2", "track-3")
    room.do(types.TrackRemove(id=two))
    room.add("track-4")
    close = 2.0000000000000004
    PlaylistTrack.objects.filter(track="track-4").update(position=2.0)
    PlaylistTrack.objects.filter(pk=three).update(position=close)
    removed = 4
    with room.proves("playlist.reordered", "track.added"):
        undo(room, removed)
    assert room.track_ids == ["track-1", "track-4", "track-2", "track-3"]
    with room.proves("track.removed"):
        undo(room, head(room))
    with room.proves("track.added"):
        undo(room, head(room))
    assert room.track_ids == ["track-1", "track-4", "track-2", "track-3"]
    assert one


def test_nobody_takes_the_id_of_what_they_removed(room: Room, bob: Actor) -> None:
    """Neither here nor in a room of their own: the row with which a song is brought back would be lost."""
    items = a_queue(room, bob)
    before = everything(room)
    room.do(types.TrackRemove(id=items[0]), by=bob)
    removal = head(room)
    for somewhere in (room, Room.open()):
        with pytest.raises(DomainError) as refusal:
            somewhere.do(types.TrackAdd(track_id="track-5", id=items[0]), by=None if somewhere is not room else bob)
        assert (refusal.value.code, refusal.value.details) == ("CONFLICT", {"id": str(items[0])})
    assert undo(room, removal) == ([removal], [])
    assert everything(room) == before
