"""The ASGI application of a socket: let somebody in, and run their connection."""

from __future__ import annotations

import logging
from typing import Any

from channels.consumer import AsyncConsumer
from django.db import DatabaseError

from playlist.errors import DomainError
from realtime import protocol
from realtime.connection import Connection, PlainConnection
from realtime.fanout import Fanout, get_fanout
from realtime.handshake import Caller, actor_of, caller_of
from realtime.outlet import Outlet
from realtime.v1 import V1Connection

logger = logging.getLogger(__name__)

_CLOSE_CODES = {"AUTH_REQUIRED": 4401, "FORBIDDEN": 4403, "PLAYLIST_NOT_FOUND": 4404, "UNAVAILABLE": 1012}


class PlaylistConsumer(AsyncConsumer):
    """The ASGI application of a socket. It takes over dispatching from Channels, which would hop to a thread for every
    message and keep a channel for every socket."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        caller = caller_of(scope)
        if caller is None:
            await send({"type": "websocket.close", "code": 4403})  # before accepting, that is a plain 403
            return
        await send({"type": "websocket.accept", "subprotocol": protocol.VERSION if caller.speaks_v1 else None})
        fanout = get_fanout()
        try:
            if fanout.draining:
                raise DomainError("UNAVAILABLE", "The server restarts.")
            connection = await _admitted(fanout, caller, scope["url_route"]["kwargs"]["slug"], send)
        except DomainError as refusal:
            code = 4401 if caller.token is not None and refusal.code == "AUTH_REQUIRED" else None
            code = code or (4403 if refusal.code == "AUTH_REQUIRED" else _CLOSE_CODES[refusal.code])
            await send({"type": "websocket.close", "code": code, "reason": refusal.message})
            return
        except DatabaseError as error:
            logger.warning("A socket could not be opened: %s", error)
            await send({"type": "websocket.close", "code": 1012, "reason": "The database does not answer."})
            return
        await connection.run(receive)


async def _admitted(fanout: Fanout, caller: Caller, slug: str, send: Any) -> Connection:
    actor = await actor_of(caller)
    admission = await fanout.admit((slug, actor))
    room = await fanout.open(admission.playlist_id)
    kind = V1Connection if caller.speaks_v1 else PlainConnection
    return kind(fanout, room, actor, admission, Outlet(send), caller.own_origin)
