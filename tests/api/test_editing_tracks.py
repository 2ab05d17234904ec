"""The entries of the library over REST: who writes them, and what they may hold."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from playlist.models import Track, User
from tests.api.client import Answer, Api, account, guest

pytestmark = pytest.mark.usefixtures("tracks")


def test_the_library_is_written_by_accounts(api: Api) -> None:
    body: Any
    track = {"title": "Mine", "artist": "Me", "duration_seconds": 61, "cover_url": "https://example.org/c.png"}
    assert api.post("tracks", track).code == "AUTH_REQUIRED"
    assert guest("Eve").post("tracks", track).code == "FORBIDDEN"
    anna = account("anna")
    created = anna.post("tracks", track)
    assert created.status == 201
    path = f"tracks/{created.json['id']}"
    told = {**track, "id": created.json["id"], "album": "", "genre": "", "audio_url": None, "duration_ms": 61_000}
    assert created.json == {**created.json, **told}
    without_file = ("album_id", "track_number", "disc_number", "year", "gain_db", "audio_version")
    assert [created.json[field] for field in without_file] == [None] * 6
    assert isinstance(created.json["artist_id"], int)
    assert (created.json["missing"], created.json["added_at"][:2]) == (False, "20")
    assert created.headers["Location"] == f"/api/{path}"
    assert api.get(path).json == created.json
    api.post("playlist", {"track_id": created.json["id"]})
    assert anna.patch(path, {"title": "Ours", "cover_url": None}).json["title"] == "Ours"
    assert api.get("playlist").json[0]["track"]["title"] == "Ours"
    for body in ({"title": ""}, {"title": 0}, {"duration_seconds": "1.5"}, {"cover_url": "javascript:x"}, []):
        assert anna.patch(path, body).code == "VALIDATION_ERROR", body
    assert guest("Eve").patch(path, {"title": "X"}).code == "FORBIDDEN"
    assert anna.delete(path).status == 204
    assert api.get("playlist").json == []
    for answer in (anna.delete(path), anna.patch(path, {"title": "X"}), api.get(path)):
        assert (answer.status, answer.code) == (404, "TRACK_NOT_FOUND")


@pytest.mark.parametrize(
    ("editors", "adds", "edits_own", "edits_others"),
    [("owners", True, True, False), ("staff", False, False, False), ("accounts", True, True, True)],
)
def test_the_operator_says_who_edits_the_library(
    settings: Any, editors: str, adds: bool, edits_own: bool, edits_others: bool
) -> None:
    settings.LIBRARY_EDITORS = editors
    track = {"title": "Mine", "artist": "Me", "duration_seconds": 61}
    anna, staff = account("anna"), account("staff")
    User.objects.filter(username="staff").update(is_staff=True)
    Track.objects.filter(pk="track-1").update(added_by=User.objects.get(username="anna"))

    def allowed(answer: Answer) -> bool:
        assert answer.status < 300 or answer.code == "FORBIDDEN", answer.json
        return bool(answer.status < 300)

    assert allowed(anna.post("tracks", track)) == adds
    for path, may in (("tracks/track-1", edits_own), ("tracks/track-2", edits_others)):
        assert allowed(anna.patch(path, {"title": "New"})) == may
        assert allowed(anna.delete(path)) == may
    own = staff.post("tracks", track).json["id"]
    for path in ("tracks/track-3", f"tracks/{own}"):
        assert allowed(staff.patch(path, {"title": "New"}))
        assert allowed(staff.delete(path))
    assert staff.delete("tracks/nothing").code == "TRACK_NOT_FOUND"


def test_a_track_outlives_the_account_that_added_it() -> None:
    anna = account("anna")
    track = anna.post("tracks", {"title": "Mine", "artist": "Me", "duration_seconds": 61}).json["id"]
    User.objects.get(username="anna").delete()
    assert account("ben").delete(f"tracks/{track}").code == "FORBIDDEN"
    assert Track.objects.get(pk=track).added_by is None


def test_tracks_as_libraries_have_them(api: Api) -> None:
    """Titles of symphonies, durations of files, and covers that are not there."""
    anna = account("anna")
    title = "Sinfonie Nr. 9 d-Moll " * 22 + "und 14 Zeichen"
    assert len(title) == 498
    track = {"title": title, "artist": "龍" * 500, "album": "é" * 500, "duration_seconds": 200.4, "cover_url": ""}
    created = anna.post("tracks", track)
    assert created.status == 201
    assert created.json == {
        **created.json,
        **track,
        **{"duration_seconds": 200, "duration_ms": 200_400, "genre": "", "cover_url": None, "audio_url": None},
    }
    path = f"tracks/{created.json['id']}"
    assert api.get(path).json == created.json
    assert api.get(f"tracks?artist={quote('龍' * 500)}").json == [created.json]
    for given, stored in ((0.2, 1), (1.4, 1), (61.5, 62), (86_400, 86_400)):
        patched: Any = anna.patch(path, {"duration_seconds": given}).json
        assert (patched["duration_seconds"], patched["duration_ms"]) == (stored, 1000 * given)
    assert anna.patch(path, {"cover_url": "/c.png"}).json["cover_url"] == "/c.png"
    assert anna.patch(path, {"cover_url": ""}).json["cover_url"] is None
    for field in ("title", "artist", "album"):
        assert anna.patch(path, {field: "x" * 501}).details.keys() == {field}
    for refused in (0, -1, 86_400.5):
        assert anna.patch(path, {"duration_seconds": refused}).details.keys() == {"duration_seconds"}
