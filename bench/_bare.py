"""The yardstick: the same ASGI server with nothing behind it. On each POST every socket gets the same constant.

The constant begins with the POST's query, where it has one. A socket's query is the number of bytes it is sent at once.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

#: As long as what the product sends for a lone vote.
TEXT = "x" * int(os.environ.get("BENCH_FRAME_BYTES", "300"))

_sockets: set[Any] = set()


@cache
def _hello(size: int) -> str:
    return "x" * size


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "websocket":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})
        if scope["method"] == "POST":
            stamp = scope["query_string"].decode()
            message = {"type": "websocket.send", "text": stamp + TEXT[len(stamp) :]}
            for to_socket in list(_sockets):
                await to_socket(message)
        return
    await receive()
    await send({"type": "websocket.accept", "subprotocol": next(iter(scope["subprotocols"]), None)})
    if scope["query_string"]:
        await send({"type": "websocket.send", "text": _hello(int(scope["query_string"]))})
    _sockets.add(send)
    try:
        while (await receive())["type"] != "websocket.disconnect":
            pass
    finally:
        _sockets.discard(send)
