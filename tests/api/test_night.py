"""The page of an evening: for those who may read the room, on paper and in files."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from playlist import types
from playlist.models import Play, Playlist
from tests.api.client import guest
from tests.rooms import Room

PAGE = "/r/{}/night"


@pytest.fixture
def browser() -> Client:
    return Client(SERVER_NAME="localhost")


@pytest.fixture
def evening(room: Room) -> Room:
    """Three songs have played; the second one has a vote."""
    items = room.add("track-1", "track-2", "track-3")
    room.do(types.TrackVote(id=items[1], direction="up"))
    for _ in items:
        room.do(types.PlaybackNext())
    return room


def test_it_tells_what_played_by_whom_and_with_how_many_votes(browser: Client, evening: Room) -> None:
    response = browser.get(PAGE.format(evening.slug))
    page = response.content.decode()
    assert page.index("Song 1") < page.index("Song 2") < page.index("Song 3")
    assert page.count("added by <bdi>Alice</bdi>") == 3
    assert page.count("· 1 vote<") == 1
    assert response["X-Robots-Tag"] == "noindex"
    assert "script-src" not in response["Content-Security-Policy"]
    assert "<script" not in page


@pytest.mark.once
def test_it_speaks_the_languages_of_the_client(browser: Client, evening: Room) -> None:
    response = browser.get(PAGE.format(evening.slug), headers={"Accept-Language": "fr, de-AT;q=0.8, en;q=0.5"})
    page = response.content.decode()
    assert '<html lang="de">' in page and "Stimme" in page and response["Content-Language"] == "de"


def test_what_the_server_added_has_no_empty_name(browser: Client, evening: Room) -> None:
    Play.objects.filter(playlist=evening.row, track_id="track-2").update(added_by="")
    page = browser.get(PAGE.format(evening.slug)).content.decode()
    assert page.count("added by <bdi>Alice</bdi>") == 2 and page.count("added by the server") == 1
    assert "<bdi></bdi>" not in page


def test_strangers_see_the_rooms_name_and_how_to_join(browser: Client, evening: Room) -> None:
    Playlist.objects.filter(slug=evening.slug).update(visibility="unlisted")
    response = browser.get(PAGE.format(evening.slug))
    page = response.content.decode()
    assert response.status_code == 200
    assert evening.row.name in page and f"/r/{evening.slug}" in page and 'property="og:title"' in page
    assert "Song" not in page and "Alice" not in page
    ben = guest("Ben")
    assert (
        b"Song" not in browser.get(PAGE.format(evening.slug), headers={"Authorization": f"Bearer {ben.token}"}).content
    )
    ben.post(f"playlists/{evening.slug}/join", {"name": "Ben"})
    assert b"Song 1" in browser.get(PAGE.format(evening.slug), headers={"Authorization": f"Bearer {ben.token}"}).content
    assert b"Song" not in browser.get(PAGE.format(evening.slug), headers={"Authorization": "Bearer nonsense"}).content


def test_a_long_break_ends_an_evening_and_the_one_before_is_linked(browser: Client, evening: Room) -> None:
    first = Play.objects.filter(playlist=evening.row).order_by("id")[0]
    Play.objects.filter(pk=first.pk).update(played_at=first.played_at - timedelta(hours=5))
    page = browser.get(PAGE.format(evening.slug)).content.decode()
    assert "Song 1" not in page and "Song 2" in page
    link = page.split('href="?before=')[1].split('"')[0]
    before = browser.get(PAGE.format(evening.slug), {"before": link}).content.decode()
    assert "Song 1" in before and "Song 2" not in before and "?before=" not in before


@pytest.mark.once
@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "1_0", ""])
def test_a_place_that_makes_no_sense_is_passed_over(browser: Client, evening: Room, before: str) -> None:
    assert b"Song 3" in browser.get(PAGE.format(evening.slug), {"before": before}).content


@pytest.mark.once
def test_names_are_text_and_no_markup(browser: Client, evening: Room) -> None:
    Playlist.objects.filter(slug=evening.slug).update(name="<b>&</b>")
    assert b"&lt;b&gt;&amp;&lt;/b&gt;" in browser.get(PAGE.format(evening.slug)).content


def test_an_empty_evening_and_no_room(browser: Client, room: Room) -> None:
    assert b"Nothing has played here yet" in browser.get(PAGE.format(room.slug)).content
    assert browser.get(PAGE.format("nowhere")).status_code == 404


@pytest.mark.once
def test_it_is_well_formed(browser: Client, evening: Room) -> None:
    page = browser.get(PAGE.format(evening.slug)).content.decode()
    body = page[page.index("<body>") : page.index("</body>") + 7]
    ElementTree.fromstring(body)


@pytest.mark.once
def test_an_operator_writes_it_into_a_file(evening: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("export_night", evening.slug, output=tmp_path / "night.html", language="de")
    page = (tmp_path / "night.html").read_text()
    assert "Song 1" in page and "@media print" in page and "stylesheet" not in page
    assert 'href="/' not in page and 'href="?' not in page, "which lead nowhere from a file"
    printed = BytesIO()
    monkeypatch.setattr("sys.stdout", SimpleNamespace(buffer=printed))
    call_command("export_night", evening.slug, format="m3u8")
    assert printed.getvalue().startswith(b"#EXTM3U")
    with pytest.raises(CommandError, match="no such playlist"):
        call_command("export_night", "nowhere")
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        call_command("export_night", evening.slug, output=tmp_path / "nowhere" / "night.html")
