"""Roles and links over REST: the host's, the wall's, and what guesses get."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from playlist.models import Operation, Participant, Playlist, SecretLink, User
from playlist.rest import throttles
from playlist.selectors.playlists import playlists_of
from playlist.visits import visits_note
from tests.api.client import Answer, Api, guest, new_room
from tests.plans import explain
from tests.rooms import Room

pytestmark = pytest.mark.usefixtures("tracks")


def secret_in(answer: Answer, slug: str, page: str, name: str) -> str:
    """The secret of a link, which stands in the fragment, where no server and no log sees it."""
    assert answer.status == 200, answer.json
    url = urlsplit(answer.json["url"])
    assert (url.path, url.query) == (f"/r/{slug}{page}", "")
    assert "localhost" not in url.netloc, "another device opens it"
    key, _, secret = url.fragment.partition("=")
    assert (key, len(secret)) == (name, 22)
    return str(secret)


def host_secret(host: Api, slug: str) -> str:
    return secret_in(host.post(f"playlists/{slug}/host-link"), slug, "", "host")


def wall_secret(host: Api, slug: str) -> str:
    return secret_in(host.post(f"playlists/{slug}/display-link"), slug, "/display", "display")


def id_of(api: Api) -> int:
    return int(api.get("user/me").json["id"])


def test_a_cohost_and_a_room_that_changes_hands() -> None:
    alice, bob, eve = guest("Alice"), guest("Bob"), guest("Eve")
    slug = new_room(alice)
    for api in (bob, eve):
        api.post(f"playlists/{slug}/join", {})
    his, hers = (f"playlists/{slug}/participants/{id_of(api)}" for api in (bob, eve))
    assert bob.patch(hers, {"role": "cohost"}).code == "FORBIDDEN"
    for body in ({}, {"role": "king"}, {"role": None}):
        assert alice.patch(his, body).code == "VALIDATION_ERROR"
    assert alice.patch(f"playlists/{slug}/participants/{2**63}", {"role": "cohost"}).code == "NOT_FOUND"
    for _ in range(2):
        answer = alice.patch(his, {"role": "cohost"}, Idempotency_Key="one")
        assert answer.json == {"id": id_of(bob), "name": "Bob", "role": "cohost"}
    assert bob.patch(f"playlists/{slug}", {"name": "Bob's"}).json["name"] == "Bob's"
    assert bob.delete(f"playlists/{slug}").code == "FORBIDDEN"
    assert bob.post(f"playlists/{slug}/host-link").code == "FORBIDDEN"
    old = host_secret(alice, slug)
    assert alice.patch(his, {"role": "host"}).json["role"] == "host"
    assert [(one["name"], one["role"]) for one in eve.get(f"playlists/{slug}/participants").json] == [
        ("Bob", "host"),
        ("Alice", "cohost"),
        ("Eve", "participant"),
    ]
    assert alice.post(f"playlists/{slug}/claim", {"secret": old}).code == "FORBIDDEN"
    assert bob.delete(f"playlists/{slug}").status == 204


def test_the_host_loses_their_cookies_and_the_link_brings_the_room_back(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    alice = guest("Alice")
    slug = new_room(alice)
    first = host_secret(alice, slug)
    again = Api(cookies=True)
    assert again.post(f"playlists/{slug}/claim", {"secret": first}).code == "AUTH_REQUIRED"
    again.post("guests", {"name": "Alice"})
    again = Api(token=guest("Alice").token)
    claimed = again.post(f"playlists/{slug}/claim", {"secret": first}, Idempotency_Key="one")
    assert (claimed.status, claimed.json["host"]["name"]) == (200, "Alice")
    assert claimed.json["join_url"].endswith(f"/r/{slug}")
    assert again.delete(f"playlists/{slug}/participants/{id_of(alice)}?ban=true").status == 204
    second = host_secret(again, slug.upper().lower())
    assert alice.post(f"playlists/{slug}/claim", {"secret": second}).code == "FORBIDDEN", "she was removed"
    other = guest("Alice")
    refused = other.post(f"playlists/{slug}/claim", {"secret": first})
    assert (refused.code, refused.details) == ("FORBIDDEN", {"reason": "link"})
    for body in ({}, {"secret": 5}, {"secret": "x" * 129}):
        assert other.post(f"playlists/{slug}/claim", body).code == "VALIDATION_ERROR"
    assert not Operation.objects.exists(), "an answer with a secret is not remembered"
    assert not [secret for secret in (first, second) if secret in caplog.text or secret in str(claimed.json)]


def test_guesses_are_counted_for_the_address_and_right_ones_are_not(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WRONG_LINKS_PER_MINUTE = 3
    now = 100.0
    monkeypatch.setattr(throttles, "time", SimpleNamespace(monotonic=lambda: now))
    alice = guest("Alice")
    slug = new_room(alice)
    right, wall = host_secret(alice, slug), wall_secret(alice, slug)
    for _ in range(5):
        assert alice.post(f"playlists/{slug}/claim", {"secret": right}).status == 200
        assert alice.post(f"playlists/{slug}/claim", {"secret": 5}).code == "VALIDATION_ERROR"
        assert Api().post(f"playlists/{slug}/display", {"secret": wall}).status == 200
    assert [alice.post(f"playlists/{slug}/claim", {"secret": "x"}).status for _ in range(2)] == [403, 403]
    assert Api().post(f"playlists/{slug}/display", {"secret": "x"}).status == 403
    for path, secret in (("claim", right), ("display", wall)):
        refused = guest("Bob").post(f"playlists/{slug}/{path}", {"secret": secret})
        assert refused.code == "RATE_LIMITED", "also a right one: else guessing would go on"
        assert int(refused.headers["Retry-After"]) > 0
    elsewhere = Api(token=alice.token, address="10.0.0.9")
    assert elsewhere.post(f"playlists/{slug}/claim", {"secret": right}).status == 200
    now += 60.0
    assert alice.post(f"playlists/{slug}/claim", {"secret": right}).status == 200
    assert SecretLink.objects.count() == 2


def test_a_wall_reads_its_room_and_changes_nothing(room: Room) -> None:
    alice, bob = guest("Alice"), guest("Bob")
    slug, other = new_room(alice), new_room(alice)
    item = alice.post(f"playlists/{slug}/items", {"track_id": "track-1"}).json["id"]
    assert bob.post(f"playlists/{slug}/display-link").code == "FORBIDDEN"
    secret = wall_secret(alice, slug)
    screen = Api(cookies=True)
    answer = screen.post(f"playlists/{slug}/display", {"secret": secret})
    assert set(answer.json) == {"token"}
    (cookie,) = [morsel for name, morsel in screen.cookies.items() if name.startswith(settings.WALL_COOKIE_PREFIX)]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    wall = Api(token=answer.json["token"])
    for reader in (screen, wall):
        for path in ("", "/items", "/playback", "/history", "/events?since=0", "/participants"):
            assert reader.get(f"playlists/{slug}{path}").status == 200, path
        assert reader.get(f"playlists/{other}").status in (401, 403), "another room of the same host"
        assert reader.get("user/me").code == "AUTH_REQUIRED", "a wall is no user"
        assert reader.get("playlists?mine=true").code == "AUTH_REQUIRED"
    items = f"playlists/{slug}/items"
    for method, path, body in (
        ("POST", items, {"track_id": "track-2"}),
        ("POST", items, {"track_ids": ["track-2"]}),
        ("PATCH", f"{items}/{item}", {"position": 2}),
        ("PATCH", f"{items}/{item}", {"is_playing": True}),
        ("DELETE", f"{items}/{item}", None),
        ("POST", f"{items}/{item}/vote", {"direction": "up"}),
        ("POST", f"{items}/{item}/restore", None),
        ("POST", f"playlists/{slug}/playback", {"action": "play"}),
        ("PATCH", f"playlists/{slug}", {"name": "Mine"}),
        ("DELETE", f"playlists/{slug}", None),
        ("POST", f"playlists/{slug}/join", {"name": "Wall"}),
        ("DELETE", f"playlists/{slug}/participants/1", None),
        ("PATCH", f"playlists/{slug}/participants/1", {"role": "cohost"}),
        ("POST", f"playlists/{slug}/claim", {"secret": secret}),
        ("POST", f"playlists/{slug}/import", b"#EXTM3U\nnowhere.mp3\n"),
        ("POST", f"playlists/{slug}/host-link", None),
        ("POST", f"playlists/{slug}/display-link", None),
        ("POST", f"playlists/{room.slug}/items", {"track_id": "track-2"}),
        ("POST", "playlist", {"track_id": "track-2"}),
        ("POST", f"playlist/{item}/vote", {"direction": "up"}),
    ):
        assert wall.call(method, path, body).code == "FORBIDDEN", (method, path)
    for method, path, body in (
        ("POST", "playlists", {"name": "A wall's"}),
        ("PUT", "favorites/track-1", None),
    ):
        assert wall.call(method, path, body).code == "AUTH_REQUIRED", (method, path)
    assert wall.get(f"playlists/{room.slug}").code == "FORBIDDEN"
    forged = wall.token.replace(slug, other) if wall.token else ""
    for token in (forged, f"{wall.token}x", "wall.main.", "wall."):
        assert Api(token=token).get(f"playlists/{slug}").code == "AUTH_REQUIRED", token
    assert screen.post(f"playlists/{slug}/join", {"name": "Tom"}).status == 200, "somebody may join before the screen"
    wall_secret(alice, slug)
    assert wall.get(f"playlists/{slug}").code == "AUTH_REQUIRED"
    assert Api().post(f"playlists/{slug}/display", {"secret": secret}).details == {"reason": "link"}
    assert Api().post("playlists/nowhere/display", {"secret": secret}).code == "PLAYLIST_NOT_FOUND"


def test_who_was_removed_gets_no_wall() -> None:
    alice, bob = guest("Alice"), guest("Bob")
    slug = new_room(alice)
    bob.post(f"playlists/{slug}/join", {})
    secret = wall_secret(alice, slug)
    alice.delete(f"playlists/{slug}/participants/{id_of(bob)}?ban=true")
    assert bob.post(f"playlists/{slug}/display", {"secret": secret}).details == {"reason": "removed"}
    alice.post(f"playlists/{slug}/host-link")
    carol = guest("Carol")
    carol.post(f"playlists/{slug}/join", {})
    alice.patch(f"playlists/{slug}/participants/{id_of(carol)}", {"role": "host"})
    assert Api().post(f"playlists/{slug}/display", {"secret": secret}).details == {"reason": "link"}


# ── One's own rooms ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_ones_own_rooms_come_by_their_last_visit_with_what_plays() -> None:
    alice, bob = guest("Alice"), guest("Bob")
    kitchen, garden, attic = (new_room(alice, name=name) for name in ("Kitchen", "Garden", "Attic"))
    assert Api().get("playlists?mine=true").code == "AUTH_REQUIRED"
    assert alice.get("playlists?mine=maybe").code == "VALIDATION_ERROR"
    assert bob.get("playlists?mine=true").json == []
    for slug in (garden, kitchen, attic):
        bob.post(f"playlists/{slug}/join", {})
    alice.post(f"playlists/{kitchen}/items", {"track_id": "track-1"})
    alice.post(f"playlists/{kitchen}/playback", {"action": "play"})

    def rooms(api: Api, query: str = "") -> list[str]:
        return [room["name"] for room in api.get(f"playlists?mine=true{query}").json]

    assert rooms(bob) == ["Attic", "Kitchen", "Garden"]
    assert rooms(alice) == ["Attic", "Garden", "Kitchen"]
    assert "Attic" not in [room["name"] for room in bob.get("playlists").json], "they are unlisted"
    listed = {room["name"]: room for room in bob.get("playlists?mine=true").json}
    assert listed["Kitchen"]["now_playing"]["title"] == "Song 1"
    assert listed["Garden"]["now_playing"] is None
    alice.delete(f"playlists/{attic}/participants/{id_of(bob)}?ban=true")
    assert rooms(bob) == ["Kitchen", "Garden"]
    visits_note([(Playlist.objects.get(slug=slug).pk, id_of(bob)) for slug in (garden, attic)])
    assert rooms(bob) == ["Garden", "Kitchen"]
    found, path = [], "playlists?mine=true&limit=1"
    while path:
        page = alice.get(path)
        found += [room["name"] for room in page.json]
        path = page.headers.get("Link", "").partition("/api/")[2].partition(">")[0]
    assert found == ["Attic", "Garden", "Kitchen"]
    assert alice.get("playlists?mine=true&cursor=x").code == "VALIDATION_ERROR"


def test_a_page_of_ones_own_rooms_reads_nobody_elses(django_assert_num_queries: Any) -> None:
    people = User.objects.bulk_create(User(username=f"guest-{n}", name="Guest", password="!x") for n in range(300))
    for number in range(20):
        playlist = Playlist.objects.create(slug=f"slug{number}", name="Room", host=people[0])
        Participant.objects.bulk_create(Participant(playlist=playlist, user=user) for user in people)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    steps = explain(Participant.objects.filter(user=people[7], banned_at=None).order_by("-visited_at", "-id")[:5])
    assert any("rooms_last_visited" in step for step in steps), steps
    assert not any("TEMP B-TREE" in step or "Sort" in step for step in steps), steps
    with django_assert_num_queries(2):
        assert len(playlists_of(people[7], 5, None).rows) == 5
