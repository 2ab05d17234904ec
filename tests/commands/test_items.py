"""Adding, removing and voting, each held against the log: what happened is what the events say."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.utils import timezone
from uuid_utils.compat import uuid7

from playlist import types
from playlist.errors import DomainError
from playlist.identity import SYSTEM, Actor, adder_of, address_actor
from playlist.models import PlaylistTrack, Track, Vote
from tests.rooms import DORA, Room, person


def test_a_track_is_added_at_the_end(room: Room) -> None:
    with room.proves("track.added"):
        room.add("track-1")
    with room.proves("track.added"):
        room.add("track-2")
    assert room.track_ids == ["track-1", "track-2"]
    assert [item.position for item in room.items] == [1.0, 2.0]


def test_a_track_is_added_behind_another_and_to_the_front(room: Room) -> None:
    first, _ = room.add("track-1", "track-2")
    with room.proves("track.added"):
        room.do(types.TrackAdd(track_id="track-3", after=first))
    with room.proves("track.added"):
        room.do(types.TrackAdd(track_id="track-4", after=None))
    assert room.track_ids == ["track-4", "track-1", "track-3", "track-2"]


def test_a_client_may_make_the_id(room: Room) -> None:
    item_id = uuid7()
    answer = room.answer(types.TrackAdd(track_id="track-1", id=item_id))
    assert answer["id"] == str(item_id)
    with pytest.raises(DomainError) as refusal:
        room.do(types.TrackAdd(track_id="track-2", id=item_id))
    assert refusal.value.code == "CONFLICT"


def test_a_queued_track_cannot_be_added_again(room: Room) -> None:
    room.add("track-1")
    with room.proves(), pytest.raises(DomainError) as refusal:
        room.add("track-1")
    assert refusal.value.code == "DUPLICATE_TRACK"
    assert refusal.value.details == {"track_id": "track-1"}


def test_the_playing_track_cannot_be_added_again_even_while_paused(room: Room) -> None:
    room.add("track-1")
    room.do(types.PlaybackPlay())
    room.do(types.PlaybackPause())
    with room.proves(), pytest.raises(DomainError, match="already in the queue"):
        room.add("track-1")


def test_adding_a_played_track_again_replaces_its_item(room: Room) -> None:
    (first, _) = room.add("track-1", "track-2")
    room.do(types.PlaybackPlay())
    room.do(types.PlaybackNext())
    with room.proves("track.removed", "track.added"):
        (again,) = room.add("track-1")
    assert again != first
    assert room.track_ids == ["track-2", "track-1"]
    assert room.item("track-1").played_at is None


def test_several_tracks_are_added_in_a_row(room: Room, bob: Actor) -> None:
    first, _ = room.add("track-1", "track-2")
    wanted = ["track-5", "track-2", "track-3", "track-5", "track-4"]
    with room.proves("track.added", "track.added", "track.added"):
        answer = room.answer(types.TracksAdd(track_ids=wanted, after=first), by=bob, key="album")
    assert [item["track_id"] for item in answer] == ["track-5", "track-3", "track-4"]
    assert [item["my_vote"] for item in answer] == [0, 0, 0]
    assert room.track_ids == ["track-1", "track-5", "track-3", "track-4", "track-2"]
    with room.proves():
        assert room.answer(types.TracksAdd(track_ids=wanted, after=first), by=bob, key="album") == answer
        assert room.answer(types.TracksAdd(track_ids=wanted), by=bob) == []


def test_several_tracks_replace_the_played_ones(room: Room) -> None:
    ids = [UUID(int=7), UUID(int=8)]
    room.add("track-1", "track-2")
    room.do(types.PlaybackPlay())
    room.do(types.PlaybackNext())
    with room.proves("track.removed", "track.added", "track.added"):
        room.do(types.TracksAdd(track_ids=["track-1", "track-3"], ids=ids))
    assert [item.id for item in room.items[1:]] == ids
    assert room.track_ids == ["track-2", "track-1", "track-3"]


def test_any_other_refusal_refuses_all_tracks(room: Room, bob: Actor) -> None:
    room.do(types.PlaylistUpdate(max_queued_per_person=2))
    (gone,) = room.add("track-8")
    room.do(types.TrackRemove(id=gone))
    (played,) = room.add("track-9")
    room.do(types.PlaybackPlay())
    room.do(types.PlaybackNext())
    Track.objects.filter(pk="track-7").update(missing_since=timezone.now())
    row = ["track-1", "track-2"]
    for code, command in {
        "LIMIT_REACHED": types.TracksAdd(track_ids=[*row, "track-3"]),
        "TRACK_NOT_FOUND": types.TracksAdd(track_ids=[*row, "nothing"]),
        "NO_AUDIO": types.TracksAdd(track_ids=["track-1", "track-7"]),
        "CONFLICT": types.TracksAdd(track_ids=row, after=gone),
        "VALIDATION_ERROR": types.TracksAdd(track_ids=["track-1", "track-9"], after=played),
    }.items():
        with room.proves(), pytest.raises(DomainError) as refusal:
            room.do(command, by=bob)
        assert refusal.value.code == code
    for ids in ([UUID(int=1)], [UUID(int=1), UUID(int=1)]):
        with room.proves(), pytest.raises(DomainError) as refusal:
            room.do(types.TracksAdd(track_ids=row, ids=ids), by=bob)
        assert refusal.value.details == {"ids": "must be a different one for each track"}
    room.do(types.TracksAdd(track_ids=row), by=bob)


def test_adding_behind_something_that_is_gone_is_a_conflict(room: Room) -> None:
    gone, last = room.add("track-1", "track-2")
    room.do(types.TrackRemove(id=gone))
    with room.proves(), pytest.raises(DomainError) as refusal:
        room.do(types.TrackAdd(track_id="track-3", after=gone))
    assert refusal.value.code == "CONFLICT"
    assert refusal.value.details == {"after": str(gone), "last_item_id": str(last)}


def test_only_what_waits_counts_against_the_limit_per_person(room: Room, bob: Actor) -> None:
    room.do(types.PlaylistUpdate(max_queued_per_person=2))
    room.add("track-1", "track-2", by=bob)
    with room.proves(), pytest.raises(DomainError) as refusal:
        room.add("track-3", by=bob)
    assert (refusal.value.code, refusal.value.details) == ("LIMIT_REACHED", {"limit": 2})
    room.do(types.PlaybackPlay())
    room.add("track-3", by=bob)
    room.add("track-4", "track-5")


def test_names_come_from_the_identity_and_only_without_one_from_the_request(room: Room, bob: Actor) -> None:
    main = Room.main()
    assert room.answer(types.TrackAdd(track_id="track-1", added_by="Not Bob"), by=bob)["added_by"] == "Bob"
    assert main.answer(types.TrackAdd(track_id="track-1", added_by="Dora"), by=DORA)["added_by"] == "Dora"
    assert main.answer(types.TrackAdd(track_id="track-2"), by=DORA)["added_by"] == "Anonymous"


def test_an_item_is_removed_with_its_votes(room: Room, bob: Actor) -> None:
    (item,) = room.add("track-1")
    room.do(types.TrackVote(id=item, direction="up"), by=bob)
    with room.proves("track.removed"):
        room.do(types.TrackRemove(id=item))
    assert not Vote.objects.filter(item_id=item).exists()
    with room.proves(), pytest.raises(DomainError) as refusal:
        room.do(types.TrackRemove(id=item))
    assert refusal.value.code == "ITEM_NOT_FOUND"


def test_removing_the_playing_item_moves_on_first(room: Room) -> None:
    first, _ = room.add("track-1", "track-2")
    room.do(types.PlaybackPlay())
    with room.proves("track.playing", "track.removed"):
        room.do(types.TrackRemove(id=first))
    assert room.playing == "track-2"


def test_removing_the_playing_item_of_a_paused_room_leaves_it_paused(room: Room) -> None:
    first, _ = room.add("track-1", "track-2")
    room.do(types.PlaybackPlay())
    room.do(types.PlaybackPause())
    with room.proves("track.playing", "track.removed"):
        room.do(types.TrackRemove(id=first))
    assert (room.playing, room.row.playback_state) == ("track-2", "paused")


def test_removing_the_last_item_stops(room: Room) -> None:
    (only,) = room.add("track-1")
    room.do(types.PlaybackPlay())
    with room.proves("track.playing", "track.removed"):
        room.do(types.TrackRemove(id=only))
    assert room.row.playback_state == "stopped"


@pytest.mark.parametrize(
    ("directions", "votes"),
    [(["up"], 1), (["down"], -1), (["up", "up"], 1), (["up", "down"], -1), (["up", "none"], 0), (["none"], 0)],
)
def test_a_vote_is_a_set(room: Room, bob: Actor, directions: list[types.Direction], votes: int) -> None:
    (item,) = room.add("track-1")
    changes = sum(before != after for before, after in zip(["none", *directions], directions, strict=False))
    with room.proves(*["track.voted"] * changes, differs=votes != 0):
        for direction in directions:
            answer = room.answer(types.TrackVote(id=item, direction=direction), by=bob)
    assert answer["votes"] == room.item("track-1").votes == votes
    assert answer["my_vote"] == votes


def test_everybody_has_one_vote_and_sees_their_own(room: Room, bob: Actor, charlie: Actor) -> None:
    (item,) = room.add("track-1")
    room.do(types.TrackVote(id=item, direction="up"), by=bob)
    room.do(types.TrackVote(id=item, direction="up"), by=charlie)
    answer = room.answer(types.TrackVote(id=item, direction="down"))
    assert (answer["votes"], answer["my_vote"]) == (1, -1)
    room.check()


def test_events_and_snapshots_are_the_same_for_everybody(room: Room, bob: Actor) -> None:
    (item,) = room.add("track-1", by=bob)
    room.do(types.TrackVote(id=item, direction="up"), by=bob)
    assert "my_vote" not in room.snapshot()["items"][0]
    assert "my_vote" not in room.events()[0]["item"]


def test_a_vote_for_what_is_gone_says_so(room: Room, bob: Actor) -> None:
    with room.proves(), pytest.raises(DomainError) as refusal:
        room.do(types.TrackVote(id=UUID(int=1), direction="up"), by=bob)
    assert refusal.value.code == "ITEM_NOT_FOUND"


def test_an_address_is_never_published(room: Room) -> None:
    main = Room.main()
    main.add("track-1", by=DORA)
    (event,) = main.events()
    assert event["actor"] is None
    assert "203.0.113.7" not in str(list(PlaylistTrack.objects.values()))


def test_an_adder_is_known_again_in_one_room_only(room: Room, bob: Actor) -> None:
    """Two people of one name are two; nobody is known from one room to the next; the server is nobody."""
    other_bob = person("Bob")
    room.add("track-1", "track-2", by=bob)
    room.add("track-3", by=other_bob)
    first, second, third = (item.adder for item in room.items)
    assert first == second == adder_of(room.id, bob.key)
    assert first != third
    elsewhere = Room.open()
    elsewhere.add("track-1", by=bob)
    assert elsewhere.items[0].adder not in (None, first)
    assert bob.key not in str(first)
    main = Room.main()
    main.add("track-1", by=DORA)
    main.add("track-2", by=address_actor("203.0.113.7"))
    main.add("track-3", by=SYSTEM)
    assert [item.adder for item in main.items] == [adder_of(main.id, DORA.key)] * 2 + [None]
