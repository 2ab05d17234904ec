"""When an upload is refused, message by message."""

from __future__ import annotations

import pytest

from music.upload import Upload
from playlist.asgi_types import Event, Message, Scope

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("headers", "order"),
    [
        pytest.param([], "receive receive receive send send send", id="behind its whole body"),
        pytest.param([(b"expect", b"100-continue")], "send send send", id="at once, while nobody asked for the body"),
    ],
)
async def test_a_refusal_comes(headers: list[tuple[bytes, bytes]], order: str) -> None:
    happened: list[str] = []
    pieces = [Event(type="http.request", body=b"x", more_body=more) for more in (True, True, False)]

    async def receive() -> Event:
        happened.append("receive")
        return pieces.pop(0)

    async def send(_: Message) -> None:
        happened.append("send")

    foreign = [(b"host", b"localhost"), (b"origin", b"https://evil.test"), *headers]
    scope: Scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/tracks/upload",
        "scheme": "http",
        "http_version": "1.1",
        "query_string": b"",
        "headers": foreign,
    }
    await Upload(nowhere)(scope, receive, send)
    assert " ".join(happened) == order


async def nowhere(*_: object) -> None:
    """Takes what is no upload."""
