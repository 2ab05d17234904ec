"""Boosts: a song that plays next, out of turn, as often as the rules of the room allow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import F
from msgspec.structs import replace

from playlist import types, upkeep
from playlist.commands.boosts import refusal_of
from playlist.errors import DomainError
from playlist.identity import Actor
from playlist.models import Boost
from tests.api.client import guest
from tests.rooms import DORA, Room, person

NOW = datetime(2026, 11, 26, 22, tzinfo=UTC)


def allow(room: Room, per_hour: int, **settings: Any) -> None:
    room.do(types.PlaylistUpdate(rules=types.RulesChanges(boosts_per_hour=per_hour), **settings))


def refused(room: Room, item: Any, by: Actor | None = None) -> DomainError:
    with room.proves(), pytest.raises(DomainError) as refusal:
        room.do(types.TrackBoost(id=item), by=by)
    return refusal.value


@pytest.mark.parametrize("order", ["votes", "fair"])
def test_what_is_boosted_plays_first_in_the_order_of_the_boosts(
    room: Room, bob: Actor, order: types.PlaylistOrder
) -> None:
    allow(room, 2, order=order)
    first, second, third, last = room.add("track-1", "track-2", "track-3", "track-4")
    room.do(types.PlaybackPlay(item_id=first))
    room.do(types.TrackVote(id=second, direction="up"), by=bob)
    with room.proves("track.boosted", "track.boosted"):
        room.do(types.TrackBoost(id=last), by=bob)
        room.do(types.TrackBoost(id=third))
    assert room.track_ids == ["track-1", "track-4", "track-3", "track-2"]
    with room.proves("track.playing"):
        room.do(types.PlaybackNext())
    assert room.playing == "track-4"
    assert refused(room, last, bob).details == {"is_playing": True}


@pytest.mark.pure
def test_the_next_boost_comes_an_hour_after_the_one_that_fills_the_hour() -> None:
    spent = [NOW - timedelta(minutes=minutes) for minutes in (50, 20, 10)]
    assert refusal_of(spent, 4) is None
    for allowed, next_at in ((3, "22:10"), (2, "22:40"), (1, "22:50")):
        refusal = refusal_of(spent, allowed)
        assert refusal is not None
        assert refusal.details == {"next_at": f"2026-11-26T{next_at}:00Z"}
    never = refusal_of([], 0)
    assert never is not None
    assert (never.code, never.details) == ("NO_BOOSTS_LEFT", {"next_at": None})


def test_in_manual_order_a_boost_is_a_move_behind_what_plays(room: Room, bob: Actor) -> None:
    allow(room, 2)
    first, second, third, last = room.add("track-1", "track-2", "track-3", "track-4")
    with room.proves("track.moved"):
        room.do(types.TrackBoost(id=second), by=bob)
    assert room.track_ids == ["track-2", "track-1", "track-3", "track-4"]
    room.do(types.PlaybackPlay(item_id=first))
    with room.proves("track.moved"):
        room.do(types.TrackBoost(id=last), by=bob)
    assert room.track_ids == ["track-2", "track-1", "track-4", "track-3"]
    with room.proves():
        room.do(types.TrackBoost(id=last), by=bob)
    assert refused(room, third, bob).code == "NO_BOOSTS_LEFT"
    refusal = refused(room, first)
    assert (refusal.code, refusal.details) == ("CONFLICT", {"is_playing": True})
    with room.proves("track.moved"):
        room.do(types.TrackBoost(id=third))


@pytest.mark.parametrize("order", ["manual", "votes"])
def test_a_boost_that_was_taken_back_counts_again_within_its_hour(
    room: Room, bob: Actor, order: types.PlaylistOrder
) -> None:
    allow(room, 1, order=order)
    room.add("track-1", "track-2")
    room.do(types.TrackBoost(id=room.item("track-2").id), by=bob)

    def undo_last() -> None:
        room.do(types.LogUndo(revisions=[room.row.revision]), by=bob)

    undo_last()
    undo_last()
    assert room.track_ids == ["track-2", "track-1"]
    undo_last()
    Boost.objects.update(at=F("at") - timedelta(hours=1))
    with room.proves(), pytest.raises(DomainError) as refusal:
        undo_last()
    assert refusal.value.details == {"left": [{"revision": room.row.revision, "reason": "expired"}]}
    with room.proves("track.moved" if order == "manual" else "track.boosted"):
        room.do(types.LogUndo(revisions=[room.row.revision]))  # the host boosts without limit


def test_where_votes_decide_a_boost_is_told_and_spent_once(room: Room, bob: Actor) -> None:
    allow(room, 1, order="votes")
    first, second = room.add("track-1", "track-2")
    with room.proves("track.boosted"):
        room.do(types.TrackBoost(id=second), by=bob)
    (told,) = room.events(since=room.row.revision - 1)
    assert told["item"] == {"id": str(second), "boosted_at": told["at"]}
    assert room.track_ids == ["track-2", "track-1"]
    with room.proves():
        room.do(types.TrackBoost(id=second), by=bob)
    refusal = refused(room, first, bob)
    assert refusal.code == "NO_BOOSTS_LEFT"
    assert refusal.details["next_at"] > told["at"]
    Boost.objects.update(at=F("at") - timedelta(hours=1))
    with room.proves("track.boosted"):
        room.do(types.TrackBoost(id=first), by=bob)


def test_only_the_host_boosts_where_nobody_may_and_without_limit(room: Room, bob: Actor) -> None:
    room.do(types.PlaylistUpdate(order="votes"))
    items = room.add("track-1", "track-2", "track-3")
    assert refused(room, items[0], bob).details == {"next_at": None}
    with room.proves(*["track.boosted"] * 3):
        for item in items:
            room.do(types.TrackBoost(id=item))
    assert not Boost.objects.exists()


def test_a_refused_submission_spends_nothing(room: Room, bob: Actor) -> None:
    allow(room, 1, order="votes")
    first, second = room.add("track-1", "track-2")
    with room.proves(), pytest.raises(DomainError):
        room.do(types.TrackBoost(id=first), types.TrackBoost(id=second), by=bob)
    with room.proves("track.boosted"):
        room.do(types.TrackBoost(id=first), by=bob, key="k")
        room.do(types.TrackBoost(id=first), by=bob, key="k")


def test_those_of_one_address_boost_as_often_as_20_people(room: Room, settings: Any) -> None:
    settings.ADDRESS_PEOPLE = 2
    allow(room, 1, order="votes")
    items = room.add("track-1", "track-2", "track-3", "track-4")
    crowd = [replace(person(f"Guest {number}"), address="addr:home") for number in range(3)]
    for item, who in zip(items, crowd[:2], strict=False):
        room.do(types.TrackBoost(id=item), by=who)
    refusal = refused(room, items[2], crowd[2])
    assert refusal.code == "NO_BOOSTS_LEFT"
    assert refusal.details["next_at"]
    room.do(types.TrackBoost(id=items[2]), by=person("Somebody elsewhere"))
    upkeep.prune()
    assert Boost.objects.count() == 3
    Boost.objects.update(at=F("at") - timedelta(days=2))
    upkeep.prune()
    assert not Boost.objects.exists()


def test_boosts_over_http(room: Room) -> None:
    allow(room, 1, order="votes")
    first, second = room.add("track-1", "track-2")
    bob = guest("Bob")
    answer = bob.post(f"playlists/{room.slug}/items/{second}/boost", {})
    assert (answer.status, answer.json["id"], answer.json["my_vote"]) == (200, str(second), 0)
    assert answer.json["boosted_at"]
    again = bob.post(f"playlists/{room.slug}/items/{first}/boost")
    assert (again.status, again.code) == (409, "NO_BOOSTS_LEFT")
    main = Room.main()
    _, item = main.add("track-3", "track-4", by=DORA)
    assert bob.post(f"playlist/{item}/boost", {}).code == "NO_BOOSTS_LEFT"
    assert bob.post("playlist/nothing/boost", {}).code == "ITEM_NOT_FOUND"
