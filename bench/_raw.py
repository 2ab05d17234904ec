"""`python -m bench._raw`: the floor. On each POST the bytes of one frame are written to every socket, by uvloop alone.

Nobody who delivers from Python can be faster: no ASGI, no look at the reader, no limit.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import re
from typing import cast

import uvloop

from bench._bare import TEXT
from tests.faults.attackers import frame

_KEY = re.compile(rb"^sec-websocket-key: *(\S+)", re.IGNORECASE | re.MULTILINE)
_LENGTH = re.compile(rb"^content-length: *(\d+)", re.IGNORECASE | re.MULTILINE)
#: RFC 6455, section 1.3.
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

_frame = frame(TEXT.encode(), masked=False)
_sockets: set[asyncio.Transport] = set()


class Socket(asyncio.Protocol):
    """Whatever asks for an upgrade gets it; what comes afterwards is read and forgotten."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._head = b""

    def data_received(self, data: bytes) -> None:
        if self._transport in _sockets:
            return
        self._head += data
        head, end, body = self._head.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not end or len(body) < (int(length[1]) if length else 0):
            return
        self._head = b""
        if key := _KEY.search(head):
            accept = base64.b64encode(hashlib.sha1(key[1] + _GUID).digest())
            upgrade = b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
            self._transport.write(b"HTTP/1.1 101 Switching Protocols\r\n" + upgrade + accept + b"\r\n\r\n")
            _sockets.add(self._transport)
            return
        self._transport.write(_OK)
        for write in [transport.write for transport in _sockets]:
            write(_frame)

    def connection_lost(self, exc: Exception | None) -> None:
        _sockets.discard(self._transport)


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(Socket, "127.0.0.1", int(os.environ["PORT"]), backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve())
