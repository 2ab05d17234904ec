"""What the conductor does for those who come in, without a database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError

from playlist import types
from playlist.asgi_types import Event, Message, Scope
from playlist.clock import clock_settle
from playlist.errors import DomainError, unavailable
from playlist.selectors.fallback import finds_song
from playlist.selectors.playback import running
from realtime import conductor, live, socket
from realtime.conductor import Conductor
from realtime.fanout import Fanout
from realtime.visitor import Visitor
from tests.readers import VISITOR

pytestmark = pytest.mark.pure


async def test_nobody_waits_for_ever_for_a_clock_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: Any) -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(conductor, "read", away)
    monkeypatch.setattr(conductor, "_FIRST_CLOCK_SECONDS", 0.05)
    with pytest.raises(DomainError) as refusal:
        await Conductor(Fanout()).clock_known()
    assert refusal.value.code == "UNAVAILABLE"


async def test_a_clock_that_could_not_be_read_once_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conductor, "read", fails_once(clock_settle))
    monkeypatch.setattr(conductor, "_CLOCK_SECONDS", 0)
    await Conductor(Fanout()).clock_known()


async def test_a_room_that_could_not_be_played_on_once_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    feed: Any = SimpleNamespace(playlist_id=7, has_listeners=True)
    fanout = Fanout()
    fanout.feeds[7] = feed
    conducting = Conductor(fanout)
    monkeypatch.setattr(conductor, "read", fails_once(running))
    monkeypatch.setattr(conductor, "_TROUBLE_SECONDS", 0)
    conducting._watch(feed)
    await conducting._timers[7]


def fails_once(what: object) -> Callable[..., Awaitable[None]]:
    """A read as where a machine has no thread left for a moment."""
    failures = [RuntimeError("can't start new thread")]

    async def read(asked: object, *_: Any) -> None:
        if asked is what and failures:
            raise failures.pop()

    return read


async def test_a_socket_that_is_refused_for_the_clock_leaves_no_feed_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """A feed is closed with its last reader, and this one would never have had any."""
    opened: list[int] = []
    sent: list[Message] = []

    async def nobody_knows() -> None:
        raise unavailable()

    async def admitted(*_: Any) -> Visitor:
        return VISITOR

    async def open_feed(playlist_id: int) -> None:
        opened.append(playlist_id)

    async def send(message: Message) -> None:
        sent.append(message)

    here = SimpleNamespace(fanout=SimpleNamespace(open=open_feed), conductor=SimpleNamespace(clock_known=nobody_knows))
    monkeypatch.setattr(live, "start", lambda: here)
    monkeypatch.setattr(socket, "visitor_of", admitted)
    scope: Scope = {
        "type": "websocket",
        "path": "/ws",
        "query_string": b"",
        "http_version": "1.1",
        "headers": [(b"host", b"localhost")],
        "url_route": {"kwargs": {"slug": "main"}},
    }
    await socket.playlist_socket(scope, nobody_said, send)
    assert (sent[-1]["type"], sent[-1]["code"], opened) == ("websocket.close", 1012, [])


async def nobody_said() -> Event:
    return {"type": "websocket.connect"}


async def test_a_dry_room_plays_when_a_song_fits_and_somebody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    feed: Any = SimpleNamespace(playlist_id=7, has_listeners=False, speakers=set())
    looks, submitted = [False, True, None], list[tuple[int, Any, int]]()

    async def read(asked: Any, *_: Any) -> bool | None:
        return looks.pop(0) if asked is finds_song else None

    async def submit(playlist_id: int, command: Any) -> None:
        submitted.append((playlist_id, command, len(looks)))

    monkeypatch.setattr(conductor, "read", read)
    monkeypatch.setattr(conductor, "_submit", submit)
    monkeypatch.setattr(conductor, "_DRY_SECONDS", 0)
    fanout = Fanout()
    fanout.feeds[7] = feed
    conducting = Conductor(fanout)
    conducting._watch(feed)
    await asyncio.wait_for(conducting._timers[7], 60)
    assert len(looks) == 3, "no song is looked for while only walls are there"
    fanout._changed(feed)
    assert conducting._timers[7].done(), "another wall"
    feed.has_listeners = True
    fanout._changed(feed)
    await asyncio.wait_for(conducting._timers[7], 60)
    assert submitted == [(7, types.PlaybackWake(), 1)]
