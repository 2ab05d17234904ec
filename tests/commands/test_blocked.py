"""Blocked tracks and artists: what nobody adds in a room."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from playlist import types
from playlist.errors import DomainError
from playlist.identity import Actor
from playlist.models import Blocked, Playlist, Track
from playlist.selectors.recommendations import allowed
from tests.api.client import guest
from tests.rooms import Room, refused

pytestmark = pytest.mark.usefixtures("tracks")


def test_nobody_adds_what_is_blocked_and_what_waits_stays(room: Room, bob: Actor) -> None:
    room.add("track-1")
    (gone,) = room.add("track-2")
    room.do(types.TrackRemove(id=gone))
    artist = Track.objects.get(pk="track-3").artist_id
    with room.proves("blocked.changed", "blocked.changed", "blocked.changed", differs=False):
        room.do(types.BlockedSet(kind="tracks", id="track-1", blocked=True))
        room.do(types.BlockedSet(kind="tracks", id="track-2", blocked=True))
        room.do(types.BlockedSet(kind="artists", id=artist, blocked=True))
    assert room.events()[-1]["id"] == artist
    for who in (room.host, bob):
        refusal = refused(room, types.TrackAdd(track_id="track-2"), who)
        assert (refusal.code, refusal.details) == ("BLOCKED", {"by": "track", "track_id": "track-2"})
        refusal = refused(room, types.TracksAdd(track_ids=["track-4", "track-6"]), who)
        assert (refusal.code, refusal.details) == ("BLOCKED", {"by": "artist", "track_id": "track-6"})
    assert refused(room, types.TrackRestore(id=gone)).code == "BLOCKED"
    with room.proves("track.added"):
        room.do(types.TracksAdd(track_ids=["track-1", "track-4"]), by=bob)
    assert set(allowed(room.row, ["track-2", "track-3", "track-5"], room.row.created_at)) == {"track-5"}
    Room.open().add("track-2", "track-3")


def test_lifting_it_is_told_once_and_a_room_without_any_asks_nothing(room: Room) -> None:
    with room.proves("blocked.changed", "blocked.changed", differs=False):
        room.do(types.BlockedSet(kind="tracks", id="track-1", blocked=True))
        room.do(types.BlockedSet(kind="tracks", id="track-1", blocked=True))
        assert room.row.has_blocked
        room.do(types.BlockedSet(kind="tracks", id="track-1", blocked=False))
        room.do(types.BlockedSet(kind="tracks", id="track-1", blocked=False))
    assert not room.row.has_blocked
    with CaptureQueriesContext(connection) as caught:
        room.add("track-1")
    assert not [query["sql"] for query in caught if "playlist_blocked" in query["sql"]]


def test_only_those_who_lead_block_and_only_what_there_is(room: Room, bob: Actor) -> None:
    assert refused(room, types.BlockedSet(kind="tracks", id="track-1", blocked=True), by=bob).code == "FORBIDDEN"
    with room.proves(), pytest.raises(DomainError):
        room.do(types.BlockedSet(kind="tracks", id="track-1", blocked=True), types.TrackAdd(track_id="nothing"))
    assert not room.row.has_blocked
    assert not Blocked.objects.exists()


def test_blocking_over_http() -> None:
    alice, bob = guest("Alice"), guest("Bob")
    room = alice.post("playlists", {"name": "Party", "visibility": "public"}).json
    path = f"playlists/{room['slug']}/blocked"
    artist = Track.objects.get(pk="track-2").artist_id
    assert alice.get(path).json == []
    assert [alice.put(f"{path}/tracks/track-1").status for _ in range(2)] == [204, 204]
    assert alice.put(f"{path}/artists/{artist}").status == 204
    assert alice.get(path).json == [
        {"kind": "tracks", "id": "track-1", "name": "Song 1", "artist": "Artist 1"},
        {"kind": "artists", "id": artist, "name": "Artist 2", "artist": None},
    ]
    for method, wrong, code in (
        ("put", "tracks/nothing", "TRACK_NOT_FOUND"),
        ("put", "artists/999999", "NOT_FOUND"),
        ("put", "artists/one", "NOT_FOUND"),
        ("put", f"artists/{'9' * 30}", "NOT_FOUND"),
        ("put", "albums/1", "NOT_FOUND"),
    ):
        assert getattr(alice, method)(f"{path}/{wrong}").code == code, wrong
    for caller, code in ((bob, "FORBIDDEN"), (type(bob)(), "AUTH_REQUIRED")):
        assert caller.get(path).code == code
        assert caller.put(f"{path}/tracks/track-2").code == code
        assert caller.delete(f"{path}/tracks/track-1").code == code
    assert bob.post(f"playlists/{room['slug']}/items", {"track_id": "track-1"}).code == "BLOCKED"
    assert [alice.delete(f"{path}/tracks/track-1").status for _ in range(2)] == [204, 204]
    assert alice.delete(f"{path}/artists/{artist}").status == 204
    assert alice.get(path).json == []
    assert not Playlist.objects.get(slug=room["slug"]).has_blocked
