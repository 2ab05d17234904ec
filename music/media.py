"""`/media/…`: audio and covers, on the event loop beside Django.

A request waits for the database and for disks on their threads, and its body goes out without either
(`playlist_backend/filewire.py`). Nothing here writes.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import parse_qsl, quote_from_bytes

from django.conf import settings
from django.db import DatabaseError
from msgspec import Struct

from music.bodies import send_parts, send_span
from music.listeners import Lookups, Taking
from music.ranges import Asked, asked_of, content_range, multipart
from music.sources import OpenFile, Source, entity_tag, opened
from music.windowing import EXPOSED, Windows, window_asked, window_headers
from playlist import logs
from playlist.asgi_types import Application, Message, Receive, Scope, Send
from playlist.callers import Caller, caller_of
from playlist.disk import on_disk
from playlist.errors import DomainError, foreign_origin, invalid, nothing_here, unavailable
from playlist.replies import cors_headers, send_bytes, send_methods, send_refusal, send_start

logger = logging.getLogger(__name__)

_AUDIO = re.compile(r"/media/audio/(?P<track_id>[^/\x00]{1,64})/?")
_WINDOW = re.compile(r"/media/audio/(?P<track_id>[^/\x00]{1,64})/window/?")
_COVER = re.compile(r"/media/covers/(?P<key>[0-9a-f]{16,64})/?")
#: Edges in pixels.
COVER_SIZES = (96, 320, 640)
_YEAR_SECONDS = 365 * 24 * 3600
#: The value of MEDIA_ACCEL for proxies that take a path in this header.
SENDFILE = "X-Sendfile"
_CONTROLS = re.compile(rb"[\x00-\x1f\x7f]")
_METHODS = "GET, HEAD, OPTIONS"
_PREFLIGHT = {
    "access-control-allow-methods": _METHODS,
    "access-control-allow-headers": "authorization, range, if-range, if-none-match",
    "access-control-max-age": "86400",
}
_EXPOSED = f"Accept-Ranges, Content-Length, Content-Range, ETag, Retry-After, {EXPOSED}"


class Request(Struct, frozen=True):
    """A GET or HEAD. `query` and `headers` by name, the last of several values."""

    scope: Scope
    send: Send
    caller: Caller
    query: dict[str, str]
    headers: dict[str, str]

    @property
    def wants_body(self) -> bool:
        return self.scope["method"] == "GET"


class Media:
    """The ASGI application of `/media/…`; passes every other request to `otherwise`."""

    def __init__(self, otherwise: Application) -> None:
        self._otherwise = otherwise
        self._lookups = Lookups()
        self._taking = Taking()
        self._windows = Windows()
        self._routes: tuple[tuple[re.Pattern[str], Callable[[Request, str], Awaitable[None]]], ...] = (
            (_AUDIO, self._audio),
            (_WINDOW, self._window),
            (_COVER, self._cover),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["path"].startswith("/media/"):
            await self._otherwise(scope, receive, send)
            return
        started_at, status = time.perf_counter(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(str(message["status"]))
            await send(message)

        await self._answer(scope, noting)
        if settings.ACCESS_LOG:
            _log(scope, status, time.perf_counter() - started_at)

    async def _answer(self, scope: Scope, send: Send) -> None:
        caller = caller_of(scope)
        if caller is None:
            await send_refusal(send, foreign_origin())
            return
        headers = {**cors_headers(caller.origin), "x-content-type-options": "nosniff"}
        try:
            await self._route(scope, send, caller)
        except DomainError as refusal:
            if refusal.code == "METHOD_NOT_ALLOWED":
                headers["allow"] = _METHODS
            await send_refusal(send, refusal, headers)
        except DatabaseError as error:
            logger.warning("The database did not answer: %s", error)
            await send_refusal(send, unavailable(), headers)

    async def _route(self, scope: Scope, send: Send, caller: Caller) -> None:
        if scope["method"] == "OPTIONS":
            await send_methods(send, _METHODS, {**cors_headers(caller.origin), **_PREFLIGHT})
            return
        matches = ((pattern.fullmatch(scope["path"]), answer) for pattern, answer in self._routes)
        found, answer = next(((found, answer) for found, answer in matches if found), (None, None))
        if found is None or answer is None:
            raise nothing_here()
        if scope["method"] not in ("GET", "HEAD"):
            raise DomainError("METHOD_NOT_ALLOWED", "This can only be read.")
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        named = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        await answer(Request(scope, send, caller, query, named), found[1])

    # ── Audio ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _audio(self, request: Request, track_id: str) -> None:
        source, actor = await self._lookups.heard(request.caller, track_id, request.query)
        with self._taking.one_more(actor):
            try:
                file = await on_disk(opened, source.path)
            except DomainError:  # it may have been found somewhere else since
                source, _ = await self._lookups.heard(request.caller, track_id, request.query, anew=True)
                file = await on_disk(opened, source.path)
            try:
                await _send_audio(request, source, file)
            finally:
                file.close()

    async def _window(self, request: Request, track_id: str) -> None:
        asked = window_asked(request.query)
        source, actor = await self._lookups.heard(request.caller, track_id, request.query)
        self._windows.take(actor)
        if asked.version != source.version:  # the event of a new one was faster
            source, _ = await self._lookups.heard(request.caller, track_id, request.query, anew=True)
        if asked.version != source.version:
            raise DomainError("NOT_FOUND", "There is another version of this file now.")
        file = await on_disk(opened, source.path)
        try:
            window = await self._windows.cut(source, file, asked)
        finally:
            file.close()
        headers = {**_headers(request, source), **window_headers(window), "content-type": window.content_type}
        await send_bytes(request.send, 200, window.content_type, window.data, headers)

    # ── Covers ───────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _cover(self, request: Request, key: str) -> None:
        """A cover, for everybody: its key is a hash of the picture, which nobody can guess."""
        size = request.query.get("size", "320")
        if size not in map(str, COVER_SIZES):
            raise invalid("size", "must be 96, 320 or 640")
        path = Path(settings.DATA_DIR) / "covers" / f"{key}-{size}.jpg"
        etag = f'"{key}-{size}"'
        headers = {
            **cors_headers(request.caller.origin),
            "cache-control": f"public, max-age={_YEAR_SECONDS}, immutable",
            "etag": etag,
            "x-content-type-options": "nosniff",
        }
        try:
            picture = await on_disk(path.read_bytes)
        except OSError:
            raise nothing_here() from None
        if asked_of({"if-none-match": request.headers.get("if-none-match", "")}, len(picture), etag).status == 304:
            await send_start(request.send, 304, headers)
            await request.send({"type": "http.response.body", "body": b""})
        else:
            await send_bytes(request.send, 200, "image/jpeg", picture, headers)


def _headers(request: Request, source: Source) -> dict[str, str]:
    vary = "Authorization, Cookie"
    headers = {
        **cors_headers(request.caller.origin),
        "content-type": source.content_type,
        "cache-control": "private",
        "x-content-type-options": "nosniff",
        "vary": vary,
    }
    if request.caller.origin is not None:
        headers |= {"vary": f"{vary}, Origin", "access-control-expose-headers": _EXPOSED}
    return headers


def _elsewhere(source: Source) -> dict[str, str] | None:
    """Where the proxy in front finds the file, by MEDIA_ACCEL; None where no proxy does.

    nginx wants the path percent-encoded, and Caddy as it is, which a header can hold but for control characters.
    """
    if settings.MEDIA_ACCEL == SENDFILE:
        if source.path.strip() != source.path or _CONTROLS.search(source.path):
            return None
        return {"x-sendfile": source.path.decode("latin-1"), "content-length": "0"}
    if settings.MEDIA_ACCEL:
        path = quote_from_bytes(source.path.lstrip(b"/"), safe="/")
        return {"x-accel-redirect": settings.MEDIA_ACCEL + path, "content-length": "0"}
    return None


async def _send_audio(request: Request, source: Source, file: OpenFile) -> None:
    elsewhere = _elsewhere(source)
    if elsewhere is None:
        await _send_file(request, source, file)
        return
    await send_start(request.send, 200, {**_headers(request, source), **elsewhere})
    await request.send({"type": "http.response.body", "body": b""})


async def _send_file(request: Request, source: Source, file: OpenFile) -> None:
    etag = entity_tag(source, file)
    asked = asked_of(request.headers, file.size, etag)
    headers = {**_headers(request, source), "accept-ranges": "bytes", "etag": etag}
    if asked.status == 416:
        headers["content-range"] = f"bytes */{file.size}"
        refusal = DomainError("RANGE_NOT_SATISFIABLE", "The file is shorter than that.", {"size": file.size})
        await send_refusal(request.send, refusal, {**headers, "content-type": "application/json"})
    elif asked.status == 304:
        await send_start(request.send, 304, headers)
        await request.send({"type": "http.response.body", "body": b""})
    elif len(asked.spans) == 1:
        await _send_one(request, file, asked, headers)
    else:
        await _send_several(request, file, asked, headers)


async def _send_one(request: Request, file: OpenFile, asked: Asked, headers: dict[str, str]) -> None:
    (span,) = asked.spans
    headers["content-length"] = str(span.size)
    if asked.status == 206:
        headers["content-range"] = content_range(span, file.size)
    await send_start(request.send, asked.status, headers)
    if request.wants_body:
        await send_span(request.scope, request.send, file, span)
    else:
        await request.send({"type": "http.response.body", "body": b""})


async def _send_several(request: Request, file: OpenFile, asked: Asked, headers: dict[str, str]) -> None:
    boundary = secrets.token_hex(16)
    heads, tail = multipart(asked.spans, file.size, headers["content-type"], boundary)
    size = sum(map(len, heads)) + sum(span.size for span in asked.spans) + len(tail)
    headers |= {"content-type": f"multipart/byteranges; boundary={boundary}", "content-length": str(size)}
    await send_start(request.send, 206, headers)
    if request.wants_body:
        await send_parts(request.scope, request.send, file, list(zip(heads, asked.spans, strict=True)), tail)
    else:
        await request.send({"type": "http.response.body", "body": b""})


def _log(scope: Scope, status: int, seconds: float) -> None:
    """Without the query, in which a signature may stand."""
    milliseconds = round(1000 * seconds, 1)
    fields = {"method": scope["method"], "path": scope["path"], "status": status, "milliseconds": milliseconds}
    logs.access.info("%s %s %d %.1f ms", scope["method"], scope["path"], status, milliseconds, extra=fields)
