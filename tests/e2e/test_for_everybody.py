"""Phones, plain HTTP in the local network, the keyboard alone, screen readers, German, and nobody else's servers."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from playlist.links import lan_address
from tests.e2e.conftest import MakeContext, MakePerson
from tests.e2e.party import HostedRoom, Party, Person
from tests.servers import ROOT

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")
def party(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Party]:
    party = Party(tmp_path_factory.mktemp("everybody"), host="0.0.0.0")
    yield party
    party.close()


def test_a_phone(room: HostedRoom, person: MakePerson) -> None:
    room.add("Billie Jean", "Blue Monday")
    ben = person(**PHONE).join(room.url(), "Ben")
    ben.button("Add songs").click()
    sheet = ben.page.get_by_role("dialog", name="Add songs")
    sheet.get_by_role("searchbox", name="Search the library").fill("kraft")
    sheet.get_by_role("button", name="Add Autobahn").tap()
    expect(sheet.get_by_role("button", name="Autobahn is queued")).to_be_disabled()
    sheet.get_by_role("button", name="Close the library").tap()
    ben.sees("Billie Jean", "Blue Monday", "Autobahn")
    ben.button("About Autobahn").tap()
    about = ben.page.get_by_role("dialog", name="Autobahn")
    about.get_by_role("button", name="Move Autobahn", exact=True).tap()
    about.get_by_role("button", name="Up", exact=True).tap()
    expect(about.get_by_role("status").filter(has_text="Autobahn is at 2 of 3.")).to_be_visible()
    about.get_by_role("button", name="To the front").tap()
    ben.sees("Autobahn", "Billie Jean", "Blue Monday")
    about.get_by_role("button", name="To the end").tap()
    ben.sees("Billie Jean", "Blue Monday", "Autobahn")
    about.get_by_role("button", name="Close").tap()
    ben.button("Upvote Autobahn").tap()
    ben.sees_votes("Autobahn", "1 vote")
    ben.button("Play").tap()
    ben.is_playing("Billie Jean")
    ben.button("Show Billie Jean large").tap()
    large = ben.page.get_by_role("dialog", name="Now playing")
    large.get_by_role("button", name="Next track").tap()
    expect(large).to_contain_text("Blue Monday")
    large.get_by_role("button", name="Make it small").tap()
    assert ben.page.evaluate("document.documentElement.scrollWidth") == 390
    small = ben.page.locator("button:visible").evaluate_all(
        """buttons => buttons.filter(button => {
            const { width, height } = button.getBoundingClientRect();
            return width < 44 || height < 44;
        }).map(button => button.outerHTML)"""
    )
    assert small == []
    # A row has one line of 72 px; the rest of it is behind a swipe, or in what is said of the song.
    row = ben.row("Autobahn")
    place = row.bounding_box()
    assert place is not None and place["height"] == 72
    row.locator("[data-part=swipe]").evaluate("element => element.scrollTo(element.scrollWidth, 0)")
    handle, target = ben.button("Move Autobahn").bounding_box(), ben.row("Blue Monday").bounding_box()
    assert handle is not None and target is not None and handle["x"] < 390
    ben.page.mouse.move(handle["x"] + 22, handle["y"] + 22)
    ben.page.mouse.down()
    ben.page.mouse.move(handle["x"] + 22, target["y"] + 22, steps=8)
    ben.page.mouse.up()
    ben.sees("Autobahn", "Blue Monday")
    ben.button("About Blue Monday").tap()
    expect(row.locator("[data-part=swipe]")).to_have_js_property("scrollLeft", 0)
    ben.page.get_by_role("dialog", name="Blue Monday").get_by_role("button", name="Remove Blue Monday").tap()
    ben.is_playing("Autobahn")
    ben.sees("Autobahn")


def test_the_local_network_over_plain_http(room: HostedRoom, person: MakePerson) -> None:
    """No secure context: no randomUUID, no clipboard, no share sheet."""
    if lan_address() == "127.0.0.1" and not os.environ.get("CI"):
        pytest.skip("this machine is in no network")
    room.add("Billie Jean")
    anna, ben = person().join(room.url(lan_address()), "Anna"), person().join(room.url(), "Ben")
    assert anna.page.evaluate("isSecureContext") is False
    anna.button("Add Autobahn").click()
    anna.button("Upvote Billie Jean").click()
    ben.sees("Billie Jean", "Autobahn")
    ben.sees_votes("Billie Jean", "1 vote")
    anna.button("Share").click()
    expect(anna.page.get_by_label("Link to this room")).to_have_value(room.url(lan_address()))
    anna.button("Copy the link").click()
    expect(anna.page.get_by_text("Copied")).to_be_visible()
    ben.button("Share").click()
    expect(ben.page.get_by_label("Link to this room")).to_have_value(room.url(lan_address()))


def test_nothing_is_asked_of_anybody_else(party: Party, room: HostedRoom, person: MakePerson) -> None:
    anna = person().join(room.url(), "Anna")
    anna.button("Share").click()
    anna.page.goto(party.url())
    expect(anna.page.get_by_role("heading", name="Public rooms")).to_be_visible()
    anna.page.goto(f"{room.url()}/display")
    expect(anna.page.get_by_role("status", name="Connection")).to_contain_text("Connected")
    assert {urlsplit(address).netloc for address in anna.requests} == {f"localhost:{party.port}"}


def test_the_keyboard_alone(room: HostedRoom, person: MakePerson) -> None:
    anna = person()
    press = anna.page.keyboard.press
    anna.page.goto(room.url())
    expect(anna.page.get_by_role("textbox", name="Your name")).to_be_focused()
    anna.page.keyboard.type("Anna")
    press("Enter")
    anna.is_connected()
    for search, title in (("autobahn", "Autobahn"), ("billie jean", "Billie Jean")):
        press("/")
        box = anna.page.get_by_role("searchbox", name="Search the library")
        expect(box).to_be_focused()
        press("Control+a")
        anna.page.keyboard.type(search)
        expect(anna.page.get_by_role("list", name="Library").get_by_role("listitem")).to_have_count(1)
        expect(anna.button(f"Add {title}")).to_be_visible()
        press("ArrowDown")
        press("Enter")
        expect(anna.button(f"{title} is queued")).to_be_visible()
        press("Escape")
        expect(box).to_be_focused()
        press("Tab")
        press("Tab")
    anna.sees("Autobahn", "Billie Jean")
    anna.move_by_keys("Billie Jean", "ArrowUp")
    anna.sees("Billie Jean", "Autobahn")
    expect(anna.button("Move Billie Jean")).to_be_focused()
    for name in ("Play Billie Jean", "Upvote Billie Jean"):
        press("Tab")
        expect(anna.button(name)).to_be_focused()
    press("Enter")
    anna.sees_votes("Billie Jean", "1 vote")
    anna.queue.evaluate("() => document.activeElement.blur()")
    press("Space")
    anna.is_playing("Billie Jean")
    press("n")
    anna.is_playing("Autobahn")
    press("Space")
    expect(anna.button("Play")).to_be_visible()
    anna.button("People").focus()
    press("Enter")
    expect(anna.page.get_by_role("dialog")).to_be_visible()
    press("Escape")
    expect(anna.page.get_by_role("dialog")).to_be_hidden()
    expect(anna.button("People")).to_be_focused()


def serious(page: Page) -> list[str]:
    """What axe finds serious or critical."""
    page.evaluate(AXE.read_text())
    result = json.loads(page.evaluate("axe.run().then(result => JSON.stringify(result.violations))"))
    return [
        f"{found['id']}: {node['html']} {node.get('failureSummary')}"
        for found in result
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_serious(
    party: Party, room: HostedRoom, person: MakePerson, theme: str, options: dict[str, Any]
) -> None:
    room.add("Billie Jean", "Blue Monday", "Beat It")
    anna = person(color_scheme=theme, reduced_motion="reduce", **options)
    found: dict[str, list[str]] = {}
    anna.page.goto(party.url())
    expect(anna.page.get_by_role("link", name="Main")).to_be_visible()
    found["home"] = serious(anna.page)
    anna.page.goto(room.url())
    found["join"] = serious(anna.page)
    anna.join(room.url(), "Anna")
    anna.button("Play").click()
    anna.button("Next track").click()
    anna.button("Upvote Beat It").click()
    anna.is_playing("Blue Monday")
    found["room"] = serious(anna.page)
    anna.button("About Beat It").click()
    found["song"] = serious(anna.page)
    anna.button("Close").click()
    anna.button("Remove Beat It").click()
    found["undo"] = serious(anna.page)
    anna.button("People").click()
    found["people"] = serious(anna.page)
    anna.button("Close").click()
    anna.button("Share").click()
    found["share"] = serious(anna.page)
    anna.button("Close").click()
    if options:
        anna.button("Add songs").click()
        expect(anna.button("Add Autobahn")).to_be_visible()
        found["library"] = serious(anna.page)
    anna.page.goto(f"{room.url()}/display")
    expect(anna.page.get_by_role("region", name="Now playing")).to_contain_text("Blue Monday")
    found["display"] = serious(anna.page)
    anna.page.goto(party.url("/r/nowhere"))
    found["missing"] = serious(anna.page)
    anna.problems.clear()  # the browser notes the 404 in its console
    assert not any(found.values()), json.dumps(found, indent=1)


def test_reduced_motion_is_honoured(party: Party, person: MakePerson) -> None:
    room = party.open_room(order="votes")
    room.add("Billie Jean", "Blue Monday")
    moving, calm = person().join(room.url(), "Anna"), person(reduced_motion="reduce").join(room.url(), "Ben")
    for one in (moving, calm):
        one.queue.evaluate(
            "() => { window.moves = 0; const animate = Element.prototype.animate;"
            " Element.prototype.animate = function (...all) { window.moves += 1; return animate.apply(this, all) } }"
        )
    moving.button("Play").click()
    moving.button("Upvote Blue Monday").click()
    for one in (moving, calm):
        one.sees_votes("Blue Monday", "1 vote")
    room.add("Beat It")
    moving.button("Upvote Beat It").click()
    moving.button("Downvote Blue Monday").click()
    for one in (moving, calm):
        one.sees("Billie Jean", "Beat It", "Blue Monday")
    assert moving.page.evaluate("window.moves") > 0
    assert calm.page.evaluate("window.moves") == 0
    assert calm.page.evaluate("document.getAnimations().length") == 0
    assert moving.page.evaluate("document.getAnimations().length") > 0, "the bars of what plays"


def test_german(room: HostedRoom, person: MakePerson) -> None:
    room.add("Billie Jean")
    anna = person(locale="de-AT")
    anna.page.goto(room.url())
    anna.page.get_by_role("textbox", name="Dein Name").fill("Anna")
    anna.button("Beitreten").click()
    anna.button("Für Billie Jean stimmen").click()
    expect(anna.page.get_by_role("list", name="Warteschlange")).to_contain_text("1 Stimme")
    assert anna.page.evaluate("document.documentElement.lang") == "de"


def test_a_library_can_be_searched_and_filtered(room: HostedRoom, person: MakePerson) -> None:
    anna = person().join(room.url(), "Anna")
    library = anna.page.get_by_role("list", name="Library").get_by_role("listitem")
    box = anna.page.get_by_role("searchbox", name="Search the library")
    box.fill("queen")
    expect(library).to_have_count(len(room.party.call("GET", "tracks?search=queen")))
    box.fill("nothing like this")
    expect(anna.page.get_by_text("Nothing found for “nothing like this”.")).to_be_visible()
    box.fill("")
    genre = room.party.call("GET", "genres")[0]
    anna.page.get_by_role("combobox", name="Genre").select_option(genre)
    expect(library).to_have_count(len(room.party.call("GET", f"tracks?genre={genre.replace(' ', '%20')}")))


def test_a_room_that_is_not_there(party: Party, person: MakePerson) -> None:
    anna = person()
    anna.page.goto(party.url("/r/nowhere"))
    expect(anna.page.get_by_role("heading", name="There is no such room")).to_be_visible()
    anna.problems.clear()  # the browser notes the 404 in its console
    anna.page.get_by_role("link", name="To the start page").click()
    anna.page.get_by_label("Code or link").fill(f" {party.url('/r/main')} ")
    anna.button("Go to the room").click()
    expect(anna.page.get_by_role("heading", name="Join Main")).to_be_visible()


def test_a_cover_that_is_none_harms_nobody(party: Party, room: HostedRoom, person: MakePerson) -> None:
    odd: list[str] = []
    account = party.call("POST", "user/register", {"username": "librarian", "password": "quite a long one, this"})
    for number, address in enumerate(
        ("https://a:99999/x", "https://elsewhere.example.org/x.png", "/no/such/cover.png")
    ):
        track = {"title": f"Odd {number}", "artist": "X", "duration_seconds": 60, "cover_url": address}
        added = party.call("POST", "tracks", track, account["token"])
        odd.append(added["id"])
        room.call("POST", "/items", {"track_id": added["id"]})
    anna = person().join(room.url(), "Anna")
    anna.sees("Odd 0", "Odd 1", "Odd 2")
    expect(anna.queue.locator("img")).to_have_count(0)
    assert not [address for address in anna.requests if "elsewhere" in address]
    for track_id in odd:
        party.call("DELETE", f"tracks/{track_id}", token=account["token"])
    anna.sees()
    anna.problems.clear()  # the browser notes the 404 in its console


def test_a_session_that_is_gone_can_join_again(room: HostedRoom, person: MakePerson) -> None:
    anna = person().join(room.url(), "Anna")
    anna.context.clear_cookies(name=re.compile("^sessionid"))
    anna.context.set_offline(True)
    expect(anna.connection).to_contain_text("Offline", timeout=15_000)
    anna.context.set_offline(False)
    anna.button("Join again").click()
    anna.join(room.url(), "Anna")


def test_removing_by_the_keyboard_goes_on_at_the_next_song(room: HostedRoom, person: MakePerson) -> None:
    room.add("Billie Jean", "Blue Monday", "Beat It")
    anna = person().join(room.url(), "Anna")
    anna.button("Remove Billie Jean").focus()
    anna.page.keyboard.press("Enter")
    anna.sees("Blue Monday", "Beat It")
    expect(anna.button("Remove Blue Monday")).to_be_focused()


def test_a_refusal_is_read_where_one_looks(party: Party, person: MakePerson) -> None:
    """In the sheet that is open, since everything behind it is out of reach."""
    room = party.open_room(max_queued_per_person=1)
    ben = person(**PHONE).join(room.url(), "Ben")
    ben.button("Add songs").click()
    sheet = ben.page.get_by_role("dialog", name="Add songs")
    sheet.get_by_role("button", name="Add Army of Me").tap()
    sheet.get_by_role("button", name="Add Around the World").tap()
    expect(sheet.get_by_role("alert")).to_contain_text("You have 1 song waiting")
    sheet.get_by_role("button", name="Dismiss").tap()
    expect(sheet.get_by_role("alert")).to_be_empty()


def test_somebody_who_was_removed_can_be_let_in_again(party: Party, person: MakePerson) -> None:
    host, ben = person(), person()
    host.page.goto(party.url())
    host.page.get_by_label("Name of the room").fill("Mine")
    host.button("Start the room").click()
    host.is_connected()
    ben.join(host.page.url, "Ben")
    host.button("People").click()
    host.button("Remove Ben").click()
    expect(ben.page.get_by_role("heading", name="You are no longer in this room")).to_be_visible()
    expect(ben.page.get_by_text("You were removed from this room.")).to_be_visible()
    expect(ben.button("Join again")).to_have_count(0)
    host.button("Undo").click()
    expect(host.page.get_by_text("Ben was removed")).to_be_hidden()
    ben.button("Join again").click()
    ben.join(ben.page.url, "Ben")


@pytest.mark.parametrize("locale", ["en-GB", "sv-SE", "en-US"])
def test_times_of_day_are_those_of_the_browsers_region(room: HostedRoom, person: MakePerson, locale: str) -> None:
    room.add("Billie Jean", "Blue Monday")
    for action in ("play", "next"):
        room.call("POST", "/playback", {"action": action})
    (played,) = [item["played_at"] for item in room.items if item["played_at"] and not item["is_playing"]]
    anna = person(locale=locale, timezone_id="Europe/London").join(room.url(), "Anna")
    anna.page.get_by_text("1 played song").click()
    time = "iso => new Date(iso).toLocaleTimeString(undefined, {hour: 'numeric', minute: '2-digit'})"
    expect(anna.page.get_by_text("played at")).to_contain_text(f"at {anna.page.evaluate(time, played)}")


def test_a_browser_without_cookies_says_so_and_makes_no_guests(party: Party, browser_that: MakeContext) -> None:
    page = browser_that(profile={"default_content_setting_values": {"cookies": 2}}).new_page()
    page.goto(party.url("/r/main"))
    for _ in range(2):
        page.get_by_role("textbox", name="Your name").fill("Cookieless")
        page.get_by_role("button", name="Join").click()
        expect(page.get_by_role("alert")).to_contain_text("Allow them for this address")
    page.goto(party.url())
    page.get_by_label("Name of the room").fill("Mine")
    page.get_by_role("button", name="Start the room").click()
    expect(page.get_by_role("alert")).to_contain_text("Allow them for this address")
    people = party.call("GET", "playlists/main/participants")
    assert "Cookieless" not in [person["name"] for person in people]


def test_cookies_for_https_that_plain_http_cannot_keep_are_named(room: HostedRoom, person: MakePerson) -> None:
    anna = person()
    anna.page.goto(room.url())
    anna.context.clear_cookies()  # as if the browser had refused them: they are `Secure` behind https
    anna.button("Join").click()
    expect(anna.page.get_by_role("alert")).to_contain_text("over https only")


#: Whether the last character of an element's text is drawn to the left of its first one.
READS_LEFTWARDS = """element => {
    const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
    const left = at => {
        const range = document.createRange();
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        return range.getBoundingClientRect().left;
    };
    return left(text.length - 1) < left(0);
}"""
#: Where an element's text begins, in pixels.
LEFT = (
    "element => { const all = new Range(); all.selectNodeContents(element); return all.getBoundingClientRect().left }"
)


def test_names_and_titles_keep_their_direction(party: Party, person: MakePerson) -> None:
    """Hebrew, whose full stop belongs on the left even in an English sentence; and it stands where all titles stand."""
    title, room_name, name = "שלום עולם!", "מסיבה!", "דנה!"
    account = party.call("POST", "user/register", {"username": "hebrew", "password": "quite a long one, this"})
    track = {"title": title, "artist": title, "duration_seconds": 60}
    track_id = party.call("POST", "tracks", track, account["token"])["id"]
    room = party.open_room(room_name, visibility="public")
    room.as_guest(name).call("POST", "/items", {"track_id": track_id})
    room.add("Billie Jean")
    anna = person()

    def read_leftwards(*texts: str) -> None:
        for text in texts:
            found = anna.page.get_by_text(text).filter(visible=True)
            expect(found.first).to_be_visible()
            for place in found.all():
                assert place.evaluate(READS_LEFTWARDS), place.evaluate("element => element.outerHTML")

    anna.page.goto(room.url())
    read_leftwards(room_name)
    anna.join(room.url(), "Anna")
    anna.page.get_by_role("searchbox").fill("שלום")
    anna.button("Play").click()
    anna.is_playing(title)
    expect(anna.button(f"{title} is queued")).to_be_visible()
    read_leftwards(room_name, title, name)
    starts = [anna.queue.get_by_text(text, exact=True).first.evaluate(LEFT) for text in (title, "Billie Jean")]
    assert abs(starts[0] - starts[1]) < 2
    anna.page.goto(f"{room.url()}/display")
    read_leftwards(room_name, title, name)
    anna.page.goto(party.url())
    read_leftwards(room_name, title)
    party.call("DELETE", f"tracks/{track_id}", token=account["token"])


#: Texts that are cut off at the bottom, or that stand out of their row.
CUT_OFF = """list => [...list.querySelectorAll("li p")].filter(text => {
    const { top, bottom } = text.getBoundingClientRect();
    const row = text.closest("li").getBoundingClientRect();
    return text.clientHeight < text.scrollHeight - 1 || top < row.top || bottom > row.bottom;
}).map(text => text.outerHTML)"""

#: What a dialog cuts off at its side, or lies over what follows.
STANDS_OUT = """dialog => {
    const box = dialog.getBoundingClientRect();
    const parts = [...dialog.querySelectorAll("h2, h3, p, label, select, button")];
    const place = part => part.getBoundingClientRect();
    const isOut = part => place(part).left < box.left || place(part).right > box.right;
    const isOver = part => part.nextElementSibling && part.nextElementSibling.matches("button[role=switch]")
        && part.scrollHeight > part.clientHeight + 1;
    const isWrong = part => part.checkVisibility() && (isOut(part) || isOver(part));
    return parts.filter(isWrong).map(part => part.outerHTML.slice(0, 200));
}"""


@pytest.mark.parametrize("width", [1440, 390])
def test_text_is_as_large_as_the_browser_shows_it(room: HostedRoom, browser_that: MakeContext, width: int) -> None:
    room.add("Billie Jean", "Blue Monday", "Beat It")
    context = browser_that(webkit={"webprefs": {"default_font_size": 32}}, viewport={"width": width, "height": 900})
    secret = room.call("POST", "/host-link")["url"].partition("#")[2]
    anna = Person(context).join(f"{room.url()}#{secret}", "Anna")
    assert anna.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    assert anna.page.evaluate("document.documentElement.scrollWidth") == width
    assert anna.queue.evaluate(CUT_OFF) == []
    first, second = (row.bounding_box() for row in anna.rows.all()[:2])
    assert first and second and first["y"] + first["height"] <= second["y"]
    for opener in ("People", "Share", "Rules", "Save or import", "Sound of this device", "About Beat It", "Add songs"):
        anna.button(opener).click()
        dialog = anna.page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        assert dialog.evaluate(STANDS_OUT) == [], opener
        if opener != "Add songs":
            anna.page.keyboard.press("Escape")
            expect(dialog).to_have_count(0)
    library = anna.page.get_by_role("list", name="Library")
    expect(library.get_by_role("listitem").first).to_be_visible()
    assert library.evaluate(CUT_OFF) == []
