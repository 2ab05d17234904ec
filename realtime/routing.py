"""The addresses of the sockets, with and without a slash at the end."""

from __future__ import annotations

from typing import Any

import msgspec
from channels.routing import URLRouter
from django.urls import path, re_path

from playlist.asgi_types import Receive, Scope, Send
from playlist.errors import nothing_here
from realtime.socket import playlist_socket


async def refuse_unknown(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse a handshake to an unknown path: 404, or 403 where the server knows no other answer."""
    await receive()
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 4404})
        return
    body = msgspec.json.encode(nothing_here().envelope())
    headers = [(b"content-type", b"application/json")]
    await send({"type": "websocket.http.response.start", "status": 404, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": body})


# Django's stubs know views only; here ASGI applications stand in their place.
_socket: Any = playlist_socket
_nothing: Any = refuse_unknown
_routes: list[Any] = [
    path("ws", _socket, {"slug": "main"}),
    path("ws/", _socket, {"slug": "main"}),
    # The address that public front ends use.
    path("ws/playlist", _socket, {"slug": "main"}),
    path("ws/playlist/", _socket, {"slug": "main"}),
    path("ws/playlists/<str:slug>", _socket),
    path("ws/playlists/<str:slug>/", _socket),
    re_path(r"", _nothing),
]
websockets = URLRouter(_routes)
