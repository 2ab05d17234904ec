"""A server with a room in it, and people with browsers: what the end-to-end tests and the screenshots act with."""

from __future__ import annotations

import json
import os
import signal
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.servers import PRODUCT, Server, free_port, start

#: What Chromium itself writes when a server is away; nothing in a page can prevent that.
_LINE_IS_DOWN = ("WebSocket connection to", "net::ERR_", "Starting over:")


#: Settles when no row glides any more. (The bars of the playing row, a CSS animation, never end.)
GLIDED = """list => Promise.allSettled(list.getAnimations({ subtree: true })
    .filter(animation => !(animation instanceof CSSAnimation)).map(animation => animation.finished))"""


class Party:
    """A server process with a database of its own, which can be killed and comes back on the same port."""

    def __init__(self, data_dir: Path, host: str = "127.0.0.1", **environment: str) -> None:
        self.host = host
        self.environment = environment
        self.port = free_port()
        self.data_dir = data_dir
        self.server = self._start()

    def _start(self) -> Server:
        environment = {
            **os.environ,
            "DATA_DIR": str(self.data_dir),
            "DATABASE_URL": "",
            "REDIS_URL": "",
            "PUBLIC_URL": "",
            "HOST": self.host,
            "PORT": str(self.port),
            "REST_WRITES_BURST": "100000",
            "DJANGO_SETTINGS_MODULE": "playlist_backend.settings",
            "PYTHONUNBUFFERED": "1",
            **self.environment,
        }
        with (self.data_dir / "server.log").open("a") as log:
            process = start(*PRODUCT, "--prepare", environment=environment, output=log)
        server = Server(process, self.port)
        server.wait_until_it_answers()
        return server

    def kill(self) -> None:
        self.server.stop(signal.SIGKILL)

    def start_again(self) -> None:
        self.server = self._start()

    def close(self) -> None:
        if self.server.process.poll() is None:
            self.server.process.kill()
            self.server.process.communicate()

    def url(self, path: str = "", host: str = "localhost") -> str:
        return f"http://{host}:{self.port}{path}"

    def call(self, method: str, path: str, body: Any = None, token: str | None = None) -> Any:
        """The JSON of an answer. Raises AssertionError for a refusal."""
        request = urllib.request.Request(
            self.url(f"/api/{path}", "127.0.0.1"),
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                text = response.read()
        except urllib.error.HTTPError as refusal:
            raise AssertionError(f"{method} {path}: {refusal.code} {refusal.read().decode()}") from None
        return json.loads(text) if text else None

    def open_room(self, name: str = "The party", **settings: Any) -> HostedRoom:
        guest = self.call("POST", "guests", {"name": "Robot"})
        room = self.call("POST", "playlists", {"name": name, **settings}, guest["token"])
        return HostedRoom(self, room["slug"], guest["token"])


class HostedRoom:
    """A room in which somebody acts over REST: its host, or a guest."""

    def __init__(self, party: Party, slug: str, token: str) -> None:
        self.party = party
        self.slug = slug
        self.token = token

    def call(self, method: str, path: str, body: Any = None) -> Any:
        return self.party.call(method, f"playlists/{self.slug}{path}", body, self.token)

    def as_guest(self, name: str) -> HostedRoom:
        """The same room for somebody else, who joins it."""
        joined = self.party.call("POST", f"playlists/{self.slug}/join", {"name": name})
        return HostedRoom(self.party, self.slug, joined["token"])

    def add(self, *titles: str) -> None:
        for title in titles:
            (track,) = (t for t in self.party.call("GET", "tracks?limit=500") if t["title"] == title)
            self.call("POST", "/items", {"track_id": track["id"]})

    @property
    def items(self) -> Any:
        return self.call("GET", "/items")

    def url(self, host: str = "localhost") -> str:
        return self.party.url(f"/r/{self.slug}", host)


class Person:
    """Somebody with a browser of their own. `problems`: what the console should not have said."""

    def __init__(self, browser: Browser | BrowserContext, **options: Any) -> None:
        """In a new context with these options, or in one that is there already."""
        self.context: BrowserContext = (
            browser.new_context(**{"locale": "en-US", **options}) if isinstance(browser, Browser) else browser
        )
        self.page: Page = self.context.new_page()
        self.problems: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def _said(self, message: ConsoleMessage) -> None:
        if message.location["url"].endswith("/lyrics"):
            return  # a song without any is answered by 404, which Chromium reports
        if message.type in ("error", "warning") and not any(known in message.text for known in _LINE_IS_DOWN):
            self.problems.append(f"{message.type}: {message.text}")

    def join(self, url: str, name: str) -> Person:
        self.page.goto(url)
        self.page.get_by_role("textbox", name="Your name").fill(name)
        self.page.keyboard.press("Enter")
        self.is_connected()
        return self

    def is_connected(self) -> None:
        """Wait until the page shows the room: a greeted socket has no queue yet, and the library is another request."""
        expect(self.connection).to_contain_text("Connected", timeout=30_000)
        expect(self.queue).to_be_attached()
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0)

    # ── What is on the page ──────────────────────────────────────────────────────────────────────────────────────────

    @property
    def connection(self) -> Locator:
        return self.page.get_by_role("status", name="Connection")

    @property
    def queue(self) -> Locator:
        return self.page.get_by_role("list", name="Queue")

    @property
    def rows(self) -> Locator:
        return self.queue.get_by_role("listitem")

    def row(self, title: str) -> Locator:
        return self.rows.filter(has=self.page.get_by_role("button", name=f"Move {title}", exact=True))

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def sees(self, *titles: str) -> None:
        """The queue is these, in this order; waits for it."""
        expect(self.rows).to_have_count(len(titles))
        for place, title in enumerate(titles):
            expect(self.rows.nth(place).get_by_role("button", name=f"Move {title}", exact=True)).to_be_visible()

    def sees_votes(self, title: str, votes: str) -> None:
        expect(self.row(title)).to_contain_text(votes)

    def is_playing(self, title: str) -> None:
        expect(self.row(title)).to_have_attribute("aria-current", "true")
        expect(self.page.get_by_role("region", name="Now playing")).to_contain_text(title)

    # ── What people do ───────────────────────────────────────────────────────────────────────────────────────────────

    def drag(self, title: str, onto: str) -> None:
        """Take a row by its handle and let go over another one, in many small steps as a hand does."""
        self.queue.evaluate(GLIDED)
        source, target = self.button(f"Move {title}").bounding_box(), self.button(f"Move {onto}").bounding_box()
        assert source is not None and target is not None
        self.page.mouse.move(source["x"] + source["width"] / 2, source["y"] + source["height"] / 2)
        self.page.mouse.down()
        self.page.mouse.move(target["x"] + target["width"] / 2, target["y"] + target["height"] / 2, steps=8)
        self.page.mouse.up()

    def move_by_keys(self, title: str, *keys: str) -> None:
        self.button(f"Move {title}").focus()
        for key in ("Space", *keys, "Space"):
            self.page.keyboard.press(key)
