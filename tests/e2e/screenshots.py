"""`python3 run.py screenshots`: the pictures in docs/images, from a room as it looks half an hour into a party."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.e2e.party import HostedRoom, Party, Person
from tests.servers import ROOT

IMAGES = ROOT / "docs" / "images"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True}
SONGS = {
    "Dancing Queen": "Anna",
    "Billie Jean": "Ben",
    "Blue Monday": "Chloé",
    "Take Five": "Deniz",
    "No Woman, No Cry": "Fatima",
    "Autobahn": "Ben",
    "Wonderwall": "Anna",
    "Bohemian Rhapsody": "Emil",
}


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        party = Party(Path(folder), host="0.0.0.0")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        try:
            _take(browser, party, party.open_room("Friday at Anna's"))
        finally:
            browser.close()
            party.close()


def _take(browser: Browser, party: Party, room: HostedRoom) -> None:
    anna = Person(browser, color_scheme="dark", viewport={"width": 1440, "height": 900}).join(room.url(), "Anna")
    ben = Person(browser, color_scheme="light", **PHONE).join(room.url(), "Ben")
    for title, name in SONGS.items():
        room.as_guest(name).add(title)
    for title in ("Blue Monday", "Take Five", "Autobahn"):
        ben.button(f"Upvote {title}").click()
    anna.button("Upvote Blue Monday").click()
    anna.button("Play").click()
    anna.is_playing("Dancing Queen")
    room.call("POST", "/playback", {"action": "seek", "position_seconds": 83})
    ben.sees_votes("Blue Monday", "2 votes")
    anna.page.mouse.move(0, 0)
    anna.page.wait_for_timeout(600)
    anna.page.screenshot(path=IMAGES / "room.png")
    ben.queue.evaluate("list => list.parentElement.scrollTo(0, 0)")
    ben.page.screenshot(path=IMAGES / "phone.png")
    anna.page.goto(f"{room.url()}/display")
    anna.page.get_by_role("region", name="Next").get_by_role("listitem").first.wait_for()
    anna.page.wait_for_timeout(600)
    anna.page.screenshot(path=IMAGES / "display.png")


if __name__ == "__main__":
    main()
