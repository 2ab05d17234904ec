"""The web client's pages: templates with the data that the page needs at once, and the preview of its link.

`boot` in the page names the user and the room, so that the client makes no request that would be refused.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from msgspec import Struct

from music import uploads
from playlist import accounts, permissions, types
from playlist.errors import DomainError
from playlist.identity import user_actor, wall_identity
from playlist.models import Playlist, User
from playlist.origins import addressed_origin
from playlist.permissions import Role
from playlist.rest.refusals import refused, too_many_wrong_passwords
from playlist.selectors.playlists import playlist_by_slug
from playlist.walls import Wall, walls_in
from playlist_backend.assets import BASE_URL, Assets, read_assets
from playlist_backend.policy import PLAIN, client_policy

_SITE_NAME = "Playlist"
#: The picture of link previews.
ICON = f"{BASE_URL}icons/icon-512.png"
_NOT_BUILT = "The web client is not built: `python3 run.py client` does it. The API is documented at /api/docs/.\n"


class BootRoom(Struct, frozen=True):
    """The part of a room that anybody with the link may know before joining."""

    slug: str
    name: str
    locked: bool
    #: Whether the page may connect: "join" asks for a name first.
    entry: Literal["open", "join", "banned"]
    #: Whether a display may connect without joining: to every public room, and with a wall link that holds.
    public: bool
    wall: bool


class Boot(Struct, frozen=True):
    """`room` is null on the home page, and if there is no such room."""

    user: types.User | None
    room: BootRoom | None
    cover_origins: list[str]
    #: The name of the cookie whose value a page sends as X-CSRFToken with each write.
    csrf_cookie: str
    #: The size of the largest file that this person may upload; null if they may not.
    upload_limit_mb: int | None
    #: Where they lack but an account for it: whether anybody may make one, or the operators give them.
    upload_account: Literal["open", "given"] | None


class Preview(Struct, frozen=True):
    """The preview that messengers show of a link, to all who see the link. Addresses are absolute."""

    title: str
    description: str
    url: str
    image: str
    #: Whether search engines may list the page.
    indexed: bool


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    preview = _preview(request, _SITE_NAME, "One queue for everybody in the room.", "/", indexed=True)
    return _page(request, "client.html", preview, None, 200)


@require_safe
def room(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        playlist = playlist_by_slug(slug)
    except DomainError:
        return missing(request)
    description = "Add songs and vote on what plays next."
    public = playlist.visibility == Playlist.Visibility.PUBLIC
    preview = _preview(request, playlist.name, description, f"/r/{playlist.slug}", indexed=public)
    return _page(request, "client.html", preview, playlist, 200)


def missing(request: HttpRequest) -> HttpResponse:
    """The page for a browser at an address that does not exist."""
    preview = _preview(request, "Not found", "There is nothing at this address.", "/", indexed=False)
    return _page(request, "404.html", preview, None, 404)


def failure(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """A refusal from outside the API's views: a page for browsers, the envelope for every other client."""
    if not wants_page(request):
        return refused(refusal)
    title, hint = _FAILURES.get(refusal.status, _FAILURES[500])
    # Nothing here uses the database or the session, either of which may have failed.
    page = render_to_string("500.html", {"assets": assets(), "title": title, "hint": hint})
    headers = {"Content-Security-Policy": PLAIN, "Cache-Control": "no-store", **refusal.headers()}
    return HttpResponse(page, status=refusal.status, headers=headers)


_FAILURES = {
    429: ("Too many tries", "Wait a little before you try again."),
    500: ("Something went wrong here", "The mistake is the server's, and its log tells more."),
    503: ("The server cannot answer right now", "Try again in a moment."),
}


def wants_page(request: HttpRequest) -> bool:
    return not request.path.startswith("/api/") and "text/html" in request.headers.get("Accept", "")


def locked_out(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """The answer of axes to an address that tried too many wrong passwords for an account."""
    return failure(request, too_many_wrong_passwords())


def origin_of(request: HttpRequest) -> str:
    """The origin that links name: the public one, else as the caller addressed this server."""
    return settings.PUBLIC_URL or addressed_origin(request.scheme or "http", request.get_host())


def _preview(request: HttpRequest, title: str, description: str, path: str, *, indexed: bool) -> Preview:
    origin = origin_of(request)
    return Preview(
        title=title,
        description=description,
        url=origin + path,
        image=origin + ICON,
        indexed=indexed,
    )


def _page(
    request: HttpRequest, template: str, preview: Preview, playlist: Playlist | None, status: int
) -> HttpResponse:
    built = assets()
    if built is None and status == 200:
        return HttpResponse(_NOT_BUILT, status=503, content_type="text/plain; charset=utf-8")
    user = request.user if isinstance(request.user, User) else None
    boot = Boot(
        user=None if user is None else accounts.user_resource(user),
        room=None if playlist is None else _boot_room(playlist, user, walls_in(request.COOKIES)),
        cover_origins=list(settings.COVER_ORIGINS),
        csrf_cookie=settings.CSRF_COOKIE_NAME,
        upload_limit_mb=uploads.limit_mb(user),
        upload_account=uploads.account_lacking(user),
    )
    get_token(request)  # sets the cookie whose value the client sends with each write
    context = {"assets": built, "preview": preview, "boot": _inside_html(boot)}
    response = HttpResponse(render_to_string(template, context), status=status)
    response["Content-Security-Policy"] = client_policy(request.get_host(), settings.COVER_ORIGINS)
    response["Cache-Control"] = "no-store"
    return response


def _boot_room(playlist: Playlist, user: User | None, walls: tuple[Wall, ...]) -> BootRoom:
    role = Role.ANONYMOUS if user is None else permissions.role_of(playlist, user_actor(user))
    entry: Literal["open", "join", "banned"] = "join"
    if role in (Role.HOST, Role.COHOST, Role.PARTICIPANT):
        entry = "open"
    elif role is Role.BANNED:
        entry = "banned"
    return BootRoom(
        slug=playlist.slug,
        name=playlist.name,
        locked=playlist.locked,
        entry=entry,
        public=playlist.visibility == Playlist.Visibility.PUBLIC,
        wall=wall_identity(walls, playlist.slug) is not None,
    )


def _inside_html(boot: Boot) -> SafeString:
    """JSON that cannot end the script element it stands in."""
    json = msgspec.json.encode(boot).decode()
    return SafeString(json.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


def assets() -> Assets | None:
    return read_assets(settings.CLIENT_DIR) if settings.DEBUG else _ASSETS_AT_START


#: A rebuild beside a running process keeps the files of the previous build and removes older ones. So the process
#: serves the build that it started with.
_ASSETS_AT_START = read_assets(settings.CLIENT_DIR)
