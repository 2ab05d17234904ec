"""People with nothing but a WebSocket, who fold what they are told. They live in a thread: Playwright needs its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from tests.fold import State
from tests.realtime.client import V1Client
from tests.servers import DEADLINE, Address

T = TypeVar("T")


class Listeners:
    """Sockets of one room; `close` ends them."""

    def __init__(self, port: int, slug: str, tokens: list[str]) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._clients = [V1Client(slug, token) for token in tokens]
        self._run(self._open(port))

    def at(self, revision: int) -> list[State]:
        """What each of them knows, once all of them have heard of this revision."""

        async def arrive() -> list[State]:
            await asyncio.gather(*(client.until_revision(revision) for client in self._clients))
            assert [client.closed_with for client in self._clients] == [None] * len(self._clients)
            return [client.state for client in self._clients]

        return self._run(arrive())

    def until(self, holds: Callable[[State], object]) -> State:
        """What the first of them knows as soon as this holds of it."""
        return self._run(self._until(lambda client: holds(client.state)))

    def until_started(self, count: int) -> State:
        """What the first of them knows as soon as so many songs have begun to play."""
        return self._run(self._until(lambda client: _starts(client) >= count))

    @property
    def starts(self) -> int:
        """How many songs have begun to play, as far as the first of them knows."""
        return _starts(self._clients[0])

    @property
    def starts_by_itself(self) -> int:
        """How many songs were played that nobody added."""
        (first, *_) = self._clients
        return sum(item["because"] is not None and item["played_at"] is not None for item in first.state["items"])

    async def _until(self, holds: Callable[[V1Client], object]) -> State:
        (first, *_) = self._clients
        await first.until(lambda: holds(first))
        return first.state

    def say(self, frames: list[dict[str, Any]]) -> None:
        """Each of them sends one of these."""

        async def send() -> None:
            for client, frame in zip(self._clients, frames, strict=True):
                await client.send(frame)

        self._run(send())

    def reasons(self) -> list[str]:
        """Why each of them was given a snapshot."""
        return [reason for client in self._clients for reason in client.reasons]

    def close(self) -> None:
        async def leave() -> None:
            await asyncio.gather(*(client.close() for client in self._clients))

        self._run(leave())
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _open(self, port: int) -> None:
        for client in self._clients:
            await client.open(Address(port))
        await asyncio.gather(*(client.until_revision(0) for client in self._clients))

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(2 * DEADLINE)


def _starts(client: V1Client) -> int:
    changes = (event for frame in client.frames if frame["type"] == "changes" for event in frame["events"])
    return sum(event["type"] == "track.playing" and event["id"] is not None for event in changes)
