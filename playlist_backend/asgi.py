"""The application that servers run.

HTTP goes to Django's sync stack on a bounded pool of threads: through Django's own ASGI handler a request would hop
between the loop and a thread for every middleware, at about a third of the throughput.
"""

from __future__ import annotations

from typing import cast

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi_typing import WSGIApp
from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, HTTPRequestEvent, Scope
from channels.routing import ProtocolTypeRouter
from uvicorn._types import ASGI3Application as UvicornApplication
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from playlist_backend.wsgi import application as wsgi_application  # first: it sets Django up

from django.conf import settings  # isort: skip


class ChunkedBodies:
    """Gives a body that was sent in chunks the length that WSGI asks for; without one, Django would see no body.

    Reads at most one byte beyond the limit: the parser refuses what is longer.
    """

    def __init__(self, application: ASGI3Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http" or not any(name == b"transfer-encoding" for name, _ in scope["headers"]):
            await self._application(scope, receive, send)
            return
        body, more = b"", True
        while more and len(body) <= settings.MAX_BODY_BYTES:
            message = await receive()
            if message["type"] != "http.request":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
        body = body[: settings.MAX_BODY_BYTES + 1]
        headers = [(name, value) for name, value in scope["headers"] if name != b"transfer-encoding"]
        scope = {**scope, "headers": [*headers, (b"content-length", str(len(body)).encode())]}
        whole: list[HTTPRequestEvent] = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive_whole() -> HTTPRequestEvent:
            return whole.pop() if whole else cast(HTTPRequestEvent, await receive())

        await self._application(scope, receive_whole, send)


_http = ChunkedBodies(
    cast(ASGI3Application, WSGIMiddleware(cast(WSGIApp, wsgi_application), workers=settings.HTTP_THREADS))
)

application = ProxyHeadersMiddleware(
    cast(UvicornApplication, ProtocolTypeRouter({"http": _http})),
    # Nobody is believed by default; Uvicorn's own default believes whoever is on this machine.
    trusted_hosts=settings.TRUSTED_PROXIES,
)
