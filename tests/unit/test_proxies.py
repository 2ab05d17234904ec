"""What is believed of a caller's address and scheme, and of whom."""

from __future__ import annotations

import asyncio
from ipaddress import ip_network

import pytest

from playlist.asgi_types import Event, Message, Receive, Scope, Send
from playlist_backend.proxies import TrustedProxies

pytestmark = pytest.mark.pure

TRUSTED = (ip_network("127.0.0.1"), ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))


def heard(client: str, kind: str = "http", **headers: str | list[str]) -> tuple[str, str]:
    """Address and scheme that the application is told."""
    seen: list[Scope] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)

    async def receive() -> Event:
        raise AssertionError

    async def send(message: Message) -> None:
        raise AssertionError

    sent = [
        (name.replace("_", "-").encode(), value.encode())
        for name, values in headers.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    plain = {"http": "http", "websocket": "ws"}[kind]
    scope: Scope = {
        "type": kind,
        "path": "/",
        "query_string": b"",
        "http_version": "1.1",
        "client": (client, 1),
        "scheme": plain,
        "headers": sent,
    }
    asyncio.run(TrustedProxies(application, TRUSTED)(scope, receive, send))
    believed = seen[0]["client"]
    assert believed is not None
    return believed[0], seen[0]["scheme"]


@pytest.mark.parametrize(
    ("client", "forwarded", "address"),
    [
        ("203.0.113.1", "198.51.100.7", "203.0.113.1"),  # a stranger may say what they like
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("::ffff:127.0.0.1", "198.51.100.7", "198.51.100.7"),  # a listener for both families
        ("127.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "1.1.1.1, 198.51.100.7, 10.2.3.4", "198.51.100.7"),
        ("127.0.0.1", ["1.1.1.1", "198.51.100.7", "10.2.3.4"], "198.51.100.7"),
        ("127.0.0.1", "198.51.100.7:4711", "198.51.100.7"),
        ("2001:DB8::1", "[2001:DC8:0::7]:4711", "2001:dc8::7"),
        ("127.0.0.1", "10.9.9.9, 10.2.3.4", "10.9.9.9"),
        ("127.0.0.1", "198.51.100.7, unknown", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.7, unknown, 10.2.3.4", "10.2.3.4"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", " , ", "127.0.0.1"),
    ],
)
def test_the_caller_is_the_last_one_that_no_trusted_proxy_is(
    client: str, forwarded: str | list[str], address: str
) -> None:
    assert heard(client, x_forwarded_for=forwarded) == (address, "http")


@pytest.mark.parametrize("proto", ["https", "HTTPS", "https,http", " https , http", ["https", "http"], "wss"])
def test_the_first_proxy_says_how_the_caller_came(proto: str | list[str]) -> None:
    assert heard("127.0.0.1", x_forwarded_proto=proto) == ("127.0.0.1", "https")
    assert heard("127.0.0.1", "websocket", x_forwarded_proto=proto) == ("127.0.0.1", "wss")
    assert heard("203.0.113.1", x_forwarded_proto=proto) == ("203.0.113.1", "http")


@pytest.mark.parametrize("proto", ["", "gopher", "http, https", "https:"])
def test_anything_else_is_no_https(proto: str) -> None:
    assert heard("127.0.0.1", x_forwarded_proto=proto) == ("127.0.0.1", "http")


def test_a_caller_on_a_unix_socket_has_no_address() -> None:
    assert heard("", x_forwarded_for="198.51.100.7") == ("", "http")
