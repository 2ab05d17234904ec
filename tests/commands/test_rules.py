"""The rules of a room: what guests may do, and how that reads as a policy."""

from __future__ import annotations

import dataclasses
from itertools import product
from typing import Any, get_args
from uuid import UUID

import msgspec
import pytest
from django.db import connection
from msgspec import UNSET
from msgspec.structs import replace

from playlist import permissions, types
from playlist.commands.playlists import playlist_create
from playlist.commands.table import ENTRIES
from playlist.errors import DomainError
from playlist.identity import Actor, user_actor
from playlist.models import Playlist, User
from playlist.permissions import Role, Verdict
from tests.api.client import guest
from tests.rooms import Room, id_of, person, refused

ITEM = UUID(int=1)
#: A command for each right that a guest may have.
NEEDS: dict[str, tuple[types.AnyCommand, ...]] = {
    "add": (types.TrackAdd(track_id="track-1"), types.TracksAdd(track_ids=["track-1"])),
    "vote": (types.TrackVote(id=ITEM, direction="up"), types.TrackVote(id=ITEM, direction="none")),
    "downvote": (types.TrackVote(id=ITEM, direction="down"),),
    "move": (types.TrackMove(id=ITEM, after=None), types.TrackAdd(track_id="track-1", after=None)),
    "remove_any": (),
    "playback": (types.PlaybackNext(), types.PlaybackPlay(), types.PlaybackSeek(position_seconds=1)),
}


def rights(**given: bool) -> types.RulesChanges:
    return types.RulesChanges(guests=types.GuestRightsChanges(**given))


def may(command: types.AnyCommand, playlist: Playlist, role: Role = Role.PARTICIPANT) -> bool:
    try:
        ENTRIES[type(command)].check(role, playlist, Actor("user:1", 1), command)
    except DomainError as refusal:
        assert (refusal.code, refusal.details["reason"]) == ("FORBIDDEN", "hosts_only")
        return False
    return True


@pytest.mark.pure
@pytest.mark.parametrize(
    "allowed", list(product([True, False], repeat=6)), ids=lambda given: "".join("-x"[ok] for ok in given)
)
def test_each_right_allows_its_commands_and_no_others(allowed: tuple[bool, ...]) -> None:
    names = get_args(types.Right)
    given = dict(zip(names, allowed, strict=True))
    playlist = Playlist(slug="room")
    playlist.rules = replace(types.NO_RULES, guests=types.GuestRights(**given))
    for right, commands in NEEDS.items():
        for command in commands:
            wanted = given[right]
            if right == "downvote":
                wanted = wanted and given["vote"]
            if right == "move" and isinstance(command, types.TrackAdd):
                wanted = wanted and given["add"]
            assert may(command, playlist) == wanted, (right, command)
            assert may(command, playlist, Role.HOST)
    assert set(NEEDS) == set(names)
    presets: dict[tuple[bool, ...], str] = {(True,) * 6: "open", (True, True, True, False, False, False): "hosted"}
    assert playlist.policy == presets.get(allowed, "custom")


@pytest.mark.pure
def test_a_refusal_names_those_who_may() -> None:
    """For each rule of the table: its verdict on cohosts and the host is what its words say of them."""
    rules = {rule for entry in ENTRIES.values() for rule in (entry.who, entry.who_in_turn) if rule is not None}
    rules |= {rule for rule in vars(permissions).values() if isinstance(rule, permissions.Rule)}
    playlist = Playlist(slug="room")
    playlist.rules = replace(types.NO_RULES, guests=types.GuestRights(**dict.fromkeys(get_args(types.Right), False)))

    def yes(role: Role, rule: permissions.Rule) -> bool:
        try:
            return permissions.judge(role, rule, playlist) is Verdict.YES
        except DomainError:
            return False

    for rule in rules:
        refusal = permissions.refused_by(rule)
        assert ("the host" in refusal.message) == yes(Role.HOST, rule), rule
        assert ("cohosts" in refusal.message) == yes(Role.COHOST, rule), rule
        assert refusal.details == {"reason": rule.reason, "right": rule.guests}
    own, not_own = (Actor(key, 1) for key in ("user:1", "user:2"))
    entry = dataclasses.replace(ENTRIES[types.TrackRemove], owner=lambda *_: own.key)
    entry.check(Role.PARTICIPANT, playlist, own, types.TrackRemove(id=ITEM))
    with pytest.raises(DomainError) as refused:
        entry.check(Role.PARTICIPANT, playlist, not_own, types.TrackRemove(id=ITEM))
    assert refused.value.details == {"reason": "hosts_only", "right": "remove_any"}


def test_rules_change_one_by_one_and_the_policy_follows(room: Room) -> None:
    with room.proves("playlist.updated"):
        room.do(types.PlaylistUpdate(rules=rights(downvote=False)))
    told = room.events()[-1]["playlist"]
    assert list(told) == ["policy", "rules"]
    assert (told["policy"], told["rules"]["guests"]["downvote"], told["rules"]["guests"]["vote"]) == (
        "custom",
        False,
        True,
    )
    with room.proves():
        room.do(types.PlaylistUpdate(rules=rights(downvote=False, move=True)))
    with room.proves("playlist.updated"):
        room.do(types.PlaylistUpdate(rules=types.RulesChanges(max_track_seconds=600, fallback="similar")))
    assert list(room.events()[-1]["playlist"]) == ["rules"]
    with room.proves("playlist.updated"):
        room.do(types.PlaylistUpdate(policy="hosted", rules=types.RulesChanges(max_track_seconds=None)))
    row = room.row
    assert (row.policy, row.rules.max_track_seconds, row.rules.fallback) == ("hosted", None, "similar")
    assert row.rules.guests == types.PRESETS["hosted"]
    with room.proves("playlist.updated"):
        room.do(types.PlaylistUpdate(rules=rights(move=True, remove_any=True, playback=True)))
    assert room.row.policy == "open"


