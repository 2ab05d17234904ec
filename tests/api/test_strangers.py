"""What strangers may store: a bound for a person and for an address, over all processes; and what is forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from knox.models import AuthToken

from playlist import accounts, types
from playlist.allowances import PERIOD_MS
from playlist.clock import database_now
from playlist.models import Allowance, Playlist, User
from playlist.rest import throttles
from playlist.upkeep import prune
from tests.api.client import Api, guest
from tests.rooms import Room, id_of, person


def another_process() -> None:
    """Forget what this process remembers of its callers; what counts over all processes is in the database."""
    for buckets in (throttles.write_buckets, throttles.password_buckets, throttles.guest_buckets):
        buckets.cache_clear()


def start(api: Api, name: str = "A room") -> Any:
    return api.post("playlists", {"name": name})


def test_a_person_starts_so_many_rooms_a_day_in_all_processes(settings: Any) -> None:
    settings.ROOMS_PER_PERSON_DAILY = 3
    anna, ben = guest("Anna"), guest("Ben")
    assert [start(anna).status for _ in range(3)] == [201, 201, 201]
    another_process()
    refused = start(anna)
    assert refused.code == "RATE_LIMITED"
    assert 0 < int(refused.headers["Retry-After"]) <= 24 * 3600
    assert Playlist.objects.count() == 1 + 3
    assert start(ben).status == 201
    Allowance.objects.update(began_at_ms=F("began_at_ms") - PERIOD_MS - 1000)
    assert start(anna).status == 201, "the next day"


def test_an_address_starts_so_many_rooms_a_day(settings: Any) -> None:
    settings.ROOMS_PER_ADDRESS_DAILY = 2
    anna, ben = guest("Anna"), guest("Ben")
    assert [start(anna).status, start(ben).status] == [201, 201]
    assert start(anna).code == start(ben).code == "RATE_LIMITED"
    assert start(Api(token=anna.token, address="10.0.0.9")).status == 201


def test_a_person_hosts_so_many_rooms_at_a_time(settings: Any) -> None:
    settings.ROOMS_PER_PERSON = 2
    anna = guest("Anna")
    slugs = [start(anna).json["slug"] for _ in range(2)]
    refused = start(anna)
    assert (refused.code, refused.details) == ("LIMIT_REACHED", {"limit": 2, "of": "rooms"})
    anna.delete(f"playlists/{slugs[0]}")
    assert start(anna).status == 201


def test_an_address_makes_so_many_people_a_day_by_whatever_door(api: Api, settings: Any) -> None:
    settings.PEOPLE_PER_ADDRESS_DAILY = 3
    credentials = {"username": "anna", "password": "a long enough one"}
    assert api.post("guests", {"name": "Anna"}).status == 201
    assert api.post("playlists/main/join", {"name": "Anna"}).status == 200
    assert api.post("user/register", credentials).status == 201
    another_process()
    assert api.post("guests", {"name": "Anna"}).code == "RATE_LIMITED"
    assert api.post("playlists/main/join", {"name": "Anna"}).code == "RATE_LIMITED"
    assert api.post("user/register", {**credentials, "username": "ben"}).code == "RATE_LIMITED"
    assert User.objects.count() == 3
    assert Api(address="10.0.0.9").post("guests", {"name": "Anna"}).status == 201


def test_a_refusal_uses_nothing_up(settings: Any) -> None:
    settings.ROOMS_PER_PERSON_DAILY = 1
    anna = guest("Anna")
    assert start(anna, name="").code == "VALIDATION_ERROR"
    assert start(anna).status == 201
    assert {start(anna).code for _ in range(3)} == {"RATE_LIMITED"}
    assert set(Allowance.objects.filter(key__startswith="rooms:").values_list("used", flat=True)) == {1}


def test_a_clock_that_was_ahead_locks_nobody_out(settings: Any) -> None:
    settings.ROOMS_PER_PERSON_DAILY = 1
    anna = guest("Anna")
    assert start(anna).status == 201
    Allowance.objects.update(began_at_ms=F("began_at_ms") + 3650 * PERIOD_MS)
    assert start(anna).status == 201


@pytest.mark.once
def test_three_hundred_people_behind_one_address_come_in(api: Api, settings: Any) -> None:
    """A bar: they come within an evening, so the speed is not what is tried here."""
    settings.GUESTS_BURST = 300
    for number in range(300):
        assert api.post("playlists/main/join", {"name": f"Guest {number}"}).status == 200


def test_the_allowance_for_people_is_taken_where_one_is_made(api: Api, settings: Any) -> None:
    settings.GUESTS_PER_SECOND, settings.GUESTS_BURST = 0.001, 1
    anna = guest("Anna")
    assert api.post("guests", {"name": "Ben"}).code == "RATE_LIMITED"
    assert api.post("playlists/main/join", {"name": "Ben"}).code == "RATE_LIMITED"
    assert anna.post("playlists/main/join", {}).status == 200
    assert api.post("playlists/nowhere/join", {"name": "Ben"}).code == "PLAYLIST_NOT_FOUND"


def test_the_oldest_token_gives_way_to_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "_TOKENS", 2)
    anna = accounts.guest_create("Anna")
    tokens = [accounts.token_create(anna) for _ in range(3)]
    assert AuthToken.objects.count() == 2
    assert [Api(token=token).get("user/me").status for token in tokens] == [401, 200, 200]


def test_guests_whom_nobody_can_be_any_more_are_forgotten(room: Room) -> None:
    now = database_now()
    ages = {"host": 1000, "account": 1000, "came in long ago": 366, "came in": 364, "roomless": 31, "new": 29}
    people = {name: person(name) for name in ages}
    Playlist.objects.filter(pk=room.id).update(host=id_of(people["host"]))
    User.objects.filter(name="account").update(password="md5$x$x")
    for name in ("came in long ago", "came in"):
        room.do(types.ParticipantJoin(), by=people[name])
    for name, days in ages.items():
        User.objects.filter(name=name).update(date_joined=now - timedelta(days=days))
    assert prune().guests == 3, "two people and a membership"
    assert set(User.objects.filter(name__in=ages).values_list("name", flat=True)) == {
        "host",
        "account",
        "came in",
        "new",
    }


def test_used_up_allowances_are_forgotten_after_a_day() -> None:
    guest("Anna")
    prune()
    assert Allowance.objects.count() == 1
    Allowance.objects.update(began_at_ms=F("began_at_ms") - PERIOD_MS - 1000)
    prune()
    assert not Allowance.objects.exists()
