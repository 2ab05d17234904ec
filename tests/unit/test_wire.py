"""What we add to Uvicorn's protocol of sockets, on a transport that keeps what is written."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from playlist_backend import wire
from playlist_backend.wire import DirectWebSocket
from realtime.encoding import packet_of
from realtime.outlet import WireOutlet
from tests.faults.attackers import frame, handshake

pytestmark = pytest.mark.pure

Application = Callable[[Any, Any, Any], Awaitable[None]]


class Transport(asyncio.Transport):
    """Keeps what is written, and is full when it is told so."""

    def __init__(self) -> None:
        super().__init__({})
        self.written = b""
        self.buffered = 0
        self.closing = self.aborted = False

    def write(self, data: Any) -> None:
        assert not self.closing, "written after the close"
        self.written += data

    def get_write_buffer_size(self) -> int:
        return self.buffered

    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...

    def close(self) -> None:
        self.closing = True

    def abort(self) -> None:
        self.aborted = self.closing = True

    def is_closing(self) -> bool:
        return self.closing


def connected(application: Application, ping_interval: float | None = None) -> tuple[DirectWebSocket, Transport]:
    """A socket that has asked to be let in."""
    config = uvicorn.Config(application, ws_ping_interval=ping_interval)
    config.load()
    protocol, transport = DirectWebSocket(config=config, server_state=ServerState(), app_state={}), Transport()
    protocol.connection_made(transport)
    protocol.data_received(handshake())
    return protocol, transport


class Accepted:
    """An application that accepts, and whose outlet the test uses."""

    def __init__(self) -> None:
        self.outlet: WireOutlet | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        self.outlet = WireOutlet(scope["extensions"]["playlist.wire"], send)
        while (await receive())["type"] != "websocket.disconnect":
            pass


async def opened(ping_interval: float | None = None) -> tuple[DirectWebSocket, Transport, WireOutlet]:
    application = Accepted()
    protocol, transport = connected(application, ping_interval)
    while application.outlet is None:
        await asyncio.sleep(0)
    transport.written = b""
    return protocol, transport, application.outlet


async def test_a_handshake_that_a_stop_refuses_is_not_answered_again() -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": 1012})

    protocol, transport = connected(application)
    (task,) = protocol.tasks
    protocol.shutdown()
    await task
    assert transport.written.startswith(b"HTTP/1.1 500 ")
    assert transport.written.count(b"HTTP/1.1") == 1


async def test_what_the_handshake_said_is_forgotten_once_the_socket_is_open() -> None:
    """Browsers send a kilobyte of headers, of which an idle socket kept four kinds of copies."""
    protocol, _, _ = await opened()
    kept = [*protocol.scope["headers"], *protocol.request.headers.raw_items(), *protocol.response.headers.raw_items()]
    assert kept == []


async def test_frames_wait_while_the_transport_is_full_and_go_out_in_order() -> None:
    protocol, transport, outlet = await opened()
    drained: list[bool] = []
    outlet.on_drained = lambda: drained.append(True)
    packets = [packet_of(text) for text in "abc"]
    outlet.push(packets[0])
    protocol.pause_writing()
    outlet.push(packets[1])
    outlet.push(packets[2])
    assert transport.written == packets[0].frame
    assert outlet.waiting_bytes == 6
    protocol.resume_writing()
    assert transport.written == b"".join(packet.frame for packet in packets)
    assert (outlet.waiting_bytes, outlet.blocked_since, drained) == (0, None, [True])


async def test_what_waits_is_bounded_in_bytes() -> None:
    protocol, _, outlet = await opened()
    protocol.pause_writing()
    page = packet_of("x" * 100_000)
    while not outlet.failed:
        outlet.push(page)
        assert outlet.waiting_bytes <= 2 * 1024 * 1024
    outlet.push(page)
    assert outlet.waiting_bytes == 0, "and then nothing is kept any more"


async def test_a_reader_that_pings_by_itself_gets_no_other_pings() -> None:
    protocol, transport, outlet = await opened(ping_interval=0.001)
    while not transport.written:
        await asyncio.sleep(0.001)
    assert transport.written[0] == 0x89, "a ping of the WebSocket layer"
    outlet.is_pinged()
    assert (protocol.ping_timer, protocol.pong_timer, protocol.pending_ping_payload) == (None, None, None)
    protocol.data_received(frame(transport.written[2:6], opcode=10))
    assert protocol.ping_timer is None, "a late pong starts none"


async def test_a_slow_socket_shows_progress_by_its_buffer() -> None:
    protocol, transport, outlet = await opened()
    transport.buffered = 70_000
    protocol.pause_writing()
    blocked_since = outlet.blocked_since
    assert blocked_since is not None
    outlet.look(blocked_since + 5)
    assert outlet.blocked_since == blocked_since
    transport.buffered = 69_000
    outlet.look(blocked_since + 6)
    assert outlet.blocked_since == blocked_since + 6


@pytest.mark.parametrize("how", ["shutdown", "keepalive_timeout", "lost", "malformed", "peer"])
async def test_nothing_is_written_once_the_socket_is_closed_by_whichever_side(how: str) -> None:
    protocol, transport, outlet = await opened()
    match how:
        case "shutdown":
            protocol.shutdown()
        case "keepalive_timeout":
            protocol.keepalive_timeout()
        case "lost":
            protocol.connection_lost(None)
        case "malformed":
            protocol.data_received(b"\xff\xff\xff\xff")
        case "peer":
            protocol.data_received(b"\x88\x82\x00\x00\x00\x00\x03\xe8")
    before = transport.written
    outlet.push(packet_of("late"))
    assert outlet.failed
    assert transport.written == before


async def test_an_end_that_the_socket_does_not_take_aborts_it() -> None:
    protocol, transport, outlet = await opened()
    protocol.pause_writing()
    await outlet.close({"type": "websocket.close", "code": 4408}, within_seconds=0.01)
    assert transport.aborted


def test_a_uvicorn_that_renamed_something_is_served_by_its_own_class(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert wire.websocket_protocol() is DirectWebSocket
    assert wire.http_protocol() is wire.BoundedHTTP
    monkeypatch.delattr(WebSocketsSansIOProtocol, "keepalive_timeout")
    with caplog.at_level(logging.WARNING):
        assert wire.websocket_protocol() is WebSocketsSansIOProtocol
    (record,) = caplog.records
    assert "keepalive_timeout" in record.getMessage()


def test_a_uvicorn_whose_requests_are_others_copies_music_through_python(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(wire.BoundedHTTP, "sends_files", True)
    assert wire.http_protocol() is wire.BoundedHTTP
    assert wire.BoundedHTTP.sends_files
    monkeypatch.setattr(wire, "_CYCLE_FIELDS", ("flow", "renamed"))
    with caplog.at_level(logging.WARNING):
        assert wire.http_protocol() is wire.BoundedHTTP
    assert not wire.BoundedHTTP.sends_files
    (record,) = caplog.records
    assert "renamed" in record.getMessage()
