"""The library over REST: orders and filters, albums and artists, favourites."""

from __future__ import annotations

import pytest
from django.utils import timezone

from playlist.models import Favorite, Track, User
from playlist.upkeep import prune
from tests.api.client import Answer, Api, guest
from tests.rooms import make_tracks

pytestmark = pytest.mark.usefixtures("tracks")


def titles(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.json
    return [track["title"] for track in answer.json]


def test_tracks_are_narrowed_down_and_sorted(api: Api) -> None:
    first = api.get("tracks/track-1").json
    Track.objects.filter(pk="track-4").update(audio_url="/media/audio/track-4")
    Track.objects.filter(pk="track-7").update(missing_since=timezone.now())
    theirs = titles(api.get(f"tracks?artist_id={first['artist_id']}"))
    assert "Song 4" in theirs
    assert "Song 7" not in theirs
    assert titles(api.get(f"tracks?artist_id={first['artist_id']}&search=4")) == ["Song 4"]
    assert titles(api.get(f"tracks?album_id={first['album_id']}")) == ["Song 1"]
    assert titles(api.get("tracks?with_audio=true")) == ["Song 4"]
    assert titles(api.get("tracks?sort=recent&limit=1")) == [
        Track.objects.filter(missing_since=None).order_by("-created_at", "-pk")[0].title
    ]
    for wrong in ("artist_id=x", "album_id=-1", "sort=best", "with_audio=2", "favorites=maybe"):
        assert api.get(f"tracks?{wrong}").code == "VALIDATION_ERROR", wrong
    assert api.get("tracks?favorites=true").code == "AUTH_REQUIRED"


def test_albums_and_artists_are_what_is_there_of_them(api: Api) -> None:
    album = api.get("tracks/track-1").json
    make_tracks(6, prefix="more")
    Track.objects.filter(pk="more-1").update(year=1970, cover_url="/media/covers/k")
    Track.objects.filter(pk="track-2").update(missing_since=timezone.now())
    (found,) = [one for one in api.get("albums").json if one["id"] == album["album_id"]]
    assert found == {
        "id": album["album_id"],
        "title": "Album 1",
        "artist": "Artist 1",
        "artist_id": album["artist_id"],
        "year": 1970,
        "track_count": 2,
        "duration_ms": 362_000,
        "cover_url": "/media/covers/k",
    }
    names = [one["title"] for one in api.get("albums").json]
    assert names == sorted(names)
    theirs = api.get(f"albums?artist_id={album['artist_id']}").json
    assert {one["artist_id"] for one in theirs} == {album["artist_id"]}
    assert found in api.get("albums?search=album artist 1").json
    assert api.get("albums?search=nothing").json == []
    (artist,) = api.get("artists?search=artist 1").json
    listed = Track.objects.filter(missing_since=None, artist=artist["id"])
    assert artist["track_count"] == listed.count()
    assert artist["album_count"] == listed.values("album").distinct().count()
    first = api.get("artists?limit=1")
    assert 'rel="next"' in first.headers["Link"]
    Track.objects.update(missing_since=timezone.now())
    assert api.get("albums").json == api.get("artists").json == []


def test_favourites_follow_the_person(api: Api) -> None:
    anna = guest("Anna")
    assert api.put("favorites/track-1").code == "AUTH_REQUIRED"
    assert api.get("favorites").code == "AUTH_REQUIRED"
    assert anna.put("favorites/nothing").code == "TRACK_NOT_FOUND"
    for track_id in ("track-1", "track-2", "track-3", "track-1"):
        assert anna.put(f"favorites/{track_id}").status == 204
    for _ in range(2):
        assert anna.delete("favorites/track-2").status == 204
    laptop = Api(token=anna.token)
    assert titles(laptop.get("favorites")) == ["Song 3", "Song 1"]
    assert titles(laptop.get("tracks?favorites=true")) == ["Song 1", "Song 3"]
    assert titles(laptop.get("favorites?limit=1")) == ["Song 3"]
    assert "Link" in laptop.get("favorites?limit=1").headers
    assert titles(guest("Bob").get("favorites")) == []
    account = anna.post("user/register", {"username": "anna", "password": "quite a long one"}).json
    assert titles(Api(token=account["token"]).get("favorites")) == ["Song 3", "Song 1"]
    Track.objects.filter(pk="track-3").update(missing_since=timezone.now())
    assert titles(laptop.get("favorites")) == ["Song 1"]
    User.objects.get(username="anna").delete()
    assert not Favorite.objects.exists()


def test_favourites_of_somebody_whom_an_older_server_deleted_are_deleted() -> None:
    Favorite.objects.create(user_id=4711, track_id="track-1")
    prune()
    assert not Favorite.objects.exists()
