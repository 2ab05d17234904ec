"""Runs a WSGI application inside an ASGI server: Django's sync stack on a bounded pool of threads.

The loop reads the whole request, one thread answers it, and the loop writes the answer: one hop there and one back.
That fits small JSON; large or endless answers (media, streams, sockets) belong on the loop and do not come here.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from wsgiref.types import WSGIApplication, WSGIEnvironment

from playlist.asgi_types import Receive, Scope, Send

#: Headers of one request. A browser and two proxies send a third of that.
HEADERS_LIMIT = 100


class SyncHTTP:
    """The ASGI application. A body is read up to `body_limit_bytes` and one more, so that the parser refuses it."""

    def __init__(self, application: WSGIApplication, threads: int, body_limit_bytes: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="http")
        self._body_limit_bytes = body_limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if len(scope["headers"]) > HEADERS_LIMIT:
            await send({"type": "http.response.start", "status": 431, "headers": [], "trailers": False})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        body = await self._read(receive)
        if body is None:
            return
        environ = environ_of(scope, body)
        loop = asyncio.get_running_loop()
        status, headers, content = await loop.run_in_executor(self._threads, self._answer, environ)
        await send({"type": "http.response.start", "status": status, "headers": headers, "trailers": False})
        await send({"type": "http.response.body", "body": content, "more_body": False})

    async def _read(self, receive: Receive) -> bytes | None:
        """The body, whole or cut off right behind the limit; None if the caller went away."""
        body, more = b"", True
        while more and len(body) <= self._body_limit_bytes:
            message = await receive()
            if message["type"] != "http.request":
                return None
            body += message.get("body", b"")
            more = message.get("more_body", False)
        return body[: self._body_limit_bytes + 1]

    def _answer(self, environ: WSGIEnvironment) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        started: list[tuple[int, list[tuple[bytes, bytes]]]] = []
        written: list[bytes] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], exc_info: object = None
        ) -> Callable[[bytes], None]:
            named = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
            started.append((int(status[:3]), named))
            return written.append

        chunks = self._application(environ, start_response)
        try:
            returned = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        content = b"".join(written) + returned
        status, headers = started[-1]
        if not any(name == b"content-length" for name, _ in headers):
            headers.append((b"content-length", str(len(content)).encode()))
        return status, headers, content


def environ_of(scope: Scope, body: bytes) -> WSGIEnvironment:
    """The WSGI environment of a request (PEP 3333): its text is latin-1, whatever the real encoding."""
    server_name, server_port = scope.get("server") or ("localhost", 80)
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server_name,
        "SERVER_PORT": str(server_port or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    values: dict[str, list[str]] = {}
    for raw_name, raw_value in scope["headers"]:
        if b"_" in raw_name:
            continue  # it would pass for the header with a dash, which a proxy may have set or removed
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        values.setdefault(name if name == "CONTENT_TYPE" else f"HTTP_{name}", []).append(raw_value.decode("latin-1"))
    for name, several in values.items():
        environ[name] = ("; " if name == "HTTP_COOKIE" else ",").join(several)
    # The length read, not the one announced: a chunked body announces none.
    environ["CONTENT_LENGTH"] = str(len(body))
    return environ
