"""Many people without a browser, who do by REST what comes into their heads."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

from tests.e2e.party import HostedRoom

#: What people may be told who act by chance; anything else is a fault.
REFUSALS = (
    "BLOCKED", "CONFLICT", "DUPLICATE_TRACK", "ITEM_NOT_FOUND", "LIMIT_REACHED", "NO_BOOSTS_LEFT", "PLAYED_RECENTLY",
    "TOO_LONG",
)  # fmt: skip


class Guests:
    """People by name, in a room that they have joined."""

    def __init__(self, room: HostedRoom, names: Sequence[str], tracks: Sequence[str], seed: int) -> None:
        self.phones = {name: room.as_guest(name) for name in names}
        self.done: Counter[str] = Counter()
        self._tracks, self._chance = tracks, random.Random(seed)
        #: A few add more than the others, so that turns and limits matter.
        self._busy = names[:6]

    def waiting(self) -> list[dict[str, Any]]:
        """What is still to play, the next one first."""
        (one, *_) = self.phones.values()
        return [item for item in one.items if item["played_at"] is None and not item["is_playing"]]

    def add(self, name: str) -> None:
        self._ask(name, "added", "POST", "/items", {"track_id": self._chance.choice(self._tracks)})

    def skip(self, name: str) -> None:
        """Vote against the song that plays, where the room votes on it."""
        state = self.phones[name].call("GET", "")
        item = state["playback"]["item_id"]
        if item is not None and state["rules"]["skip_share"] is not None:
            wish = {"action": "skip", "item_id": item, "want": True}
            self._ask(name, "wanted to skip", "POST", "/playback", wish)

    def act(self) -> None:
        """One of them does something."""
        name, chance, waiting = self._chance.choice(list(self.phones)), self._chance.random(), self.waiting()
        if chance < 0.08 or not waiting:
            self.add(self._chance.choice(self._busy))
        elif chance < 0.85:
            way = self._chance.choice(("up", "up", "down"))
            self._ask(name, "voted", "POST", f"/items/{self._any(waiting)}/vote", {"direction": way})
        elif chance < 0.9:
            self._ask(name, "boosted", "POST", f"/items/{self._any(waiting)}/boost", {})
        elif chance < 0.95:
            mine = [item["id"] for item in waiting if item["added_by"] == name]
            if len(mine) > 1:
                self._ask(name, "moved", "PATCH", f"/items/{mine[-1]}", {"position": -self._chance.randrange(1000)})
        else:
            self.skip(name)

    def _any(self, items: list[dict[str, Any]]) -> str:
        return str(self._chance.choice(items)["id"])

    def _ask(self, name: str, what: str, method: str, path: str, body: dict[str, Any]) -> None:
        try:
            self.phones[name].call(method, path, body)
        except AssertionError as refusal:
            if not any(f'"{code}"' in str(refusal) for code in REFUSALS):
                raise
            self.done["refused"] += 1
        else:
            self.done[what] += 1
