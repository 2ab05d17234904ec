"""The library's tabs: an album into the queue from its page, and favourites that go where their person goes."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import MakePerson
from tests.e2e.party import HostedRoom
from tests.e2e.test_for_everybody import PHONE, serious


def test_an_album_is_added_from_its_page(room: HostedRoom, person: MakePerson) -> None:
    room.add("Billie Jean")
    anna, ben = person().join(room.url(), "Anna"), person().join(room.url(), "Ben")
    anna.page.get_by_role("tab", name="Albums").click()
    anna.page.get_by_role("searchbox", name="Search the library").fill("thriller")
    albums = anna.page.get_by_role("list", name="Albums").get_by_role("listitem")
    expect(albums).to_have_count(1)
    anna.button("Open album Thriller").click()
    expect(anna.button("Back")).to_be_focused()
    expect(anna.button("Billie Jean is queued")).to_be_disabled()
    assert serious(anna.page) == []
    anna.page.keyboard.press("Tab")
    expect(anna.button("Add album Thriller")).to_be_focused()
    anna.page.keyboard.press("Enter")
    expect(anna.page.get_by_role("status").get_by_text("of Thriller was added")).to_be_visible()
    expect(anna.button("Thriller is queued")).to_be_focused()
    ben.sees("Billie Jean", "Beat It")
    anna.button("Back").click()
    expect(albums).to_be_focused()
    assert serious(anna.page) == []

    anna.page.get_by_role("tab", name="Songs").click()
    anna.page.get_by_role("searchbox", name="Search the library").fill("")
    anna.button("Suggestions").click()
    suggested = anna.page.get_by_role("list", name="Suggestions").get_by_role("listitem").first
    expect(suggested).to_contain_text("Same genre as “")
    assert serious(anna.page) == []
    suggested.get_by_role("button", name="Add").click()
    expect(suggested.get_by_role("button", name="is queued")).to_be_disabled()


def test_a_favourite_of_the_phone_is_on_the_laptop(room: HostedRoom, person: MakePerson) -> None:
    phone = person(**PHONE).join(room.url(), "Anna")
    phone.button("Add songs").tap()
    phone.button("Favourite Autobahn").tap()
    expect(phone.button("Favourite Autobahn")).to_have_attribute("aria-pressed", "true")
    phone.page.get_by_role("tab", name="Favourites").tap()
    expect(phone.page.get_by_role("list", name="Favourites").get_by_role("listitem")).to_have_count(1)
    assert phone.page.evaluate("document.documentElement.scrollWidth") == 390
    assert serious(phone.page) == []
    phone.page.wait_for_load_state("networkidle")

    laptop = person(storage_state=phone.context.storage_state())
    laptop.page.goto(room.url())
    laptop.is_connected()
    expect(laptop.button("Favourite Autobahn")).to_have_attribute("aria-pressed", "true")
    laptop.page.get_by_role("tab", name="Favourites").click()
    favourites = laptop.page.get_by_role("list", name="Favourites").get_by_role("listitem")
    expect(favourites).to_contain_text(["Autobahn"])
    laptop.button("Favourite Autobahn").focus()
    laptop.page.keyboard.press("Enter")
    expect(laptop.page.get_by_text("Nothing here yet")).to_be_visible()
    assert laptop.page.evaluate("document.activeElement !== document.body"), "the keyboard goes on from there"
    assert serious(laptop.page) == []
