"""What machines ask: /healthz (also /health), /readyz and /metrics.

They are answered on the loop, so that busy threads keep nobody waiting.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from playlist import metrics
from playlist.errors import DomainError, nothing_here
from playlist.reading import read
from playlist_backend.replies import send_bytes, send_json, send_refusal
from realtime import live

#: How long the channel layer has to bring back what it was given.
_ECHO_SECONDS = 2.0


class Health:
    """The ASGI application of these three; everything else goes to `otherwise`."""

    def __init__(self, otherwise: Any) -> None:
        self._otherwise = otherwise

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"].rstrip("/")
        if path in ("/healthz", "/health"):
            await send_json(send, 200, {"status": "alive"})
        elif path == "/readyz":
            await send_json(send, *await _readiness())
        elif path == "/metrics":
            await _metrics(scope, send)
        else:
            await self._otherwise(scope, receive, send)


async def _readiness() -> tuple[int, dict[str, str]]:
    """Ready is who can commit and is not about to stop.

    A layer that is away is told, but it makes nobody unready: commands go on, and what no nudge tells of the poll
    finds. All processes share one layer, so whoever took them out for it would take out all of them.
    """
    here = live.start()
    try:
        await read(_ask_database)
        database = "ok"
    except (DatabaseError, DomainError):
        database = "away"
    layer = "ok" if await here.line.hears_itself(_ECHO_SECONDS) else "away"
    ready = database == "ok" and not here.fanout.draining
    status = "stopping" if here.fanout.draining else "ready" if ready else "not ready"
    return 200 if ready else 503, {"status": status, "database": database, "layer": layer}


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM playlist_playlist LIMIT 1")


async def _metrics(scope: Any, send: Any) -> None:
    if not _may_read_metrics(scope):
        await send_refusal(send, nothing_here())
        return
    metrics.TASKS.set(len(asyncio.all_tasks()))
    await send_bytes(send, 200, CONTENT_TYPE_LATEST, generate_latest())


def _may_read_metrics(scope: Any) -> bool:
    """Who has the token; and who is on this machine, if no proxy stands between."""
    headers = dict(scope["headers"])
    if settings.METRICS_TOKEN:
        given = headers.get(b"authorization", b"")
        return hmac.compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode())
    if b"x-forwarded-for" in headers:
        return False
    try:
        return ipaddress.ip_address((scope.get("client") or ("",))[0]).is_loopback
    except ValueError:
        return False
