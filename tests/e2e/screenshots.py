"""`python3 run.py screenshots`: the pictures in docs/images, from a room as it looks half an hour into a party.

`screenshots evening FOLDER` and `screenshots sound FOLDER` take others, which are there to be looked at.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import django
from playwright.sync_api import Browser, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.e2e.evening import Evening  # noqa: E402
from tests.e2e.party import HostedRoom, Party, Person  # noqa: E402
from tests.e2e.sound_states import take_states  # noqa: E402
from tests.realtime.conftest import installed  # noqa: E402
from tests.servers import ROOT  # noqa: E402

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


def main(what: str = "", folder: str = "") -> None:
    """The pictures in docs/images; or into a folder those of an evening, or of all that a speaker may say."""
    pictures = Path(folder) if what else IMAGES
    pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed("chromium"), args=["--no-sandbox"])
        with closing(browser):
            match what:
                case "":
                    with closing(Party(Path(data), host="0.0.0.0")) as party:
                        _take(browser, party, party.open_room("Friday at Anna's"))
                case "evening":
                    with closing(Evening(browser, Path(data), pictures)) as evening:
                        evening.act()
                        print(evening.holds())
                case "sound":
                    take_states(browser, Path(data), pictures)
                case _:
                    raise SystemExit(f"There are no pictures of {what}: evening or sound.")


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
    main(*sys.argv[1:])
