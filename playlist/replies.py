"""Answers of ASGI applications on the loop, without Django."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from playlist.asgi_types import Scope, Send
from playlist.errors import DomainError


async def send_json(
    send: Send, status: int, body: Mapping[str, object], headers: Mapping[str, str] | None = None
) -> None:
    await send_bytes(send, status, "application/json", msgspec.json.encode(body), headers)


async def send_refusal(send: Send, refusal: DomainError, headers: Mapping[str, str] | None = None) -> None:
    await send_json(send, refusal.status, refusal.envelope(), {**refusal.headers(), **(headers or {})})


def is_preflight(scope: Scope) -> bool:
    """Whether a browser asks on behalf of a page, which Django answers for all of the API."""
    names = (name for name, _ in scope["headers"])
    return scope["method"] == "OPTIONS" and b"access-control-request-method" in names


async def send_methods(send: Send, methods: str, headers: Mapping[str, str] | None = None) -> None:
    """The answer to OPTIONS: the methods that the address has, as Allow lists them."""
    await send_start(send, 204, {"allow": methods, "cache-control": "no-store", **(headers or {})})
    await send({"type": "http.response.body", "body": b""})


async def send_bytes(
    send: Send, status: int, content_type: str, body: bytes, headers: Mapping[str, str] | None = None
) -> None:
    named = {
        "content-type": content_type,
        "content-length": str(len(body)),
        "cache-control": "no-store",
        **(headers or {}),
    }
    await send_start(send, status, named)
    await send({"type": "http.response.body", "body": body})


async def send_start(send: Send, status: int, headers: Mapping[str, str]) -> None:
    """The status line and the headers; the body follows."""
    encoded = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})


def cors_headers(origin: str | None) -> dict[str, str]:
    """What lets the page of an allowed origin read the answer; nothing for callers that are no pages."""
    if origin is None:
        return {}
    return {"access-control-allow-origin": origin, "access-control-allow-credentials": "true", "vary": "origin"}
