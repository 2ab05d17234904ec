"""A cheater's evening: whatever one person tries, they gain no more than the rules and the bound of an address."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from playlist.callers import Caller, identity_of
from playlist.identity import address_actor
from playlist.models import Boost, Participant
from tests.api.client import Answer, Api, guest

pytestmark = pytest.mark.usefixtures("tracks")

HOME = "203.0.113.9"
TRACKS = [f"track-{number}" for number in range(1, 13)]


def party(**rules: Any) -> tuple[Api, str]:
    """A host, and the path of their room, in which votes decide."""
    alice = guest("Alice")
    body = {"name": "Party", "visibility": "public", "order": "votes", "rules": rules}
    return alice, f"playlists/{alice.post('playlists', body).json['slug']}"


def arrives(room: str, name: str, address: str = HOME, **headers: str) -> Api:
    """A person without any storage, as a private window is."""
    joined = Api(address=address).post(f"{room}/join", {"name": name}, **headers)
    assert joined.status == 200
    return Api(token=joined.json["token"], address=address)


def item_ids(host: Api, room: str, *track_ids: str) -> list[str]:
    return [host.post(f"{room}/items", {"track_id": track_id}).json["id"] for track_id in track_ids]


def boost(who: Api, room: str, item: str, **headers: str) -> Answer:
    return who.post(f"{room}/items/{item}/boost", {}, **headers)


def test_new_tabs_and_another_device_are_the_same_person() -> None:
    alice, room = party(boosts_per_hour=1)
    alice.patch(room, {"max_queued_per_person": 1})
    first, second = item_ids(alice, room, "track-1") + item_ids(guest("Bob"), room, "track-2")
    eve = arrives(room, "Eve")
    tab, phone = Api(token=eve.token, address=HOME), Api(token=eve.token, address="198.51.100.7")
    for who, status in ((eve, 200), (tab, 409), (phone, 409)):
        assert boost(who, room, first if who is eve else second).status == status
    assert eve.post(f"{room}/items", {"track_id": "track-3"}).status == 201
    assert phone.post(f"{room}/items", {"track_id": "track-4"}).code == "LIMIT_REACHED"
    for who in (eve, tab, phone):
        assert who.post(f"{room}/items/{second}/vote", {"direction": "up"}).json["votes"] == 1
    account = {"username": "eve", "password": "quite a long one 77"}
    known = Api(token=eve.post("user/register", account).json["token"], address=HOME)
    assert boost(known, room, second).code == "NO_BOOSTS_LEFT", "an account of her own changes nothing"
    assert known.post(f"{room}/items", {"track_id": "track-4"}).code == "LIMIT_REACHED"


def test_50_private_windows_of_one_address_gain_what_20_people_do(settings: Any) -> None:
    settings.ADDRESS_PEOPLE = 3
    alice, room = party(boosts_per_hour=1)
    items = item_ids(alice, room, *TRACKS[:6])
    alice.patch(room, {"max_queued_per_person": 1})
    spoofed = {"X_Forwarded_For": "192.0.2.1", "Forwarded": "for=192.0.2.1", "X_Real_Ip": "192.0.2.1"}
    crowd = [arrives(room, f"Eve {number}", **spoofed) for number in range(6)]
    crowd += [arrives(room, f"Mallory {number}", f"2001:db8:1:2::{number}") for number in range(6)]
    boosted = [boost(who, room, item, **spoofed).status for who, item in zip(crowd, items * 2, strict=True)]
    assert boosted == [200] * 3 + [409] * 3 + [200] * 6, "of a network of IPv6 three boost what is not boosted yet"
    assert Boost.objects.count() == 6
    added = [
        who.post(f"{room}/items", {"track_id": track}, **spoofed).status
        for who, track in zip(crowd, TRACKS[6:] * 2, strict=True)
    ]
    assert added[:6] == [201] * 3 + [409] * 3
    assert sum(status == 201 for status in added[6:]) == 3
    last = next(item["id"] for item in alice.get(f"{room}/items").json if item["track_id"] == "track-12")
    assert alice.delete(f"{room}/items/{last}").status == 204
    moved = Api(token=crowd[5].token, address="198.51.100.7")
    assert moved.post(f"{room}/items", {"track_id": "track-12"}).code == "LIMIT_REACHED", "joined at home"
    assert len(set(Participant.objects.exclude(address="").values_list("address", flat=True))) == 2
    assert HOME not in str(list(Participant.objects.values()))


def test_replayed_and_parallel_requests_are_spent_once() -> None:
    alice, room = party(boosts_per_hour=2)
    items = item_ids(alice, room, *TRACKS[:6])
    eve = arrives(room, "Eve")

    def at_once(asked: list[tuple[str, str]]) -> list[int]:
        def ask(one: tuple[str, str]) -> int:
            status: int = boost(Api(token=eve.token, address=HOME), room, one[0], Idempotency_Key=one[1]).status
            connection.close()
            return status

        with ThreadPoolExecutor(6) as threads:
            return list(threads.map(ask, asked))

    assert at_once([(items[0], "k")] * 6) == [200] * 6
    assert Boost.objects.count() == 1
    assert sorted(at_once([(item, f"k{number}") for number, item in enumerate(items)])) == [200] * 2 + [409] * 4
    assert Boost.objects.count() == 2
    assert boost(eve, room, items[0], Idempotency_Key="k").status == 200, "an old answer, and no boost"
    assert Boost.objects.count() == 2
    alice.patch(room, {"max_queued_per_person": 1})
    bodies = [{"track_id": track} for track in TRACKS[6:]]
    with ThreadPoolExecutor(6) as threads:

        def add(body: dict[str, str]) -> int:
            status: int = Api(token=eve.token, address=HOME).post(f"{room}/items", body).status
            connection.close()
            return status

        assert sorted(threads.map(add, bodies)) == [201] + [409] * 5


def test_what_a_client_claims_counts_for_nothing() -> None:
    alice, room = party(boosts_per_hour=1, max_track_seconds=185, repeat_after_minutes=60)
    first, second = item_ids(alice, room, "track-1", "track-2")
    eve = arrives(room, "Eve")
    tomorrow = "Fri, 27 Nov 2099 22:00:00 GMT"
    assert boost(eve, room, first, Date=tomorrow).status == 200
    lies = {"at_ms": 4_100_000_000_000, "now": "2099-01-01T00:00:00Z", "role": "host", "actor": {"id": 1}}
    refused = eve.post(f"{room}/items/{second}/boost", lies, Date=tomorrow)
    assert refused.code == "NO_BOOSTS_LEFT"
    alice.post(f"{room}/playback", {"action": "play"})
    alice.post(f"{room}/playback", {"action": "next"})
    started = next(item["track_id"] for item in alice.get(f"{room}/items").json if item["played_at"])
    again = eve.post(f"{room}/items", {"track_id": started, **lies}, Date=tomorrow)
    assert again.code in ("PLAYED_RECENTLY", "DUPLICATE_TRACK")
    long = eve.post(f"{room}/items", {"track_id": "track-9", "duration_seconds": 1, "track": {"duration_ms": 1}})
    assert long.code == "TOO_LONG"
    item = eve.post(f"{room}/items", {"track_id": "track-3", "added_by": "Alice", "adder": "x", "votes": 99}).json
    assert (item["added_by"], item["votes"], item["boosted_at"]) == ("Eve", 0, None)
    told = eve.patch(f"{room}/items/{item['id']}", {"boosted_at": "2020-01-01T00:00:00Z", "votes": 99})
    assert (told.json["votes"], told.json["boosted_at"]) == (0, None)
    for body in ({"rules": {"boosts_per_hour": 100}}, {"max_queued_per_person": None}, {"policy": "open"}):
        assert eve.patch(room, body).code == "FORBIDDEN"
    assert eve.put(f"{room}/blocked/tracks/track-2").code == "FORBIDDEN"
    assert eve.get(f"{room}/blocked").code == "FORBIDDEN"


def test_an_hour_is_the_servers_and_what_was_spent_comes_back_only_with_it() -> None:
    alice, room = party(boosts_per_hour=1)
    first, second = item_ids(alice, room, "track-1", "track-2")
    eve = arrives(room, "Eve")
    boost(eve, room, first)
    taken = eve.delete(f"{room}/items/{first}")
    assert taken.status == 204
    assert eve.post(f"{room}/items/{first}/restore").json["boosted_at"]
    assert boost(eve, room, second).code == "NO_BOOSTS_LEFT", "removing and restoring gives nothing back"
    Boost.objects.update(at=F("at") + timedelta(days=1))
    assert boost(eve, room, second).status == 200, "a clock that was ahead and is right again locks nobody out"


def test_a_socket_joins_from_the_address_of_its_handshake() -> None:
    eve = guest("Eve")
    assert eve.token
    caller = Caller(HOME, None, eve.token.encode(), None, "http://localhost")
    actor, credential = identity_of(caller)
    assert credential is not None
    assert (actor.name, actor.address) == ("Eve", address_actor(HOME).key)
    nobody, _ = identity_of(Caller(HOME, None, None, None, "http://localhost"))
    assert nobody.key == nobody.address == address_actor(HOME).key
