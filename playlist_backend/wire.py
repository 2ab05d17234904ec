"""Uvicorn's protocols with three additions: limits and files for HTTP, and direct writes for sockets.

Only this module and filewire.py know Uvicorn's internals. Lists of them stand below, and are checked when the server
starts: if an upgrade has renamed one, the stock class serves, more slowly, and one line in the log says so.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from typing import cast

from django.conf import settings
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.protocol import State

from playlist.asgi_types import WireWatcher, Write
from playlist_backend.descriptors import crowd
from playlist_backend.filewire import Line, UvicornFileWire

logger = logging.getLogger(__name__)

HEADER_BYTES_LIMIT = 64 * 1024

#: Members of Uvicorn's classes that the classes below call, override or read.
_HTTP_METHODS = (
    "connection_made",
    "data_received",
    "connection_lost",
    "on_message_begin",
    "on_message_complete",
    "on_url",
    "on_header",
    "on_headers_complete",
    "on_response_complete",
    "handle_websocket_upgrade",
    "timeout_keep_alive_handler",
)
_HTTP_FIELDS = ("connections", "cycle", "loop", "transport", "timeout_keep_alive", "timeout_keep_alive_task")
#: What filewire.py uses of a request.
_CYCLE_FIELDS = ("scope", "flow", "keep_alive", "expected_content_length")
_SOCKET_METHODS = (
    "handle_connect",
    "handle_close",
    "handle_parser_exception",
    "keepalive_timeout",
    "stop_keepalive",
    "pause_writing",
    "resume_writing",
    "connection_lost",
    "send_receive_event_to_app",
    "shutdown",
)
_SOCKET_FIELDS = (
    "scope",
    "request",
    "response",
    "transport",
    "conn",
    "frames",
    "curr_msg_data_type",
    "handshake_initiated",
    "handshake_complete",
    "close_sent",
    "disconnected",
    "writable",
)


def _lacks(protocol: type, methods: tuple[str, ...], fields: tuple[str, ...]) -> list[str]:
    """The names that the class lacks, as methods or in its source."""
    source = inspect.getsource(protocol)
    return [name for name in methods if not callable(getattr(protocol, name, None))] + [
        name for name in fields if f"self.{name}" not in source
    ]


class BoundedHTTP(HttpToolsProtocol):
    """Uvicorn's protocol with limits on headers and on the wait for a request; it has neither itself.

    The application finds two extensions in the scope: `playlist.file`, where files can be sent, and `playlist.body`,
    which it calls when it watches over the rest of the request itself.
    """

    sends_files = True
    _line: Line
    _header_bytes = 0
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._line = Line(transport)
        crowd().came(self.transport, len(self.connections))
        self._await_request()

    def data_received(self, data: bytes) -> None:
        # Also for an empty line, which begins no message and yet stops Uvicorn's own keep-alive timer.
        if self.cycle is None or self.cycle.response_complete:
            self._await_request()
        super().data_received(data)

    def on_message_begin(self) -> None:
        self._header_bytes = 0
        self._await_request()
        crowd().asks(self.transport)
        if self.cycle is None or self.cycle.response_complete:
            self._line.be_patient(False)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        cycle_before = self.cycle
        super().on_headers_complete()
        if self.cycle is cycle_before:
            return
        self.cycle.scope["extensions"] = {"playlist.body": self._stop_waiting}  # type: ignore[dict-item]
        if self.sends_files and self._line.can_send_files():
            wire = UvicornFileWire(self.cycle, self._line)
            self.cycle.scope["extensions"]["playlist.file"] = wire  # type: ignore[assignment]

    def on_message_complete(self) -> None:
        self._stop_waiting()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._stop_waiting()
        super().handle_websocket_upgrade()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        answered = self.cycle is None or self.cycle.response_complete  # else the next request has come already
        if answered and not self.transport.is_closing():
            crowd().rests(self.transport)

    def timeout_keep_alive_handler(self) -> None:
        """Leave a peer alone that still takes the end of a song."""
        if self._line.is_still_taken():
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )
        else:
            super().timeout_keep_alive_handler()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._line.lost()
        crowd().left(self.transport)
        super().connection_lost(exc)

    def _await_request(self) -> None:
        """Give the connection REQUEST_SECONDS for a whole request."""
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


class DirectWebSocket(WebSocketsSansIOProtocol):
    """Uvicorn's protocol, on which the application can write the bytes of finished frames straight to the transport.

    The application finds it in the scope, as the extension `playlist.wire`. Its watcher hears when the transport is
    full, has drained, or is closed; nothing may be written after that.
    """

    _watcher: WireWatcher | None = None

    # ── For the application ──────────────────────────────────────────────────────────────────────────────────────────

    @property
    def write(self) -> Write:
        return self.transport.write

    def attach(self, watcher: WireWatcher) -> None:
        """From now on the watcher hears. What the handshake said is forgotten: it takes 4 kB of each socket."""
        self._watcher = watcher
        for message in (self.request, self.response):
            message.headers.clear()  # the messages themselves are kept by the parser, too
        cast("list[object]", self.scope["headers"]).clear()  # in place, since routers have copied the scope
        if self.close_sent or self.disconnected or self.conn.state is not State.OPEN:
            watcher.closed()
        elif not self.writable.is_set():
            watcher.paused()

    def buffered_bytes(self) -> int:
        return self.transport.get_write_buffer_size()

    def abort(self) -> None:
        self.transport.abort()

    # ── For Uvicorn ──────────────────────────────────────────────────────────────────────────────────────────────────

    def handle_connect(self, event: object) -> None:
        super().handle_connect(event)  # type: ignore[arg-type]
        if hasattr(self, "scope"):  # else the handshake was refused
            self.scope["extensions"]["playlist.wire"] = self  # type: ignore[assignment]

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._watcher is not None:
            self._watcher.paused()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._watcher is not None:
            self._watcher.resumed()

    def handle_close(self, event: Frame) -> None:
        self._detach()
        super().handle_close(event)

    def handle_parser_exception(self) -> None:
        self._detach()
        super().handle_parser_exception()

    def keepalive_timeout(self) -> None:
        self._detach()
        super().keepalive_timeout()

    def shutdown(self) -> None:
        self._detach()
        was_refused = self.handshake_initiated and not self.handshake_complete and not self.close_sent
        super().shutdown()
        if was_refused:
            # Uvicorn forgets that it has answered this handshake, and would let the application answer it again.
            self.disconnected = True

    def connection_lost(self, exc: Exception | None) -> None:
        self._detach()
        super().connection_lost(exc)

    def _detach(self) -> None:
        if self._watcher is not None:
            self._watcher.closed()
            self._watcher = None

    def send_receive_event_to_app(self) -> None:
        """Close with 1007 on invalid UTF-8 instead of logging a traceback."""
        if self.curr_msg_data_type != "text" or self.close_sent or _is_utf8(b"".join(self.frames)):
            super().send_receive_event_to_app()
            return
        self.frames = []
        if self.conn.state is State.OPEN:  # else the peer has closed in the same segment
            self.conn.send_close(1007)
            self.handle_parser_exception()


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def http_protocol() -> type[asyncio.Protocol]:
    """The class that serves HTTP: ours where Uvicorn has everything that it needs, else Uvicorn's own."""
    lacking = _lacks(RequestResponseCycle, (), _CYCLE_FIELDS)
    if lacking:
        logger.warning("This Uvicorn's requests have no %s: music is copied through Python.", ", ".join(lacking))
    BoundedHTTP.sends_files = not lacking
    return _ours_or_stock(BoundedHTTP, HttpToolsProtocol, _HTTP_METHODS, _HTTP_FIELDS)


def websocket_protocol() -> type[asyncio.Protocol]:
    """The class that serves sockets: ours where Uvicorn has everything that it needs, else Uvicorn's own."""
    return _ours_or_stock(DirectWebSocket, WebSocketsSansIOProtocol, _SOCKET_METHODS, _SOCKET_FIELDS)


def _ours_or_stock(
    ours: type[asyncio.Protocol], stock: type[asyncio.Protocol], methods: tuple[str, ...], fields: tuple[str, ...]
) -> type[asyncio.Protocol]:
    lacking = _lacks(stock, methods, fields)
    if not lacking:
        return ours
    logger.warning("This Uvicorn has no %s: its own %s serves instead.", ", ".join(lacking), stock.__name__)
    return stock
