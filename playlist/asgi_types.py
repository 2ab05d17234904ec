"""The part of ASGI that this project uses, as types (https://asgi.readthedocs.io/en/stable/specs/www.html).

`asgiref.typing` demands keys that servers and applications may leave out, and knows no extension of ours.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import NotRequired, Protocol, Required, TypedDict

#: A message to the server.
Message = dict[str, object]
Headers = Sequence[tuple[bytes, bytes]]
Write = Callable[[bytes], None]


class WireWatcher(Protocol):
    """Hears from a wire when its transport fills up, drains or closes."""

    def paused(self) -> None:
        """The transport's buffer is full."""

    def resumed(self) -> None:
        """The transport's buffer has drained."""

    def closed(self) -> None:
        """The socket is closed; nothing may be written any more."""


class Wire(Protocol):
    """A socket that takes the bytes of finished frames, beside ASGI's `send` (playlist_backend/wire.py)."""

    @property
    def write(self) -> Write: ...
    def attach(self, watcher: WireWatcher) -> None:
        """From here on call the watcher, and at once if the transport is full or closed already."""

    def buffered_bytes(self) -> int: ...
    def abort(self) -> None: ...
    def stop_keepalive(self) -> None:
        """Send no pings of the WebSocket layer's own any more."""


class FileWire(Protocol):
    """A connection that takes bytes straight from a file, beside ASGI's `send` (playlist_backend/filewire.py)."""

    def be_patient(self) -> None:
        """Let the peer take this answer as slowly as it likes, or pause it."""

    async def send_file(self, descriptor: int, start: int, end: int) -> bool:
        """Send these bytes of the file as the body, after its headers; the end of the body is still to be sent.

        Returns False when the peer is gone, or when the file became shorter: the connection is cut then.
        """


#: Only our own server has those of `playlist`.
Extensions = TypedDict(
    "Extensions",
    {
        "websocket.http.response": object,
        "playlist.wire": Wire,
        "playlist.file": FileWire,
        "playlist.body": Callable[[], None],
    },
    total=False,
)


class Route(TypedDict):
    """The part of the path that Channels' router matched."""

    kwargs: dict[str, str]


class Scope(TypedDict):
    """One HTTP request or socket."""

    type: str
    path: str
    query_string: bytes
    http_version: str
    headers: Headers
    #: HTTP only.
    method: NotRequired[str]
    #: Sockets only; Daphne leaves the first two out where they would be empty.
    subprotocols: NotRequired[Sequence[str]]
    extensions: NotRequired[Extensions]
    url_route: NotRequired[Route]
    #: Daphne names none for sockets.
    scheme: NotRequired[str]
    #: Address and port; on a Unix socket there are none.
    client: NotRequired[tuple[str, int] | None]
    server: NotRequired[tuple[str, int | None] | None]


class Event(TypedDict, total=False):
    """A message from the server: a piece of a request's body, a frame of a socket, or the end of either."""

    type: Required[str]
    body: bytes
    more_body: bool
    text: str | None
    bytes: bytes | None


Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
