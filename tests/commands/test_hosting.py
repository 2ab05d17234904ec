"""The roles in a room: cohosts, handing it over, the link that makes somebody host again, and walls."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from playlist import permissions, types
from playlist.commands.table import ENTRIES
from playlist.errors import DomainError
from playlist.identity import Actor, user_actor, wall_actor
from playlist.models import Event, Operation, Participant, Playlist, SecretLink, User
from playlist.permissions import Role, Verdict
from playlist.selectors.people import participants
from playlist.upkeep import prune
from tests.rooms import Room, id_of, person, refused


def make_cohost(room: Room, actor: Actor) -> None:
    with room.proves("participant.changed", differs=False):
        room.do(types.ParticipantUpdate(user_id=id_of(actor), role="cohost"))


def hand_over(room: Room, to: Actor) -> None:
    with room.proves("playlist.updated", "participant.changed", "participant.changed"):
        room.do(types.ParticipantUpdate(user_id=id_of(to), role="host"))
    room.host = to


def host_link(room: Room) -> str:
    return str(room.answer(types.HostLinkRenew())["secret"])


def roles(room: Room) -> list[tuple[str, str]]:
    return [(member.name, member.role) for member in participants(room.row)]


# ── Cohosts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_cohost_does_what_the_host_does_but_for_the_room_itself(room: Room, bob: Actor, charlie: Actor) -> None:
    carol = person("Carol")
    for actor in (charlie, carol):
        room.do(types.ParticipantJoin(), by=actor)
    assert refused(room, types.PlaylistUpdate(locked=True), bob).code == "FORBIDDEN"
    make_cohost(room, bob)
    make_cohost(room, carol)
    with room.proves():
        room.do(types.ParticipantUpdate(user_id=id_of(bob), role="cohost"))
    assert roles(room) == [("Alice", "host"), ("Bob", "cohost"), ("Carol", "cohost"), ("Charlie", "participant")]
    (hers,) = room.add("track-1")
    with room.proves("playlist.updated", "playlist.updated"):
        room.do(types.PlaylistUpdate(policy="hosted"), by=bob)
        room.do(types.PlaylistUpdate(locked=True), by=bob)
    with room.proves("track.removed", "track.added", differs=False):
        room.do(types.TrackRemove(id=hers), by=bob)
        room.do(types.TrackRestore(id=hers), by=carol)
    room.do(types.PlaybackPlay(), by=bob)
    room.do(types.ParticipantRemove(user_id=id_of(charlie), ban=True), by=bob)
    assert room.answer(types.DisplayLinkRenew(), by=bob)["secret"]
    for command in (
        types.PlaylistDelete(),
        types.ParticipantUpdate(user_id=id_of(carol), role="participant"),
        types.ParticipantUpdate(user_id=id_of(bob), role="host"),
        types.HostLinkRenew(),
        types.ParticipantRemove(user_id=id_of(room.host)),
        types.ParticipantRemove(user_id=id_of(carol), ban=True),
        types.ParticipantRemove(user_id=id_of(bob)),
    ):
        assert refused(room, command, bob).code == "FORBIDDEN", command
    with room.proves("participant.changed", differs=False):
        room.do(types.ParticipantUpdate(user_id=id_of(bob), role="participant"))
    assert refused(room, types.PlaylistUpdate(locked=False), bob).code == "FORBIDDEN"
    room.do(types.ParticipantRemove(user_id=id_of(carol), ban=True))
    room.do(types.ParticipantRemove(user_id=id_of(carol), ban=False))
    room.do(types.PlaylistUpdate(locked=False))
    assert room.answer(types.ParticipantJoin(), by=carol)["role"] == "participant", "a ban takes the role along"


def test_roles_are_for_who_is_here_and_none_in_main(room: Room, bob: Actor, charlie: Actor) -> None:
    staff = user_actor(User.objects.create_user(username="staff", password="x", is_staff=True))
    room.do(types.ParticipantJoin(), by=staff)
    assert refused(room, types.ParticipantUpdate(user_id=id_of(charlie), role="cohost"), room.host).code == "NOT_FOUND"
    room.do(types.ParticipantRemove(user_id=id_of(bob), ban=True))
    assert refused(room, types.ParticipantUpdate(user_id=id_of(bob), role="host"), room.host).code == "NOT_FOUND"
    for role in ("cohost", "participant"):
        command = types.ParticipantUpdate(user_id=id_of(room.host), role=role)
        assert refused(room, command, room.host).code == "FORBIDDEN"
    with room.proves():  # staff are host in whatever role
        room.do(types.ParticipantUpdate(user_id=id_of(staff), role="cohost"))
    main = Room.main()
    main.do(types.ParticipantJoin(), by=charlie)
    assert refused(main, types.ParticipantUpdate(user_id=id_of(charlie), role="host"), staff).code == "FORBIDDEN"
    assert refused(main, types.HostLinkRenew(), staff).code == "FORBIDDEN"
    assert main.answer(types.DisplayLinkRenew(), by=staff)["secret"]


# ── Handing over, and the host link ──────────────────────────────────────────────────────────────────────────────────


def test_a_room_is_handed_over_and_not_taken_back(room: Room, bob: Actor) -> None:
    alice, old = room.host, host_link(room)
    hand_over(room, bob)
    assert roles(room) == [("Bob", "host"), ("Alice", "cohost")]
    host = room.events()[-3]["playlist"]["host"]
    (his,) = room.add("track-1", by=bob)
    assert (host["name"], host["adder"]) == ("Bob", room.item("track-1").adder)
    assert not SecretLink.objects.exists()
    assert refused(room, types.HostClaim(secret=old), alice).code == "FORBIDDEN"
    assert refused(room, types.ParticipantUpdate(user_id=id_of(alice), role="host"), alice).code == "FORBIDDEN"
    room.do(types.TrackRemove(id=his), by=alice)
    room.do(types.HostClaim(secret=host_link(room)), by=alice)
    assert roles(room) == [("Alice", "host"), ("Bob", "cohost")]
    with room.proves():
        room.do(types.ParticipantUpdate(user_id=id_of(alice), role="host"), by=alice)


def test_a_refused_handing_over_leaves_no_trace(room: Room, bob: Actor, settings: Any) -> None:
    settings.ROOMS_PER_PERSON = 1
    secret = host_link(room)
    other = Playlist.objects.create(slug="bobs", name="Bob's", host_id=id_of(bob))
    assert refused(room, types.ParticipantUpdate(user_id=id_of(bob), role="host"), room.host).code == "LIMIT_REACHED"
    assert refused(room, types.HostClaim(secret=secret), bob).code == "LIMIT_REACHED"
    assert room.row.host_id == id_of(room.host)
    other.delete()
    with room.proves("playlist.updated", "participant.changed", "participant.changed"):
        room.do(types.HostClaim(secret=secret), by=bob)


def test_the_host_who_lost_everything_comes_back_by_the_link_again_and_again(room: Room, charlie: Actor) -> None:
    """The link is for every device of the host, also where the room lets nobody new in."""
    room.do(types.PlaylistUpdate(locked=True, visibility="unlisted"))
    secret = host_link(room)
    with room.proves("playlist.updated", "participant.changed", "participant.changed"):
        shown = room.answer(types.HostClaim(secret=secret), by=charlie)
    assert (shown["host"]["name"], shown["revision"], shown["locked"]) == ("Charlie", room.row.revision, True)
    assert roles(room) == [("Charlie", "host"), ("Alice", "cohost")]
    with room.proves():
        room.do(types.HostClaim(secret=secret), by=charlie)
    dave = person("Dave")
    room.do(types.HostClaim(secret=secret), by=dave)
    assert roles(room)[0] == ("Dave", "host")
    room.host = dave
    newer = host_link(room)
    erin = person("Erin")
    for wrong in (secret, newer[:-1], f"{newer}x", "", "x" * 22, "\x00"):
        assert refused(room, types.HostClaim(secret=wrong), erin).code == "FORBIDDEN", wrong
    assert not Participant.objects.filter(user=erin.user_id).exists()
    room.do(types.DisplayLinkRenew())
    room.do(types.HostClaim(secret=newer), by=erin)


def test_the_link_lets_nobody_in_who_was_removed(room: Room, bob: Actor) -> None:
    secret = host_link(room)
    room.do(types.ParticipantRemove(user_id=id_of(bob), ban=True))
    assert refused(room, types.HostClaim(secret=secret), bob).code == "FORBIDDEN"
    assert refused(room, types.HostClaim(secret=secret), wall_actor(room.slug)).code == "FORBIDDEN"
    room.do(types.ParticipantUpdate(user_id=id_of(room.host), role="host"))


def test_the_secret_of_a_link_is_kept_nowhere(room: Room, charlie: Actor) -> None:
    secrets = [host_link(room), str(room.answer(types.DisplayLinkRenew())["secret"])]
    room.do(types.HostClaim(secret=secrets[0]), by=charlie)
    assert all(len(secret) == 22 for secret in secrets)
    rows = [*Event.objects.values_list("body"), *Operation.objects.values_list("answer"), *SecretLink.objects.values()]
    assert not [row for row in rows for secret in secrets if secret in str(row)]
    room.do(types.PlaylistDelete(), by=charlie)
    assert not SecretLink.objects.exists()


# ── Walls ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.pure
def test_a_wall_may_run_no_command_of_the_table_and_a_cohost_what_the_host_may_but_three() -> None:
    playlist, not_for_cohosts = Playlist(slug="main"), set()
    for entry in ENTRIES.values():
        for role in (Role.WALL, Role.ELSEWHERE):
            with pytest.raises(DomainError) as refusal:
                permissions.judge(role, entry.who, playlist)
            assert (refusal.value.code, refusal.value.details) == ("FORBIDDEN", {"reason": "wall"}), entry.name
        if entry.who.host is not Verdict.NO:
            try:
                assert permissions.judge(Role.COHOST, entry.who, playlist) is entry.who.host
            except DomainError as refused:
                assert refused.code == "FORBIDDEN"
                not_for_cohosts.add(entry.name)
    assert not_for_cohosts == {"playlist.delete", "participant.update", "host_link.renew"}
    assert [role for role in Role if permissions.leads(role)] == [Role.HOST, Role.COHOST]


def test_an_older_server_that_deletes_a_room_leaves_no_link_behind(room: Room) -> None:
    host_link(room)
    SecretLink.objects.update(playlist_id=F("playlist_id") + 1_000_000, made_at=F("made_at") - timedelta(days=2))
    prune()
    assert not SecretLink.objects.exists()
