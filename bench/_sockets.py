"""Many WebSockets for little processor time: frames are counted, not decoded (RFC 6455, section 5.2)."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import struct
from collections.abc import Callable

_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10

#: Called with each text frame that is none of the protocol's own.
OnText = Callable[["Socket", bytes], None]


class Socket(asyncio.Protocol):
    """One client. It answers pings, those of `playlist.v1` too, and counts what begins with `wanted`."""

    def __init__(self, path: str, subprotocol: str, wanted: bytes, address: str, on_text: OnText | None) -> None:
        self._path, self._subprotocol, self._wanted, self._address = path, subprotocol, wanted, address
        self._on_text = on_text
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self.frames = self.bytes = 0
        self.open = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        offer = f"Sec-WebSocket-Protocol: {self._subprotocol}\r\n" if self._subprotocol else ""
        transport.write(
            f"GET {self._path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"X-Forwarded-For: {self._address}\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{offer}\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self.open.done():
            head, separator, rest = self._buffer.partition(b"\r\n\r\n")
            if not separator:
                return
            if b" 101 " not in head.split(b"\r\n")[0]:
                self.open.set_exception(ConnectionError(head.decode("latin-1")))
                return
            self._buffer = rest
            if self._subprotocol:
                self.send(b'{"type":"hello"}')
            self.open.set_result(None)
        self._take_frames()

    def _take_frames(self) -> None:
        buffer, at = self._buffer, 0
        while len(buffer) - at >= 2:
            length, start = buffer[at + 1] & 127, at + 2
            if length >= 126:
                width = 2 if length == 126 else 8
                if len(buffer) - start < width:
                    break
                length = int.from_bytes(buffer[start : start + width], "big")
                start += width
            if len(buffer) - start < length:
                break
            self._take(buffer[at] & 15, buffer[start : start + length])
            at = start + length
        self._buffer = buffer[at:]

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == _PING:
            self.send(payload, _PONG)
        elif opcode == _TEXT:
            if payload.startswith(b'{"type":"ping","t":'):
                self.send(b'{"type":"pong","t":%d}' % json.loads(payload)["t"])
            elif payload.startswith(self._wanted):
                self.frames += 1
                self.bytes += len(payload)
            if self._on_text is not None:
                self._on_text(self, payload)

    def send(self, payload: bytes, opcode: int = _TEXT) -> None:
        """One frame, masked with zeros: masking guards proxies, and there are none here."""
        assert self._transport is not None
        size = len(payload)
        length = bytes([0x80 | size]) if size < 126 else struct.pack("!BH", 0x80 | 126, size)
        self._transport.write(bytes([0x80 | opcode]) + length + bytes(4) + payload)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.open.done():
            self.open.set_exception(ConnectionError("closed"))

    def close(self) -> None:
        assert self._transport is not None
        self._transport.abort()


async def connect(
    port: int, path: str = "/ws", *, subprotocol: str = "", wanted: bytes = b"", number: int = 0,
    on_text: OnText | None = None,
) -> Socket:  # fmt: skip
    """A socket that is open, as caller `number`. Raises ConnectionError when the handshake is refused."""
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    _, socket = await asyncio.get_running_loop().create_connection(
        lambda: Socket(path, subprotocol, wanted, address, on_text), "127.0.0.1", port
    )
    await socket.open
    return socket
