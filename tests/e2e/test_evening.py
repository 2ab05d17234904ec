"""The night to take home, playlists from elsewhere, and what the log lets people see and undo."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import MakePerson
from tests.e2e.evening import Evening
from tests.e2e.party import HostedRoom, Party
from tests.e2e.test_for_everybody import PHONE, serious


def test_a_playlist_is_imported_and_the_night_saved(room: HostedRoom, person: MakePerson, tmp_path: Path) -> None:
    room.add("Autobahn")
    brought = tmp_path / "saturday.m3u8"
    brought.write_text("#EXTM3U\nABBA - Dancing Queen.mp3\nKraftwerk - Autobahn.mp3\nNobody - Not There.mp3\n")
    anna = person(**PHONE).join(room.url(), "Anna")
    anna.button("Save or import").tap()
    dialog = anna.page.get_by_role("dialog")
    expect(dialog.get_by_text("up to 2 MiB and 5000 songs")).to_be_visible()
    assert serious(anna.page) == []
    dialog.locator("input[type=file]").set_input_files(brought)
    anna.button("Import").tap()
    expect(dialog.get_by_text("1 song was added to the queue")).to_be_focused()
    expect(dialog.get_by_text("1 song is in the queue already (line 3)")).to_be_visible()
    missing = dialog.get_by_role("list", name="Missing songs").get_by_role("listitem")
    expect(missing).to_have_text(["Not ThereNobody"])
    assert anna.page.evaluate("document.documentElement.scrollWidth") == 390
    assert serious(anna.page) == []
    anna.button("Search the library for Not There").tap()
    expect(anna.page.get_by_role("searchbox", name="Search the library")).to_have_value("Not There")
    anna.button("Close the library").tap()
    anna.sees("Autobahn", "Dancing Queen")

    anna.button("Save or import").tap()
    expect(missing).to_have_count(1)
    with anna.page.expect_download() as saved:
        dialog.get_by_role("link", name="Save as XSPF").tap()
    assert saved.value.suggested_filename == "The party queue.xspf"
    written = saved.value.path().read_text()
    assert written.index("Autobahn") < written.index("Dancing Queen")


def test_what_a_vandal_removed_is_brought_back_by_the_host(party: Party, person: MakePerson) -> None:
    host = person(viewport={"width": 1280, "height": 800})
    host.page.goto(party.url())
    host.page.get_by_label("Name of the room").fill("Friday")
    host.page.get_by_label("Your name").fill("Anna")
    host.button("Start the room").click()
    host.is_connected()
    room = HostedRoom(party, host.page.url.rpartition("/")[2], "")
    fay, vandal = room.as_guest("Fay"), room.as_guest("Vandal")
    fay.add("Beat It", "Autobahn", "Billie Jean")
    fay.call("POST", f"/items/{fay.items[1]['id']}/vote", {"direction": "up"})
    for item in vandal.items:
        vandal.call("DELETE", f"/items/{item['id']}")
    host.sees()

    host.button("Activity").click()
    entries = host.page.get_by_role("list", name="Activity").get_by_role("listitem")
    expect(entries.first).to_contain_text("Vandal removed 3 songs")
    expect(entries).to_have_count(3)
    assert serious(host.page) == []
    host.button("Vandal").click()
    expect(entries).to_have_count(1)
    expect(host.page.get_by_text("3 songs come back.")).to_be_visible()
    assert serious(host.page) == []
    host.button("Undo everything by Vandal").click()
    expect(entries.first).to_contain_text("Undone")
    host.page.get_by_label("Whose").select_option("Everybody")
    expect(entries.first).to_contain_text("Anna brought 3 songs back")

    vandal.add("Clandestino")
    expect(entries.first).to_contain_text("Vandal added Clandestino")
    entries.first.get_by_role("button", name="Undo: Vandal added Clandestino").click()
    expect(entries.first).to_contain_text("Anna took Clandestino out again")
    host.button("As it was").click()
    past = host.page.get_by_role("list", name="The queue as it was").get_by_role("listitem")
    expect(past).to_contain_text(["Beat It", "Autobahn", "Billie Jean"])
    assert serious(host.page) == []
    host.page.keyboard.press("Escape")
    host.sees("Beat It", "Autobahn", "Billie Jean")
    host.sees_votes("Autobahn", "1 vote")


@pytest.mark.long
def test_an_hour_with_thirty_people(browser: Browser, tmp_path: Path) -> None:
    """`python3 run.py screenshots evening FOLDER` keeps the pictures."""
    with closing(Evening(browser, tmp_path / "data", tmp_path)) as evening:
        evening.act()
        print(evening.holds())
