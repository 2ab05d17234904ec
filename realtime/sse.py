"""Server-sent events: a plain reader over HTTP, with the log's position as the id of each event.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Any

import msgspec
from django.conf import settings
from django.db import DatabaseError

from playlist.errors import DomainError, unavailable
from playlist.reading import read
from playlist.selectors.log import resume
from realtime import protocol
from realtime.connection import Connection
from realtime.fanout import get_fanout, now_ms
from realtime.handshake import Caller, actor_of, caller_of
from realtime.outlet import Outlet
from realtime.protocol import Told
from realtime.room import needs_whole_list

logger = logging.getLogger(__name__)

PATH = re.compile(r"^/api/(?:playlists/(?P<slug>[^/]+)/)?stream/?$")
_CURSOR = re.compile(r"^(?P<revision>\d{1,18})\.(?P<stamp>[0-9a-f]{1,16})$")


class EventStream:
    """The ASGI application of `…/stream`; everything else of HTTP goes to `otherwise`."""

    def __init__(self, otherwise: Any) -> None:
        self._otherwise = otherwise

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        found = PATH.match(scope["path"])
        if found is None or scope["method"] != "GET":
            await self._otherwise(scope, receive, send)
            return
        caller = caller_of(scope)
        if caller is None:
            await _refuse(send, None, DomainError("FORBIDDEN", "This origin may not listen here."))
            return
        try:
            await _stream(scope, receive, send, caller, found["slug"] or "main")
        except DomainError as refusal:
            await _refuse(send, caller, refusal)
        except DatabaseError as error:
            logger.warning("A stream could not be opened: %s", error)
            await _refuse(send, caller, unavailable())


async def _stream(scope: Any, receive: Any, send: Any, caller: Caller, slug: str) -> None:
    fanout = get_fanout()
    if fanout.draining:
        raise unavailable()
    actor = await actor_of(caller)
    admission = await fanout.admit((slug, actor))
    room = await fanout.open(admission.playlist_id)
    reader = StreamConnection(fanout, room, actor, admission, Outlet(send), caller.own_origin)
    headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
    reader.outlet.push({"type": "http.response.start", "status": 200, "headers": [*headers, *_cors(caller)]})
    last = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin-1")
    reader.begin(last)
    await reader.run(receive)


class StreamConnection(Connection):
    """A plain reader that cannot say anything."""

    kind = "stream"

    def begin(self, last_event_id: str) -> None:
        """Go on after the last event that the reader has, or start with the whole list."""
        found = _CURSOR.match(last_event_id)
        if found is None:
            self.start_over("initial")
        else:
            self.bring(self._resume(int(found["revision"]), found["stamp"]))

    async def _resume(self, revision: int, stamp: str) -> None:
        missed = await read(resume, self.room.playlist_id, revision, stamp, settings.RESUME_EVENTS)
        if missed.reason is not None or needs_whole_list(missed.lines):
            await self._whole_list()
            return
        self.revision = revision
        if missed.lines:
            self.deliver_plain(protocol.told(missed.lines))

    def push_told(self, told: Told) -> None:
        self.outlet.push(told.stream)

    def push_text(self, text: str) -> None:
        self.outlet.push(protocol.stream_message(text))

    def ping(self) -> int:
        t = now_ms()
        self.push_text(f'data: {{"type":"ping","ts":{t}}}\n\n')
        return t

    async def run(self, receive: Any) -> None:
        async def until_gone() -> dict[str, Any]:
            while (await receive())["type"] != "http.disconnect":
                pass
            return {"type": "websocket.disconnect"}

        await super().run(until_gone)

    async def _end(self, code: int, reason: str) -> None:
        await self.outlet.close({"type": "http.response.body", "body": b"", "more_body": False}, 1.0)
        await asyncio.sleep(0)
        if self._main is not None:
            self._main.cancel()


def _cors(caller: Caller) -> list[tuple[bytes, bytes]]:
    if caller.origin is None:
        return []
    return [
        (b"access-control-allow-origin", caller.origin.encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"origin"),
    ]


async def _refuse(send: Any, caller: Caller | None, refusal: DomainError) -> None:
    body = msgspec.json.encode(refusal.envelope())
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        *((name.lower().encode(), value.encode()) for name, value in refusal.headers().items()),
    ]
    cors = _cors(caller) if caller is not None else []
    await send({"type": "http.response.start", "status": refusal.status, "headers": [*headers, *cors]})
    await send({"type": "http.response.body", "body": body})
