"""Takes the caller's address and scheme from the headers of trusted proxies, and from nobody else's."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import lru_cache

from playlist.asgi_types import Application, Receive, Scope, Send
from playlist.origins import canonical_address
from playlist_backend.values import Network

_SCHEMES = {"http", "https", "ws", "wss"}


class TrustedProxies:
    """An ASGI application around `application`. Addresses in the scope are canonical afterwards."""

    def __init__(self, application: Application, trusted: Iterable[Network]) -> None:
        self._application = application
        self._trusted = tuple(trusted)
        self._is_trusted = lru_cache(maxsize=4096)(self._ask_networks)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if scope["type"] != "lifespan" and client:
            address, port = client
            if known := _address_or_none(address):
                scope["client"] = (known, port)
                if self._trusted and self._is_trusted(known):
                    self._believe(scope)
        await self._application(scope, receive, send)

    def _ask_networks(self, address: str) -> bool:
        parsed = ipaddress.ip_address(address)
        return any(parsed in network for network in self._trusted)

    def _believe(self, scope: Scope) -> None:
        protocols = _values(scope, b"x-forwarded-proto")
        # Each proxy appends its own view, so the first one is the scheme of the caller.
        if protocols and protocols[0].lower() in _SCHEMES:
            secure = protocols[0].lower() in ("https", "wss")
            plain = "ws" if scope["type"] == "websocket" else "http"
            scope["scheme"] = plain + "s" * secure
        for value in reversed(_values(scope, b"x-forwarded-for")):
            address, port = _address_and_port(value)
            if address is None:
                return  # a proxy that says "unknown": keep the address of the last known hop
            scope["client"] = (address, port)
            if not self._is_trusted(address):
                return


def _values(scope: Scope, name: bytes) -> list[str]:
    """The values in all headers of this name, in order."""
    whole = b",".join(value for given, value in scope["headers"] if given == name).decode("latin-1")
    return [part.strip() for part in whole.split(",") if part.strip()]


def _address_and_port(value: str) -> tuple[str | None, int]:
    """192.0.2.1, 192.0.2.1:443, 2001:db8::1 or [2001:db8::1]:443."""
    address, port = value, ""
    if value.startswith("["):
        address, _, port = value[1:].partition("]")
    elif value.count(":") == 1:
        address, _, port = value.partition(":")
    port = port.removeprefix(":")
    return _address_or_none(address), int(port) if port.isascii() and port.isdigit() and len(port) <= 5 else 0


def _address_or_none(text: str) -> str | None:
    try:
        return canonical_address(text)
    except ValueError:
        return None
