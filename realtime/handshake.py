"""Identifies the caller of a connection by host, origin, cookies and token, before anything is read or sent."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from django.conf import settings
from msgspec import Struct

from playlist.cookies import parse_cookies, session_key_in
from playlist.errors import DomainError, unavailable
from playlist.identity import Actor, Credential, address_actor, session_identity, token_identity
from playlist.origins import addressed_origin, host_allowed, origin_allowed
from playlist.reading import read
from realtime.asgi_types import Scope
from realtime.fanout import Fanout
from realtime.frames import BEARER, VERSION
from realtime.reader import Visitor


class Caller(Struct, frozen=True):
    """The sender of a handshake, as far as its headers tell without the database."""

    address: str
    session_key: str | None
    token: bytes | None
    #: The web origin, if a page connects.
    origin: str | None
    speaks_v1: bool
    #: This server as the caller addressed it: http://192.168.1.5:8000
    own_origin: str


def caller_of(scope: Scope) -> Caller | None:
    """The caller; None when the Host or the Origin is not allowed.

    Cookies count only from pages: those of an allowed Origin, and our own, whose GET names no Origin.
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
    is_page = origin is not None or _is_same_origin(headers, own)
    offered = scope.get("subprotocols", ())
    return Caller(
        address=(scope.get("client") or ("", 0))[0],
        session_key=_session_key(scope) if is_page else None,
        token=_token(offered, headers.get(b"authorization", "")),
        origin=origin,
        speaks_v1=VERSION in offered,
        own_origin=own,
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


async def visitor_of(caller: Caller, slug: str, fanout: Fanout) -> Visitor:
    """Admit the caller to a playlist.

    Raises AUTH_REQUIRED, FORBIDDEN, PLAYLIST_NOT_FOUND, or UNAVAILABLE when the server is about to stop.
    """
    if fanout.draining:
        raise unavailable()
    actor, credential = await _identity_of(caller)
    admission = await fanout.admit((slug, actor))
    return Visitor(actor, credential, admission, caller.own_origin)


async def _identity_of(caller: Caller) -> tuple[Actor, Credential | None]:
    """The caller's actor and credential. Raises AUTH_REQUIRED for a bad token; a bad session counts as none."""
    if caller.token is not None:
        identified = await read(token_identity, caller.token)
        if identified is None:
            raise DomainError("AUTH_REQUIRED", "This token is not valid (any more).")
        return identified
    if caller.session_key:
        identified = await read(session_identity, caller.session_key)
        if identified is not None:
            return identified
    return address_actor(caller.address), None


def _session_key(scope: Scope) -> str | None:
    """Cookies may come in several headers (https://httpwg.org/specs/rfc9113.html#CompressCookie)."""
    header = b";".join(value for name, value in scope["headers"] if name == b"cookie")
    return session_key_in(parse_cookies(header.decode("latin-1")), settings.SESSION_COOKIE_NAME)


def _token(offered: Sequence[str], authorization: str) -> bytes | None:
    """A bearer token from the Authorization header, or from a subprotocol, where browsers can put one."""
    if authorization[:7].lower() == "bearer ":
        return authorization[7:].strip().encode()
    for name in offered:
        if name.startswith(BEARER):
            encoded = name.removeprefix(BEARER)
            try:
                return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
            except (binascii.Error, ValueError):
                return b""
    return None
