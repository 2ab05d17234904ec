"""The web client's pages: the index.html that Vite built, with what the page must know at once, under a strict CSP.

`boot` in the page tells who is there and what room this is, so that nothing is asked that would be refused.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_safe
from msgspec import Struct

from playlist import accounts, permissions, types
from playlist.identity import user_actor
from playlist.models import Playlist, User
from playlist.permissions import Standing

_PLACEHOLDER = "BOOT_GOES_HERE"
_NOT_BUILT = "The web client is not built: `python3 run.py client` does it. The API is documented at /api/docs/.\n"


class BootRoom(Struct, frozen=True):
    """What somebody with the link may know before they join."""

    slug: str
    name: str
    locked: bool
    #: Whether the page may connect: "join" asks for a name first.
    entry: Literal["open", "join", "banned"]
    #: Whether a display may connect without joining.
    public: bool


class Boot(Struct, frozen=True):
    """`room` is null on the home page, and where there is no such room."""

    user: types.User | None
    room: BootRoom | None
    cover_origins: list[str]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return _page(request, None, 200)


@require_safe
def room(request: HttpRequest, slug: str) -> HttpResponse:
    playlist = Playlist.objects.filter(slug=slug).first()
    return _page(request, playlist, 404 if playlist is None else 200)


def missing(request: HttpRequest) -> HttpResponse:
    """For somebody with a browser at an address that is none."""
    return _page(request, None, 404)


def _page(request: HttpRequest, playlist: Playlist | None, status: int) -> HttpResponse:
    index = _read_index() if settings.DEBUG else _INDEX
    if index is None:
        return HttpResponse(_NOT_BUILT, status=503, content_type="text/plain; charset=utf-8")
    user = request.user if isinstance(request.user, User) else None
    boot = Boot(
        user=None if user is None else accounts.user_resource(user),
        room=None if playlist is None else _boot_room(playlist, user),
        cover_origins=settings.COVER_ORIGINS,
    )
    get_token(request)  # the client sends the cookie's value with what it writes
    response = HttpResponse(
        index.replace(_PLACEHOLDER, _inside_html(msgspec.json.encode(boot).decode())), status=status
    )
    response["Content-Security-Policy"] = _policy(request)
    response["Cache-Control"] = "no-store"
    return response


def _boot_room(playlist: Playlist, user: User | None) -> BootRoom:
    standing = Standing.ANONYMOUS if user is None else permissions.standing_of(playlist, user_actor(user))
    entry: Literal["open", "join", "banned"] = "join"
    if standing in (Standing.HOST, Standing.PARTICIPANT):
        entry = "open"
    elif standing is Standing.BANNED:
        entry = "banned"
    return BootRoom(
        slug=playlist.slug,
        name=playlist.name,
        locked=playlist.locked,
        entry=entry,
        public=playlist.visibility == Playlist.Visibility.PUBLIC,
    )


def _policy(request: HttpRequest) -> str:
    """Scripts, styles and connections of this server only. Older Safaris do not count sockets as 'self'."""
    host = request.get_host()
    rules = {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", *settings.COVER_ORIGINS],
        "connect-src": ["'self'", f"ws://{host}", f"wss://{host}"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in rules.items())


def _inside_html(json: str) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _read_index() -> str | None:
    path = settings.CLIENT_DIR / "index.html"
    return path.read_text() if path.exists() else None


#: As it was when the process started: it knows only the scripts that there were then, and they stay.
_INDEX = _read_index()
