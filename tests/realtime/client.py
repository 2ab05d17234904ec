"""A client of `playlist.v1` as docs/protocol.md tells somebody to write it, strict about everything that it is told."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db import connection
from jsonschema import Draft7Validator
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from realtime import asyncapi
from tests.fold import State, apply_thinned
from tests.rooms import without_stamp
from tests.servers import DEADLINE, Door

T = TypeVar("T")
OnPing = Callable[[dict[str, Any]], Awaitable[None]]


async def inside(function: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """Use the database from a coroutine, and leave no connection behind in the thread that did."""

    def run() -> T:
        try:
            return function(*arguments, **named)
        finally:
            connection.close()

    return await asyncio.to_thread(run)


async def until(holds: Callable[[], Awaitable[object]]) -> None:
    """Ask again and again until something holds of which nobody tells; a deadline for a hang, never a measure."""
    async with asyncio.timeout(DEADLINE):
        while not await holds():
            await asyncio.sleep(0.05)


def conforming(frames: list[dict[str, Any]], channel: str) -> set[str]:
    """Hold frames against the AsyncAPI document; which types there were."""
    document: Any = asyncapi.document()
    schemas = document["components"]["schemas"]
    by_type = {
        tag: name
        for name in document["channels"][channel]["messages"]
        for tag in schemas[name]["properties"]["type"]["enum"]
        if name not in {"Hello", "Pong", "Ping", "Time", "Speaker"}
    }
    for frame in frames:
        reference = {"$ref": f"#/components/schemas/{by_type[frame['type']]}", "components": document["components"]}
        Draft7Validator(reference).validate(frame)
    return {frame["type"] for frame in frames}


def subprotocols(token: str | None) -> list[Any]:
    """What a v1 client offers: the protocol, and its token if it has one."""
    if token is None:
        return ["playlist.v1"]
    return ["playlist.v1", "bearer." + base64.urlsafe_b64encode(token.encode()).decode().rstrip("=")]


class V1Client:
    """Folds what it is told, and fails when that is not contiguous.

    `on_ping`: what it does with a ping; a pong at once, as it should, by default. It reads on only afterwards.
    `comes_back`: whether somebody opens it again whenever its line is cut.
    """

    def __init__(
        self, slug: str, token: str | None = None, on_ping: OnPing | None = None, *, comes_back: bool = False
    ) -> None:
        self.on_ping = on_ping or self.pong
        self.comes_back = comes_back
        self.slug = slug
        self.token = token
        self.revision = -1
        self.stamp = ""
        self._folded: State = {}
        self._unfolded: list[dict[str, Any]] = []
        self.votes: dict[str, int] = {}
        self.presence: dict[str, Any] = {}
        self.frames: list[dict[str, Any]] = []
        self.reasons: list[str] = []
        self.answers: dict[str, dict[str, Any]] = {}
        self.welcome: dict[str, Any] = {}
        self.closed_with: int | None = None
        self._pages: list[dict[str, Any]] = []
        self._socket: ClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None
        self._changed = asyncio.Condition()

    @property
    def state(self) -> State:
        """What it was told, put together when somebody looks."""
        if self._unfolded:
            self._folded = apply_thinned(self._folded, self._unfolded, self.revision)
            self._unfolded = []
        return self._folded

    async def open(self, door: Door, *, resume: bool = True, **options: Any) -> V1Client:
        self._socket = await connect(
            f"ws://127.0.0.1:{door.port}/ws/playlists/{self.slug}",
            subprotocols=subprotocols(self.token),
            max_size=None,
            **options,
        )
        self.closed_with = None
        assert self._socket.subprotocol == "playlist.v1"
        hello: dict[str, Any] = {"type": "hello"}
        if resume and self.revision >= 0:
            hello["resume"] = {"revision": self.revision, "stamp": self.stamp}
        await self.send(hello)
        self._reading = asyncio.create_task(self._read())
        return self

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()
        if self._reading is not None:
            await self._reading

    async def abort(self) -> None:
        """Gone without a word."""
        assert self._socket is not None
        self._socket.transport.abort()
        await self._socket.wait_closed()
        if self._reading is not None:
            await self._reading

    async def pong(self, ping: dict[str, Any]) -> None:
        """What came before this ping has been read."""
        await self.send({"type": "pong", "t": ping["t"]})

    async def send(self, frame: Any) -> None:
        assert self._socket is not None
        await self._socket.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))

    async def command(self, command: str, op_id: str | None = None, **arguments: Any) -> dict[str, Any]:
        """Send a command and wait for its ack or nack. Raises ConnectionError when the line is cut meanwhile."""
        op_id = op_id or uuid4().hex
        await self.send({"type": "command", "op_id": op_id, "command": command, **arguments})
        await self.until(lambda: op_id in self.answers)
        return self.answers[op_id]

    def has_answered(self, op_id: str) -> bool:
        """Whether the server has: "slow down" and "not now" ask for the question again, and are forgotten here."""
        answer = self.answers.get(op_id)
        if answer is not None and answer["type"] == "nack" and answer["retryable"]:
            del self.answers[op_id]
            return False
        return answer is not None

    async def all_before_is_done(self) -> None:
        """Everything that was sent on this connection has been judged: answers come in the order of the questions.

        Of a question that was repeated one copy may be answered and another one still be on its way.
        """
        answer: dict[str, Any] = {"retryable": True}
        while answer["retryable"]:
            answer = await self.command("track.vote", id=str(UUID(int=0)), direction="none")
            assert answer["type"] == "nack"
            await asyncio.sleep(0.2 if answer["retryable"] else 0)

    async def until(self, true: Callable[[], Any]) -> None:
        """Wait until something holds; a deadline for a hang, never a measure.

        Raises ConnectionError when the line is cut before and nobody opens another one: nothing more will be heard.
        """
        async with asyncio.timeout(DEADLINE), self._changed:
            await self._changed.wait_for(lambda: true() or (self.closed_with is not None and not self.comes_back))
        if not true():
            raise ConnectionError(f"closed with {self.closed_with}")

    async def until_revision(self, revision: int) -> None:
        await self.until(lambda: self.revision >= revision)

    async def _read(self) -> None:
        assert self._socket is not None
        try:
            async for text in self._socket:
                frame = json.loads(text)
                async with self._changed:
                    self.frames.append(frame)
                    await self._take(frame, len(text))
                    self._changed.notify_all()
        except ConnectionClosed:
            pass
        async with self._changed:
            self.closed_with = self._socket.close_code
            self._changed.notify_all()

    async def _take(self, frame: dict[str, Any], size: int) -> None:
        assert size <= 256 * 1024
        match frame["type"]:
            case "ping":
                await self.on_ping(frame)
            case "welcome":
                self.welcome = frame
            case "snapshot":
                self._snapshot(frame)
            case "changes":
                assert frame["from"] == self.revision, (frame["from"], self.revision)
                self._unfolded += frame["events"]
                self.revision, self.stamp = frame["revision"], frame["stamp"]
            case "my_votes":
                self.votes = frame["votes"]
            case "presence":
                self.presence = frame
            case "ack" | "nack":
                known = self.answers.setdefault(frame["op_id"], frame)
                assert known == frame or "nack" in (known["type"], frame["type"]), "an ack repeats its answer"

    def _snapshot(self, page: dict[str, Any]) -> None:
        assert page["page"] == len(self._pages) + 1
        self._pages.append(page)
        if page["page"] < page["pages"]:
            assert "my_votes" not in page
            return
        pages, self._pages = self._pages, []
        self.reasons.append(page["reason"])
        self._unfolded = []
        self._folded = {
            "revision": page["revision"],
            "playlist": pages[0]["playlist"],
            "playback": pages[0]["playback"],
            "items": [item for each in pages for item in each["items"]],
        }
        self.revision, self.stamp = page["revision"], page["stamp"]
        self.votes = page["my_votes"]


def same(client: V1Client, snapshot: dict[str, Any]) -> bool:
    """Whether a client has exactly what the server has; where to join depends on who asks."""
    mine, fresh = dict(client.state), without_stamp(snapshot)
    for state in (mine, fresh):
        state["playlist"] = {**state["playlist"], "join_url": ""}
    assert mine == fresh
    return True
