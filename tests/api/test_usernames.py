"""One account under all spellings of its name, whoever made it."""

from __future__ import annotations

import unicodedata

import pytest
from django.core.management import call_command
from django.test import Client

from playlist.models import User
from tests.api.client import Answer, Api

PASSWORD = "a long pass phrase 77"
PASSWORDS = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}


def register(name: str) -> Answer:
    return Api().post("user/register", {"username": name, "password": PASSWORD})


def login(name: str, password: str = PASSWORD) -> Answer:
    return Api().post("user/login", {"username": name, "password": password})


@pytest.fixture
def operator() -> Client:
    client = Client(SERVER_NAME="localhost")
    user = User.objects.create_superuser(username="operator", name="Operator", password="x")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ("bob", "BOB"),
        ("zoë", "ZOË"),
        ("ärger", "Ärger"),
        ("женя", "Женя"),
        ("josé", unicodedata.normalize("NFD", "josé")),
        (unicodedata.normalize("NFD", "rené"), "René"),
        ("ｗｉｄｅ", "Wide"),
        ("strasse", "Straße"),
        ("a\u200bb", "AB"),
    ],
)
def test_a_name_is_one_account_however_it_is_spelled(api: Api, first: str, other: str) -> None:
    registered = register(first)
    assert registered.status == 201
    assert registered.json["user"]["username"] == User.normalize_username(first)
    for spelling in (first, other):
        assert login(spelling).json["user"] == registered.json["user"]
        again = register(spelling)
        assert (again.status, again.details) == (400, {"username": "is taken"})


def test_accents_make_another_account(api: Api) -> None:
    assert (register("zoë").status, register("zoe").status) == (201, 201)
    assert login("ZOE").json["user"]["username"] == "zoe"


def test_the_exact_name_comes_first(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    register("dj")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "another phrase 88")
    call_command("createsuperuser", interactive=False, username="DJ", name="DJ")
    assert login("DJ", "another phrase 88").json["user"]["username"] == "DJ"
    assert login("dj").json["user"]["username"] == "dj"
    assert login("Dj").json["user"]["username"] == "dj"
    assert register("dJ").details == {"username": "is taken"}


def test_an_account_that_the_operator_makes_is_found_by_any_spelling(operator: Client) -> None:
    added = operator.post("/admin/playlist/user/add/", {"username": "Žaneta", "name": "", **PASSWORDS})
    assert added.status_code == 302
    assert login("ŽANETA").json["user"]["username"] == "Žaneta"
    assert register("žaneta").status == 400
    refused = operator.post("/admin/playlist/user/add/", {"username": "žaneta", "name": "", **PASSWORDS})
    assert b"already exists" in refused.content

    user = User.objects.get(username="Žaneta")
    renamed = {
        "username": "Žofie",
        "name": "",
        "is_active": "on",
        "date_joined_0": "2026-01-01",
        "date_joined_1": "12:00",
    }
    assert operator.post(f"/admin/playlist/user/{user.pk}/change/", renamed).status_code == 302
    assert login("žofie").json["user"]["id"] == user.pk
    assert register("žaneta").status == 201
    taken = operator.post(f"/admin/playlist/user/{user.pk}/change/", {**renamed, "username": "ŽANETA"})
    assert b"already exists" in taken.content


def test_the_admin_lets_the_same_spellings_in(operator: Client) -> None:
    User.objects.create_superuser(username="Jürgen", name="", password=PASSWORD)
    browser = Client(SERVER_NAME="localhost")
    entered = browser.post("/admin/login/?next=/admin/", {"username": "JÜRGEN", "password": PASSWORD})
    assert (entered.status_code, entered["Location"]) == (302, "/admin/")


def test_a_guest_who_registers_is_found_by_any_spelling(api: Api) -> None:
    someone = Api()
    guest = someone.post("guests", {"name": "Émile"}).json
    someone = Api(guest["token"])
    assert someone.post("user/register", {"username": "émile", "password": PASSWORD}).status == 201
    assert login("ÉMILE").json["user"]["id"] == guest["user"]["id"]
