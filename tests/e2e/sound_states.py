"""All that the sound bar, the menu of a device and the wall may say, on a laptop and a phone, dark and light.

Most of it really happens; what a browser or a disk would have to do is done to the page instead.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Route, expect

from tests.e2e import songs
from tests.e2e.listeners import Listeners
from tests.e2e.party import GLIDED, HostedRoom, Party, Person
from tests.servers import DEADLINE

LONG = "Brandenburg Concerto No. 3 in G major, BWV 1048, third movement: Allegro"
SONGS = (*(song for song in songs.SONGS if song.title in ("Low", "High")), songs.Song(LONG, 500, 60))
SILENT = "An entry without sound"
THEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light")
OTHERS = ("Kitchen laptop", "The large television in the living room", "Küche")
LAPTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
WALL: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}

#: A browser that wants a tap, and says so; a player that never arrives; headphones that are unplugged.
NO_TAP = """
AudioContext.prototype.resume = () => new Promise(() => {});
Object.defineProperty(AudioContext.prototype, "state", { get: () => "suspended" });
HTMLMediaElement.prototype.play = () => Promise.reject(new DOMException("", "NotAllowedError"));
"""
HEADPHONES = "navigator.mediaDevices.enumerateDevices = async () => window.unplugged ? [] : [{ kind: 'audiooutput' }]"
UNPLUG = "window.unplugged = true; navigator.mediaDevices.dispatchEvent(new Event('devicechange'))"
#: A minute is a moment, for the wall's drift and for what makes it dim.
HURRY = """
const [every, after] = [setInterval, setTimeout];
window.setInterval = (act, ms, ...rest) => every(act, ms === 60_000 ? 200 : ms, ...rest);
window.setTimeout = (act, ms, ...rest) => after(act, ms === 90_000 ? 200 : ms, ...rest);
"""


class Screen:
    """One screen, and its pictures."""

    def __init__(self, browser: Browser, room: HostedRoom, pictures: Path, name: str, options: dict[str, Any]) -> None:
        self.room, self._pictures, self._name = room, pictures, name
        self.person = Person(browser, reduced_motion="reduce", **options)
        self.page = self.person.page

    def picture(self, state: str) -> None:
        """In both themes."""
        for theme in THEMES:
            self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            self.page.locator("body").evaluate(GLIDED)
            self.page.screenshot(path=self._pictures / f"{self._name}-{state}-{theme}.png")

    @property
    def sound(self) -> Locator:
        return self.page.get_by_role("status", name="Sound")

    def says(self, state: str, text: str) -> None:
        """A picture, as soon as the page says this of the sound."""
        expect(self.sound).to_contain_text(text, timeout=30_000)
        self.picture(state)

    def play_here(self) -> None:
        self.person.button("Play sound here").click()

    def plays(self, title: str) -> None:
        (item,) = (item for item in self.room.items if item["track"]["title"] == title)
        self.room.call("POST", "/playback", {"action": "play", "item_id": item["id"]})


def take_states(browser: Browser, data_dir: Path, pictures: Path) -> None:
    (data_dir / "music").mkdir()
    songs.make(data_dir / "music", SONGS)
    with closing(Party(data_dir, MUSIC_DIR=str(data_dir / "music"))) as party:
        deadline = time.monotonic() + DEADLINE
        while len(party.call("GET", "tracks")) < len(SONGS):
            assert time.monotonic() < deadline, "the music is not there"
            time.sleep(0.1)
        account = party.call("POST", "user/register", {"username": "editor", "password": "a long enough secret"})
        silent = {"title": SILENT, "artist": "Nobody", "duration_seconds": 60}
        party.call("POST", "tracks", silent, account["token"])
        for name, options in (("laptop", LAPTOP), ("phone", PHONE)):
            _the_bar(Screen(browser, _room(party), pictures, name, options))
            _the_troubles(Screen(browser, _room(party), pictures, name, options))
        for name, options in (("wall", WALL), ("small-wall", PHONE)):
            _the_wall(Screen(browser, _room(party), pictures, name, options))


def _room(party: Party) -> HostedRoom:
    room = party.open_room("Friday at Anna's", visibility="public")
    room.add("Low", LONG, "High", SILENT)
    return room


def _speakers(room: HostedRoom, *names: str) -> Listeners:
    """Others who play the room's sound."""
    others = Listeners(room.party.port, room.slug, [room.as_guest(name[:20]).token for name in names])
    others.say([{"type": "speaker", "on": True, "name": name} for name in names])
    return others


