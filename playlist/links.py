"""Addresses that people can open. Reads nothing but this machine's routes."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit


def join_url(public_url: str, own_origin: str, slug: str) -> str:
    """Where a phone can join: PUBLIC_URL, else the origin that was asked for, else this machine's in the network."""
    base = public_url or own_origin
    parts = urlsplit(base)
    if parts.hostname in ("localhost", "127.0.0.1", "::1"):
        port = f":{parts.port}" if parts.port else ""
        base = f"{parts.scheme}://{lan_address()}{port}"
    return f"{base.rstrip('/')}/r/{slug}"


def lan_address() -> str:
    """This machine's address in its network, found without sending anything; loopback when it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a documentation address: connecting a datagram socket only picks a route
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
