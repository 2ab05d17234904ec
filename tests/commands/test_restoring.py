"""A removal is taken back: with its place, its votes and its adder, as far as that is possible by now."""

from __future__ import annotations

import pytest
from django.utils import timezone

from playlist import types
from playlist.errors import DomainError
from playlist.identity import SYSTEM, Actor, adder_of
from playlist.models import PlaylistTrack
from tests.rooms import Room


def test_a_removal_is_taken_back_with_place_votes_and_adder(room: Room, bob: Actor, charlie: Actor) -> None:
    _, second, _ = room.add("track-1", "track-2", "track-3", by=bob)
    room.do(types.TrackVote(id=second, direction="up"), by=bob)
    room.do(types.TrackVote(id=second, direction="up"), by=charlie)
    before = room.items
    room.do(types.TrackRemove(id=second), by=charlie)
    with room.proves("track.added"):
        answer = room.answer(types.TrackRestore(id=second), by=charlie)
    assert (answer["votes"], answer["my_vote"], answer["added_by"]) == (2, 1, "Bob")
    assert room.items == before
    with room.proves("track.voted"):
        room.do(types.TrackVote(id=second, direction="none"), by=charlie)


def test_only_who_removed_it_and_the_host_may_take_it_back(room: Room, bob: Actor, charlie: Actor) -> None:
    (first,) = room.add("track-1", by=bob)
    room.do(types.TrackRemove(id=first), by=charlie)
    with room.proves(), pytest.raises(DomainError) as refusal:
        room.do(types.TrackRestore(id=first), by=bob)
    assert refusal.value.code == "FORBIDDEN"
    with room.proves("track.added"):
        room.do(types.TrackRestore(id=first))
    with room.proves(), pytest.raises(DomainError) as refusal:
        room.do(types.TrackRestore(id=first))
    assert refusal.value.code == "ITEM_NOT_FOUND", "once"


def test_what_was_added_again_meanwhile_is_not_taken_back(room: Room) -> None:
    (first,) = room.add("track-1")
    room.do(types.TrackRemove(id=first))
    room.add("track-1")
    with room.proves(), pytest.raises(DomainError) as refusal:
        room.do(types.TrackRestore(id=first))
    assert refusal.value.code == "DUPLICATE_TRACK"


def test_a_place_that_was_taken_meanwhile_is_shared_by_halving(room: Room) -> None:
    first, second, third = room.add("track-1", "track-2", "track-3")
    room.do(types.TrackRemove(id=second))
    room.do(types.TrackMove(id=third, position=2.0))
    room.do(types.TrackRestore(id=second))
    assert [item.id for item in room.items] == [first, third, second]


def test_the_playing_item_comes_back_without_playing(room: Room) -> None:
    first, second = room.add("track-1", "track-2")
    room.do(types.PlaybackPlay())
    room.do(types.TrackRemove(id=first))
    with room.proves("track.added"):
        answer = room.answer(types.TrackRestore(id=first))
    assert (answer["is_playing"], answer["played_at"]) == (False, None)
    assert room.item("track-2").is_playing
    assert [item.id for item in room.items] == [first, second]


def test_an_id_that_was_removed_is_not_given_again(room: Room) -> None:
    (first,) = room.add("track-1")
    room.do(types.TrackRemove(id=first))
    with room.proves(), pytest.raises(DomainError) as refusal:
        room.do(types.TrackAdd(track_id="track-2", id=first))
    assert refusal.value.code == "CONFLICT"
    (second,) = room.add("track-2")
    PlaylistTrack.objects.filter(pk=second).update(id=first)  # a server of an earlier version did it
    with pytest.raises(DomainError) as refusal:
        room.do(types.TrackRestore(id=first))
    assert refusal.value.code == "CONFLICT"


def test_a_restored_item_has_its_adder_its_boost_and_its_reason(room: Room, bob: Actor) -> None:
    bobs, servers = *room.add("track-1", by=bob), *room.add("track-2", by=SYSTEM)
    PlaylistTrack.objects.filter(pk=bobs).update(boosted_at=timezone.now())
    PlaylistTrack.objects.filter(pk=servers).update(because_json='{"kind":"similar","track_id":"track-1"}')
    before = room.snapshot()["items"]
    room.do(types.TrackRemove(id=bobs), types.TrackRemove(id=servers))
    with room.proves("track.added", "track.added"):
        room.do(types.TrackRestore(id=servers), types.TrackRestore(id=bobs))
    assert room.snapshot()["items"] == before
    assert (before[0]["adder"], before[0]["because"]) == (adder_of(room.id, bob.key), None)
    assert before[0]["boosted_at"] is not None
    assert before[1]["because"] == {"kind": "similar", "track_id": "track-1"}
