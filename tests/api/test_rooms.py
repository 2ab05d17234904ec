"""Playlists and the people in them over REST."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from playlist import types
from playlist.models import Playlist, User
from tests.api.client import Api, guest, new_room
from tests.rooms import Room, make_tracks

pytestmark = pytest.mark.usefixtures("tracks")

PLAYLIST_FIELDS = {
    "id", "slug", "name", "order", "policy", "locked", "max_queued_per_person", "visibility", "rules", "revision",
    "host", "fair", "skip", "playback", "item_count", "total_duration_seconds", "join_url", "created_at",
}  # fmt: skip


def test_starting_a_room(api: Api) -> None:
    assert api.post("playlists", {"name": "Party"}).code == "AUTH_REQUIRED"
    alice = guest("Alice")
    answer = alice.post("playlists", {"name": " Party ", "visibility": "public"})
    assert answer.status == 201
    room = answer.json
    assert set(room) == PLAYLIST_FIELDS
    assert (room["name"], room["host"]["name"], room["order"], room["revision"]) == ("Party", "Alice", "manual", 0)
    assert (room["item_count"], room["total_duration_seconds"], room["locked"]) == (0, 0, False)
    assert room["playback"]["state"] == "stopped"
    assert len(room["slug"]) == 6
    assert room["join_url"].endswith(f"/r/{room['slug']}")
    assert api.get(f"playlists/{room['slug']}/").json == room
    assert api.get(f"playlists/{room['slug'].upper()}").json == room
    assert [entry["slug"] for entry in api.get("playlists").json] == ["main", room["slug"]]
    for body in ({}, {"name": ""}, {"name": "x" * 81}, {"name": "A", "order": "random"}, {"name": 1}):
        assert alice.post("playlists", body).code == "VALIDATION_ERROR"


def test_the_host_is_known_by_what_they_add(api: Api) -> None:
    alice, impostor = guest("Alice"), guest("Alice")
    slug = new_room(alice, visibility="public")
    hers = alice.post(f"playlists/{slug}/items", {"track_id": "track-1"}).json
    other = impostor.post(f"playlists/{slug}/items", {"track_id": "track-2"}).json
    host = api.get(f"playlists/{slug}").json["host"]
    assert (host["name"], host["adder"]) == ("Alice", hers["adder"])
    alice.post("user/register", {"username": "alice", "password": "quite a long one"})
    assert api.get(f"playlists/{slug}").json["host"]["adder"] == hers["adder"]
    assert (other["added_by"], other["adder"] == host["adder"]) == ("Alice", False)


def test_an_unlisted_room_is_for_who_is_in_it(api: Api) -> None:
    alice, bob = guest("Alice"), guest("Bob")
    slug = new_room(alice)
    assert len(slug) == 13
    assert slug not in [entry["slug"] for entry in api.get("playlists").json]
    for path in (f"playlists/{slug}", f"playlists/{slug}/items", f"playlists/{slug}/events"):
        assert api.get(path).code == "AUTH_REQUIRED"
        assert bob.get(path).code == "FORBIDDEN"
    joined = bob.post(f"playlists/{slug}/join", {"name": "Bobby"})
    assert (joined.status, joined.json["participant"]["name"]) == (200, "Bobby")
    assert joined.json["token"] == bob.token, "who has a token keeps it"
    assert bob.get(f"playlists/{slug}/items").json == []
    people = bob.get(f"playlists/{slug}/participants").json
    assert [(person["name"], person["role"]) for person in people] == [("Alice", "host"), ("Bobby", "participant")]


def test_joining_makes_an_identity_and_sets_the_cookie() -> None:
    slug = new_room(guest("Alice"))
    browser = Api(cookies=True)
    assert browser.post(f"playlists/{slug}/join", {}).code == "VALIDATION_ERROR"
    joined = browser.post(f"playlists/{slug}/join", {"name": "Cleo"})
    assert (joined.json["participant"]["name"], joined.json["participant"]["role"]) == ("Cleo", "participant")
    assert browser.cookies[settings.SESSION_COOKIE_NAME]["httponly"]
    assert browser.get("user/me").json["user"] == {
        "id": joined.json["participant"]["id"],
        "username": None,
        "name": "Cleo",
    }
    assert Api(token=joined.json["token"]).get(f"playlists/{slug}").status == 200
    again = browser.post(f"playlists/{slug}/join", {}, X_CSRFToken=browser.cookies[settings.CSRF_COOKIE_NAME].value)
    assert again.json["participant"] == joined.json["participant"]
    assert Api().post("playlists/nothing/join", {"name": "Cleo"}).code == "PLAYLIST_NOT_FOUND"


def test_a_locked_room_makes_no_guests() -> None:
    alice = guest("Alice")
    slug = new_room(alice)
    assert alice.patch(f"playlists/{slug}", {"locked": True}).json["locked"] is True
    before = User.objects.count()
    assert Api().post(f"playlists/{slug}/join", {"name": "Troll"}).code == "FORBIDDEN"
    assert User.objects.count() == before


def test_the_host_updates_and_deletes(api: Api) -> None:
    body: Any
    alice, bob = guest("Alice"), guest("Bob")
    slug = new_room(alice, visibility="public")
    answer = alice.patch(f"playlists/{slug}", {"name": "Quiet", "order": "votes", "max_queued_per_person": 2})
    assert (answer.json["name"], answer.json["order"], answer.json["revision"]) == ("Quiet", "votes", 1)
    assert alice.patch(f"playlists/{slug}", {}).json == {**answer.json, "playback": answer.json["playback"]}
    first = alice.patch(f"playlists/{slug}", {"name": "A"}, Idempotency_Key="k").json
    alice.patch(f"playlists/{slug}", {"name": "B"})
    assert alice.patch(f"playlists/{slug}", {"name": "A"}, Idempotency_Key="k").json == first
    assert (first["name"], first["revision"], first["join_url"][:4]) == ("A", 2, "http")
    for body in ({"max_queued_per_person": 0}, {"name": None}, {"locked": "yes"}, {"policy": "closed"}, []):
        assert alice.patch(f"playlists/{slug}", body).code == "VALIDATION_ERROR", body
    assert bob.patch(f"playlists/{slug}", {"name": "Loud"}).code == "FORBIDDEN"
    assert bob.delete(f"playlists/{slug}").code == "FORBIDDEN"
    assert api.delete(f"playlists/{slug}").code == "AUTH_REQUIRED"
    assert alice.delete(f"playlists/{slug}").status == 204
    assert alice.get(f"playlists/{slug}").code == "PLAYLIST_NOT_FOUND"
    assert alice.post(f"playlists/{slug}/items", {"track_id": "track-1"}).code == "PLAYLIST_NOT_FOUND"
    assert alice.delete("playlists/main").code == "FORBIDDEN"
    assert api.patch("playlists/main", {"name": "Mine"}).code == "AUTH_REQUIRED"


def test_the_host_removes_a_troll_with_their_songs() -> None:
    alice, troll = guest("Alice"), guest("Troll")
    slug = new_room(alice, visibility="public")
    alice.post(f"playlists/{slug}/items", {"track_id": "track-1"})
    for number in range(2, 8):
        assert troll.post(f"playlists/{slug}/items", {"track_id": f"track-{number}"}).status == 201
    troll_id = troll.get("user/me").json["user"]["id"]
    path = f"playlists/{slug}/participants/{troll_id}"
    assert troll.delete(path).code == "FORBIDDEN"
    assert alice.delete(f"{path}?ban=perhaps").code == "VALIDATION_ERROR"
    assert alice.delete(f"{path}?ban=true&remove_items=true").status == 204
    assert [item["track_id"] for item in alice.get(f"playlists/{slug}/items").json] == ["track-1"]
    assert troll.post(f"playlists/{slug}/items", {"track_id": "track-2"}).code == "FORBIDDEN"
    assert troll.get(f"playlists/{slug}/items").code == "FORBIDDEN"
    assert troll.post(f"playlists/{slug}/join", {"name": "Not a troll"}).code == "FORBIDDEN"
    assert alice.delete(f"playlists/{slug}/participants/999999").code == "NOT_FOUND"
    assert alice.delete(f"playlists/{slug}/participants/{10**30}").code == "NOT_FOUND"


def test_playback_over_rest(api: Api) -> None:
    alice = guest("Alice")
    slug = new_room(alice, visibility="public")
    items = [alice.post(f"playlists/{slug}/items", {"track_id": f"track-{n}"}).json["id"] for n in (1, 2, 3)]
    path = f"playlists/{slug}/playback"
    stopped = api.get(path).json
    assert (stopped["state"], stopped["item_id"], stopped["started_at_ms"]) == ("stopped", None, None)
    playing = alice.post(path, {"action": "play", "item_id": items[1]})
    assert (playing.status, playing.json["item_id"]) == (200, items[1])
    now = api.get(path).json
    assert now["server_time_ms"] >= playing.json["server_time_ms"]
    assert now["position_seconds"] == max(0, (now["server_time_ms"] - now["started_at_ms"]) / 1000)
    assert alice.post(path, {"action": "volume", "volume": 40}).json["volume"] == 40
    assert alice.post(path, {"action": "volume"}).details.keys() == {"volume"}
    assert alice.post(path, {"action": "volume", "volume": 101}).details.keys() == {"volume"}
    assert alice.post(path, {"action": "seek", "position_seconds": 30.0}).json["position_seconds"] == 30.0
    assert alice.post(path, {"action": "pause"}).json["state"] == "paused"
    assert alice.post(path, {"action": "play"}).json["state"] == "playing"
    conflict = alice.post(path, {"action": "next", "expect_item_id": items[0]})
    assert (conflict.status, conflict.code, conflict.details) == (409, "CONFLICT", {"item_id": items[1]})
    assert alice.post(path, {"action": "next", "expect_item_id": items[1]}).json["item_id"] == items[2]
    alice.patch(f"playlists/{slug}", {"rules": {"skip_share": 1}})
    for given in ({"action": "volume", "volume": 30}, {"action": "skip", "item_id": items[2], "want": True}):
        assert alice.post(path, {**given, "expect_item_id": items[0]}).code == "CONFLICT"
    assert alice.post(path, {"action": "previous"}).json["item_id"] == items[1]
    for body in ({}, {"action": "stop"}, {"action": "seek"}, {"action": "seek", "position_seconds": -1}, {"action": 1}):
        assert alice.post(path, body).code == "VALIDATION_ERROR", body
    assert alice.post(path, {"action": "play", "item_id": items[0][::-1]}).status in (400, 404)
    history = api.get(f"playlists/{slug}/history").json
    assert [entry["track_id"] for entry in history] == ["track-2", "track-3", "track-2"]
    assert set(history[0]) == {"id", "track_id", "track", "added_by", "played_at"}
    alice.delete(f"playlists/{slug}/items/{items[2]}")
    assert len(api.get(f"playlists/{slug}/history").json) == 3


def test_the_log_over_rest(api: Api) -> None:
    for number in range(1, 6):
        api.post("playlist", {"track_id": f"track-{number}"}, Idempotency_Key=f"k{number}")
    page = api.get("playlists/main/events").json
    assert (page["from"], page["revision"], page["complete"]) == (0, 5, True)
    assert [event["revision"] for event in page["events"]] == [1, 2, 3, 4, 5]
    event = page["events"][0]
    assert (event["type"], event["op_id"], event["actor"]) == ("track.added", "k1", None)
    assert set(event) == {"type", "revision", "at", "actor", "op_id", "item"}
    page = api.get("playlists/main/events?since=1&limit=2").json
    assert (page["from"], page["revision"], page["complete"], len(page["events"])) == (1, 3, False, 2)
    page = api.get("playlists/main/events?since=5").json
    assert (page["from"], page["revision"], page["complete"], page["events"]) == (5, 5, True, [])
    ahead = api.get("playlists/main/events?since=900").json
    assert (ahead["from"], ahead["revision"], ahead["events"]) == (5, 5, [])
    for query in ("since=-1", "since=x", "limit=0", "limit=-1", "since=1.5", f"since={10**30}", "since=%00"):
        assert api.get(f"playlists/main/events?{query}").status == 400, query


def test_pages_follow_one_another_in_link(api: Api) -> None:
    make_tracks(30)
    seen: list[str] = []
    path = "tracks?limit=7"
    while path:
        answer = api.get(path)
        seen += [track["id"] for track in answer.json]
        link = answer.headers.get("Link", "")
        path = link.split(">")[0].split("/api/")[-1] if link else ""
        assert not link or link.endswith('>; rel="next"')
    assert len(seen) == len(set(seen)) == 30
    assert seen == [track["id"] for track in api.get("tracks").json]
    assert len(api.get("tracks?limit=9999").json) == 30
    for query in ("limit=0", "limit=x", "cursor=x", "cursor=%00", "cursor=W10", "cursor=WzEsMl0", "search=%00"):
        assert api.get(f"tracks?{query}").status == 400, query


def test_the_library_is_searched_and_filtered(api: Api) -> None:
    def ids(query: str) -> list[str]:
        return [track["id"] for track in api.get(f"tracks?{query}").json]

    assert ids("search=SONG+12") == ["track-12"]
    assert ids("search=%C3%A4rtist+song+12") == ["track-12"]
    assert ids("search=nothing") == ids("search=!!!") == []
    assert ids("genre=rock") == ids("genre=ROCK")
    assert len(ids("genre=rock")) == 6
    assert len(ids("artist=artist+1")) == 4
    assert ids("artist=artist+1&album=album+1") == ["track-1"]
    assert ids("search=%22song%22+12%25_%5C") == ["track-12"]


def test_the_link_to_join_is_one_that_a_phone_can_open(api: Api, settings: Any) -> None:
    assert "//localhost" not in api.get("playlists/main").json["join_url"]
    assert api.get("playlists/main", Host="192.168.1.5:8000").json["join_url"] == "http://192.168.1.5:8000/r/main"
    settings.PUBLIC_URL = "https://music.example.org"
    assert api.get("playlists/main").json["join_url"] == "https://music.example.org/r/main"


def test_totals_are_those_of_the_queue(api: Api) -> None:
    api.post("playlist", {"track_id": "track-1"})
    api.post("playlist", {"track_id": "track-2"})
    main = api.get("playlists/main").json
    assert (main["item_count"], main["total_duration_seconds"]) == (2, 181 + 182)
    assert Playlist.objects.get(slug="main").revision == main["revision"] == 2


def test_the_public_rooms_tell_what_they_play(api: Api, tracks: list[str]) -> None:
    room = Room.open(name="Loud")
    room.add("track-1")
    listed = {entry["name"]: entry["now_playing"] for entry in api.get("playlists").json}
    assert listed == {"Main": None, "Loud": None}
    room.do(types.PlaybackPlay())
    listed = {entry["name"]: entry["now_playing"] for entry in api.get("playlists").json}
    assert listed["Main"] is None
    assert listed["Loud"] == api.get("tracks/track-1").json


def test_a_removal_is_taken_back_over_http(api: Api, tracks: list[str]) -> None:
    item = api.post("playlist", {"track_id": "track-1"}).json
    api.post(f"playlist/{item['id']}/vote", {"direction": "up"})
    assert api.delete(f"playlist/{item['id']}").status == 204
    back = api.post(f"playlist/{item['id']}/restore")
    assert (back.status, back.json) == (200, {**item, "votes": 1, "my_vote": 1})
    assert api.post(f"playlist/{item['id']}/restore").code == "ITEM_NOT_FOUND"
    assert api.post("playlists/main/items/nonsense/restore/").code == "ITEM_NOT_FOUND"


def test_the_genres_of_the_library(api: Api, tracks: list[str], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):  # one a genre and a last one, however many tracks
        assert api.get("genres").json == ["Jazz", "Rock"]
