"""The library in the browser: albums, artists, favourites."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import MakePerson
from tests.e2e.party import HostedRoom
from tests.e2e.test_for_everybody import PHONE, serious


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_an_album_is_added_and_a_favourite_follows_to_the_laptop(
    room: HostedRoom, person: MakePerson, options: dict[str, Any]
) -> None:
    anna = person(**options).join(room.url(), "Anna")
    page = anna.page
    if options:
        anna.button("Add songs").click()
    tabs = page.get_by_role("tablist", name="Library")
    tabs.get_by_role("tab", name="Albums").click()
    expect(page.get_by_role("list", name="Albums")).to_be_visible()
    assert serious(page) == []
    page.get_by_role("button", name="Back to Black Amy Winehouse").click()
    expect(anna.button("Add Rehab")).to_be_visible()
    expect(page.get_by_text("No sound").first).to_be_visible()
    anna.button("Favourite Rehab").click()
    expect(anna.button("Favourite Rehab")).to_have_attribute("aria-pressed", "true")
    anna.button("Add album Back to Black").click()
    expect(anna.button("Rehab is queued")).to_be_disabled()
    assert serious(page) == []
    anna.button("Back").click()
    tabs.get_by_role("tab", name="Albums").focus()
    page.keyboard.press("ArrowRight")
    expect(tabs.get_by_role("tab", name="Artists")).to_be_focused()
    page.get_by_role("button", name="Daft Punk").click()
    page.get_by_role("button", name="Discovery").click()
    expect(anna.button("Add One More Time")).to_be_visible()
    assert sorted(item["track"]["title"] for item in room.items) == ["Back to Black", "Rehab"]

    laptop = person(storage_state=anna.context.storage_state())
    laptop.page.goto(room.url())
    laptop.page.get_by_role("tab", name="Favourites").click()
    expect(laptop.button("Favourite Rehab")).to_have_attribute("aria-pressed", "true")
    laptop.button("Favourite Rehab").click()
    expect(laptop.page.get_by_text("Press the heart of a song")).to_be_visible()
