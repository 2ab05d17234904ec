"""Sockets: admit the caller, then hand each message to the reader until either side ends."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError

from playlist import logs
from playlist.asgi_types import Event, Receive, Scope, Send
from playlist.callers import Caller
from playlist.errors import DomainError
from playlist.parsing import decode_json
from realtime import frames, live
from realtime.handshake import caller_of, speaks_v1, visitor_of
from realtime.outlet import Outlet, SendOutlet, WireOutlet
from realtime.plain import PlainReader
from realtime.reader import Reader, State
from realtime.v1 import V1Reader

logger = logging.getLogger(__name__)

SocketReader = V1Reader | PlainReader

#: This many malformed frames within so many seconds close the connection.
MALFORMED_LIMIT, MALFORMED_SECONDS = 5, 10.0
_CLOSE_CODES = {"AUTH_REQUIRED": 4401, "FORBIDDEN": 4403, "PLAYLIST_NOT_FOUND": 4404, "UNAVAILABLE": 1012}


async def playlist_socket(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application of a socket.

    It is no consumer of Channels, which hops to a thread for every message and keeps a channel for every socket.
    """
    await receive()
    caller = caller_of(scope)
    if caller is None:
        await send({"type": "websocket.close", "code": 4403})  # before accepting, that is a plain 403
        return
    await send({"type": "websocket.accept", "subprotocol": frames.VERSION if speaks_v1(scope) else None})
    try:
        reader = await _admitted(caller, scope, send)
    except DomainError as refusal:
        await send({"type": "websocket.close", "code": _close_code(caller, refusal), "reason": refusal.message})
    except DatabaseError as error:
        logger.warning("A socket could not be opened: %s", error)
        await send({"type": "websocket.close", "code": 1012, "reason": "The database does not answer."})
    else:
        await serve(reader, receive, Incoming(reader).received)


def _close_code(caller: Caller, refusal: DomainError) -> int:
    if refusal.code == "AUTH_REQUIRED" and caller.token is None:
        return 4403
    return _CLOSE_CODES[refusal.code]


async def _admitted(caller: Caller, scope: Scope, send: Send) -> SocketReader:
    fanout = live.start().fanout
    visitor = await visitor_of(caller, scope, scope["url_route"]["kwargs"]["slug"], fanout)
    await live.start().conductor.clock_known()  # first: a feed that was opened has to get its reader
    feed = await fanout.open(visitor.admission.playlist_id)
    wire = scope.get("extensions", {}).get("playlist.wire")
    outlet: Outlet = SendOutlet(send) if wire is None else WireOutlet(wire, send)
    kind = V1Reader if speaks_v1(scope) else PlainReader
    reader = kind(fanout, feed, visitor, outlet)
    fanout.join(reader)
    return reader


async def serve(reader: Reader, receive: Receive, received: Callable[[Event], None]) -> None:
    """Hand over each message until the other side is gone or the reader has ended."""
    reader.receiving = asyncio.current_task()
    logs.connection_id.set(f"{random.getrandbits(64):016x}")
    try:
        while (message := await receive())["type"] not in ("websocket.disconnect", "http.disconnect"):
            received(message)
            if reader.outlet.waiting_bytes > settings.FRAME_OUT_BYTES:
                await reader.outlet.drained()  # take no more questions than the answers it reads
    except asyncio.CancelledError:
        if reader.state is not State.ENDED:
            raise
    finally:
        reader.gone()
        if settings.ACCESS_LOG:
            _log_end(reader)


def _log_end(reader: Reader) -> None:
    seconds = round(asyncio.get_running_loop().time() - reader.opened_at, 1)
    fields = {
        "kind": reader.kind,
        "playlist": reader.feed.playlist_id,
        "code": reader.closed_with,
        "seconds": seconds,
        "revision": reader.revision,
    }
    by_whom = "by them" if reader.closed_with is None else f"with {reader.closed_with}"
    logs.access.info("%s connection ended %s after %.1f s", reader.kind, by_whom, seconds, extra=fields)


class Incoming:
    """Decodes the frames of one socket. Nothing raises: a bad frame gets an error frame."""

    def __init__(self, reader: SocketReader) -> None:
        self._reader = reader
        self._malformed_at: list[float] = []  # a list, since an empty deque takes 760 bytes

    def received(self, message: Event) -> None:
        """Handle one message of ASGI, with `text` or `bytes`."""
        reader, text = self._reader, message.get("text")
        if reader.state is State.ENDED:
            return
        raw = text.encode(errors="replace") if text is not None else message.get("bytes") or b""
        if len(raw) > settings.FRAME_IN_BYTES:
            reader.end(4413, "This frame is too large.")
            return
        try:
            frame = decode_json(raw) if text is not None else None
            if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
                raise DomainError("MALFORMED", "A frame is a JSON object with a type.")
            reader.handle(frame["type"], frame)
        except DomainError as refusal:
            self._refuse(refusal)
        except Exception:
            logger.exception("A frame could not be handled")
            self._refuse(DomainError("INTERNAL", "The server made a mistake; its log says more."))

    def _refuse(self, refusal: DomainError) -> None:
        self._reader.push(frames.ErrorFrame(error=frames.error_body(refusal)))
        if refusal.code != "MALFORMED":
            return
        now = asyncio.get_running_loop().time()
        self._malformed_at = [*self._malformed_at, now][-MALFORMED_LIMIT:]
        if len(self._malformed_at) == MALFORMED_LIMIT and now - self._malformed_at[0] <= MALFORMED_SECONDS:
            self._reader.end(4400, "Too many malformed frames.")
