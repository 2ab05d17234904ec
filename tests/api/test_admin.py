"""The admin: everything can be looked at, nothing goes around the writer."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client

from playlist import types
from playlist.identity import Actor
from playlist.models import Participant, Playlist, PlaylistTrack, Track, User
from playlist.upkeep import upkeep_if_due
from tests.rooms import Room, id_of


@pytest.fixture
def operator() -> Client:
    user = User.objects.create_superuser(username="operator", name="Operator", password="x")
    client = Client(SERVER_NAME="localhost", raise_request_exception=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def names(url_model: Any) -> str:
    return f"/admin/playlist/{url_model._meta.model_name}/"


def act(client: Client, model: Any, action: str, *rows: Any) -> Any:
    chosen = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
    return client.post(names(model), chosen, follow=True)


def test_every_model_is_there_searchable_and_filtered(operator: Client, room: Room, bob: Actor) -> None:
    item, gone = room.add("track-1", "track-2", by=bob)
    room.do(types.TrackVote(id=item, direction="up"), by=bob, key="k")
    room.do(types.TrackRemove(id=gone), by=bob)
    room.do(types.PlaybackPlay())
    upkeep_if_due()
    assert operator.get("/admin/").status_code == 200
    for model in apps.get_app_config("playlist").get_models():
        assert admin.site.is_registered(model), f"{model.__name__} has no admin"
        found = operator.get(names(model), {"q": "o"})
        assert found.status_code == 200, model
        row = model._default_manager.first()
        assert row is not None, f"the test makes no {model.__name__}"
        assert operator.get(f"{names(model)}{row.pk}/change/", follow=True).status_code == 200, model


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
