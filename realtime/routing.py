"""The addresses of the sockets, with and without a slash at the end."""

from __future__ import annotations

from typing import Any

from channels.routing import URLRouter
from django.urls import path, re_path

from realtime.consumers import PlaylistConsumer


async def nothing_here(scope: Any, receive: Any, send: Any) -> None:
    """A handshake to an address that there is not: refused."""
    await receive()
    await send({"type": "websocket.close", "code": 4404})


_nothing: Any = nothing_here
# Django's stubs know views only; here an ASGI application stands in their place.
_socket: Any = PlaylistConsumer.as_asgi()

_routes: list[Any] = [
    path("ws", _socket, {"slug": "main"}),
    path("ws/", _socket, {"slug": "main"}),
    path("ws/playlists/<str:slug>", _socket),
    path("ws/playlists/<str:slug>/", _socket),
    re_path(r"", _nothing),
]
websockets = URLRouter(_routes)
