"""Settings, people and rights: who may do what, and what a removal leaves behind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from playlist import types
from playlist.errors import DomainError
from playlist.identity import SYSTEM, Actor, user_actor
from playlist.models import Participant, Playlist, User, Vote
from playlist.selectors.people import participants
from playlist.types.settings import Settled
from tests.rooms import DORA, Room, id_of, person, refused


def test_only_what_changes_is_told(room: Room) -> None:
    with room.proves("playlist.updated"):
        room.do(types.PlaylistUpdate(name="The room", order="votes", locked=True, max_queued_per_person=3))
    assert room.events()[-1]["playlist"] == {"order": "votes", "locked": True, "max_queued_per_person": 3}
    with room.proves("playlist.updated"):
        room.do(types.PlaylistUpdate(max_queued_per_person=None, policy="hosted", visibility="unlisted"))
    with room.proves():
        room.do(types.PlaylistUpdate(policy="hosted"))


@pytest.mark.pure
def test_a_setting_is_a_column_and_stands_in_the_resource_in_one_place() -> None:
    columns = {field.name.removesuffix("_json") for field in Playlist._meta.concrete_fields}
    assert set(types.SETTINGS) < columns
    assert Settled.__struct_fields__ == ("id", "slug", *types.SETTINGS)


def test_the_first_command_joins(room: Room, charlie: Actor) -> None:
    room.add("track-1", by=charlie)
    assert Participant.objects.filter(playlist=room.id, user=charlie.user_id).exists()


def test_a_refused_command_does_not_join(room: Room, charlie: Actor) -> None:
    assert refused(room, types.TrackAdd(track_id="nothing"), by=charlie).code == "TRACK_NOT_FOUND"
    assert not Participant.objects.filter(user=charlie.user_id).exists()


def test_a_locked_room_refuses_new_people_only(room: Room, bob: Actor, charlie: Actor) -> None:
    room.do(types.PlaylistUpdate(locked=True))
    assert refused(room, types.ParticipantJoin(), by=charlie).code == "FORBIDDEN"
    assert refused(room, types.TrackAdd(track_id="track-1"), by=charlie).code == "FORBIDDEN"
    room.add("track-1", by=bob)
    assert room.answer(types.ParticipantJoin(), by=bob)["role"] == "participant"
    assert room.answer(types.ParticipantJoin())["role"] == "host"


def test_in_a_hosted_room_guests_add_at_the_end_and_remove_what_they_added(room: Room, bob: Actor) -> None:
    room.do(types.PlaylistUpdate(policy="hosted"))
    (hers,) = room.add("track-1")
    his, _ = room.add("track-2", "track-3", by=bob)
    assert refused(room, types.TrackRemove(id=hers), by=bob).code == "FORBIDDEN"
    assert refused(room, types.TrackMove(id=hers, position=9.0), by=bob).code == "FORBIDDEN"
    assert refused(room, types.PlaybackNext(), by=bob).code == "FORBIDDEN"
    for place in (None, hers):
        assert refused(room, types.TrackAdd(track_id="track-4", after=place), by=bob).code == "FORBIDDEN"
        room.do(types.TrackAdd(track_id="track-4", after=place))
        room.do(types.TrackRemove(id=room.item("track-4").id))
    room.do(types.TrackVote(id=hers, direction="up"), by=bob)
    assert refused(room, types.TrackMove(id=his, after=None), by=bob).code == "FORBIDDEN"
    with room.proves("track.removed"):
        room.do(types.TrackRemove(id=his), by=bob)
    assert refused(room, types.TrackRemove(id=his), by=bob).code == "ITEM_NOT_FOUND"
    room.do(types.TrackRemove(id=hers))


def test_staff_are_host_everywhere(room: Room) -> None:
    staff = User.objects.create_user(username="staff", name="Staff", password="x", is_staff=True)
    with room.proves("playlist.updated"):
        room.do(types.PlaylistUpdate(locked=True), by=user_actor(staff))
    main = Room.main()
    main.do(types.PlaylistUpdate(name="Everybody's"), by=user_actor(staff))
    assert refused(main, types.PlaylistDelete(), by=user_actor(staff)).code == "FORBIDDEN"


@pytest.mark.parametrize("everywhere", [Room.main, Room.open])
def test_staff_take_back_what_others_removed(room: Room, everywhere: Callable[[], Room]) -> None:
    staff = user_actor(User.objects.create_user(username="staff", password="x", is_staff=True))
    there = everywhere()
    (item,) = there.add("track-1", by=there.host)
    there.do(types.TrackRemove(id=item), by=there.host)
    with there.proves("track.added"):
        there.do(types.TrackRestore(id=item), by=staff)


def test_nobody_removes_staff_who_are_host_as_well(room: Room) -> None:
    staff = user_actor(User.objects.create_user(username="staff", password="x", is_staff=True))
    room.do(types.ParticipantJoin(), by=staff)
    assert refused(room, types.ParticipantRemove(user_id=id_of(staff), ban=True), by=room.host).code == "FORBIDDEN"
    assert [person.role for person in participants(room.row)] == ["host", "host"]


def test_an_account_that_was_switched_off_can_do_nothing(room: Room, bob: Actor) -> None:
    User.objects.filter(pk=id_of(bob)).update(is_active=False)
    assert refused(room, types.TrackAdd(track_id="track-1"), by=bob).code == "AUTH_REQUIRED"


@pytest.mark.parametrize("ban", [False, True])
def test_the_host_removes_a_person_with_their_songs(room: Room, bob: Actor, ban: bool) -> None:
    room.add("track-1")
    room.add("track-2", "track-3", "track-4", by=bob)
    room.add("track-5")
    room.do(types.PlaybackPlay(item_id=room.item("track-2").id))
    with room.proves("track.removed", "track.removed", "track.playing", "track.removed"):
        room.do(types.ParticipantRemove(user_id=id_of(bob), ban=ban, remove_items=True))
    assert room.track_ids == ["track-1", "track-5"]
    assert room.playing == "track-5"
    if ban:
        assert refused(room, types.ParticipantJoin(), by=bob).code == "FORBIDDEN"
    else:
        room.do(types.ParticipantJoin(), by=bob)


def test_removing_a_person_leaves_their_songs_unless_asked(room: Room, bob: Actor) -> None:
    room.add("track-1", by=bob)
    with room.proves():
        room.do(types.ParticipantRemove(user_id=id_of(bob)))
    assert not Participant.objects.filter(user=bob.user_id).exists()


@pytest.mark.parametrize("command", [types.TrackAdd(track_id="track-2"), types.ParticipantJoin()])
def test_nobody_who_was_banned_gets_the_answer_of_an_old_key(room: Room, bob: Actor, command: types.AnyCommand) -> None:
    room.do(command, by=bob, key="before")
    (item,) = room.add("track-3")
    vote = types.TrackVote(id=item, direction="up")
    room.do(vote, by=bob, key="a vote")
    room.do(types.ParticipantRemove(user_id=id_of(bob), ban=True))
    for old, key in ((command, "before"), (vote, "a vote")):
        with pytest.raises(DomainError) as refused:
            room.do(old, by=bob, key=key)
        assert (refused.value.code, refused.value.details) == ("FORBIDDEN", {"reason": "removed"})


def test_a_ban_that_is_lifted_brings_the_songs_back_that_went_with_it(room: Room, bob: Actor) -> None:
    room.add("track-1", "track-2")
    room.add("track-3", "track-4", "track-5", by=bob)
    (third, fourth, fifth) = [item.id for item in room.items[2:]]
    room.do(types.TrackVote(id=third, direction="up"))
    room.do(types.TrackRemove(id=fifth), by=bob)  # they took this one out themselves
    before = {item.id: (item.position, item.votes, item.added_by) for item in room.items}
    room.do(types.ParticipantRemove(user_id=id_of(bob), ban=True, remove_items=True))
    assert room.track_ids == ["track-1", "track-2"]
    room.do(types.TrackAdd(track_id="track-4", after=None))  # somebody else's by now
    with room.proves("track.added"):
        room.do(types.ParticipantRemove(user_id=id_of(bob), ban=False))
    assert room.item("track-3").id == third
    now = {item.id: (item.position, item.votes, item.added_by) for item in room.items}
    assert {key: value for key, value in now.items() if key in before} == {
        key: value for key, value in before.items() if key != fourth
    }
    room.do(types.TrackAdd(track_id="track-6"), by=bob)


def test_a_ban_is_lifted_on_purpose_only(room: Room, bob: Actor) -> None:
    room.do(types.ParticipantRemove(user_id=id_of(bob), ban=True))
    room.do(types.ParticipantRemove(user_id=id_of(bob)))
    assert refused(room, types.ParticipantJoin(), by=bob).code == "FORBIDDEN"
    room.do(types.ParticipantRemove(user_id=id_of(bob), ban=False))
    room.do(types.ParticipantJoin(), by=bob)


def test_who_has_left_can_still_be_banned_with_their_songs(room: Room, bob: Actor) -> None:
    room.add("track-1", by=bob)
    room.do(types.ParticipantRemove(user_id=id_of(bob)))
    with room.proves("track.removed"):
        room.do(types.ParticipantRemove(user_id=id_of(bob), ban=True, remove_items=True))
    assert refused(room, types.ParticipantJoin(), by=bob).code == "FORBIDDEN"


def test_main_stays_what_it_is(room: Room) -> None:
    staff = User.objects.create_user(username="staff", name="Staff", password="x", is_staff=True)
    main = Room.main()
    for changes in ({"policy": "hosted"}, {"visibility": "unlisted"}, {"locked": True}):
        assert refused(main, types.PlaylistUpdate(**changes), by=user_actor(staff)).code == "FORBIDDEN"
    with main.proves("playlist.updated"):
        main.do(types.PlaylistUpdate(order="votes"), by=user_actor(staff))


def test_staff_who_join_are_in_the_room(room: Room) -> None:
    staff = User.objects.create_user(username="staff", password="x", is_staff=True)
    assert room.answer(types.ParticipantJoin(), by=user_actor(staff))["role"] == "host"
    people = participants(room.row)
    assert [(person.name, person.role) for person in people] == [("Alice", "host"), ("staff", "host")]


def test_only_who_is_in_the_room_can_be_removed_and_never_the_host(room: Room, charlie: Actor) -> None:
    assert refused(room, types.ParticipantRemove(user_id=id_of(charlie)), by=room.host).code == "NOT_FOUND"
    assert refused(room, types.ParticipantRemove(user_id=id_of(room.host)), by=room.host).code == "FORBIDDEN"


def test_a_playlist_is_deleted_with_all_that_is_in_it(room: Room, bob: Actor) -> None:
    (item,) = room.add("track-1")
    room.do(types.TrackVote(id=item, direction="up"), by=bob, key="one")
    room.do(types.PlaybackPlay())
    room.do(types.PlaylistDelete())
    assert not Playlist.objects.filter(pk=room.id).exists()
    assert not Vote.objects.exists()
    with pytest.raises(DomainError) as refusal:
        room.add("track-2")
    assert refusal.value.code == "PLAYLIST_NOT_FOUND"


def test_guests_without_identity_act_on_main_only(room: Room) -> None:
    main = Room.main()
    main.add("track-1", by=DORA)
    main.do(types.PlaybackPlay(), by=DORA)
    assert refused(room, types.TrackAdd(track_id="track-1"), by=DORA).code == "AUTH_REQUIRED"
    assert refused(main, types.PlaylistUpdate(name="Mine"), by=DORA).code == "AUTH_REQUIRED"
    assert refused(main, types.ParticipantJoin(), by=DORA).code == "AUTH_REQUIRED"


def test_main_can_be_closed_to_who_has_no_identity(room: Room, bob: Actor, settings: object) -> None:
    settings.OPEN_MAIN = False  # type: ignore[attr-defined]
    main = Room.main()
    assert refused(main, types.TrackAdd(track_id="track-1"), by=DORA).code == "AUTH_REQUIRED"
    main.add("track-1", by=bob)


def test_a_person_is_known_by_the_name_they_have_now(room: Room) -> None:
    erin = person("Erin")
    room.add("track-1", by=erin)
    assert room.events()[-1]["actor"] == {"id": erin.user_id, "name": "Erin"}
    assert SYSTEM.person() is None
