"""One rule for names at every door: what is accepted can be seen, and what is stored is what was answered."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from playlist.errors import DomainError
from playlist.models import Playlist, PlaylistTrack, Track, User
from playlist.parsing import parse_command
from playlist.types import PlaylistUpdate, TrackAdd
from tests.api.client import Api, account, guest
from tests.rooms import Room

UNSEEN = ("\u200b", "\u2060", "\ufeff", "\u202e", "\u2800", "\u3164", " \u200d ")


def createsuperuser(**options: Any) -> User:
    call_command("createsuperuser", interactive=False, **options)
    return User.objects.get(username=options["username"])


@pytest.mark.parametrize("name", UNSEEN)
def test_nobody_gets_a_name_that_cannot_be_seen(api: Api, name: str) -> None:
    host = guest("Hanna")
    room = host.post("playlists", {"name": "The party"}).json
    refused = [
        api.post("guests", {"name": name}),
        api.post(f"playlists/{room['slug']}/join", {"name": name}),
        host.post("playlists", {"name": name}),
        host.patch(f"playlists/{room['slug']}", {"name": name}),
        api.post("user/register", {"username": name, "password": "a long pass phrase"}),
        *(
            account(f"librarian-{field}").post(
                "tracks", {"title": "A", "artist": "B", "duration_seconds": 1, field: name}
            )
            for field in ("title", "artist")
        ),
    ]
    assert [answer.status for answer in refused] == [400] * len(refused)
    assert not Track.objects.exists()
    with pytest.raises(DomainError):
        parse_command({"name": name}, PlaylistUpdate)


def test_what_is_stored_is_what_is_answered(api: Api, tracks: list[str]) -> None:
    given, kept = "\u202eHanna\u200b", "Hanna"
    answered = api.post("guests", {"name": given}).json["user"]
    assert answered["name"] == kept == User.objects.get(pk=answered["id"]).name
    host = guest("Host")
    room = host.post("playlists", {"name": given}).json
    assert room["name"] == kept == Playlist.objects.get(pk=room["id"]).name
    assert host.patch(f"playlists/{room['slug']}", {"name": given + "!"}).json["name"] == kept + "!"
    item = api.post("playlist/add", {"track_id": "track-1", "added_by": given}).json
    assert item["added_by"] == kept == PlaylistTrack.objects.get(pk=item["id"]).added_by
    assert api.post("playlist/add", {"track_id": "track-2", "added_by": "\u200b"}).json["added_by"] == "Anonymous"
    texts = dict.fromkeys(("title", "artist", "album", "genre"), given)
    track = account("librarian").post("tracks", {**texts, "duration_seconds": 1}).json
    assert {track[field] for field in texts} == {kept}
    assert api.get("tracks?search=hanna").json == api.get("tracks?artist=Ha%E2%80%8Bnna").json == [track]
    assert parse_command({"track_id": "track-3", "added_by": given}, TrackAdd).added_by == kept
    assert parse_command({"name": given}, PlaylistUpdate).name == kept


def test_a_password_is_taken_as_it_is_typed(api: Api) -> None:
    credentials = {"username": "anna", "password": " a long\u200b pass phrase "}
    assert api.post("user/register", credentials).status == 201
    assert Api().post("user/login", credentials).status == 200
    assert Api().post("user/login", {**credentials, "password": credentials["password"].strip()}).status == 401


def test_the_operator_meets_the_same_rule(monkeypatch: pytest.MonkeyPatch, room: Room) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "another phrase 88")
    assert createsuperuser(username="operator", name="Hanna\u200b").name == "Hanna"
    assert createsuperuser(username="second", name="\u200b").shown_name == "second"
    with pytest.raises(CommandError, match="can be seen"):
        createsuperuser(username="third", name="a\x1bb")
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(User.objects.get(username="operator"), backend="django.contrib.auth.backends.ModelBackend")
    passwords = {"password1": "another phrase 88", "password2": "another phrase 88", "usable_password": "true"}
    added = browser.post("/admin/playlist/user/add/", {"username": "fourth", "name": "A\u202eb", **passwords})
    assert added.status_code == 302
    assert User.objects.get(username="fourth").name == "Ab"
    fields = {"artist_name": "B", "album_title": "", "duration_seconds": 9, "genre": ""}
    refused = browser.post("/admin/playlist/track/add/", {**fields, "title": "\u200b"})
    assert refused.status_code == 200, "shown again"
    assert browser.post("/admin/playlist/track/add/", {**fields, "title": "A\u200b"}).status_code == 302
    assert Track.objects.get(artist__name="B").title == "A"
