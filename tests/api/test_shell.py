"""The web client's pages as the server sends them: what is told with the page, and what the page may do."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client, override_settings

from playlist import accounts, types
from playlist.identity import Actor
from playlist.models import User
from playlist_backend.assets import ENTRY, read_assets
from tests.rooms import Room, id_of, person
from toolchain import built_files

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def browser() -> Client:
    return Client(SERVER_NAME="localhost")


def boot_of(response: Any) -> Any:
    (found,) = re.findall(r'<script type="application/json" id="boot">(.*?)</script>', response.content.decode())
    return json.loads(found)


def log_in(browser: Client, actor: Actor) -> None:
    browser.force_login(User.objects.get(pk=id_of(actor)), backend="django.contrib.auth.backends.ModelBackend")


@pytest.mark.once
def test_the_home_page_tells_who_is_there(browser: Client) -> None:
    response = browser.get("/")
    assert response.status_code == 200
    assert boot_of(response) == {
        "user": None,
        "room": None,
        "cover_origins": [],
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "upload_limit_mb": None,
        "upload_account": "open",
    }
    assert settings.CSRF_COOKIE_NAME in response.cookies
    assert response["Cache-Control"] == "no-store"
    anna = accounts.guest_create("Anna")
    browser.force_login(anna, backend="django.contrib.auth.backends.ModelBackend")
    assert boot_of(browser.get("/"))["user"] == {"id": anna.pk, "username": None, "name": "Anna"}


def test_the_page_knows_who_may_upload(browser: Client, settings: Any) -> None:
    anna, ben = accounts.guest_create("Anna"), User.objects.create_user("ben", password="a long one, for sure")
    for user, policy, limit, account in (
        (anna, "accounts", None, "given"), (anna, "staff", None, None), (ben, "accounts", 200, None),
        (ben, "staff", None, None), (ben, "off", None, None),
    ):  # fmt: skip
        settings.UPLOADS, settings.OPEN_SIGNUP = policy, False
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        boot = boot_of(browser.get("/"))
        assert (boot["upload_limit_mb"], boot["upload_account"]) == (limit, account), policy


def test_a_session_of_an_earlier_version_goes_on_under_its_new_name(browser: Client) -> None:
    log_in(browser, person("Anna"))
    earlier = Client(SERVER_NAME="localhost")
    earlier.cookies["sessionid"] = browser.cookies[settings.SESSION_COOKIE_NAME].value
    response = earlier.get("/")
    assert boot_of(response)["user"]["name"] == "Anna"
    assert response.cookies[settings.SESSION_COOKIE_NAME].value == earlier.cookies["sessionid"].value
    del earlier.cookies["sessionid"]
    assert boot_of(earlier.get("/"))["user"]["name"] == "Anna"


def test_the_session_of_another_application_is_left_alone(browser: Client) -> None:
    browser.cookies["sessionid"] = "0123456789abcdefghijklmnopqrstuv"
    response = browser.get("/")
    assert boot_of(response)["user"] is None
    assert set(response.cookies) == {settings.CSRF_COOKIE_NAME}


@pytest.mark.parametrize("path", ["", "/", "/display", "/display/"])
def test_a_room_tells_how_one_gets_in(browser: Client, room: Room, charlie: Actor, path: str) -> None:
    address = f"/r/{room.slug}{path}"
    response = browser.get(address)
    assert response.status_code == 200
    stranger = {"slug": room.slug, "name": "The room", "locked": False, "entry": "join", "public": True, "wall": False}
    assert boot_of(response)["room"] == stranger
    secret = room.answer(types.DisplayLinkRenew())["secret"]
    api = f"/api/playlists/{room.slug}/display"
    assert browser.post(api, {"secret": secret}, content_type="application/json").status_code == 200
    assert boot_of(browser.get(address))["room"] == stranger | {"wall": True}
    room.do(types.DisplayLinkRenew())
    assert boot_of(browser.get(address))["room"] == stranger
    log_in(browser, charlie)
    assert boot_of(browser.get(address))["room"]["entry"] == "join"
    room.do(types.ParticipantJoin(), by=charlie)
    assert boot_of(browser.get(address))["room"]["entry"] == "open"
    room.do(types.ParticipantRemove(user_id=id_of(charlie), ban=True))
    assert boot_of(browser.get(address))["room"]["entry"] == "banned"
    log_in(browser, room.host)
    assert boot_of(browser.get(address))["room"]["entry"] == "open"


@pytest.mark.parametrize("path", ["/r/{}", "/R/{}", "/r/{}/display", "/R/{}/DISPLAY/"])
def test_a_code_in_capitals_is_the_room(browser: Client, room: Room, path: str) -> None:
    response = browser.get(path.format(room.slug.upper()))
    assert response.status_code == 200
    assert boot_of(response)["room"]["slug"] == room.slug


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
    assert rules["media-src"] == "'self'"
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
    """At most 230 kB of scripts and styles for any page, compressed: here even all pages and dialogs together."""
    plain = [settings.CLIENT_DIR / name for name in built_files()]
    compressed = [path.with_name(f"{path.name}.gz") for path in plain]
    assert sum(path.exists() for path in compressed) > 4
    # Some are so small that they would only grow.
    sent = [small if small.exists() else whole for whole, small in zip(plain, compressed, strict=True)]
    assert sum(path.stat().st_size for path in sent) < 230_000


def test_nothing_is_written_here(browser: Client) -> None:
    assert browser.post("/").status_code == 405


def test_an_address_that_is_none_is_a_page_for_browsers_and_json_for_others(browser: Client) -> None:
    response = browser.get("/nonsense", headers={"Accept": "text/html,*/*"})
    assert (response.status_code, boot_of(response)["room"]) == (404, None)
    assert browser.get("/nonsense").json()["error"]["code"] == "NOT_FOUND"
    assert browser.get("/api/nonsense", headers={"Accept": "text/html"}).json()["error"]["code"] == "NOT_FOUND"


def test_a_link_preview_shows_the_rooms_name_and_nothing_else_of_it(browser: Client, room: Room) -> None:
    page = browser.get(f"/r/{room.slug}/display").content.decode()
    shown = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', page))
    assert shown["og:title"] == "The room"
    assert shown["og:url"] == f"http://localhost/r/{room.slug}"
    assert shown["og:description"] == shown["description"]
    assert browser.get(shown["og:image"].removeprefix("http://localhost")).status_code == 200
    assert "<title>The room</title>" in page
    assert "robots" not in shown


def test_a_link_preview_names_the_address_that_people_open(browser: Client, room: Room) -> None:
    with override_settings(PUBLIC_URL="https://music.example.org"):
        page = browser.get(f"/r/{room.slug}").content.decode()
    assert f'content="https://music.example.org/r/{room.slug}"' in page
    assert 'content="https://music.example.org/static/client/icons/icon-512.png"' in page


def test_a_preview_of_an_unlisted_room_tells_its_name_only(browser: Client) -> None:
    """The pages of two rooms differ in name and slug, whatever else differs between the rooms."""
    full, empty = Room.open(name="Full", visibility="unlisted"), Room.open(name="Empty", visibility="unlisted")
    full.add()
    full.do(types.PlaylistUpdate(order="votes", max_queued_per_person=3))
    pages = [browser.get(f"/r/{slug}").content.decode() for slug in (full.slug, empty.slug)]
    assert '<meta name="robots" content="noindex">' in pages[0]
    assert pages[0].replace(full.slug, empty.slug).replace("Full", "Empty") == pages[1]


def test_a_name_cannot_break_out_of_the_preview(browser: Client) -> None:
    room = Room.open(name='"><b>&')
    page = browser.get(f"/r/{room.slug}").content.decode()
    assert '<meta property="og:title" content="&quot;&gt;&lt;b&gt;&amp;">' in page
    assert "<title>&quot;&gt;&lt;b&gt;&amp;</title>" in page


def test_without_a_client_the_page_says_what_to_do(browser: Client, tmp_path: Path) -> None:
    with override_settings(DEBUG=True, CLIENT_DIR=tmp_path):
        (tmp_path / "manifest.json").write_text('{"src/main.')  # half written
        response = browser.get("/")
    assert response.status_code == 503
    assert b"python3 run.py client" in response.content


def test_a_rebuild_beside_a_running_server_changes_nothing_for_it(browser: Client, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"src/main.tsx": {"file": "assets/new.js"}}')
    with override_settings(CLIENT_DIR=tmp_path):
        assert b"new.js" not in browser.get("/").content
    with override_settings(CLIENT_DIR=tmp_path, DEBUG=True):
        assert b"/static/client/assets/new.js" in browser.get("/").content


def test_a_page_names_all_that_its_script_imports(tmp_path: Path) -> None:
    chunks = {
        ENTRY: {"file": "a.js", "imports": ["b", "c"], "css": ["a.css"], "dynamicImports": ["d"]},
        "b": {"file": "b.js", "imports": ["c", ENTRY], "css": ["b.css"]},
        "c": {"file": "c.js"},
        "d": {"file": "d.js", "css": ["d.css"]},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(chunks))
    assets = read_assets(tmp_path)
    assert assets is not None
    assert assets.script == "/static/client/a.js"
    assert assets.preloads == ["/static/client/b.js", "/static/client/c.js"]
    assert assets.styles == ["/static/client/a.css", "/static/client/b.css"]


BROWSERS = {"Accept": "text/html,*/*"}


@pytest.mark.parametrize(
    "error, status, code", [(ZeroDivisionError(), 500, "INTERNAL"), (OperationalError(), 503, "UNAVAILABLE")]
)
def test_a_failure_is_a_page_for_browsers_and_json_for_others(
    monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, code: str
) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr("playlist_backend.shell.get_token", fail)
    browser = Client(SERVER_NAME="localhost", raise_request_exception=False)
    page = browser.get("/", headers=BROWSERS)
    assert (page.status_code, page["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert "script" not in page["Content-Security-Policy"]
    assert b"<h1>" in page.content
    answer = browser.get("/")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_a_missing_page_says_so_without_scripts(browser: Client) -> None:
    page = browser.get("/nonsense", headers=BROWSERS).content
    assert b"There is nothing at this address" in page
    assert b"noindex" in page
