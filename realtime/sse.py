"""Server-sent events: a reader of single events over HTTP, with the log's position as the id of each event.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import logging
import re
from functools import partial

from django.conf import settings
from django.db import DatabaseError

from playlist import metrics
from playlist.asgi_types import Application, Event, Message, Receive, Scope, Send
from playlist.callers import Caller
from playlist.errors import DomainError, unavailable
from playlist.reading import read
from playlist.replies import cors_headers, is_preflight, send_methods, send_refusal
from playlist.selectors.log import resume
from realtime import encoding, live
from realtime.crowd import Crowd
from realtime.encoding import Packet, Singles
from realtime.feed import Feed
from realtime.frames import PlainPing
from realtime.handshake import caller_of, visitor_of
from realtime.outlet import Outlet, SendOutlet
from realtime.pings import now
from realtime.plain import SinglesReader
from realtime.reader import Home, State
from realtime.socket import serve
from realtime.visitor import Visitor

logger = logging.getLogger(__name__)

PATH = re.compile(r"^/api/(?:playlists/(?P<slug>[^/]+)/)?stream/?$")
_METHODS = "GET, HEAD, OPTIONS"
_CURSOR = re.compile(r"^(?P<revision>\d{1,18})\.(?P<stamp>[0-9a-f]{1,16})$")


class EventStream:
    """The ASGI application of `…/stream`; passes every other HTTP request to `otherwise`."""

    def __init__(self, otherwise: Application) -> None:
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = PATH.match(scope["path"])
        if found is None or is_preflight(scope):
            await self._otherwise(scope, receive, send)
            return
        caller = caller_of(scope)
        if caller is None:
            await _refuse(send, None, DomainError("FORBIDDEN", "This origin may not listen here."))
            return
        if scope["method"] == "OPTIONS":
            await send_methods(send, _METHODS, cors_headers(caller.origin))
            return
        if scope["method"] not in ("GET", "HEAD"):
            await _refuse(send, caller, DomainError("METHOD_NOT_ALLOWED", "A stream can only be read."))
            return
        try:
            visitor = await visitor_of(caller, scope, found["slug"] or "main", live.start().fanout)
            if scope["method"] == "HEAD":
                await send(_start(caller))
                await send({"type": "http.response.body", "body": b""})
                return
            reader = await _reader(scope, send, caller, visitor)
        except DomainError as refusal:
            await _refuse(send, caller, refusal)
        except DatabaseError as error:
            logger.warning("A stream could not be opened: %s", error)
            await _refuse(send, caller, unavailable())
        else:
            await serve(reader, receive, _nothing_is_said)


def _nothing_is_said(message: Event) -> None:
    """Ignore the body of the request."""


def _start(caller: Caller) -> Message:
    named = {"content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no"}
    headers = {**named, **cors_headers(caller.origin)}
    return {
        "type": "http.response.start",
        "status": 200,
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
    }


async def _reader(scope: Scope, send: Send, caller: Caller, visitor: Visitor) -> StreamReader:
    fanout = live.start().fanout
    feed = await fanout.open(visitor.admission.playlist_id)
    outlet = SendOutlet(send)
    outlet.push(Packet(_start(caller), b""))
    last_event_id = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin-1")
    reader = StreamReader(fanout, feed, visitor, outlet, last_event_id)
    fanout.join(reader)
    return reader


class StreamReader(SinglesReader):
    """A reader that cannot send anything."""

    kind = "stream"

    def __init__(self, home: Home, feed: Feed, visitor: Visitor, outlet: Outlet, last_event_id: str) -> None:
        """Resume after `last_event_id`, or start with the whole list if it is no cursor."""
        super().__init__(home, feed, visitor, outlet, State.GREETING)
        self.ping()
        found = _CURSOR.match(last_event_id)
        if found is None:
            self.bring(partial(self._whole, "initial"))
        else:
            self.bring(partial(self._resume, int(found["revision"]), found["stamp"]))

    async def _resume(self, revision: int, stamp: str) -> None:
        missed = await read(resume, self.feed.playlist_id, revision, stamp, settings.RESUME_EVENTS)
        if missed.reason is not None or encoding.needs_whole_list(missed.lines):
            await self._whole(missed.reason or "too_many")
            return
        metrics.RESUMES.labels("exact").inc()
        self.revision = revision
        if missed.lines:
            await self._missed(missed.lines)

    def _join_crowd(self) -> Crowd:
        return self.feed.streams

    def _tell(self, events: Singles) -> None:
        self.outlet.push(events.stream)
        self.revision = events.revision

    def ping(self) -> None:
        self.outlet.push(encoding.stream_packet(f"data: {encoding.encode(PlainPing(ts=now()))}\n\n"))

    def _last_message(self, code: int, reason: str) -> Message:
        return {"type": "http.response.body", "body": b"", "more_body": False}


async def _refuse(send: Send, caller: Caller | None, refusal: DomainError) -> None:
    headers = cors_headers(caller.origin if caller is not None else None)
    if refusal.code == "METHOD_NOT_ALLOWED":
        headers["allow"] = _METHODS
    await send_refusal(send, refusal, headers)
