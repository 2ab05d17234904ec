"""The bridge between ASGI and WSGI: a request arrives whole, an answer leaves whole."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest

from playlist.asgi_types import Event, Message, Scope
from playlist_backend.bridge import SyncHTTP

pytestmark = pytest.mark.pure


def scope(**fields: Any) -> Scope:
    basic = {
        "type": "http", "method": "POST", "path": "/a/ü", "query_string": b"q=%C3%BC", "http_version": "1.1",
        "scheme": "http", "client": ("203.0.113.7", 5), "server": ("10.0.0.1", 80), "headers": [],
    }  # fmt: skip
    return cast(Scope, {**basic, **fields})


async def call(application: WSGIApplication, given: Scope, *messages: Event) -> list[Any]:
    waiting, sent = list(messages), list[Any]()

    async def receive() -> Event:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    await SyncHTTP(application, threads=1, body_limit_bytes=10)(given, receive, send)
    return sent


def body(content: bytes, more: bool = False) -> Event:
    return {"type": "http.request", "body": content, "more_body": more}


def echo(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("201 Created", [("X-Name", "é")])
    yield environ["wsgi.input"].read()
    yield b"|" + environ["CONTENT_LENGTH"].encode()


async def test_a_request_and_its_answer() -> None:
    seen: list[WSGIEnvironment] = []

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        seen.append(environ)
        return echo(environ, start_response)

    headers = [
        (b"host", b"x"), (b"content-type", b"text/plain"), (b"cookie", b"a=1"), (b"cookie", b"b=2"),
        (b"x-real", b"yes"), (b"x_real", b"no"), (b"accept", b"a"), (b"accept", b"b"),
    ]  # fmt: skip
    start, content = await call(application, scope(headers=headers), body(b"abc", more=True), body(b"def"))
    assert start == {
        "type": "http.response.start",
        "status": 201,
        "headers": [(b"x-name", "é".encode("latin-1")), (b"content-length", b"8")],
        "trailers": False,
    }
    assert content["body"] == b"abcdef|6"
    (environ,) = seen
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/a/ü"
    assert (environ["REMOTE_ADDR"], environ["HTTP_HOST"], environ["CONTENT_TYPE"]) == ("203.0.113.7", "x", "text/plain")
    assert (environ["HTTP_COOKIE"], environ["HTTP_X_REAL"], environ["HTTP_ACCEPT"]) == ("a=1; b=2", "yes", "a,b")


async def test_what_an_application_writes_by_itself_comes_first() -> None:
    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [])(b"written,")
        return [b"returned"]

    _, content = await call(application, scope(), body(b""))
    assert content["body"] == b"written,returned"


async def test_a_body_is_read_up_to_one_byte_beyond_the_limit() -> None:
    _, content = await call(echo, scope(), body(b"x" * 8, more=True), body(b"x" * 8, more=True), body(b"never read"))
    assert content["body"] == b"x" * 11 + b"|11"
    _, content = await call(echo, scope(), body(b"x" * 10))
    assert content["body"] == b"x" * 10 + b"|10"


async def test_a_caller_that_went_away_is_not_answered() -> None:
    assert await call(echo, scope(), body(b"x", more=True), {"type": "http.disconnect"}) == []


async def test_too_many_headers_are_refused_unread() -> None:
    (start, _) = await call(echo, scope(headers=[(b"a", b"b")] * 101))
    assert start["status"] == 431


async def test_a_response_is_closed_also_when_it_fails() -> None:
    closed = asyncio.Event()

    class Failing:
        def __iter__(self) -> Any:
            raise RuntimeError("in the middle")

        def close(self) -> None:
            closed.set()

    with pytest.raises(RuntimeError):
        await call(lambda *_: Failing(), scope(client=None, server=None), body(b""))
    assert closed.is_set()
