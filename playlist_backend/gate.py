"""The check of the Host header, before any application sees an HTTP request.

Sockets check it in their handshake (realtime/handshake.py), where a refusal takes another form.
"""

from __future__ import annotations

from django.conf import settings

from playlist.asgi_types import Application, Receive, Scope, Send
from playlist.errors import foreign_host
from playlist.origins import host_allowed
from playlist.replies import send_refusal


class HostGate:
    """The ASGI application around all others of HTTP. A request of HTTP/1.0 may lack the header."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if all(host_allowed(host, settings.ALLOWED_HOST_NAMES) for host in hosts):
            await self._application(scope, receive, send)
        else:
            await send_refusal(send, foreign_host())
