"""A second host, a host who loses everything, a room that is handed over, and a screen on the wall that nobody asks."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from playlist.links import lan_address
from tests.e2e.conftest import MakePerson
from tests.e2e.party import Party, Person
from tests.e2e.test_for_everybody import PHONE, serious


def new_link(host: Person, party: Party, name: str) -> str:
    """The link that a button among the people makes, with the address at which this machine's browsers reach it."""
    host.button(name).click()
    field = host.page.get_by_role("textbox", name=name)
    expect(field).to_have_value(re.compile("#"))
    return field.input_value().replace(party.url("", lan_address()), party.url())


def has_role(one: Person, name: str, role: str) -> None:
    people = one.page.get_by_role("list", name="People").get_by_role("listitem")
    expect(people.filter(has_text=name)).to_contain_text(role)


def opens_a_room(anna: Person, party: Party) -> str:
    """Its address."""
    anna.page.goto(party.url())
    anna.page.get_by_label("Name of the room").fill("Friday")
    anna.page.get_by_label("Your name").fill("Anna")
    anna.button("Start the room").click()
    anna.is_connected()
    return anna.page.url


def names_a_second_host_who_may_not_name_a_third(anna: Person, ben: Person) -> None:
    anna.button("People").click()
    ben.button("People").click()
    expect(ben.page.get_by_role("switch", name="Lock the room")).to_have_count(0)
    anna.button("Role of Ben").click()
    anna.button("Make cohost: Ben").click()
    for one in (anna, ben):
        has_role(one, "Ben", "Cohost")
    ben.page.get_by_role("switch", name="Lock the room").click()
    expect(ben.button("Host link")).to_have_count(0)
    expect(ben.button("Role of Anna")).to_have_count(0)
    assert not serious(ben.page)


def shows_the_room_without_being_asked_for_a_name(screen: Person, link: str, here: str) -> None:
    screen.page.goto(link)
    expect(screen.page.get_by_role("heading", name="Friday")).to_be_visible()
    expect(screen.page).to_have_url(f"{here}/display")
    screen.page.reload()
    expect(screen.page.get_by_role("heading", name="Friday")).to_be_visible()


def comes_back_by_the_host_link(anna: Person, party: Party, here: str) -> str:
    """The host is nobody any more, and the room is locked. The link: the second one, since the first was lost, too."""
    first = new_link(anna, party, "Host link")
    anna.button("Host link").click()
    expect(anna.page.get_by_role("alert").filter(has_text="The link that was made before")).to_be_visible()
    assert not serious(anna.page)
    anna.button("Make a new host link").click()
    field = anna.page.get_by_role("textbox", name="Host link")
    expect(field).not_to_have_value(re.compile(re.escape(first.partition("#")[2])))
    link = field.input_value().replace(party.url("", lan_address()), party.url())
    assert not serious(anna.page)
    anna.context.clear_cookies()
    anna.page.goto("about:blank")
    anna.page.goto(link)
    anna.page.get_by_role("textbox", name="Your name").fill("Anna again")
    anna.button("Become host").click()
    anna.is_connected()
    expect(anna.page).to_have_url(here)
    anna.button("People").click()
    has_role(anna, "Anna again", "Host")
    return link


def hands_the_room_over(anna: Person, ben: Person) -> None:
    anna.button("Role of Ben").click()
    anna.button("Hand over the room to Ben").click()
    anna.button("Yes, hand it over").click()
    has_role(ben, "Ben", "Host")
    has_role(ben, "Anna again", "Cohost")
    away = ben.page.get_by_role("list", name="Not here now").get_by_role("listitem")
    expect(away).to_contain_text("Cohost")
    expect(anna.button("Host link")).to_have_count(0)


def test_a_room_outlives_its_hosts_cookies_and_changes_hands(party: Party, person: MakePerson) -> None:
    anna, ben, screen = person(), person(**PHONE), person()
    here = opens_a_room(anna, party)
    ben.join(here, "Ben")
    names_a_second_host_who_may_not_name_a_third(anna, ben)
    shows_the_room_without_being_asked_for_a_name(screen, new_link(anna, party, "Wall link"), here)
    link = comes_back_by_the_host_link(anna, party, here)
    hands_the_room_over(anna, ben)
    expect(screen.page.get_by_role("heading", name="This wall has been closed")).to_be_visible()
    anna.page.goto(link)  # over the address of the same room, where only the fragment is another one
    expect(anna.page.get_by_role("heading", name="You have not become host")).to_be_visible()
    anna.button("Go on to the room").click()
    anna.is_connected()
    anna.problems.clear()  # the browser notes every refused request in its console
    anna.page.goto(party.url())
    expect(anna.page.get_by_role("region", name="Your rooms").get_by_role("link", name="Friday")).to_be_visible()
