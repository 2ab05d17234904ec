"""The part that clients of other servers already speak: no token, no cookie, with and without a slash."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.api.client import Api
from tests.rooms import Room, make_tracks

pytestmark = pytest.mark.usefixtures("tracks")

ITEM_FIELDS = {
    "id",
    "track_id",
    "track",
    "position",
    "votes",
    "my_vote",
    "added_by",
    "adder",
    "added_at",
    "is_playing",
    "played_at",
    "boosted_at",
    "because",
}
TRACK_FIELDS = {
    "id", "title", "artist", "album", "duration_seconds", "genre", "cover_url", "audio_url", "duration_ms", "artist_id",
    "album_id", "track_number", "disc_number", "year", "gain_db", "audio_version", "missing", "added_at",
}  # fmt: skip


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_life_of_a_public_client(api: Api, slash: str) -> None:
    tracks = api.get(f"tracks{slash}").json
    assert len(tracks) == 12
    assert set(tracks[0]) == TRACK_FIELDS
    assert api.get(f"playlist{slash}").json == []

    added = api.post(f"playlist{slash}", {"track_id": "track-1", "added_by": "Kim"})
    assert added.status == 201
    item = added.json
    assert set(item) == ITEM_FIELDS
    assert UUID(item["id"])
    assert (item["track_id"], item["track"]["id"], item["votes"], item["position"]) == ("track-1", "track-1", 0, 1.0)
    assert (item["added_by"], item["is_playing"], item["played_at"], item["my_vote"]) == ("Kim", False, None, 0)
    assert item["added_at"].endswith("Z")
    assert api.post(f"playlist/add{slash}", {"track_id": "track-2"}).json["added_by"] == "Anonymous"

    voted = api.post(f"playlist/{item['id']}/vote{slash}", {"direction": "up"})
    assert (voted.status, voted.json["votes"], voted.json["my_vote"]) == (200, 1, 1)
    moved = api.patch(f"playlist/{item['id']}{slash}", {"position": 2.5})
    assert (moved.status, moved.json["position"]) == (200, 2.5)
    playing = api.patch(f"playlist/{item['id']}{slash}", {"is_playing": True})
    assert (playing.json["is_playing"], playing.json["played_at"] is not None) == (True, True)
    queue = api.get(f"playlist{slash}").json
    assert [entry["track_id"] for entry in queue] == ["track-2", "track-1"]
    assert queue[1] == {**playing.json}
    gone = api.delete(f"playlist/{item['id']}{slash}")
    assert (gone.status, gone.json) == (204, None)
    assert [entry["track_id"] for entry in api.get(f"playlist{slash}").json] == ["track-2"]


@pytest.mark.parametrize("origin", ["http://localhost:5173", "http://127.0.0.1:3000", "http://localhost:8000"])
def test_pages_on_any_port_of_this_machine_may_call(api: Api, origin: str) -> None:
    preflight = api.call(
        "OPTIONS",
        "playlist/",
        Origin=origin,
        Access_Control_Request_Method="POST",
        Access_Control_Request_Headers="content-type,idempotency-key,last-event-id",
    )
    assert preflight.status == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == origin
    for name in ("idempotency-key", "last-event-id"):
        assert name in preflight.headers["Access-Control-Allow-Headers"]
    assert "PATCH" in preflight.headers["Access-Control-Allow-Methods"]
    added = api.post("playlist", {"track_id": "track-1"}, Origin=origin)
    assert added.status == 201
    assert added.headers["Access-Control-Allow-Origin"] == origin


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost.evil.example:5173"])
def test_other_pages_are_not_told_that_they_may(api: Api, origin: str) -> None:
    answer = api.call("OPTIONS", "playlist", Origin=origin, Access_Control_Request_Method="POST")
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("path", ["playlist", "playlist/add", "playlists/main/items"])
def test_adding_refuses_what_makes_no_sense(api: Api, path: str) -> None:
    missing: list[Any] = [{}, {"track_id": None}, {"track_id": ""}, {"track_id": " "}, None, {"trackId": "track-1"}]
    for body in missing:
        assert (api.post(path, body).status, api.post(path, body).code) == (400, "MISSING_TRACK_ID")
    wrong: list[Any] = [[], "x", 5, {"track_id": 5}, {"track_id": ["x"]}, {"track_id": "x" * 65}]
    for body in wrong:
        assert (api.post(path, body).status, api.post(path, body).code) == (400, "VALIDATION_ERROR"), body
    for field, value in {"id": "no uuid", "after": 7, "added_by": "x" * 51, "added_by ": 0}.items():
        answer = api.post(path, {"track_id": "track-1", field.strip(): value})
        assert (answer.code, list(answer.details)) == ("VALIDATION_ERROR", [field.strip()])
    assert api.post(path, {"track_id": "nothing"}).code == "TRACK_NOT_FOUND"
    assert api.post(path, {"track_id": "track-1", "after": str(uuid4())}).code == "CONFLICT"
    assert api.get("playlist").json == []
    assert Room.main().row.revision == 0


def test_a_queued_track_is_a_duplicate(api: Api) -> None:
    api.post("playlist", {"track_id": "track-1"})
    answer = api.post("playlist", {"track_id": "track-1"})
    assert (answer.status, answer.code, answer.details) == (409, "DUPLICATE_TRACK", {"track_id": "track-1"})


@pytest.mark.parametrize("body", [{}, None, {"direction": "sideways"}, {"direction": None}, {"direction": 1}])
def test_a_vote_needs_a_direction(api: Api, body: object) -> None:
    item = api.post("playlist", {"track_id": "track-1"}).json["id"]
    answer = api.post(f"playlist/{item}/vote", body)
    assert (answer.status, answer.code) == (400, "INVALID_DIRECTION")


def test_one_address_has_one_vote(api: Api) -> None:
    item = api.post("playlist", {"track_id": "track-1"}).json["id"]
    for direction, votes in (("up", 1), ("up", 1), ("down", -1), ("none", 0)):
        assert api.post(f"playlist/{item}/vote", {"direction": direction}).json["votes"] == votes
    other = Api(address="10.0.0.9")
    api.post(f"playlist/{item}/vote", {"direction": "up"})
    assert other.post(f"playlist/{item}/vote", {"direction": "up"}).json["votes"] == 2
    assert other.post(f"playlist/{item}/vote", {"direction": "none"}).json["my_vote"] == 0
    assert api.get("playlist").json[0]["my_vote"] == 1


@pytest.mark.parametrize("item", ["nothing", "00000000-0000-0000-0000-000000000000", "..", "1"])
def test_an_item_that_is_not_there(api: Api, item: str) -> None:
    for answer in (
        api.delete(f"playlist/{item}"),
        api.patch(f"playlist/{item}", {"position": 1}),
        api.patch(f"playlist/{item}", {}),
        api.get(f"playlist/{item}"),
        api.post(f"playlist/{item}/vote", {"direction": "up"}),
    ):
        assert (answer.status, answer.code) == (404, "ITEM_NOT_FOUND")


def test_a_patch_is_a_move_and_a_play_in_one(api: Api) -> None:
    first, second = (api.post("playlist", {"track_id": f"track-{number}"}).json["id"] for number in (1, 2))
    answer = api.patch(f"playlist/{second}", {"after": None, "is_playing": True}, Idempotency_Key="k")
    assert (answer.json["position"], answer.json["is_playing"]) == (0.0, True)
    assert api.patch(f"playlist/{second}", {"after": None, "is_playing": True}, Idempotency_Key="k").json == answer.json
    assert api.patch(f"playlist/{second}", {"position": 1, "after": None}).code == "VALIDATION_ERROR"
    body: Any
    for body in ({"position": None}, {"position": "1"}, {"position": 1e10}, {"is_playing": "yes"}, {"after": 0}, []):
        assert api.patch(f"playlist/{second}", body).code == "VALIDATION_ERROR", body
    assert api.patch(f"playlist/{second}", {"after": second}).code == "VALIDATION_ERROR"
    assert api.patch(f"playlist/{first}", {"is_playing": False}).json["is_playing"] is False
    assert api.patch(f"playlist/{second}", {}).json == answer.json
    paused = api.patch(f"playlist/{second}", {"is_playing": False})
    assert (paused.status, paused.json["is_playing"]) == (200, True)
    assert api.get("playlists/main/playback").json["state"] == "paused"


def test_what_was_read_already_is_not_sent_again(api: Api) -> None:
    first = api.get("playlist")
    etag = first.headers["ETag"]
    assert api.get("playlist", If_None_Match=etag).status == 304
    assert api.get("playlist", If_None_Match=f'"other", {etag}').status == 304
    api.post("playlist", {"track_id": "track-1"})
    changed = api.get("playlist", If_None_Match=etag)
    assert (changed.status, len(changed.json)) == (200, 1)
    other = Api(address="10.0.0.9").get("playlist", If_None_Match=changed.headers["ETag"])
    assert other.status == 200, "somebody else has votes of their own"


def test_head_and_options_work_and_other_methods_say_what_does(api: Api) -> None:
    assert api.call("HEAD", "playlist").status == 200
    assert api.call("OPTIONS", "playlist").status == 200
    answer = api.call("PUT", "playlist", {})
    assert (answer.status, answer.code) == (405, "METHOD_NOT_ALLOWED")
    assert "POST" in answer.headers["Allow"]
    assert api.get("playlist/add").status == 405
    for method in ("PUT", "POST", "TRACE"):
        for document in ("asyncapi.json", "schema"):
            assert api.call(method, document).code == "METHOD_NOT_ALLOWED"
    assert api.get("nowhere").code == "NOT_FOUND"


def test_an_album_is_added_with_one_request(api: Api) -> None:
    make_tracks(5, prefix="album")
    api.post("playlist", {"track_id": "album-2"})
    wanted = [f"album-{number}" for number in range(1, 6)]
    answers = [api.post("playlist", {"track_ids": wanted}, Idempotency_Key="album") for _ in range(2)]
    assert [answer.status for answer in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    added = [item["track_id"] for item in answers[0].json]
    assert added == ["album-1", "album-3", "album-4", "album-5"]
    assert [item["track_id"] for item in api.get("playlist").json][-5:] == ["album-2", *added]
    for wrong in ([], ["album-1"] * 201, "album-1", [7], None):
        assert api.post("playlist", {"track_ids": wrong}).code == "VALIDATION_ERROR"
    assert api.post("playlist/add", {"track_ids": wanted}).json == []
