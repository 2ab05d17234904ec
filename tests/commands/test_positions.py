"""Positions: where an item moves, and that there is room between any two."""

from __future__ import annotations

import pytest

from playlist import types
from playlist.errors import DomainError
from playlist.models import PlaylistTrack
from tests.rooms import Room, make_tracks


def test_two_hundred_tracks_fit_into_any_gap(room: Room) -> None:
    many = make_tracks(200, prefix="many")
    first, second, _ = room.add("track-1", "track-2", "track-3")
    PlaylistTrack.objects.filter(pk=second).update(position=1.0000000000000100)
    with room.proves("playlist.reordered", *["track.added"] * 200):
        room.do(types.TracksAdd(track_ids=many, after=first))
    assert room.track_ids == ["track-1", *many, "track-2", "track-3"]
    in_front = make_tracks(200, prefix="front")
    room.do(types.TracksAdd(track_ids=in_front, after=None))
    assert room.track_ids[:201] == [*in_front, "track-1"]
    room.check()


def test_an_item_moves_behind_another_one_and_to_the_front(room: Room) -> None:
    first, second, third = room.add("track-1", "track-2", "track-3")
    with room.proves("track.moved"):
        answer = room.answer(types.TrackMove(id=third, after=first))
    assert answer["position"] == 1.5
    with room.proves("track.moved"):
        room.do(types.TrackMove(id=second, after=None))
    assert room.track_ids == ["track-2", "track-1", "track-3"]


def test_moving_to_where_it_is_changes_nothing(room: Room) -> None:
    first, second = room.add("track-1", "track-2")
    with room.proves():
        room.do(types.TrackMove(id=second, after=first))
    with room.proves():
        room.do(types.TrackMove(id=first, after=None))
    with room.proves():
        room.do(types.TrackMove(id=second, position=2.0))


def test_an_item_moves_to_a_position(room: Room) -> None:
    first, _ = room.add("track-1", "track-2")
    with room.proves("track.moved"):
        assert room.answer(types.TrackMove(id=first, position=7.5))["position"] == 7.5
    assert room.track_ids == ["track-2", "track-1"]


def test_a_position_that_is_taken_becomes_the_next_free_one_after_it(room: Room) -> None:
    first, _, third = room.add("track-1", "track-2", "track-3")
    with room.proves("track.moved"):
        assert room.answer(types.TrackMove(id=third, position=1.0))["position"] == 1.5
    with room.proves("track.moved"):
        assert room.answer(types.TrackMove(id=first, position=2.0))["position"] == 3.0
    assert room.track_ids == ["track-3", "track-2", "track-1"]


def test_a_move_needs_exactly_one_place(room: Room) -> None:
    (item,) = room.add("track-1")
    for command in (types.TrackMove(id=item), types.TrackMove(id=item, after=None, position=1.0)):
        with room.proves(), pytest.raises(DomainError) as refusal:
            room.do(command)
        assert refusal.value.code == "VALIDATION_ERROR"
    with room.proves(), pytest.raises(DomainError, match="cannot follow itself"):
        room.do(types.TrackMove(id=item, after=item))


def test_votes_decide_the_order_so_moving_is_a_conflict_there(room: Room) -> None:
    first, second = room.add("track-1", "track-2")
    room.do(types.PlaylistUpdate(order="votes"))
    with room.proves(), pytest.raises(DomainError) as refusal:
        room.do(types.TrackMove(id=second, after=None))
    assert (refusal.value.code, refusal.value.details) == ("CONFLICT", {"order": "votes"})
    assert first


@pytest.mark.parametrize("by_position", [False, True], ids=["after", "position"])
def test_200_inserts_into_one_gap_keep_the_order(room: Room, by_position: bool) -> None:
    left, *others, right = room.add(*(f"track-{number}" for number in range(1, 13)))
    expected = [left, *others, right]
    for step in range(200):
        mover = others[step % len(others)]
        if by_position:
            room.do(types.TrackMove(id=mover, position=room.item("track-1").position))
        else:
            room.do(types.TrackMove(id=mover, after=left))
        expected.remove(mover)
        expected.insert(1, mover)
        assert [item.id for item in room.items] == expected
    assert "playlist.reordered" in {event["type"] for event in room.events()}
    room.check()


def test_a_full_gap_is_renumbered_in_the_same_transaction(room: Room) -> None:
    first, second, third = room.add("track-1", "track-2", "track-3")
    PlaylistTrack.objects.filter(pk=second).update(position=1.0000000000000002)
    with room.proves("playlist.reordered", "track.moved"):
        room.do(types.TrackMove(id=third, after=first))
    assert [(item.id, item.position) for item in room.items] == [(first, 1.0), (third, 1.5), (second, 2.0)]
    PlaylistTrack.objects.filter(pk=third).update(position=1.0000000000000002)
    with room.proves("playlist.reordered", "track.added"):
        room.do(types.TrackAdd(track_id="track-4", after=first))
    assert room.track_ids == ["track-1", "track-4", "track-3", "track-2"]


def test_positions_at_the_limit_stay_distinct(room: Room) -> None:
    first, second, _third = room.add("track-1", "track-2", "track-3")
    room.do(types.TrackMove(id=first, position=1e9))
    room.do(types.TrackMove(id=second, position=1e9))
    assert room.item("track-2").position == 1e9 + 1
    room.add("track-4")
    assert room.item("track-4").position == 1e9 + 2
    room.check()
