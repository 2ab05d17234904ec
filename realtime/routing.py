"""The addresses of the sockets, with and without a slash at the end."""

from __future__ import annotations

from typing import Any

from channels.routing import URLRouter
from django.urls import path, re_path

from realtime.socket import playlist_socket


async def nothing_here(scope: Any, receive: Any, send: Any) -> None:
    """Refuse a handshake to an unknown path."""
    await receive()
    await send({"type": "websocket.close", "code": 4404})


_nothing: Any = nothing_here
# Django's stubs know views only; here an ASGI application stands in their place.
_socket: Any = playlist_socket

_routes: list[Any] = [
    path("ws", _socket, {"slug": "main"}),
    path("ws/", _socket, {"slug": "main"}),
    path("ws/playlists/<str:slug>", _socket),
    path("ws/playlists/<str:slug>/", _socket),
    re_path(r"", _nothing),
]
websockets = URLRouter(_routes)
