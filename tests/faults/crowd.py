"""People who act at random, are cut off, come back, and repeat what had no answer. All chance comes from the seed."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from tests.realtime.client import V1Client
from tests.servers import DEADLINE, Door

_NO_LINE = (OSError, EOFError, ConnectionClosed, InvalidHandshake, InvalidMessage, TimeoutError)


class Place(Protocol):
    """Where people meet."""

    @property
    def doors(self) -> Sequence[Door]:
        """Where they can come in now."""

    async def call(self, method: str, path: str, body: Any) -> Any:
        """JSON from the API."""


class Person:
    """Somebody with a socket at one of the servers, and a memory of everything they asked for."""

    def __init__(self, world: Place, token: str, choice: random.Random, crowd: Crowd) -> None:
        self.world = world
        self.crowd = crowd
        self.token = token
        self.client = V1Client("main", token, comes_back=True)
        self.choice = choice
        #: Everything that was ever asked for, by op_id, and how often it was sent.
        self.asked: dict[str, dict[str, Any]] = {}
        self.sent: dict[str, int] = {}
        self._connecting = asyncio.Lock()
        self.reconnects = 0
        self.door: Door | None = None
        #: Whether their line is silent: nothing they do would get anywhere.
        self.is_stuck = False

    @property
    def unanswered(self) -> list[str]:
        return [op_id for op_id in self.asked if not self.client.has_answered(op_id)]

    async def connect(self) -> None:
        """To some server, whenever there is one; then everything without an answer is said again."""
        async with self._connecting:
            if self.is_cut_off or not self.reconnects:  # else it was done while this waited
                await self._connect()

    async def _connect(self) -> None:
        give_up_at = time.monotonic() + 2 * DEADLINE
        while True:
            assert time.monotonic() < give_up_at, "nobody is let in any more"
            doors = self.world.doors
            try:
                if doors:
                    self.door = self.choice.choice(doors)
                    await self.client.open(self.door)
                    await self.client.until(lambda: self.client.revision >= 0 or self.client.closed_with is not None)
                    if self.client.closed_with is None:
                        break
            except _NO_LINE:
                pass
            await asyncio.sleep(self.choice.uniform(0.05, 0.5))
        self.reconnects += 1
        await self._repeat()

    async def ask(self, command: dict[str, Any]) -> str:
        """Send a command, and remember it; its op_id."""
        op_id = UUID(int=self.choice.getrandbits(128)).hex
        self.asked[op_id] = command
        await self._send(op_id)
        return op_id

    async def _repeat(self) -> None:
        """Say again what has no answer, as much of it as may be on its way: who says more is let go."""
        at_once = self.client.welcome["limits"]["commands_in_flight"]
        for op_id in self.unanswered[:at_once]:
            await self._send(op_id)

    async def _send(self, op_id: str) -> None:
        self.sent[op_id] = self.sent.get(op_id, 0) + 1
        with contextlib.suppress(Exception):  # the line is gone: it is said again on the next one
            await self.client.send({"type": "command", "op_id": op_id, **self.asked[op_id]})

    @property
    def is_cut_off(self) -> bool:
        return self.client.closed_with is not None

    async def live(self) -> None:
        await self.connect()
        while not self.crowd.is_over:
            if self.is_cut_off:
                await self.connect()
            elif self.crowd.is_quiet or self.is_stuck:
                pass
            elif self.choice.random() < self.crowd.leaving:
                await self.client.abort()
            else:
                await self.ask(self.something())
            await asyncio.sleep(self.choice.uniform(0, 0.3))

    def something(self) -> dict[str, Any]:
        items = [item["id"] for item in self.client.state.get("items", [])] or [str(UUID(int=0))]
        item = self.choice.choice(items)
        commands: list[dict[str, Any]] = [
            {"command": "track.vote", "id": item, "direction": self.choice.choice(["up", "down", "none"])},
            {"command": "track.add", "track_id": f"track-{self.choice.randrange(1, 41)}"},
            {"command": "track.move", "id": item, "after": self.choice.choice([None, *items])},
            {"command": "track.remove", "id": item},
            {"command": "playback.next"},
        ]
        return self.choice.choices(commands, [70, 15, 7, 5, 3])[0]

    async def settle(self) -> None:
        """Until everything that was asked for has an answer, and no copy of it is on its way any more."""
        give_up_at = time.monotonic() + 60
        repeat_at = time.monotonic() + 3
        while True:
            assert time.monotonic() < give_up_at, f"no answer to {self.unanswered}"
            if self.is_cut_off:
                await self.connect()
            elif not self.unanswered:
                with contextlib.suppress(ConnectionClosed, ConnectionError):  # cut off in this very moment
                    await self.client.all_before_is_done()
                    return
            elif time.monotonic() > repeat_at:
                # Silence means that the server does not know; asking again is safe.
                repeat_at = time.monotonic() + 3
                await self._repeat()
            await asyncio.sleep(0.05)


class Crowd:
    """Many of them, at all servers."""

    def __init__(self, world: Place, seed: int, leaving: float = 0.03) -> None:
        self.world = world
        self.seed = seed
        #: How likely somebody goes away without a word instead of doing something.
        self.leaving = leaving
        self.people: list[Person] = []
        #: While this holds nobody does anything, but everybody stays.
        self.is_quiet = False
        self.is_over = False
        #: How often the history was really replaced.
        self.histories = 0
        #: What was asked for by others, and in a history that a restored database has undone.
        self.forgotten: set[str] = set()

    async def gather(self, count: int) -> Crowd:
        for number in range(count):
            guest = await self.world.call("POST", "guests", {"name": f"P{number}"})
            self.people.append(Person(self.world, guest["token"], random.Random(f"{self.seed}-{number}"), self))
        return self

    async def live(self) -> None:
        """Until `is_over`."""
        await asyncio.gather(*(person.live() for person in self.people))

    async def settle(self) -> None:
        await asyncio.gather(*(person.settle() for person in self.people))

    async def all_at(self, revision: int) -> None:
        await asyncio.gather(*(person.client.until_revision(revision) for person in self.people))

    def forget(self) -> None:
        """What was asked so far does not count any more."""
        for person in self.people:
            self.forgotten.update(person.asked)
            person.asked.clear()
            person.sent.clear()

    async def leave(self) -> None:
        for person in self.people:
            await person.client.close()