def _the_bar(screen: Screen) -> None:
    room, person = screen.room, screen.person.join(screen.room.url(), "Ben")
    screen.picture("stopped")
    screen.plays("Low")
    screen.says("nobody", "Nobody hears this yet")
    person.button("Sound of this device").click()
    screen.picture("menu-off")
    person.button("Close").click()
    screen.play_here()
    screen.says("here", "Sound: this device")
    person.button("Sound of this device").click()
    menu = screen.page.get_by_role("dialog")
    menu.get_by_role("switch", name="Click to listen by").click()
    menu.get_by_role("switch", name="Mute this device").click()
    menu.get_by_role("slider", name="Volume of this device").fill("0")
    menu.get_by_role("textbox", name="Name of this device").fill("The laptop beside the amplifier, on the left side")
    for _ in range(50):
        menu.get_by_role("button", name="10 ms less").click()
    screen.picture("menu-on")
    person.button("Close").click()
    screen.says("muted", "muted")
    person.button("Sound of this device").click()
    menu.get_by_role("switch", name="Mute this device").click()
    person.button("Close").click()
    others = _speakers(room, *OTHERS)
    screen.says("several", OTHERS[2])
    person.button("Stop sound here").click()
    screen.says("elsewhere", OTHERS[0])
    screen.play_here()
    others.close()
    expect(screen.sound).not_to_contain_text(OTHERS[0], timeout=30_000)
    room.party.kill()
    expect(person.connection).to_contain_text("Reconnecting", timeout=30_000)
    screen.picture("lost")
    room.party.start_again()
    screen.person.context.close()


def _the_troubles(screen: Screen) -> None:
    screen.person.join(screen.room.url(), "Ben")

    def answers(status: int, code: str) -> Callable[[Route], None]:
        """To a request for a piece; the whole file is no audio."""

        def answer(route: Route) -> None:
            if "/window" in route.request.url:
                route.fulfill(status=status, json={"error": {"code": code, "message": ""}})
            else:
                route.fulfill(body="no sound at all")

        return answer

    for state, words, answer in (
        ("missing", "File missing", answers(404, "NO_AUDIO")),
        ("forbidden", "Join the room", answers(403, "FORBIDDEN")),
        ("broken", "Cannot be played", answers(409, "NOT_CUTTABLE")),
    ):
        screen.page.reload()
        screen.person.is_connected()
        screen.page.route("**/media/audio/**", answer)
        screen.plays(LONG)
        screen.play_here()
        screen.says(state, words)
        screen.page.unroute("**/media/audio/**")
    screen.plays(SILENT)
    screen.says("silent", "No sound")
    for state, words, script, then in (
        ("tap", "Tap once more", NO_TAP, ""),
        ("interrupted", "has changed", HEADPHONES, UNPLUG),
    ):
        screen.page.close()
        screen.person.page = screen.page = screen.person.context.new_page()
        screen.page.add_init_script(script)
        screen.page.goto(screen.room.url())
        screen.person.is_connected()
        screen.plays("High")
        screen.play_here()
        expect(screen.sound).to_contain_text("this device" if then else words)
        screen.page.evaluate(then)
        screen.says(state, words)
    screen.page.evaluate("localStorage.clear()")
    screen.page.route("**/speaker-*.js", lambda route: route.abort())
    screen.page.reload()
    screen.person.is_connected()
    screen.play_here()
    screen.says("unloaded", "could not be loaded")
    screen.person.context.close()


def _the_wall(screen: Screen) -> None:
    room, page, path = screen.room, screen.page, f"{screen.room.url()}/display"
    page.goto(path)
    expect(page.get_by_role("region", name="Next").get_by_text("Low")).to_be_visible()
    screen.picture("ready")
    screen.plays("Low")
    screen.says("nobody", "Nobody hears this yet")
    screen.play_here()
    screen.says("forbidden", "wall link")
    link = urlsplit(room.call("POST", "/display-link")["url"])
    page.goto("about:blank")
    page.goto(room.party.url(f"{link.path}#{link.fragment}"))
    screen.play_here()
    expect(page.get_by_text("The second line")).to_be_visible()
    screen.says("lyrics", "Sound: this device")
    others = _speakers(room, *OTHERS)
    screen.says("several", OTHERS[2])
    screen.plays(SILENT)
    screen.says("silent", "No sound")
    screen.plays(LONG)
    expect(page.get_by_role("region", name="Now playing")).to_contain_text(LONG)
    screen.picture("long")
    others.close()
    room.party.kill()
    expect(screen.person.connection).to_contain_text("Reconnecting", timeout=30_000)
    screen.picture("lost")
    room.party.start_again()
    page.add_init_script(HURRY)
    page.goto(path)
    screen.person.page.wait_for_function("() => document.querySelector('main')?.style.transform")
    screen.picture("shifted")
    for item in room.items:
        room.call("DELETE", f"/items/{item['id']}")
    expect(page.locator("main")).to_have_css("opacity", "0.35")
    screen.picture("dim")
    screen.person.context.close()
