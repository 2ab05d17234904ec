"""What Uvicorn speaks on the line, with what the product needs beyond it."""

from __future__ import annotations

import asyncio
from typing import Any

from django.conf import settings
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

HEADER_BYTES_LIMIT = 64 * 1024


class BoundedHTTP(HttpToolsProtocol):
    """Uvicorn's, which would keep any number of headers in memory, and wait for the rest of a request for ever."""

    _header_bytes = 0
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_request()

    def data_received(self, data: bytes) -> None:
        # Also when it is an empty line, which begins no message and yet ends the server's own patience.
        if self.cycle is None or self.cycle.response_complete:
            self._await_request()
        super().data_received(data)

    def on_message_begin(self) -> None:
        self._header_bytes = 0
        self._await_request()
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._stop_waiting()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._stop_waiting()
        super().handle_websocket_upgrade()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _await_request(self) -> None:
        """From here a request must be there, whole, within a time."""
        if self._deadline is None:
            self._deadline = self.loop.call_later(settings.REQUEST_SECONDS, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

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

    def send_receive_event_to_app(self) -> None:
        """Text that is none is the other side's mistake: it gets 1007, and our log no traceback."""
        if self.curr_msg_data_type != "text" or self.close_sent or _is_utf8(b"".join(self.frames)):
            super().send_receive_event_to_app()
            return
        self.frames = []
        if self.conn.state is State.OPEN:  # else it has said goodbye in the same breath
            self.conn.send_close(1007)
            self.handle_parser_exception()

    async def send(self, message: Any) -> None:
        frame = message.get("frame")
        if frame is not None and self.writable.is_set() and self.conn.state is State.OPEN and not self.disconnected:
            self.transport.write(frame)
        else:
            await super().send(message)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
