"""An hour with thirty people, in minutes: songs last thirty times shorter than songs do, and are the only clock.

People add, vote, boost and vote to skip by chance, of a fixed seed. Meanwhile a cohost is named, the host sets the
rules, a song is voted away, the host loses everything and comes back by the host link, and somebody empties the queue,
which one undo brings back. At last nobody adds any more, and the room plays on by itself.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, expect

from tests.e2e.guests import Guests
from tests.e2e.listeners import Listeners
from tests.e2e.logbook import Logbook
from tests.e2e.party import GLIDED, HostedRoom, Party, Person
from tests.faults.world import complaints
from tests.fold import apply_events
from tests.servers import manage

SEED = 7
#: Songs during which people do something, and how often they do; the rest of the hour they only listen.
SONGS, DEEDS = 11, 24
SEVERAL = (
    *("Ada", "Ali", "Amy", "Cem", "Clara", "Dana", "Emre", "Fay", "Finn", "Gabi", "Hugo", "Ines", "Jonas"),
    *("Kim", "Lars", "Lea", "Mia", "Milo", "Nora", "Olga", "Pia", "Rosa", "Sam", "Tom", "Uma"),
)
#: So many of them have an open socket.
LISTENING = 12
VANDAL = "Vandal"
LAPTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 860}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
WALL: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}
TRACKS = [f"song-{number}" for number in range(144)]
_LIBRARY = """
from itertools import product
from playlist.library import tracks_import
from playlist.types import NewTrack
first = "Velvet Paper Silver Midnight Second Quiet Electric Golden Broken Distant Winter Little".split()
second = "Morning Harbour Garden Engine Letters Avenue Summer Signal Holiday River Dancer Window".split()
bands = "The Lanterns,Mira Holm,Northern Post,Café Lunar,Otis & Rye,Blue Ferry,Sol Ardan,The Understudies".split(",")
genres = ("Soul", "Rock", "Jazz", "Electronic")
tracks_import([
    (f"song-{n}", NewTrack(title=f"{one} {other}", artist=bands[n * 5 % 8], album=f"{other}s", genre=genres[n % 4],
                           duration_seconds=4 + n * 7 % 6, audio_url="/a"))
    for n, (one, other) in enumerate(product(first, second))
])
"""


class Evening:
    """The people and what happens to them, with pictures of all screens at each turn."""

    def __init__(self, browser: Browser, data_dir: Path, pictures: Path) -> None:
        self._pictures, self._data_dir = pictures, data_dir
        (data_dir / "music").mkdir(parents=True)
        self._party = Party(data_dir, MUSIC_DIR=str(data_dir / "music"))  # no samples: they are as long as songs are
        product = {"DJANGO_SETTINGS_MODULE": "playlist_backend.settings", "DATABASE_URL": "", "REDIS_URL": ""}
        manage({**os.environ, **product, "DATA_DIR": str(data_dir)}, "shell", "--no-imports", "-c", _LIBRARY)
        english, german = {"color_scheme": "dark"}, {"color_scheme": "light", "locale": "de-DE"}
        self._host = Person(browser, **english, **LAPTOP)
        self._screens = {
            "laptop-dark": self._host,
            "laptop-light-de": Person(browser, **german, **LAPTOP),
            "phone-dark": Person(browser, **english, **PHONE),
            "phone-light-de": Person(browser, **german, **PHONE),
            "wall": Person(browser, **english, **WALL),
        }
        self._room = self._opened()
        self._guests = Guests(self._room, SEVERAL, TRACKS, SEED)
        self._vandal = self._room.as_guest(VANDAL)
        tokens = [phone.token for phone in self._guests.phones.values()]
        self._listeners = Listeners(self._party.port, self._room.slug, tokens[:LISTENING])
        self._beginning = self._listeners.at(0)[0]
        #: What the queue told at a revision.
        self._told: dict[int, list[dict[str, Any]]] = {}

    def close(self) -> None:
        for person in self._screens.values():
            person.context.close()
        self._listeners.close()
        self._party.close()

    def _opened(self) -> HostedRoom:
        """The room, which the host opens at home and the others join; the wall asks nothing."""
        page = self._host.page
        page.goto(self._party.url())
        page.get_by_label("Name of the room").fill("Saturday")
        page.get_by_label("Your name").fill("Anna")
        self._host.button("Start the room").click()
        self._host.is_connected()
        room = HostedRoom(self._party, page.url.rpartition("/")[2], "")
        self._screens["phone-dark"].join(room.url(), "Max")
        for screen, name in (("laptop-light-de", "Zoë"), ("phone-light-de", "Ben")):
            guest = self._screens[screen].page
            guest.goto(room.url())
            guest.get_by_role("textbox", name="Dein Name").fill(name)
            guest.keyboard.press("Enter")
        self._host.button("People").click()
        self._host.button("Wall link").click()
        self._screens["wall"].page.goto(self._here(self._link("Wall link")))
        self._host.button("Close").click()
        return room

    # ── What happens ─────────────────────────────────────────────────────────────────────────────────────────────────

    def act(self) -> None:
        turns: dict[int, Callable[[], None]] = {
            3: self._rules_are_set,
            5: self._a_song_is_voted_away,
            7: self._the_host_loses_everything,
            9: self._a_vandal_comes,
        }
        self._room_opens()
        for number in range(1, SONGS):
            if number in turns:
                turns[number]()
            for _ in range(DEEDS):
                self._guests.act()
            self._look_at_the_queue()
            self._listeners.until_started(number + 1)
        self._nobody_adds_any_more()

    def _room_opens(self) -> None:
        self._picture("01-empty")
        self._a_cohost_is_named()
        for name in SEVERAL[:12]:
            self._guests.add(name)
        self._host.button("Play").click()
        self._listeners.until_started(1)
        self._picture("03-begun")

    def _a_cohost_is_named(self) -> None:
        """The cohost sets a limit that the page does not offer, as no real song is as short as ours."""
        with self._dialog("People") as people:
            people.get_by_role("button", name="Role of Ada").click()
            people.get_by_role("button", name="Make cohost: Ada").click()
            expect(people.get_by_role("listitem").filter(has_text="Ada")).to_contain_text("Cohost")
            self._picture("02-people", "laptop-dark")
        self._guests.phones["Ada"].call("PATCH", "", {"rules": {"max_track_seconds": 8}})

    def _rules_are_set(self) -> None:
        with self._dialog("Rules") as rules:
            rules.get_by_role("radio", name="Fair turns").check()
            rules.get_by_role("radio", name="Open").check()
            for name in ("At most", "The same song again", "Skip when", "Guests may play", "When the queue is empty"):
                rules.get_by_role("switch", name=name).click()
            rules.get_by_role("combobox", name="Skip when").select_option("a quarter")
            self._picture("04-rules", "laptop-dark")
        self._listeners.until(lambda state: state["playlist"]["rules"]["skip_share"] == 0.25)
        self._picture("05-fair")

    def _a_song_is_voted_away(self) -> None:
        """Everybody wants a song to end that has just begun."""
        starts = self._listeners.starts + 1
        self._listeners.until_started(starts)
        first, *others = SEVERAL[:LISTENING]
        self._guests.skip(first)
        self._picture("06-skip")
        for name in others:
            self._guests.skip(name)

    def _the_host_loses_everything(self) -> None:
        with self._dialog("People") as people:
            people.get_by_role("button", name="Host link").click()
            link = self._link("Host link")
            self._picture("07-host-link", "laptop-dark")
        self._host.page.evaluate("localStorage.clear()")
        self._host.context.clear_cookies()
        self._host.page.goto("about:blank")
        self._host.page.goto(self._here(link))
        self._host.page.get_by_role("textbox", name="Your name").fill("Anna again")
        self._picture("08-host-again", "laptop-dark")
        self._host.button("Become host").click()
        self._host.is_connected()

    def _a_vandal_comes(self) -> None:
        for item in self._guests.waiting():
            self._vandal.call("DELETE", f"/items/{item['id']}")
        self._picture("09-emptied")
        with self._dialog("Activity") as activity:
            activity.get_by_role("button", name=VANDAL, exact=True).click()
            undo = activity.get_by_role("button", name=f"Undo everything by {VANDAL}")
            expect(undo).to_be_enabled()
            self._picture("10-undo", "laptop-dark")
            undo.click()
            entries = activity.get_by_role("list", name="Activity").get_by_role("listitem")
            expect(entries.first).to_contain_text("Undone")
        self._picture("11-brought-back")

    def _nobody_adds_any_more(self) -> None:
        """What waits plays when it was told to, and then the room goes on by itself."""
        self._look_at_the_queue()
        self._picture("12-late")
        while self._listeners.starts_by_itself < 3:
            self._listeners.until_started(self._listeners.starts + 1)
        self._picture("13-by-itself")
        self._host.button("Pause").click()
        self._listeners.until(lambda state: state["playback"]["state"] == "paused")

    # ── Looking ──────────────────────────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def _dialog(self, name: str) -> Iterator[Locator]:
        self._host.button(name).click()
        dialog = self._host.page.get_by_role("dialog")
        yield dialog
        self._host.page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)

    def _link(self, name: str) -> str:
        field = self._host.page.get_by_role("textbox", name=name)
        expect(field).to_have_value(re.compile("#"))
        return field.input_value()

    def _here(self, link: str) -> str:
        """The address of a link on this machine, whatever network it is in."""
        return self._party.url(re.sub(r"^http://[^/]*", "", link))

    def _picture(self, name: str, *screens: str) -> None:
        for screen in screens or self._screens:
            page = self._screens[screen].page
            page.locator("body").evaluate(GLIDED)
            page.screenshot(path=self._pictures / f"{name}-{screen}.png")

    def _look_at_the_queue(self) -> None:
        """Keep what it tells, if nothing has happened while it was asked."""
        ask = self._guests.phones["Ada"].call
        before, queue, after = ask("GET", "")["revision"], ask("GET", "/queue"), ask("GET", "")["revision"]
        if before == after:
            self._told[before] = queue

    # ── What must hold ───────────────────────────────────────────────────────────────────────────────────────────────

    def holds(self) -> str:
        """Raises AssertionError if something did not; what was seen, in a line."""
        log = self._log()
        assert [event["revision"] for event in log] == list(range(1, len(log) + 1)), "a hole in the log"
        told = self._told[max(self._told)]
        book = Logbook(self._beginning, self._told)
        since = log[self._beginning["revision"] :]
        for event in since:
            book.read(event)
        book.ends()
        known = apply_events(self._beginning, since)
        assert [state == known for state in self._listeners.at(len(log))] == [True] * LISTENING, "a socket differs"
        assert set(self._listeners.reasons()) == {"initial"}, "somebody had to start over"
        self._pages_show(book.queue())
        history = self._guests.phones["Ada"].call("GET", "/history?limit=500")
        assert [played["played_at"] for played in history] == [start.played_at for start in reversed(book.starts)]
        assert book.widest_gap <= 2, "the bound of fair turns"
        self._late_songs_began_when_they_were_told_to(book, told)
        assert {*book.removed_by(VANDAL)} <= {item.track_id for item in book.added_by_itself}, "what an undo left out"
        assert complaints((self._data_dir / "server.log").read_text()) == []
        assert [problem for person in self._screens.values() for problem in person.problems] == []
        seen = {"events": len(log), "songs": len(book.starts), "skips": book.skips, "queues compared": len(self._told)}
        seen |= {"brought back": len(book.brought_back), "added by itself": len(book.added_by_itself)}
        assert all({**seen, **self._guests.done}.values()), "something never happened"
        return ", ".join(f"{count} {what}" for what, count in {**seen, **self._guests.done}.items())

    def _pages_show(self, ids: list[str]) -> None:
        rows = "ids => [...document.querySelectorAll('[data-id]')].map(row => row.dataset.id).join() === ids"
        for screen, person in self._screens.items():
            if screen != "wall":
                person.page.wait_for_function(rows, arg=",".join(ids))

    def _late_songs_began_when_they_were_told_to(self, book: Logbook, told: list[dict[str, Any]]) -> None:
        """Since nobody did anything any more."""
        starts = {str(start.event.id): start for start in book.starts}
        late = [(each["plays_at_ms"], starts[each["item_id"]]) for each in told]
        assert len(late) > 3
        if not any(start.is_late for _, start in late):
            assert [at_ms for at_ms, _ in late] == [start.begins_ms for _, start in late], "honest times"

    def _log(self) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = []
        is_complete = False
        while not is_complete:
            page = self._guests.phones["Ada"].call("GET", f"/events?since={len(events)}&limit=500")
            events, is_complete = [*events, *page["events"]], page["complete"]
        return events
