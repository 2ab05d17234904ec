"""Voting to skip: one skip, at the vote that is enough, explained by the log alone."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.db.models import F

from playlist import present, types
from playlist.commands.skipping import needed_of
from playlist.errors import DomainError
from playlist.identity import SYSTEM, Actor, adder_of
from playlist.models import Participant, Playlist
from playlist.submissions import Submission
from playlist.writer import get_writer
from tests.api.client import Api
from tests.rooms import DORA, Room, id_of, person


def voting(room: Room, share: float = 0.5) -> Room:
    room.do(types.PlaylistUpdate(rules=types.RulesChanges(skip_share=share)), by=SYSTEM)
    room.add("track-1", "track-2", "track-3")
    room.do(types.PlaybackPlay())
    return room


def want(room: Room, by: Actor, want: bool = True, track: str = "track-1") -> None:
    room.do(types.PlaybackSkip(item_id=room.item(track).id, want=want), by=by)


def here(room: Room, *people: Actor) -> None:
    present.saw(room.id, [id_of(actor) for actor in people])


@pytest.mark.pure
@pytest.mark.parametrize(
    ("share", "people", "needed"),
    [(0.5, 0, 1), (0.5, 1, 1), (0.5, 2, 1), (0.5, 3, 2), (0.5, 20, 10), (0.1, 30, 3), (0.05, 300, 15), (1, 7, 7)],
)
def test_the_share_is_rounded_up_exactly(share: float, people: int, needed: int) -> None:
    assert needed_of(share, people) == needed


def test_twenty_people_at_once_skip_one_song(room: Room, settings: LazySettings) -> None:
    voting(room)
    crowd = [person(f"Person {number}") for number in range(20)]
    here(room, *crowd)
    item, writer = room.item("track-1").id, get_writer()
    since = room.row.revision
    asked = [
        writer.submit(room.id, Submission(actor, (types.PlaybackSkip(item_id=item, want=True),))) for actor in crowd
    ]
    refused = [future.exception() for future in asked]
    assert [getattr(error, "code", None) for error in refused] == [None] * 10 + ["CONFLICT"] * 10
    events = room.events(since)
    assert [event["type"] for event in events] == ["playback.skip_voted"] * 10 + ["track.playing"]
    assert [(event["votes"], event["needed"]) for event in events[:10]] == [(votes, 10) for votes in range(1, 11)]
    assert (room.playing, room.snapshot()["playlist"]["skip"]) == ("track-2", None)


def test_votes_are_a_set_and_end_with_the_song(room: Room, bob: Actor, charlie: Actor) -> None:
    voting(room, share=1)
    here(room, room.host, bob, charlie)
    with room.proves("playback.skip_voted"):
        want(room, bob)
    with room.proves():  # the same person, from another tab
        want(room, bob)
    with room.proves("playback.skip_voted"):
        want(room, room.host)
    skip = room.snapshot()["playlist"]["skip"]
    assert (skip["votes"], skip["needed"], skip["people"]) == (2, 3, [bob.user_id, room.host.user_id])
    with room.proves("playback.skip_voted"):
        want(room, bob, False)
    with room.proves("playback.skip_voted"):
        want(room, room.host, False)
    assert room.snapshot()["playlist"]["skip"] is None
    with room.proves():
        want(room, room.host, False)
    want(room, bob)
    with room.proves("track.playing"):
        room.do(types.PlaybackNext())
    assert room.snapshot()["playlist"]["skip"] is None
    with room.proves(), pytest.raises(DomainError) as refused:
        want(room, charlie)
    assert (refused.value.code, refused.value.details) == ("CONFLICT", {"item_id": str(room.item("track-2").id)})


def test_nobody_skips_by_leaving_but_every_vote_is_judged_anew(room: Room, bob: Actor, charlie: Actor) -> None:
    voting(room, share=0.6)
    here(room, room.host, bob, charlie)
    want(room, bob)
    here(room, bob)  # the others' sockets are gone; the one who voted counts, here or not
    assert room.playing == "track-1"
    with room.proves("playback.skip_voted"):  # nor by withdrawing
        want(room, charlie, False)
    assert (room.events()[-1]["votes"], room.events()[-1]["needed"], room.playing) == (1, 1, "track-1")
    with room.proves("playback.skip_voted", "track.playing"):
        want(room, room.host)
    assert (room.events()[-2]["votes"], room.events()[-2]["needed"]) == (2, 2)


def test_one_who_is_left_repeats_the_vote(room: Room, bob: Actor) -> None:
    voting(room, share=0.6)
    here(room, room.host, bob)
    want(room, bob)
    here(room)
    with room.proves("playback.skip_voted", "track.playing"):
        want(room, bob)
    assert room.events()[-2]["needed"] == 1


def test_a_room_that_does_not_vote_refuses(room: Room, bob: Actor) -> None:
    room.add("track-1")
    room.do(types.PlaybackPlay())
    with room.proves(), pytest.raises(DomainError) as refused:
        want(room, bob)
    assert (refused.value.code, refused.value.details) == ("FORBIDDEN", {"reason": "no_skip_votes"})


@pytest.mark.parametrize("early", [True, False])
def test_a_song_voted_away_early_gives_its_turn_back(room: Room, bob: Actor, early: bool) -> None:
    room.do(types.PlaylistUpdate(order="fair"))
    voting(room, share=0.5)
    room.add("track-4", by=bob)
    if not early:
        Playlist.objects.filter(pk=room.id).update(playback_started_at_ms=F("playback_started_at_ms") - 100_000)
    with room.proves("playback.skip_voted", "track.playing"):
        want(room, bob)
    mine = adder_of(room.id, room.host.key)
    assert room.snapshot()["playlist"]["fair"]["turns"][mine] == 1
    assert room.playing == ("track-2" if early else "track-4")


def test_one_address_has_so_many_votes(room: Room, settings: LazySettings) -> None:
    settings.ADDRESS_PEOPLE = 2
    voting(room, share=1)
    guests = [person(f"Guest {number}") for number in range(3)]
    here(room, person("Elsewhere"), *guests)
    for guest in guests:
        room.do(types.ParticipantJoin(), by=guest)
    Participant.objects.filter(playlist=room.id).update(address="addr:one")
    want(room, guests[0])
    want(room, guests[1])
    with room.proves(), pytest.raises(DomainError) as refused:
        want(room, guests[2])
    assert (refused.value.code, refused.value.details) == (
        "LIMIT_REACHED",
        {"limit": 2, "by": "address", "of": "skip_votes"},
    )


def test_a_hall_behind_one_address_can_skip(room: Room, settings: LazySettings) -> None:
    """As many of it count as may vote."""
    settings.ADDRESS_PEOPLE = 2
    voting(room, share=1)
    guests = [person(f"Guest {number}") for number in range(9)]
    here(room, *guests)
    for guest in guests:
        room.do(types.ParticipantJoin(), by=guest)
    Participant.objects.filter(playlist=room.id).update(address="addr:one")
    want(room, guests[0])
    assert room.playing == "track-1"
    want(room, guests[1])
    assert room.playing == "track-2"


@pytest.mark.usefixtures("tracks")
def test_callers_without_identity_count_when_they_vote() -> None:
    main = voting(Room.main(), share=0.5)
    here(main, person("Anna"), person("Ben"))
    want(main, DORA)
    assert main.snapshot()["playlist"]["skip"] == {
        "item_id": str(main.item("track-1").id), "votes": 1, "needed": 2, "people": [],
    }  # fmt: skip


@pytest.mark.usefixtures("tracks")
def test_over_rest() -> None:
    main = voting(Room.main(), share=1)
    here(main, person("Anna"))
    item_id = str(main.item("track-1").id)
    api = Api()
    assert api.post("playlists/main/playback", {"action": "skip", "want": True}).details == {"item_id": "is missing"}
    assert api.post("playlists/main/playback", {"action": "skip", "item_id": item_id}).details == {"want": "is missing"}
    answer = api.post("playlists/main/playback", {"action": "skip", "item_id": item_id, "want": True})
    assert (answer.status, answer.json["item_id"]) == (200, item_id)
    assert api.get("playlists/main").json["skip"]["needed"] == 2
