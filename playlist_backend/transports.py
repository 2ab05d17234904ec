"""What Uvicorn speaks on the line, with what the product needs beyond it."""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

HEADER_BYTES_LIMIT = 64 * 1024


class BoundedHTTP(HttpToolsProtocol):
    """Uvicorn's, with a limit on the headers of a request: it would keep any number of them in memory."""

    _header_bytes = 0

    def on_message_begin(self) -> None:
        self._header_bytes = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def _count(self, size: int) -> None:
        self._header_bytes += size + 32
        if self._header_bytes > HEADER_BYTES_LIMIT:
            raise ValueError("too many headers")  # the parser answers 400 and closes


class FramedWebSocket(WebSocketsSansIOProtocol):
    """Uvicorn's, which writes a frame that is finished already.

    What a room is told is the same for all of its sockets, and a server masks and compresses nothing, so the bytes on
    the line are the same, too. Making them once instead of once a socket halves the price of a delivery.
    """

    async def send(self, message: Any) -> None:
        frame = message.get("frame")
        if frame is not None and self.writable.is_set() and self.conn.state is State.OPEN and not self.disconnected:
            self.transport.write(frame)
        else:
            await super().send(message)
