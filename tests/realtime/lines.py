"""Connections of every kind, of which each frame is kept as the text that came."""

from __future__ import annotations

import asyncio
import contextlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.servers import DEADLINE, Server

#: Headers of REST answers on which clients rely; what else there is may change.
HEADERS = (
    "Access-Control-Allow-Credentials", "Access-Control-Allow-Headers", "Access-Control-Allow-Methods",
    "Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Access-Control-Max-Age", "Allow", "Cache-Control",
    "Content-Type", "ETag", "Link", "Location", "Retry-After", "Set-Cookie", "Vary", "WWW-Authenticate",
)  # fmt: skip

#: The answers to what one socket says. They and the log come from different threads, so these are noted first.
ANSWERS = {"ack", "nack"}


class Line(ABC):
    """One connection: what was heard on it and is not yet noted, as text."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        self.heard: list[str] = []
        self.presence: dict[str, Any] = {}
        self.presence_text = ""
        #: None as long as it follows no room.
        self.revision: int | None = None
        self.kinds: list[str] = []
        self.is_closed = False
        self.changed = asyncio.Condition()
        self.reading: asyncio.Task[None] | None = None

    async def take(self, text: str, frame: dict[str, Any]) -> None:
        """Pings in a row are one, since their number is a matter of time; presence is noted when it is asked for."""
        async with self.changed:
            kind = frame["type"]
            if kind == "presence":
                self.presence, self.presence_text = frame, text
            elif not (kind == "ping" and self.kinds[-1:] == ["ping"]):
                self.heard.append(text)
                self.kinds.append(kind)
                if kind in ("snapshot", "changes") or "at" in frame:
                    self.revision = frame["revision"]
            self.changed.notify_all()

    async def closed(self, how: str) -> None:
        async with self.changed:
            self.heard.append(how)
            self.kinds.append("closed")
            self.is_closed, self.revision = True, None
            self.changed.notify_all()

    def has_heard_of(self, revision: int) -> bool:
        return self.revision is None or self.revision >= revision

    async def until(self, true: Callable[[], Any], what: str) -> None:
        try:
            async with asyncio.timeout(DEADLINE), self.changed:
                await self.changed.wait_for(true)
        except TimeoutError:
            raise AssertionError(f"{what} never came, but {self.heard}") from None

    def noted(self) -> list[str]:
        """What was heard since this was asked last."""
        pairs = sorted(zip(self.kinds, self.heard, strict=True), key=lambda pair: pair[0] not in ANSWERS)
        self.heard, self.kinds = [], []
        return [text for _, text in pairs]

    @abstractmethod
    async def end(self) -> None: ...


class Socket(Line):
    """A WebSocket, in plain mode or `playlist.v1`."""

    def __init__(self, slug: str, socket: ClientConnection) -> None:
        super().__init__(slug)
        self._socket = socket
        self.reading = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, server: Server, path: str, slug: str, offered: list[Any] | None, **options: Any) -> Socket:
        address = f"ws://127.0.0.1:{server.port}/{path}"
        return cls(slug, await connect(address, subprotocols=offered, ping_interval=None, **options))

    @property
    def subprotocol(self) -> str | None:
        return self._socket.subprotocol

    async def _read(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for text in self._socket:
                assert isinstance(text, str)
                await self.take(text, json.loads(text))
        await self.closed(f"closed {self._socket.close_code} {self._socket.close_reason}".rstrip())

    async def say(self, text: str | bytes) -> None:
        await self._socket.send(text)

    async def end(self) -> None:
        await self._socket.close()
        if self.reading is not None:
            await self.reading


class Stream(Line):
    """Server-sent events; each event with the empty line that ends it."""

    def __init__(self, slug: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        super().__init__(slug)
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, server: Server, path: str, slug: str, headers: dict[str, str]) -> Stream:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        lines = [f"{name}: {value}" for name, value in {"Host": f"127.0.0.1:{server.port}", **headers}.items()]
        writer.write("\r\n".join([f"GET /{path} HTTP/1.1", *lines, "", ""]).encode())
        return cls(slug, reader, writer)

    async def head(self) -> list[str]:
        """Status and headers; then the events are read."""
        status, *lines = (await self._reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        told = dict(line.split(": ", 1) for line in lines)
        self.reading = asyncio.create_task(self._read())
        return [status.split(" ", 1)[1], *told_headers([(name.title(), told[name]) for name in told])]

    async def _read(self) -> None:
        text = ""
        while size := int((await self._reader.readline()).strip() or b"0", 16):
            text += (await self._reader.readexactly(size + 2))[:-2].decode()
            *events, text = text.split("\n\n")
            for event in events:
                data = event[event.index("data: ") + len("data: ") :]
                await self.take(f"{event}\n\n", json.loads(data))
        await self.closed("closed")

    async def end(self) -> None:
        self._writer.close()
        if self.reading is not None:
            self.reading.cancel()
        await self.closed("left")


def told_headers(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """The headers that count, each on a line, in an order of their own."""
    known = {name.lower(): name for name in HEADERS}
    return sorted(f"{known[name.lower()]}: {value}" for name, value in pairs if name.lower() in known)
