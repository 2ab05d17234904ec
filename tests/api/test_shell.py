"""The web client's pages as the server sends them: what is told with the page, and what the page may do."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from playlist import accounts, types
from playlist.identity import Actor
from playlist.models import User
from run import built_files
from tests.rooms import Room, id_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser() -> Client:
    return Client(SERVER_NAME="localhost")


def boot_of(response: Any) -> Any:
    (found,) = re.findall(r'<script type="application/json" id="boot">(.*?)</script>', response.content.decode())
    return json.loads(found)


def log_in(browser: Client, actor: Actor) -> None:
    browser.force_login(User.objects.get(pk=id_of(actor)), backend="django.contrib.auth.backends.ModelBackend")


def test_the_home_page_tells_who_is_there(browser: Client) -> None:
    response = browser.get("/")
    assert response.status_code == 200
    assert boot_of(response) == {"user": None, "room": None, "cover_origins": []}
    assert "csrftoken" in response.cookies
    assert response["Cache-Control"] == "no-store"
    anna = accounts.guest_create("Anna")
    browser.force_login(anna, backend="django.contrib.auth.backends.ModelBackend")
    assert boot_of(browser.get("/"))["user"] == {"id": anna.pk, "username": None, "name": "Anna"}


@pytest.mark.parametrize("path", ["", "/", "/display", "/display/"])
def test_a_room_tells_how_one_gets_in(browser: Client, room: Room, charlie: Actor, path: str) -> None:
    address = f"/r/{room.slug}{path}"
    response = browser.get(address)
    assert response.status_code == 200
    stranger = {"slug": room.slug, "name": "The room", "locked": False, "entry": "join", "public": True}
    assert boot_of(response)["room"] == stranger
    log_in(browser, charlie)
    assert boot_of(browser.get(address))["room"]["entry"] == "join"
    room.do(types.ParticipantJoin(), by=charlie)
    assert boot_of(browser.get(address))["room"]["entry"] == "open"
    room.do(types.ParticipantRemove(user_id=id_of(charlie), ban=True))
    assert boot_of(browser.get(address))["room"]["entry"] == "banned"
    log_in(browser, room.host)
    assert boot_of(browser.get(address))["room"]["entry"] == "open"


def test_a_room_that_is_not_there(browser: Client) -> None:
    response = browser.get("/r/nowhere")
    assert response.status_code == 404
    assert boot_of(response)["room"] is None


def test_a_name_cannot_break_out_of_the_page(browser: Client) -> None:
    room = Room.open(name="</script><script>alert(1)</script>&amp;")
    response = browser.get(f"/r/{room.slug}")
    assert boot_of(response)["room"]["name"] == "</script><script>alert(1)</script>&amp;"
    assert b"<script>alert" not in response.content


def test_the_policy_lets_nothing_foreign_in(browser: Client) -> None:
    rules = dict(rule.split(" ", 1) for rule in browser.get("/")["Content-Security-Policy"].split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["img-src"] == "'self'"
    assert rules["connect-src"] == "'self' ws://localhost wss://localhost"
    with override_settings(COVER_ORIGINS=["https://covers.example.org"]):
        response = browser.get("/")
    assert "img-src 'self' https://covers.example.org;" in response["Content-Security-Policy"]
    assert boot_of(response)["cover_origins"] == ["https://covers.example.org"]


def test_what_the_page_names_is_there_and_kept_for_ever(browser: Client) -> None:
    page = browser.get("/").content.decode()
    names = re.findall(r'(?:src|href)="(/static/client/[^"]+)"', page)
    assert {Path(name).suffix for name in names} == {".js", ".css", ".svg", ".png", ".webmanifest"}
    for name in names:
        response = browser.get(name, headers={"Accept-Encoding": "gzip"})
        assert response.status_code == 200, name
        assert ("immutable" in response["Cache-Control"]) == ("/assets/" in name)
        if name.endswith((".js", ".css")):
            assert response["Content-Encoding"] == "gzip"
        if name.endswith(".webmanifest"):
            assert response["Content-Type"].startswith("application/manifest+json")
    manifest = json.loads((settings.CLIENT_DIR / "icons/manifest.webmanifest").read_text())
    for icon in manifest["icons"]:
        assert (settings.CLIENT_DIR / "icons" / icon["src"]).exists(), icon


def test_the_first_load_is_small() -> None:
    """At most 200 kB of scripts and styles for any page, compressed: here even all pages together."""
    compressed = [settings.CLIENT_DIR / f"{name}.gz" for name in built_files()]
    assert len(compressed) > 4
    assert sum(path.stat().st_size for path in compressed) < 200_000


def test_nothing_is_written_here(browser: Client) -> None:
    assert browser.post("/").status_code == 405


def test_an_address_that_is_none_is_a_page_for_browsers_and_json_for_others(browser: Client) -> None:
    response = browser.get("/nonsense", headers={"Accept": "text/html,*/*"})
    assert (response.status_code, boot_of(response)["room"]) == (404, None)
    assert browser.get("/nonsense").json()["error"]["code"] == "NOT_FOUND"
    assert browser.get("/api/nonsense", headers={"Accept": "text/html"}).json()["error"]["code"] == "NOT_FOUND"
