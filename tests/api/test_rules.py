"""The common rules: errors, idempotency, limits, identities, CSRF."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from knox.models import AuthToken

from playlist import commit
from playlist.errors import unavailable
from playlist.models import User
from playlist.rest.views import queue
from playlist.selectors import playlists
from tests.api.client import Api, account, guest
from tests.rooms import Room

pytestmark = pytest.mark.usefixtures("tracks")

MALFORMED = [
    b"{",
    b"nope",
    b'{"track_id": NaN}',
    b'{"track_id": "\\ud800"}',
    b'{"track_id": "a\\u0000"}',
    b"[" * 9 + b"]" * 9,
]


@pytest.mark.once
@pytest.mark.parametrize("body", [*MALFORMED, b"\xff\xfe", b"[" * 50_000])
@pytest.mark.parametrize("path", ["playlist", "playlist/add/", "guests", "playlists/main/playback", "user/login"])
def test_what_is_not_json_is_malformed(api: Api, path: str, body: bytes) -> None:
    answer = api.post(path, body)
    assert (answer.status, answer.code) == (400, "MALFORMED")


@pytest.mark.once
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_only_json_is_parsed(api: Api, kind: str) -> None:
    answer = api.post("playlist", b'{"track_id": "track-1"}', Content_Type=kind)
    assert (answer.status, answer.code) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert api.post("playlist", {"track_id": "track-1"}, Content_Type="Application/JSON; charset=utf-8").status == 201


@pytest.mark.once
def test_answers_are_json_whatever_is_accepted(api: Api) -> None:
    assert api.get("playlist", Accept="text/html").headers["Content-Type"] == "application/json"


@pytest.mark.once
def test_a_body_has_a_limit(api: Api, settings: Any) -> None:
    settings.MAX_BODY_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    fitting = b'{"track_id": "track-1"}'.ljust(100)
    assert api.post("playlist", fitting).status == 201
    answer = api.post("playlist", fitting + b" ")
    assert (answer.status, answer.code, answer.details) == (413, "TOO_LARGE", {"limit_bytes": 100})


def test_one_key_is_one_effect(api: Api) -> None:
    first = api.post("playlist", {"track_id": "track-1"}, Idempotency_Key="k")
    again = api.post("playlist/add/", {"track_id": "track-1", "unknown": 1}, Idempotency_Key="k")
    assert (first.status, first.json) == (again.status, again.json)
    other = api.post("playlist", {"track_id": "track-2"}, Idempotency_Key="k")
    assert (other.status, other.code) == (409, "OP_CONFLICT")
    assert guest("Eve").post("playlist", {"track_id": "track-2"}, Idempotency_Key="k").status == 201
    for key in ("", "x" * 65):
        assert api.post("playlist", {"track_id": "track-3"}, Idempotency_Key=key).code == "VALIDATION_ERROR"
    item = first.json["id"]
    assert api.delete(f"playlist/{item}", Idempotency_Key="d").status == 204
    assert api.delete(f"playlist/{item}", Idempotency_Key="d").status == 204
    assert api.delete(f"playlist/{item}").status == 404


def test_the_same_key_50_times_in_parallel(api: Api) -> None:
    def add(_: int) -> tuple[int, Any]:
        answer = Api().post("playlist", {"track_id": "track-1"}, Idempotency_Key="k")
        connection.close()
        return answer.status, answer.json

    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(add, range(50)))
    assert answers == [answers[0]] * 50
    assert answers[0][0] == 201
    assert Room.main().row.revision == 1


def test_writes_have_a_rate_limit_per_actor(settings: Any) -> None:
    settings.REST_WRITES_PER_SECOND, settings.REST_WRITES_BURST = 0.001, 3
    api = Api()
    assert [api.post("playlist", {}).status for _ in range(4)] == [400, 400, 400, 429]
    answer = api.post("playlist", {"track_id": "track-1"})
    assert answer.code == "RATE_LIMITED"
    assert int(answer.headers["Retry-After"]) >= 1
    assert api.get("playlist").json == []
    assert Api(address="10.0.0.9").post("playlist", {"track_id": "track-1"}).status == 201


def test_a_bad_token_is_refused_even_where_none_is_needed(api: Api) -> None:
    for header in ("Bearer nothing", "Bearer", "Bearer a b", "Bearer \xba", f"Bearer {'x' * 5000}"):
        answer = api.get("playlist", Authorization=header)
        assert (answer.status, answer.code) == (401, "AUTH_REQUIRED"), header
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert api.get("playlist", Authorization="Basic eDp5").status == 200


def test_only_a_tokens_hash_is_kept_and_logging_out_revokes_it() -> None:
    anna = guest("Anna")
    assert anna.token
    assert anna.token not in str(list(AuthToken.objects.values()))
    assert anna.get("user/me").json["user"]["name"] == "Anna"
    assert anna.post("user/logout").status == 204
    assert anna.get("user/me").code == "AUTH_REQUIRED"


def test_a_session_cookie_needs_the_csrf_token() -> None:
    browser = Api(cookies=True)
    assert browser.post("playlists/main/join", {"name": "Bo"}).status == 200
    refused = browser.post("playlist", {"track_id": "track-1"})
    assert (refused.status, refused.code) == (403, "FORBIDDEN")
    token = browser.cookies[settings.CSRF_COOKIE_NAME].value
    assert browser.post("playlist", {"track_id": "track-1"}, X_CSRFToken=token).json["added_by"] == "Bo"
    for origin, status in (("http://localhost:5173", 201), ("http://localhost", 409), ("http://evil.example", 403)):
        answer = browser.post("playlist", {"track_id": "track-2"}, X_CSRFToken=token, Origin=origin)
        assert answer.status == status, origin


def test_a_token_beside_a_cookie_needs_no_csrf_token() -> None:
    browser = Api(cookies=True)
    browser.token = browser.post("playlists/main/join", {"name": "Bo"}).json["token"]
    assert browser.post("playlist", {"track_id": "track-1"}).status == 201


def test_a_database_that_is_away_is_unavailable(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> Any:
        raise OperationalError("connection refused")

    monkeypatch.setattr(playlists, "playlist_by_slug", away)
    answer = api.get("playlist")
    assert (answer.status, answer.code) == (503, "UNAVAILABLE")
    assert answer.headers["Retry-After"]
    monkeypatch.undo()
    monkeypatch.setattr(commit, "_lock", away)
    answer = api.post("playlist", {"track_id": "track-1"})
    assert (answer.status, answer.code) == (503, "UNAVAILABLE")


def test_a_fault_in_the_program_is_in_the_envelope_and_tells_nothing(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: Any) -> Any:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(queue, "readable_playlist", fault)
    answer = api.get("playlist")
    assert (answer.status, answer.code) == (500, "INTERNAL")
    assert "secret" not in str(answer.json)


@pytest.mark.once
def test_a_foreign_host_is_refused(api: Api) -> None:
    assert Client(SERVER_NAME="evil.example").get("/api/playlist").status_code == 400
    assert Client(SERVER_NAME="192.168.1.5").get("/api/playlist").status_code == 200


def test_a_deactivated_account_is_nobody() -> None:
    anna = account("anna")
    User.objects.filter(username="anna").update(is_active=False)
    assert anna.get("playlist").code == "AUTH_REQUIRED"


@pytest.mark.parametrize("path", ["tracks/a%00b", "playlists/a%00b", "playlists/a%00b/items", "playlist/a%00b"])
def test_nul_reaches_no_database(api: Api, path: str) -> None:
    assert api.get(path).status == 404
    assert api.get("playlist", Cookie='sessionid="aaaaaaaaaaaaaaaa\\000"').status == 200


@pytest.mark.once
@pytest.mark.parametrize(
    "host", ["localhost:99999", "[::1]:0099999", "localhost:port", "a_b.localhost", "x@localhost", "localhost:"]
)
def test_an_impossible_host_is_refused_without_a_word_in_the_log(
    api: Api, host: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = api.get("playlists/main", Host=host)
    assert (answer.status, answer.code) == (400, "MALFORMED")
    assert caplog.messages == []


@pytest.mark.once
def test_no_cache_keeps_an_answer(api: Api) -> None:
    """Not a token, and not what is for one caller only."""
    for answer in (
        api.post("guests", {"name": "Anna"}),
        api.post("playlists/main/join", {"name": "Anna"}),
        guest("Anna").get("user/me"),
        api.get("user/me"),
        api.get("playlists/main/participants"),
    ):
        assert answer.headers["Cache-Control"] == "no-store"
    assert api.get("playlist").headers["Cache-Control"] == "private, no-cache"


@pytest.mark.once
@pytest.mark.parametrize(
    ("path", "loads"),
    [
        ("/api/playlist", ""),
        ("/api/nonsense", ""),
        ("/api/docs/", "'self'"),
        ("/admin/login/", "'self'"),
        ("/static/client/icons/icon.svg", ""),
    ],
)
def test_every_answer_has_a_policy(path: str, loads: str) -> None:
    response = Client(SERVER_NAME="localhost").get(path)
    rules = dict(rule.split(" ", 1) for rule in response["Content-Security-Policy"].split("; "))
    assert (rules["default-src"], rules["frame-ancestors"]) == ("'none'", "'none'")
    assert rules.get("script-src", "") == rules.get("style-src", "") == loads
    if loads:
        page = response.content.decode()
        assert not re.search(r"<style|<script(?![^>]* src=)|\son\w+=", page), "nothing inline"


@pytest.mark.once
def test_the_schema_is_there_for_whoever_asks(api: Api) -> None:
    assert Client(SERVER_NAME="localhost").get("/api/schema/", headers={"Accept": "text/html"}).status_code == 200


def test_passwords_and_guests_have_limits_per_address(api: Api, settings: Any) -> None:
    settings.PASSWORDS_PER_SECOND, settings.PASSWORDS_BURST = 0.001, 2
    settings.GUESTS_PER_SECOND, settings.GUESTS_BURST = 0.001, 2
    names = [{"username": f"nobody{number}", "password": "wrong"} for number in range(3)]
    assert [api.post("user/login", name).status for name in names] == [401, 401, 429]
    assert [api.post("guests", {"name": "Guest"}).status for _ in range(3)] == [201, 201, 429]
    assert Api(address="10.0.0.9").post("user/login", names[0]).status == 401


def test_long_texts_in_other_scripts_are_kept_and_found(api: Api) -> None:
    """Folding makes them longer than they are; a cursor made from them comes back whole."""
    anna = account("anna")
    longest = "\ufdfa" * 500
    fields = {"title": longest, "artist": longest, "album": longest, "genre": longest[:50], "duration_seconds": 1}
    created = anna.post("tracks", fields)
    assert created.status == 201
    assert anna.post("tracks", {**fields, "title": "песня " * 83}).status == 201
    assert anna.patch(f"tracks/{created.json['id']}", {"duration_seconds": 2}).status == 200
    path, seen = "tracks?limit=1", 0
    while path:
        answer = api.get(path)
        assert answer.status == 200
        seen += len(answer.json)
        link = answer.headers.get("Link", "")
        path = link.split(">")[0].split("/api/")[-1] if link else ""
    assert seen == 14


def test_an_edit_or_a_deletion_that_failed_half_way_is_finished_by_repeating_it(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = account("anna")
    User.objects.update(is_staff=True)
    api.post("playlist", {"track_id": "track-1"})

    def away(*_: Any) -> Any:
        monkeypatch.undo()
        raise unavailable()

    submit = "playlist.writer.Writer.submit"
    monkeypatch.setattr(submit, away)
    assert anna.patch("tracks/track-1", {"title": "New"}).status == 503
    assert anna.patch("tracks/track-1", {"title": "New"}).status == 200
    assert [event["type"] for event in Room.main().events()] == ["track.added", "track.updated"]
    monkeypatch.setattr(submit, away)
    assert anna.delete("tracks/track-1").status == 503
    assert anna.delete("tracks/track-1").status == 204
    assert api.get("playlist").json == []
    assert anna.delete("tracks/track-1").status == 404
