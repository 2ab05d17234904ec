"""The admin: everything can be looked at, nothing goes around the writer."""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessLog
from django.apps import apps
from django.contrib import admin
from django.db.models import F
from django.test import Client
from django.utils import timezone

from playlist import types
from playlist.identity import Actor
from playlist.models import (
    Blocked,
    Boost,
    Checkpoint,
    Event,
    Favorite,
    Forgetting,
    Operation,
    Participant,
    Play,
    Playlist,
    PlaylistTrack,
    RemovedItem,
    SecretLink,
    Track,
    User,
)
from playlist.upkeep import SteadyClock, prune, upkeep_if_due
from tests.api.client import Api, account
from tests.rooms import Room, id_of

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def operator() -> Client:
    user = User.objects.create_superuser(username="operator", name="Operator", password="x")
    client = Client(SERVER_NAME="localhost", raise_request_exception=True)
    client.force_login(user, backend=MODEL_BACKEND)
    return client


def names(url_model: Any) -> str:
    return f"/admin/playlist/{url_model._meta.model_name}/"


def act(client: Client, model: Any, action: str, *rows: Any) -> Any:
    chosen = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
    return client.post(names(model), chosen, follow=True)


def test_every_model_is_there_searchable_and_filtered(operator: Client, room: Room, bob: Actor) -> None:
    item, gone = room.add("track-1", "track-2", by=bob)
    room.do(types.TrackVote(id=item, direction="up"), by=bob, key="k")
    Blocked.objects.create(playlist=room.row, kind="tracks", target="track-1")
    Boost.objects.create(playlist=room.row, actor_key=bob.key, at=timezone.now())
    SecretLink.objects.create(playlist=room.row, kind="host", digest="x", made_at=timezone.now())
    room.do(types.TrackRemove(id=gone), by=bob)
    room.do(types.PlaybackPlay())
    Api().post("guests", {"name": "Cleo"})
    Favorite.objects.create(user_id=id_of(bob), track_id="track-1")
    upkeep_if_due(SteadyClock())
    Forgetting.objects.create(user_id=1, replacement_id=2)
    index = operator.get("/admin/").content
    assert all(name in index for name in (b">Blocked songs and artists<", b">Clock<", b">People being forgotten<"))
    assert operator.get("/favicon.ico").status_code == 302, "browsers ask for it, since no page of the admin names one"
    for model in apps.get_app_config("playlist").get_models():
        assert admin.site.is_registered(model), f"{model.__name__} has no admin"
        found = operator.get(names(model), {"q": "o"})
        assert found.status_code == 200, model
        row = model._default_manager.first()
        assert row is not None, f"the test makes no {model.__name__}"
        assert operator.get(f"{names(model)}{row.pk}/change/", follow=True).status_code == 200, model


def test_it_says_how_long_rows_are_kept_and_forgets_people(operator: Client, room: Room, bob: Actor) -> None:
    room.add("track-1", by=bob)
    said = {
        Event: b"30 days",
        RemovedItem: b"30 days",
        Checkpoint: b"30 days",
        Play: b"3650 days",
        Operation: b"24 hours",
    }
    for model, period in said.items():
        assert b"Kept for " + period in operator.get(names(model)).content
    users = User.objects.filter(name__in=("Bob", "Operator"))
    assert b"Changed rows: 2, rooms: 1." in act(operator, User, "forget", *users).content
    assert list(User.objects.filter(pk__in=users).values_list("name", flat=True)) == ["Operator"]
    assert room.item("track-1").added_by == "Somebody"


def test_playlists_and_the_log_cannot_be_edited(operator: Client, room: Room) -> None:
    room.add("track-1")
    for model in ("playlist", "playlisttrack", "vote", "event", "operation", "play", "participant"):
        assert operator.get(f"/admin/playlist/{model}/add/").status_code == 403, model
    assert operator.post(f"{names(Playlist)}{room.id}/change/", {"name": "Hacked"}).status_code == 403
    assert operator.post(f"{names(Playlist)}{room.id}/delete/", {"post": "yes"}).status_code == 403
    assert room.row.name == "The room"


def test_actions_submit_commands(operator: Client, room: Room, bob: Actor) -> None:
    items = [PlaylistTrack.objects.get(pk=item) for item in room.add("track-1", "track-2", by=bob)]
    with room.proves("track.playing"):
        assert b"Play now: 1 done." in act(operator, PlaylistTrack, "play_now", items[0]).content
    with room.proves("track.playing"):
        act(operator, Playlist, "next_track", room.row)
    with room.proves("playlist.updated"):
        act(operator, Playlist, "lock", room.row)
    with room.proves("track.removed"):
        act(operator, PlaylistTrack, "remove_from_the_queue", items[0])
    assert room.events()[-1]["actor"]["name"] == "Operator"
    member = Participant.objects.get(user=id_of(bob))
    with room.proves("track.playing", "track.removed"):
        act(operator, Participant, "ban_and_remove_songs", member)
    assert (
        b"main playlist cannot be deleted"
        in act(operator, Playlist, "delete_with_queue_and_log", Room.main().row).content
    )
    act(operator, Playlist, "delete_with_queue_and_log", room.row)
    assert not Playlist.objects.filter(pk=room.id).exists()