def test_only_the_host_changes_rules_and_a_refusal_leaves_them(room: Room, bob: Actor) -> None:
    assert refused(room, types.PlaylistUpdate(rules=rights(add=False)), by=bob).code == "FORBIDDEN"
    both = types.PlaylistUpdate(policy="hosted", rules=rights(add=False))
    assert refused(room, both, by=room.host).code == "VALIDATION_ERROR"
    with room.proves(), pytest.raises(DomainError):
        room.do(types.PlaylistUpdate(rules=rights(add=False)), types.TrackRemove(id=ITEM))
    room.add("track-1", by=bob)
    main = Room.main()
    staff = user_actor(User.objects.create_user(username="staff", password="x", is_staff=True))
    assert refused(main, types.PlaylistUpdate(rules=rights(add=False)), by=staff).code == "FORBIDDEN"
    with main.proves("playlist.updated"):
        main.do(types.PlaylistUpdate(rules=types.RulesChanges(max_track_seconds=600)), by=staff)


def test_guests_without_a_right_are_refused_and_keep_what_is_theirs(room: Room, bob: Actor) -> None:
    (his,) = room.add("track-1", by=bob)
    (hers,) = room.add("track-2")
    room.do(types.TrackVote(id=hers, direction="down"), by=bob)
    room.do(types.PlaylistUpdate(rules=rights(add=False, vote=False, remove_any=False)))
    for command in (
        types.TrackAdd(track_id="track-3"),
        types.TrackVote(id=hers, direction="up"),
        types.TrackVote(id=hers, direction="down"),
        types.TrackRemove(id=hers),
    ):
        assert refused(room, command, by=bob).code == "FORBIDDEN"
    with room.proves("track.removed", "track.added", "track.removed"):
        room.do(types.TrackRemove(id=his), by=bob)
        room.do(types.TrackRestore(id=his), by=bob)
        room.do(types.TrackRemove(id=his), by=bob)
    with pytest.raises(DomainError) as refusal:
        room.add("track-3", by=bob)
    assert refusal.value.details == {"reason": "hosts_only", "right": "add"}


def test_rules_over_http_and_in_a_new_room() -> None:
    alice = guest("Alice")
    body = {"name": "Party", "rules": {"guests": {"playback": False}, "skip_share": 0.5}}
    made = alice.post("playlists", body)
    assert (made.status, made.json["policy"]) == (201, "custom")
    default = msgspec.to_builtins(types.NO_RULES)
    expected = {**default, "guests": {**default["guests"], "playback": False}, "skip_share": 0.5}
    assert made.json["rules"] == expected
    path = f"playlists/{made.json['slug']}"
    changed = alice.patch(path, {"rules": {"skip_share": None, "repeat_after_minutes": 120}})
    assert changed.json["rules"] == {**expected, "skip_share": None, "repeat_after_minutes": 120}
    assert alice.get(path).json["rules"] == changed.json["rules"]
    wrong: list[dict[str, Any]] = [
        {"policy": "custom"},
        {"policy": "open", "rules": {"guests": {}}},
        {"rules": None},
        {"rules": {"guests": {"add": None}}},
        {"rules": {"guests": None}},
        {"rules": {"skip_share": 0.04}},
        {"rules": {"skip_share": 1.01}},
        {"rules": {"max_track_seconds": 0}},
        {"rules": {"repeat_after_minutes": 10_081}},
        {"rules": {"boosts_per_hour": -1}},
        {"rules": {"boosts_per_hour": None}},
        {"rules": {"fallback": "radio"}},
    ]
    for given in wrong:
        refused = alice.patch(path, given)
        assert (refused.status, refused.code) == (400, "VALIDATION_ERROR"), given
        assert refused.details
    assert (
        alice.post("playlists", {"name": "Party", "policy": "hosted", "rules": {"guests": {"add": True}}}).status == 400
    )
    assert alice.get(path).json["rules"] == changed.json["rules"]


def test_an_older_server_makes_rooms_and_changes_their_policy(room: Room) -> None:
    """It knows the column `policy` and nothing of `rules`."""
    room.do(types.PlaylistUpdate(rules=types.RulesChanges(guests=rights(add=False).guests, max_track_seconds=600)))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE playlist_playlist SET policy = 'hosted' WHERE id = %s", [room.id])
    assert room.row.rules == replace(types.NO_RULES, guests=types.PRESETS["hosted"], max_track_seconds=600)
    with connection.cursor() as cursor:
        columns = [
            field.column for field in Playlist._meta.concrete_fields if field.column not in ("id", "rules_json", "slug")
        ]
        copied = ", ".join(f'"{column}"' for column in columns)
        cursor.execute(
            f"INSERT INTO playlist_playlist (slug, {copied}) SELECT 'older', {copied} FROM playlist_playlist"
            " WHERE id = %s",
            [room.id],
        )
    assert Playlist.objects.get(slug="older").rules == replace(types.NO_RULES, guests=types.PRESETS["hosted"])


def test_a_new_room_takes_its_rules_from_its_host() -> None:
    host = User.objects.get(pk=id_of(person("Alice")))
    made = playlist_create(
        host, types.NewPlaylist(name="Quiet", policy="hosted", rules=types.RulesChanges(guests=UNSET))
    )
    assert Playlist.objects.get(pk=made.pk).rules == replace(types.NO_RULES, guests=types.PRESETS["hosted"])
