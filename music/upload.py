"""`POST /api/tracks/upload`: an ASGI route beside Django, since a file is neither small nor quick.

The body goes to the disk as it comes, in pieces of a megabyte. A slow upload is no attack as long as it goes on, so
the server's deadline for whole requests gives way to one for progress.
"""

from __future__ import annotations

import asyncio
import io
import logging
import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import msgspec
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.db import DatabaseError, connection
from django.http import HttpResponse

from music import uploads
from music.multipart import FileInForm
from music.uploads import MEGABYTE, Part
from playlist import types
from playlist.asgi_types import Application, Event, Receive, Scope, Send
from playlist.callers import Caller, caller_of, identity_of, session_key_of
from playlist.disk import on_disk
from playlist.errors import DomainError, foreign_origin, internal, unavailable
from playlist.models import User
from playlist.reading import read
from playlist.replies import cors_headers, is_preflight, send_bytes, send_methods, send_start
from playlist.rest.authentication import CsrfCheck

logger = logging.getLogger(__name__)

_PATH = re.compile(r"/api/tracks/upload/?")
_METHODS = "POST, OPTIONS"
#: A form is larger than its file, by headers and a file name.
_FORM_BYTES = 64 * 1024
#: Bytes a second that an upload must bring.
PROGRESS_BYTES_PER_SECOND = 64_000
#: Uploads of one person at the same time, in one process.
AT_ONCE = 4
#: How long the rest of a refused body is read before the answer, and how long behind it.
LINGER_SECONDS = 5.0


class Gone(Exception):
    """The other side is gone."""


class Upload:
    """The ASGI application of the route; passes every other request, and preflights, to `otherwise`."""

    def __init__(self, otherwise: Application) -> None:
        self._otherwise = otherwise
        self._running: Counter[int] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _PATH.fullmatch(scope["path"]) or is_preflight(scope):
            await self._otherwise(scope, receive, send)
            return
        caller = caller_of(scope)
        headers = cors_headers(caller.origin) if caller is not None else {}
        if scope["method"] == "OPTIONS" and caller is not None:
            await send_methods(send, _METHODS, headers)
            return
        body = Body(scope, receive)
        try:
            track, is_new = await self._answer(scope, caller, body)
        except DomainError as refusal:
            await _refuse(send, body, refusal, headers)
        except DatabaseError as error:
            logger.warning("The database did not answer: %s", error)
            await _refuse(send, body, unavailable(), headers)
        except Gone:
            pass
        except Exception:
            logger.exception("An upload could not be taken")
            await _refuse(send, body, internal(), headers)
        else:
            headers = {**headers, "location": f"/api/tracks/{track.id}"}
            await send_bytes(send, 201 if is_new else 200, "application/json", msgspec.json.encode(track), headers)

    async def _answer(self, scope: Scope, caller: Caller | None, body: Body) -> tuple[types.Track, bool]:
        if scope["method"] != "POST":
            raise DomainError("METHOD_NOT_ALLOWED", "Files are sent here by POST.")
        if caller is None:
            raise foreign_origin()
        uploader = await read(_uploader, scope, caller)
        if self._running[uploader.pk] >= AT_ONCE:
            raise DomainError("RATE_LIMITED", f"Send at most {AT_ONCE} files at the same time.")
        self._running[uploader.pk] += 1
        try:
            return await _take(scope, uploader, body)
        finally:
            self._running[uploader.pk] -= 1
            self._running += Counter()  # forget those at zero


async def _take(scope: Scope, uploader: User, body: Body) -> tuple[types.Track, bool]:
    headers = dict(scope["headers"])
    form = FileInForm(headers.get(b"content-type", b"").decode("latin-1"), "file")
    announced = int(headers.get(b"content-length", b"0"))
    if announced > settings.UPLOAD_LIMIT_MB * MEGABYTE + _FORM_BYTES:
        raise _too_large()
    await read(uploads.check_quota, uploader.pk, max(0, announced - _FORM_BYTES))
    part = await on_disk(Part)
    try:
        await on_disk(uploads.check_reserve, announced)
        await _store(body, form, part)
        return await _in_turn(_accept, part, uploader, form.name or b"")
    except BaseException:
        part.discard()
        raise
    finally:
        part.close()


async def _store(body: Body, form: FileInForm, part: Part) -> None:
    """Write the file as it comes. Raises DomainError, Gone."""
    waiting, size = bytearray(), 0
    async for piece in body:
        found = form.feed(piece)
        size += len(found)
        if size > settings.UPLOAD_LIMIT_MB * MEGABYTE:
            raise _too_large()
        waiting += found
        if len(waiting) >= MEGABYTE:
            await on_disk(part.write, bytes(waiting))
            waiting.clear()
    form.finish()
    await on_disk(part.write, bytes(waiting))


