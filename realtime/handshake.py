"""Who is at the other end of a connection: hosts, origins, cookies and tokens, before anything is read or sent."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.conf import settings
from msgspec import Struct

from playlist.cookies import parse_cookies, session_key_in
from playlist.errors import DomainError
from playlist.identity import Actor, address_actor, session_actor, token_actor
from playlist.origins import addressed_origin, host_allowed, origin_allowed
from playlist.reading import read
from realtime import protocol


class Caller(Struct, frozen=True):
    """What a handshake tells of its sender, as far as no database is asked."""

    address: str
    session_key: str | None
    token: bytes | None
    #: The web origin, if a page connects.
    origin: str | None
    speaks_v1: bool
    #: This server as the caller addressed it: http://192.168.1.5:8000
    own_origin: str


def caller_of(scope: Any) -> Caller | None:
    """The caller; None when the Host or the Origin is not allowed. Without an Origin cookies are ignored."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    host, origin = headers.get(b"host", ""), headers.get(b"origin")
    if not host_allowed(host, settings.ALLOWED_HOST_NAMES):
        return None
    scheme = scope.get("scheme", "ws")  # Daphne leaves it out
    scheme = {"ws": "http", "wss": "https"}.get(scheme, scheme)
    own = addressed_origin(scheme, host)
    if origin is not None and not origin_allowed(origin, own, settings.ALLOWED_ORIGINS, settings.ALLOW_LOCAL_ORIGINS):
        return None
    offered = scope.get("subprotocols", ())
    return Caller(
        address=(scope.get("client") or ("", 0))[0],
        session_key=_session_key(scope) if origin is not None else None,
        token=_token(offered, headers.get(b"authorization", "")),
        origin=origin,
        speaks_v1=protocol.VERSION in offered,
        own_origin=own,
    )


async def actor_of(caller: Caller) -> Actor:
    """Who the caller is. Raises AUTH_REQUIRED for a bad token; a bad session is no session."""
    if caller.token is not None:
        actor = await read(token_actor, caller.token)
        if actor is None:
            raise DomainError("AUTH_REQUIRED", "This token is not valid (any more).")
        return actor
    if caller.session_key:
        actor = await read(session_actor, caller.session_key)
        if actor is not None:
            return actor
    return address_actor(caller.address)


def _session_key(scope: Any) -> str | None:
    """Cookies may come in several headers (https://httpwg.org/specs/rfc9113.html#CompressCookie)."""
    header = b";".join(value for name, value in scope["headers"] if name == b"cookie")
    return session_key_in(parse_cookies(header.decode("latin-1")), settings.SESSION_COOKIE_NAME)


def _token(offered: Any, authorization: str) -> bytes | None:
    """A bearer token from the Authorization header, or from a subprotocol, where browsers can put one."""
    if authorization[:7].lower() == "bearer ":
        return authorization[7:].strip().encode()
    for name in offered:
        if name.startswith(protocol.BEARER):
            encoded = name.removeprefix(protocol.BEARER)
            try:
                return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
            except (binascii.Error, ValueError):
                return b""
    return None
