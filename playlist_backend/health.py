"""Endpoints for machines: /healthz (also /health), /readyz and /metrics.

The loop answers them, so that busy threads do not delay them.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import logging
import time

from django.conf import settings
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from playlist import metrics
from playlist.asgi_types import Application, Receive, Scope, Send
from playlist.errors import DomainError, nothing_here, reason_of
from playlist.reading import read
from playlist.replies import send_bytes, send_json, send_refusal
from playlist.upkeep import commit_something
from realtime import live

logger = logging.getLogger(__name__)

_PATHS = ("/healthz", "/health", "/readyz", "/metrics")

#: The time that the channel layer has to bring back a message, and the database to commit.
_ECHO_SECONDS = 2.0
_COMMIT_SECONDS = 3.0
#: The database's answer serves all callers for this long, since each one costs a commit.
_COMMIT_EVERY_SECONDS = 1.0


class Health:
    """The ASGI application of these three; passes every other request to `otherwise`."""

    def __init__(self, otherwise: Application) -> None:
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].rstrip("/")
        if path not in _PATHS:
            await self._otherwise(scope, receive, send)
        elif scope["method"] not in ("GET", "HEAD"):
            refusal = DomainError("METHOD_NOT_ALLOWED", "This can only be read.")
            await send_refusal(send, refusal, {"allow": "GET, HEAD"})
        elif path in ("/healthz", "/health"):
            await send_json(send, 200, {"status": "alive"})
        elif path == "/readyz":
            await send_json(send, *await _readiness())
        else:
            await _metrics(scope, send)


class CommitProbe:
    """Finds out whether changes can be committed, by committing one."""

    def __init__(self) -> None:
        self._asking: asyncio.Task[bool] | None = None
        self._asked_at = -_COMMIT_EVERY_SECONDS
        self._trouble = ""

    async def __call__(self) -> bool:
        """Whether changes can be committed. A database that takes too long counts as one that cannot."""
        now = time.monotonic()
        if self._asking is None or (self._asking.done() and now - self._asked_at >= _COMMIT_EVERY_SECONDS):
            self._asked_at = now
            self._asking = asyncio.create_task(self._ask())
        done, _ = await asyncio.wait({self._asking}, timeout=_COMMIT_SECONDS)
        if not done:
            self._note("the database does not answer")
        return bool(done) and self._asking.result()

    async def _ask(self) -> bool:
        try:
            await read(commit_something)
        except Exception as error:  # any error means the same: nothing can be committed
            self._note(reason_of(error))
            return False
        self._note("")
        return True

    def _note(self, trouble: str) -> None:
        """Log one line for each change of state."""
        if trouble and trouble != self._trouble:
            logger.warning("Nothing can be committed: %s", trouble)
        elif self._trouble and not trouble:
            logger.warning("Changes can be committed again")
        self._trouble = trouble


_can_commit = CommitProbe()


async def _readiness() -> tuple[int, dict[str, str]]:
    """Ready means: can commit, and is not shutting down.

    A layer that is away is reported, but the process stays ready: commands go on, and the poll finds changes without
    nudges. All processes share one layer, so a proxy that took them out for it would take out all of them.
    """
    here = live.start()
    database = "ok" if await _can_commit() else "away"
    layer = "ok" if await here.line.hears_itself(_ECHO_SECONDS) else "away"
    ready = database == "ok" and not here.fanout.draining
    status = "stopping" if here.fanout.draining else "ready" if ready else "not ready"
    return 200 if ready else 503, {"status": status, "database": database, "layer": layer}


async def _metrics(scope: Scope, send: Send) -> None:
    if not _may_read_metrics(scope):
        await send_refusal(send, nothing_here())
        return
    metrics.TASKS.set(len(asyncio.all_tasks()))
    await send_bytes(send, 200, CONTENT_TYPE_LATEST, generate_latest())


def _may_read_metrics(scope: Scope) -> bool:
    """Whether the caller has the token; without one set, whether it is on this machine and no proxy is in between."""
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