def _too_large() -> DomainError:
    limit = settings.UPLOAD_LIMIT_MB
    return DomainError("TOO_LARGE", f"A file may have {limit} MB.", {"limit_mb": limit})


def _accept(part: Part, uploader: User, name: bytes) -> tuple[types.Track, bool]:
    try:
        return uploads.accept(part, uploader, name)
    finally:
        connection.close()


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(2, thread_name_prefix="upload")


async def _in_turn(
    function: Callable[[Part, User, bytes], tuple[types.Track, bool]], part: Part, uploader: User, name: bytes
) -> tuple[types.Track, bool]:
    """On the threads for uploads, and to its end also if the caller is cancelled: a file must not vanish under it."""
    work = asyncio.get_running_loop().run_in_executor(_threads(), function, part, uploader, name)
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait({work})
        raise


# ── The caller ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _uploader(scope: Scope, caller: Caller) -> User:
    """The calling account, if it may upload. Raises AUTH_REQUIRED, FORBIDDEN."""
    by_session = caller.token is None
    if by_session:
        caller = msgspec.structs.replace(caller, session_key=session_key_of(scope))
    actor, credential = identity_of(caller)
    if credential is None or actor.user_id is None:
        raise DomainError("AUTH_REQUIRED", "Log in to upload music.")
    if by_session:
        _check_csrf(scope)
    user = User.objects.get(pk=actor.user_id)
    uploads.check_may_upload(user)
    return user


def _check_csrf(scope: Scope) -> None:
    """The check of rest/authentication.py. The token comes in the header: the form is not read for it."""
    headers = [(name, value) for name, value in scope["headers"] if not name.startswith(b"content-")]
    request = ASGIRequest({**scope, "headers": headers}, io.BytesIO())
    check = CsrfCheck(lambda _: HttpResponse())
    check.process_request(request)
    if check.process_view(request, lambda _: HttpResponse(), (), {}) is not None:
        raise DomainError("FORBIDDEN", "The session cookie needs the CSRF token: send it as X-CSRFToken.")


# ── The body ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Body:
    """The pieces of a request's body, each within the time that the pace allows."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._receive = receive
        self._is_over = False
        #: Nothing comes before it is asked for.
        self._is_held_back = (b"expect", b"100-continue") in scope["headers"]
        self._own_pace = scope.get("extensions", {}).get("playlist.body")

    def __aiter__(self) -> Body:
        if self._own_pace is not None:
            self._own_pace()
        self._waited, self._got = 0.0, 0
        return self

    async def __anext__(self) -> bytes:
        """Raises Gone, or UNAVAILABLE when it comes too slowly."""
        if self._is_over:
            raise StopAsyncIteration
        loop, seconds = asyncio.get_running_loop(), settings.UPLOAD_PROGRESS_SECONDS
        started = loop.time()
        try:
            async with asyncio.timeout(seconds - self._waited):
                message = await self._receive()
        except TimeoutError:
            raise DomainError("UNAVAILABLE", "The file came too slowly. Try again with a better connection.") from None
        piece = self._taken(message)
        self._waited += loop.time() - started
        self._got += len(piece)
        if self._got >= seconds * PROGRESS_BYTES_PER_SECOND:
            self._waited, self._got = 0.0, 0
        return piece

    def _taken(self, message: Event) -> bytes:
        self._is_held_back = False
        if message["type"] != "http.request":
            self._is_over = True
            raise Gone
        self._is_over = not message.get("more_body", False)
        return message.get("body", b"")

    async def drain(self) -> None:
        """Read what still comes, for a while."""
        try:
            async with asyncio.timeout(LINGER_SECONDS):
                while not self._is_over and not self._is_held_back:
                    self._taken(await self._receive())
        except (TimeoutError, Gone):
            pass


async def _refuse(send: Send, body: Body, refusal: DomainError, headers: dict[str, str]) -> None:
    """Answer behind the request, and end the connection.

    A proxy may close a connection on which an answer overtakes its request, and a browser that still sends loses the
    answer with the connection.
    """
    await body.drain()
    content = msgspec.json.encode(refusal.envelope())
    told = {
        **refusal.headers(),
        **headers,
        **({"allow": _METHODS} if refusal.code == "METHOD_NOT_ALLOWED" else {}),
        "content-type": "application/json",
        "content-length": str(len(content)),
        "cache-control": "no-store",
        "connection": "close",
    }
    await send_start(send, refusal.status, told)
    await send({"type": "http.response.body", "body": content, "more_body": True})
    await body.drain()
    await send({"type": "http.response.body", "body": b""})
