"""Admits the sender of a handshake to a playlist."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from urllib.parse import parse_qs

from playlist import callers
from playlist.asgi_types import Scope
from playlist.callers import Caller, identity_of
from playlist.errors import DomainError, unavailable
from playlist.identity import Identified, wall_identity
from playlist.reading import read
from realtime.fanout import Fanout
from realtime.frames import BEARER, VERSION
from realtime.visitor import Visitor


def caller_of(scope: Scope) -> Caller | None:
    """The caller, whose token may come in a subprotocol; None when the Host or the Origin is not allowed."""
    return callers.caller_of(scope, _offered_token(scope.get("subprotocols", ())))


def speaks_v1(scope: Scope) -> bool:
    """Whether the caller offers `playlist.v1`, else it is plain."""
    return VERSION in scope.get("subprotocols", ())


def is_wall(scope: Scope) -> bool:
    """Whether a screen that only shows the room connects: its address says `?display`."""
    return "display" in parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)


async def visitor_of(caller: Caller, scope: Scope, slug: str, fanout: Fanout) -> Visitor:
    """Admit the caller to a playlist.

    Raises AUTH_REQUIRED, FORBIDDEN, PLAYLIST_NOT_FOUND, or UNAVAILABLE when the server is about to stop.
    """
    if fanout.draining:
        raise unavailable()
    if caller.token is None and not caller.session_key and not caller.walls:
        actor, credential = identity_of(caller)  # the address, for which no thread is needed
    else:
        actor, credential = await read(identity_of, caller, slug.lower())
    try:
        admission = await fanout.admit((slug, actor))
    except DomainError as refusal:
        wall = await _wall_instead(caller, slug, refusal)
        if wall is None:
            raise
        actor, credential = wall
        admission = await fanout.admit((slug, actor))
    return Visitor(actor, credential, admission, caller.own_origin, is_wall=actor.wall_of is not None or is_wall(scope))


async def _wall_instead(caller: Caller, slug: str, refusal: DomainError) -> Identified | None:
    """The wall that a browser is beside a user whom the room does not know. Whoever was removed stays out."""
    if not caller.walls or refusal.code != "FORBIDDEN" or refusal.details.get("reason") == "removed":
        return None
    return await read(wall_identity, caller.walls, slug.lower())


def _offered_token(offered: Sequence[str]) -> bytes | None:
    """A bearer token from a subprotocol, where browsers can put one."""
    for name in offered:
        if name.startswith(BEARER):
            encoded = name.removeprefix(BEARER)
            try:
                return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
            except (binascii.Error, ValueError):
                return b""
    return None
