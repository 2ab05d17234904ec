"""Accounts over REST: made, kept, locked out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.client import Api, account, guest, new_room

pytestmark = pytest.mark.usefixtures("tracks")


def test_accounts(api: Api, settings: Any) -> None:
    credentials = {"username": "anna", "password": "a long enough one"}
    registered = api.post("user/register", credentials)
    assert registered.status == 201
    assert registered.json["user"]["username"] == "anna"
    taken = api.post("user/register", {**credentials, "username": "ANNA"})
    assert (taken.code, list(taken.details)) == ("VALIDATION_ERROR", ["username"])
    weak = api.post("user/register", {"username": "ben", "password": "12345678"})
    assert (weak.code, list(weak.details)) == ("VALIDATION_ERROR", ["password"])
    assert api.post("user/register", {"username": "a b", "password": "a long enough one"}).code == "VALIDATION_ERROR"
    assert api.post("user/register", {"username": "ben"}).details == {"password": "is missing"}
    login = api.post("user/login", credentials)
    assert (login.status, login.json["user"]) == (200, registered.json["user"])
    assert Api(token=login.json["token"]).get("user/me").json == {"user": login.json["user"], **login.json["user"]}
    assert api.post("user/login", {**credentials, "username": "ANNA"}).status == 200
    assert api.post("user/login", {**credentials, "password": "wrong"}).code == "AUTH_REQUIRED"
    assert api.post("user/login", {"username": "nobody", "password": "wrong"}).code == "AUTH_REQUIRED"
    assert api.get("user/me").code == "AUTH_REQUIRED"
    settings.OPEN_SIGNUP = False
    assert api.post("user/register", {**credentials, "username": "cleo"}).code == "FORBIDDEN"


def test_a_guest_who_registers_keeps_everything() -> None:
    bob = guest("Bob")
    slug = new_room(bob, visibility="public")
    item = bob.post(f"playlists/{slug}/items", {"track_id": "track-1"}).json["id"]
    bob.post(f"playlists/{slug}/items/{item}/vote", {"direction": "up"})
    answer = bob.post("user/register", {"username": "bob", "password": "a long enough one"})
    assert answer.json["user"]["name"] == "Bob"
    registered = Api(token=answer.json["token"])
    assert registered.get(f"playlists/{slug}/items").json[0]["my_vote"] == 1
    assert registered.patch(f"playlists/{slug}", {"name": "Still mine"}).status == 200
    second = registered.post("user/register", {"username": "bob2", "password": "a long enough one"})
    assert second.json["user"]["id"] != answer.json["user"]["id"]


def test_too_many_wrong_passwords_lock_out(api: Api, settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    account("anna")
    wrong = {"username": "Anna", "password": "wrong"}
    codes = [api.post("user/login", wrong).code for _ in range(4)]
    assert codes[0] == "AUTH_REQUIRED"
    assert codes[-1] == "RATE_LIMITED"
    assert Api(address="10.0.0.9").post("user/login", wrong).code == "AUTH_REQUIRED"
