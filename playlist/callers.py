"""Identifies the sender of an ASGI request by host, origin, cookies and token, before anything is read or sent.

Sockets, streams and media share it; Django's views have rest/authentication.py, which knows CSRF, too.
"""

from __future__ import annotations

from django.conf import settings
from msgspec import Struct
from msgspec.structs import replace

from playlist.asgi_types import Scope
from playlist.cookies import parse_cookies, session_key_in
from playlist.errors import DomainError
from playlist.identity import Actor, Identified, address_actor, session_identity, token_identity, wall_identity
from playlist.origins import addressed_origin, host_allowed, origin_allowed
from playlist.walls import Wall, walls_in


class Caller(Struct, frozen=True):
    """The sender of a request, as far as its headers tell without the database."""

    address: str
    session_key: str | None
    token: bytes | None
    #: The web origin, if a page connects.
    origin: str | None
    #: This server as the caller addressed it: http://192.168.1.5:8000
    own_origin: str
    #: What its cookies say that it shows; nothing is checked yet.
    walls: tuple[Wall, ...] = ()


def caller_of(scope: Scope, offered_token: bytes | None = None) -> Caller | None:
    """The caller; None when the Host or the Origin is not allowed.

    Cookies count only from pages: those of an allowed Origin, and our own, whose GET names no Origin. `offered_token`
    came elsewhere than in the Authorization header, which wins.
    """
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    host, origin = headers.get(b"host", ""), headers.get(b"origin")
    if not host_allowed(host, settings.ALLOWED_HOST_NAMES):
        return None
    scheme = scope.get("scheme", "ws")  # Daphne leaves it out
    scheme = {"ws": "http", "wss": "https"}.get(scheme, scheme)
    own = addressed_origin(scheme, host)
    if origin is not None and not origin_allowed(origin, own, settings.ALLOWED_ORIGINS, settings.ALLOW_LOCAL_ORIGINS):
        return None
    cookies = cookies_of(scope) if origin is not None or _is_same_origin(headers, own) else {}
    authorization = headers.get(b"authorization", "")
    return Caller(
        address=(scope.get("client") or ("", 0))[0],
        session_key=session_key_in(cookies, settings.SESSION_COOKIE_NAME),
        token=authorization[7:].strip().encode() if authorization[:7].lower() == "bearer " else offered_token,
        origin=origin,
        own_origin=own,
        walls=walls_in(cookies),
    )


def _is_same_origin(headers: dict[bytes, str], own_origin: str) -> bool:
    """Whether a page of this server sent this without an Origin, as `EventSource` and media elements do.

    Browsers send Sec-Fetch-Site to secure addresses only. Elsewhere the Referer tells, which a foreign page cannot set
    to ours.
    """
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return headers.get(b"referer", "").startswith(f"{own_origin}/")


def session_key_of(scope: Scope) -> str | None:
    """The session that a cookie names."""
    return session_key_in(cookies_of(scope), settings.SESSION_COOKIE_NAME)


def cookies_of(scope: Scope) -> dict[str, str]:
    """Cookies may come in several headers (https://httpwg.org/specs/rfc9113.html#CompressCookie)."""
    header = b";".join(value for name, value in scope["headers"] if name == b"cookie")
    return parse_cookies(header.decode("latin-1"))


def identity_of(caller: Caller, slug: str | None = None) -> Identified | tuple[Actor, None]:
    """The caller's actor and credential, from the database. A bad session counts as none.

    Without a user it may be the wall of the playlist `slug`. Raises AUTH_REQUIRED for a bad token.
    """
    nobody = address_actor(caller.address)
    if caller.token is not None:
        identified = token_identity(caller.token)
        if identified is None:
            raise DomainError("AUTH_REQUIRED", "This token is not valid (any more).")
        return _from(nobody.key, identified)
    if caller.session_key:
        identified = session_identity(caller.session_key)
        if identified is not None:
            return _from(nobody.key, identified)
    wall = None if slug is None else wall_identity(caller.walls, slug)
    return wall or (nobody, None)


def _from(address: str, identified: Identified) -> Identified:
    actor, credential = identified
    return replace(actor, address=address), credential
