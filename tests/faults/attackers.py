"""Clients that break the rules, byte by byte: RFC 6455 written by hand, so that it can be written wrongly."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import random
import socket
import struct
from collections import Counter
from collections.abc import Callable

from tests.servers import DEADLINE

TEXT, BINARY, CLOSE, PING = 1, 2, 8, 9


def frame(
    payload: bytes, opcode: int = TEXT, *, masked: bool = True, final: bool = True, size: int | None = None
) -> bytes:
    """A frame on the line; with `size` it announces another length than it has."""
    size = len(payload) if size is None else size
    first = (0x80 if final else 0) | opcode
    mask = 0x80 if masked else 0
    if size < 126:
        head = struct.pack("!BB", first, mask | size)
    elif size < 65536:
        head = struct.pack("!BBH", first, mask | 126, size)
    else:
        head = struct.pack("!BBQ", first, mask | 127, size)
    return head + (bytes(4) if masked else b"") + payload  # masked with zeros, which changes nothing


def handshake(path: str = "/ws", **headers: str) -> bytes:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    key = base64.b64encode(os.urandom(16)).decode()
    fixed = ["Host: localhost", "Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Key: {key}"]
    return "\r\n".join([f"GET {path} HTTP/1.1", *fixed, "Sec-WebSocket-Version: 13", *lines, "", ""]).encode()


class Line:
    """A connection whose every byte is ours."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(cls, port: int, receive_buffer: int | None = None) -> Line:
        raw = socket.socket()
        raw.setblocking(False)
        if receive_buffer:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        await asyncio.get_running_loop().sock_connect(raw, ("127.0.0.1", port))
        return cls(*await asyncio.open_connection(sock=raw, limit=receive_buffer or 2**20))

    @property
    def port(self) -> int:
        """Ours."""
        return int(self.writer.get_extra_info("sockname")[1])

    async def say(self, data: bytes) -> None:
        """Send it, as far as somebody takes it."""
        try:
            self.writer.write(data)
            await self.writer.drain()
        except OSError:
            pass

    async def upgrade(self, subprotocol: str = "playlist.v1") -> None:
        await self.say(handshake(**({"Sec_WebSocket_Protocol": subprotocol} if subprotocol else {})))
        assert await self.status() == 101

    async def status(self) -> int:
        """Of an answer in HTTP; 0 when the line was closed without one."""
        try:
            head = await self.reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, OSError):
            return 0
        return int(head.split(b" ", 2)[1])

    async def frames(self) -> list[tuple[int, bytes]]:
        """Everything up to a close frame, or the end: opcodes and payloads. Raises TimeoutError if neither comes."""
        found: list[tuple[int, bytes]] = []
        try:
            async with asyncio.timeout(DEADLINE):
                while not found or found[-1][0] != CLOSE:
                    first, second = await self.reader.readexactly(2)
                    size = second & 127
                    if size >= 126:
                        size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
                    found.append((first & 15, await self.reader.readexactly(size)))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        return found

    async def outcome(self) -> set[str]:
        """What came of what was said, until the line is closed."""
        outcome = set()
        for opcode, payload in await self.frames():
            if opcode == CLOSE:
                outcome.add(str(int.from_bytes(payload[:2], "big")))
            elif opcode == TEXT and (said := json.loads(payload))["type"] in ("error", "nack"):
                outcome.add(f"{said['type']} {said['error']['code']}")
        return outcome or {"gone"}

    def abort(self) -> None:
        self.writer.transport.abort()


async def malformed(port: int, count: int, choice: random.Random) -> Counter[str]:
    """So many malformed frames, twenty connections at a time; what came of them. Each must lead where it should."""
    seen: Counter[str] = Counter()
    left = count

    async def one() -> None:
        nonlocal left
        while left > 0:
            name = choice.choice(list(_MALFORMED))
            make, times, allowed = _MALFORMED[name]
            left -= times
            line = await Line.open(port)
            await line.upgrade(choice.choice(["playlist.v1", ""]))
            for _ in range(times):
                await line.say(make(choice))
            if allowed:
                outcome = await line.outcome()
                assert outcome == allowed, f"{name} led to {sorted(outcome)}"
            line.abort()  # whether nothing of it is left, I6 tells
            seen.update(allowed or {"gone"})

    await asyncio.gather(*(one() for _ in range(20)))
    return seen


def _json(text: str) -> Callable[[random.Random], bytes]:
    return lambda choice: frame(text.encode())


#: Name → how to make one, how many of them end a connection, and what comes of that: "error CODE" and close codes.
_FIFTH = {"error MALFORMED", "4400"}
_MALFORMED: dict[str, tuple[Callable[[random.Random], bytes], int, set[str]]] = {
    "cut off JSON": (lambda choice: frame(b'{"type": "time", "t": 1}'[: choice.randrange(1, 23)]), 5, _FIFTH),
    "no JSON": (_json("hello?"), 5, _FIFTH),
    "an empty frame": (_json(""), 5, _FIFTH),
    "a list": (_json("[]"), 5, _FIFTH),
    "no type": (_json("{}"), 5, _FIFTH),
    "NaN": (_json('{"type": "time", "t": NaN}'), 5, _FIFTH),
    "a deep object": (_json('{"type":' * 1500), 5, _FIFTH),
    "a deep list": (_json("[" * 16000), 5, _FIFTH),
    "half a surrogate": (_json('{"type": "\\ud800"'), 5, _FIFTH),
    "a binary frame": (lambda choice: frame(choice.randbytes(choice.randrange(200)), BINARY), 5, _FIFTH),
    "bad UTF-8": (lambda choice: frame(b"\xff" + choice.randbytes(20)), 1, {"1007"}),
    "bad UTF-8 and goodbye": (
        lambda choice: frame(b"\xff") + frame(struct.pack("!H", 1000), CLOSE),
        1,
        {"1000"},
    ),
    "no mask": (lambda choice: frame(b"{}", masked=False), 1, {"1002"}),
    "an unknown opcode": (lambda choice: frame(b"{}", choice.choice([3, 4, 5, 6, 7, 11, 15])), 1, {"1002"}),
    "a reserved bit": (lambda choice: frame(b"{}", TEXT | choice.choice([0x10, 0x20, 0x40])), 1, {"1002"}),
    "a ping in pieces": (lambda choice: frame(b"", PING, final=False), 1, {"1002"}),
    "a long ping": (lambda choice: frame(bytes(126), PING), 1, {"1002"}),
    "the end of nothing": (lambda choice: frame(b"{}", 0), 1, {"1002"}),
    "a wrong close code": (lambda choice: frame(struct.pack("!H", 999), CLOSE), 1, {"1002"}),
    "a frame cut off": (lambda choice: frame(b"{}", size=choice.randrange(3, 60000)), 1, set()),
}