def test_the_library_is_edited_through_its_own_door(operator: Client, room: Room) -> None:
    room.add("track-1", "track-2", "track-3")
    fields = {"title": "Edited", "artist_name": "New", "album_title": "", "duration_seconds": 99, "genre": ""}
    with room.proves("track.updated"):
        assert operator.post(f"{names(Track)}track-1/change/", fields).status_code == 302
    with room.proves():
        refused = operator.post(f"{names(Track)}track-1/change/", {**fields, "cover_url": "javascript:alert(1)"})
        assert b"cover_url" in refused.content
    with room.proves():
        assert operator.post(f"{names(Track)}add/", {**fields, "title": "Brand new"}).status_code == 302
    assert Track.objects.filter(title="Brand new").exists()
    with room.proves("track.removed"):
        assert operator.post(f"{names(Track)}track-1/delete/", {"post": "yes"}).status_code == 302
    with room.proves("track.removed", "track.removed"):
        chosen = [Track.objects.get(pk="track-2"), Track.objects.get(pk="track-3")]
        confirm = {"action": "delete_selected", "_selected_action": [row.pk for row in chosen], "post": "yes"}
        assert operator.post(names(Track), confirm).status_code == 302
    assert not Track.objects.filter(pk__in=["track-1", "track-2", "track-3"]).exists()


def test_a_person_can_be_deleted_and_the_queue_stays(operator: Client, room: Room, bob: Actor) -> None:
    (item,) = room.add("track-1", by=bob)
    room.do(types.TrackVote(id=item, direction="up"), by=bob)
    with room.proves():
        assert operator.post(f"{names(User)}{id_of(bob)}/delete/", {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=id_of(bob)).exists()
    assert not Participant.objects.filter(playlist=room.id, user=id_of(bob)).exists()


def test_the_admins_forms_draw_on_the_buckets_of_every_login(settings: Any) -> None:
    settings.PASSWORDS_PER_SECOND, settings.PASSWORDS_BURST = 0.001, 4
    browser = Client(SERVER_NAME="localhost", headers={"Accept": "text/html"})
    wrong = {"username": "anna", "password": "wrong"}
    assert [browser.post("/admin/login/", wrong).status_code for _ in range(2)] == [200, 200]
    assert Api().post("user/login", wrong).code == "AUTH_REQUIRED"
    browser.force_login(User.objects.create_superuser("op", "", "a long pass phrase"), backend=MODEL_BACKEND)
    assert browser.post("/admin/password_change/", {"old_password": "wrong"}).status_code == 200
    for address in ("/admin/login/", "/admin/password_change/"):
        refused = browser.post(address, wrong)
        assert (refused.status_code, refused["Content-Type"]) == (429, "text/html; charset=utf-8")
        assert int(refused["Retry-After"]) >= 1
        assert b"Too many tries" in refused.content
    assert Api().post("user/login", wrong).code == "RATE_LIMITED"
    assert browser.get("/admin/password_change/").status_code == 200
    assert Api(address="10.0.0.9").post("user/login", wrong).code == "AUTH_REQUIRED"


def test_a_lockout_is_a_page_for_browsers(settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 2
    browser = Client(SERVER_NAME="localhost", headers={"Accept": "text/html"})
    answers = [browser.post("/admin/login/", {"username": "anna", "password": "wrong"}) for _ in range(3)]
    assert (answers[-1].status_code, answers[-1]["Retry-After"]) == (429, "300")
    assert b"<h1>Too many tries</h1>" in answers[-1].content


def test_no_address_is_kept_of_those_who_log_in() -> None:
    account("anna")
    right = {"username": "anna", "password": "quite a long one, anna"}
    for address, password in (("203.0.113.7", "wrong"), ("2001:db8::7", "wrong"), ("203.0.113.7", right["password"])):
        Api(address=address).post("user/login", {**right, "password": password})
    kept = [str(value) for row in AccessAttempt.objects.values_list() for value in row]
    assert not any("203.0.113" in value or "2001:db8" in value for value in kept)
    hashed = set(AccessAttempt.objects.values_list("ip_address", flat=True))
    assert all(ipaddress.ip_address(str(address)) in ipaddress.ip_network("fd00::/8") for address in hashed)
    assert not AccessLog.objects.exists()
    prune()
    assert AccessAttempt.objects.count() == 1
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(days=1, minutes=1))
    prune()
    assert not AccessAttempt.objects.exists()
