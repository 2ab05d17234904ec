"""Addresses that people can open, and the resources that contain them. Reads only this machine's routes."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import msgspec

from playlist import types


def base_url(public_url: str, own_origin: str) -> str:
    """What other devices open: PUBLIC_URL, else the request's origin, else this machine's network address."""
    base = public_url or own_origin
    parts = urlsplit(base)
    if parts.hostname in ("localhost", "127.0.0.1", "::1"):
        port = f":{parts.port}" if parts.port else ""
        base = f"{parts.scheme}://{lan_address()}{port}"
    return base.rstrip("/")


def join_url(public_url: str, own_origin: str, slug: str) -> str:
    """Where a phone can join."""
    return f"{base_url(public_url, own_origin)}/r/{slug}"


def host_url(public_url: str, own_origin: str, slug: str, secret: str) -> str:
    """Where its holder becomes host. A browser keeps the fragment to itself."""
    return f"{join_url(public_url, own_origin, slug)}#host={secret}"


def wall_url(public_url: str, own_origin: str, slug: str, secret: str) -> str:
    """Where a screen becomes a wall of the room."""
    return f"{join_url(public_url, own_origin, slug)}/display#display={secret}"


def playlist_shown(record: types.PlaylistRecord, public_url: str, own_origin: str) -> types.Playlist:
    """The playlist for a caller who reached this server at `own_origin`."""
    url = join_url(public_url, own_origin, record.slug)
    return types.Playlist(**msgspec.structs.asdict(record), join_url=url)


def answer_shown(command: types.AnyCommand, answer: bytes, public_url: str, own_origin: str) -> bytes:
    """The answer to a command for that caller, over REST and on sockets.

    The batch's own answer, which it remembers under a key, is the same for every caller.
    """
    if not isinstance(command, types.PlaylistUpdate | types.HostClaim):
        return answer
    record = msgspec.json.decode(answer)  # untyped: an earlier release may have remembered it
    return msgspec.json.encode({**record, "join_url": join_url(public_url, own_origin, record["slug"])})


def lan_address() -> str:
    """This machine's address in its network, found without sending anything; loopback when it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # connecting a datagram socket only selects a route
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
