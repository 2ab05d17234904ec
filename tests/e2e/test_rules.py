"""The rules of a room: its host sets them, its guests read them, and a refusal says which one it was."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.conftest import MakePerson
from tests.e2e.party import Party, Person
from tests.e2e.test_for_everybody import PHONE, serious


def test_rules_are_sentences_that_hold(party: Party, person: MakePerson) -> None:
    host, ben = person(), person(**PHONE, color_scheme="light")
    host.page.goto(party.url())
    host.page.get_by_label("Name of the room").fill("Friday")
    host.page.get_by_label("Your name").fill("Anna")
    host.button("Start the room").click()
    host.is_connected()
    for title in ("Beat It", "Billie Jean"):
        host.button(f"Add {title}").click()
    ben.join(host.page.url, "Ben")
    expect(ben.button("Move Beat It")).to_be_enabled()

    host.button("People").click()
    host.button("Rules").click()
    rules = host.page.get_by_role("dialog", name="Rules")
    rules.get_by_role("radio", name="Hosted").check()
    expect(rules.get_by_role("switch", name="Guests may move songs")).not_to_be_checked()
    rules.get_by_role("switch", name="Guests may vote against songs").click()
    rules.get_by_role("switch", name="Nothing longer than 10 minutes").click()
    rules.get_by_role("combobox", name="Nothing longer than …").select_option("5 minutes")
    rules.get_by_role("switch", name="Guests may play 2 songs next an hour").click()
    assert serious(host.page) == []
    rules.get_by_role("button", name="Close").click()
    host.page.get_by_role("dialog", name="people here").get_by_role("button", name="Close").click()

    expect(ben.button("Move Beat It")).to_be_disabled()
    expect(ben.button("Downvote Beat It")).to_be_disabled()
    ben.button("Upvote Billie Jean").tap()
    host.sees_votes("Billie Jean", "1 vote")
    ben.button("Rules").tap()
    sentences = ben.page.get_by_role("dialog", name="Rules").get_by_role("listitem")
    expect(sentences.filter(has_text="Guests may vote against songs")).to_have_count(0)
    expect(sentences.filter(has_text="Nothing longer than 5 minutes")).to_be_visible()
    assert serious(ben.page) == []
    ben.button("Close").tap()
    ben.button("Add songs").tap()
    ben.button("Add Autobahn").tap()
    expect(ben.page.get_by_role("alert")).to_contain_text("Nothing longer than 5 minutes plays here.")
    ben.button("Close the library").tap()
    host.sees("Beat It", "Billie Jean")
    skip_together(host, ben)


def skip_together(host: Person, ben: Person) -> None:
    """The song ends with the vote of both of them, and each sees the other's."""
    host.button("Rules").click()
    rules = host.page.get_by_role("dialog", name="Rules")
    rules.get_by_role("switch", name="Skip when half of us want it").click()
    rules.get_by_role("combobox", name="Skip when … of us want it").select_option("all")
    rules.get_by_role("button", name="Close").click()
    host.page.get_by_role("button", name="Play", exact=True).click()
    his, hers = ben.button("Skip Beat It"), host.button("Skip Beat It")
    his.tap()
    expect(his).to_have_attribute("aria-pressed", "true")
    expect(hers).to_have_text(re.compile("1/2$"))
    expect(hers).to_have_attribute("aria-pressed", "false")
    his.tap()
    expect(hers).to_have_text(re.compile("0/2$"))
    hers.click()
    expect(his).to_have_text(re.compile("1/2$"))
    his.tap()
    for one in (host, ben):
        expect(one.button("Skip Billie Jean")).to_have_text(re.compile("0/2$"))
        expect(one.button("Show Billie Jean large")).to_be_visible()
