"""Short answers of ASGI applications on the loop, without Django."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from playlist.asgi_types import Send
from playlist.errors import DomainError


async def send_json(
    send: Send, status: int, body: Mapping[str, object], headers: Mapping[str, str] | None = None
) -> None:
    await send_bytes(send, status, "application/json", msgspec.json.encode(body), headers)


async def send_refusal(send: Send, refusal: DomainError) -> None:
    await send_json(send, refusal.status, refusal.envelope(), refusal.headers())


async def send_bytes(
    send: Send, status: int, content_type: str, body: bytes, headers: Mapping[str, str] | None = None
) -> None:
    named = {
        "content-type": content_type,
        "content-length": str(len(body)),
        "cache-control": "no-store",
        **(headers or {}),
    }
    encoded = [(name.lower().encode(), value.encode()) for name, value in named.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})
