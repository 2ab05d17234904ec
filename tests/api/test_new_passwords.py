"""A new password revokes every token and session but the caller's, however it was changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.management import call_command
from django.test import Client
from knox.models import AuthToken

from playlist import accounts
from playlist.identity import session_identity, token_identity
from playlist.models import User
from tests.api.client import Api, guest

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
OLD, NEW = "quite a long one, nelly", "another long one, nelly"


def logged_in(password: str = OLD) -> Api:
    """A browser that also has a bearer token."""
    browser = Api(cookies=True)
    answer = browser.post("user/login", {"username": "nelly", "password": password})
    assert answer.status == 200, answer.json
    browser.cookies["token"] = answer.json["token"]
    return browser


def token_of(browser: Api) -> str:
    return str(browser.cookies["token"].value)


def by_the_admin(monkeypatch: pytest.MonkeyPatch) -> None:
    operator = Client(SERVER_NAME="localhost")
    operator.force_login(User.objects.create_superuser("op", "", "x"), MODEL_BACKEND)
    nelly = User.objects.get(username="nelly")
    form = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    assert operator.post(f"/admin/playlist/user/{nelly.pk}/password/", form).status_code == 302


def by_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getpass", lambda **_: NEW)
    call_command("changepassword", "nelly")


def by_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    nelly = User.objects.get(username="nelly")
    nelly.set_password(NEW)
    nelly.save()


@pytest.mark.parametrize("change", [by_the_admin, by_the_command, by_a_program])
def test_a_new_password_revokes_tokens_and_sessions(
    api: Api, change: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    api.post("user/register", {"username": "nelly", "password": OLD})
    phone = logged_in()
    session = phone.cookies[settings.SESSION_COOKIE_NAME].value
    assert Api(token=token_of(phone)).get("user/me").status == phone.get("user/me").status == 200
    change(monkeypatch)
    assert Api(token=token_of(phone)).get("user/me").code == "AUTH_REQUIRED"
    assert phone.get("user/me").code == "AUTH_REQUIRED"
    assert token_identity(token_of(phone).encode()) is None
    assert session_identity(session) is None
    assert Api(token=token_of(logged_in(NEW))).get("user/me").status == 200
    assert Api(token=token_of(phone)).get("user/me").code == "AUTH_REQUIRED"
    assert AuthToken.objects.count() == 1, "those of the old password are gone"


def test_whoever_changes_their_own_password_in_the_admin_stays(api: Api) -> None:
    api.post("user/register", {"username": "nelly", "password": OLD})
    User.objects.update(is_staff=True)
    here, there = Client(SERVER_NAME="localhost"), logged_in()
    here.force_login(User.objects.get(), MODEL_BACKEND)
    form = {"old_password": OLD, "new_password1": NEW, "new_password2": NEW}
    assert here.post("/admin/password_change/", form).status_code == 302
    assert here.get("/api/user/me").status_code == 200
    assert there.get("user/me").code == Api(token=token_of(there)).get("user/me").code == "AUTH_REQUIRED"


def test_a_guest_who_registers_keeps_the_token_they_came_with() -> None:
    here = guest("Nelly")
    nelly = User.objects.get(name="Nelly")
    there = Api(token=accounts.token_create(nelly))
    assert there.get("user/me").status == 200
    assert here.post("user/register", {"username": "nelly", "password": OLD}).status == 201
    assert here.get("user/me").json["username"] == "nelly"
    assert there.get("user/me").code == "AUTH_REQUIRED"


def test_hashing_the_same_password_anew_revokes_nothing(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    api.post("user/register", {"username": "nelly", "password": OLD})
    token = token_of(logged_in())
    before = User.objects.get().password
    monkeypatch.setattr(MD5PasswordHasher, "must_update", lambda *_: True)
    logged_in()
    assert User.objects.get().password != before
    assert Api(token=token).get("user/me").status == 200
