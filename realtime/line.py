"""The line between processes: nudges and presence, over the channel layer.

A nudge only says that there is more to read. Lost, doubled or disordered nudges change nothing but latency: a feed
reads from its own position, and the poll finds changes whose nudge was lost.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import TypeVar
from uuid import uuid4

import msgspec
from channels.layers import get_channel_layer
from django.conf import settings
from msgspec import Struct

from playlist import metrics, nudge
from playlist.types import LogLine

logger = logging.getLogger(__name__)

#: The channel-layer group of all processes.
GROUP = "playlist.nudges"

#: The time between two tries to subscribe.
_AGAIN_SECONDS = 1.0

M = TypeVar("M", bound=Struct)


class Nudge(Struct, frozen=True, tag="playlist.nudge", tag_field="type"):
    """A playlist is at this revision at least."""

    playlist_id: int
    revision: int


class Echo(Struct, frozen=True, tag="playlist.echo", tag_field="type"):
    """Comes back to the process that sent it, as a sign that the layer works."""

    nonce: str


class Line:
    """Publishes the commits of this process, and hears those of the others."""

    def __init__(
        self,
        spawn: Callable[[Coroutine[object, object, None]], object],
        nudged: Callable[[int, int, Sequence[LogLine]], None],
    ) -> None:
        """`nudged(playlist_id, revision, lines)` is called on the loop for each commit, of whichever process.

        `lines` are what it added to the log; there are none where another process committed.
        """
        self._loop = asyncio.get_running_loop()
        self._spawn = spawn
        self._nudged = nudged
        layer = get_channel_layer()
        assert layer is not None  # settings.py names one
        self._layer = layer
        self._published: dict[int, int] = {}
        self._publishing: set[int] = set()
        self._handlers: dict[str, Callable[[object], None]] = {}
        self.on(Nudge, lambda heard: nudged(heard.playlist_id, heard.revision, ()))
        self.on(Echo, self._echoed)
        self._listening = asyncio.Event()
        self._echoes: dict[str, asyncio.Future[None]] = {}
        self._is_away = False
        nudge.listen(self._committed)
        spawn(self._listen())

    def on(self, kind: type[M], handler: Callable[[M], None]) -> None:
        """Call `handler` with each message of this kind, including those that this process sent. The tag is unique."""
        self._handlers[str(kind.__struct_config__.tag)] = lambda message: handler(msgspec.convert(message, kind))

    # ── Publishing ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _committed(self, playlist_id: int, revision: int, lines: Sequence[LogLine]) -> None:
        """Runs on the writer's thread. The loop publishes: a group_send from another thread can arrive seconds late."""
        if self._loop.is_closed():
            nudge.forget(self._committed)
            return
        self._loop.call_soon_threadsafe(self._nudge, playlist_id, revision, lines)

    def _nudge(self, playlist_id: int, revision: int, lines: Sequence[LogLine]) -> None:
        self._nudged(playlist_id, revision, lines)
        if revision > self._published.get(playlist_id, 0):
            self._published[playlist_id] = revision
            if playlist_id not in self._publishing:
                self._publishing.add(playlist_id)
                self._spawn(self._publish(playlist_id))

    async def _publish(self, playlist_id: int) -> None:
        """Nudge the other processes; nudges that come while one is on its way become a single next one."""
        try:
            sent = 0
            while sent < self._published[playlist_id]:
                sent = self._published[playlist_id]
                await self.send(Nudge(playlist_id, sent))
        finally:
            self._publishing.discard(playlist_id)
            self._published.pop(playlist_id, None)

    async def send(self, message: Struct) -> None:
        """Send to all processes, including this one. A layer that is away costs latency only."""
        try:
            await self._layer.group_send(GROUP, msgspec.to_builtins(message))
        except Exception as error:
            metrics.LAYER_ERRORS.inc()
            self._note_away(error)
        else:
            self._is_away = False

    def _note_away(self, error: Exception) -> None:
        """Log it once, however many nudges are lost until the layer is back."""
        if not self._is_away:
            self._is_away = True
            logger.warning("The other processes cannot be reached; they find changes by polling: %s", error)

    # ── Listening ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _listen(self) -> None:
        """Hear the other processes for ever; subscribe again when the layer fails."""
        while True:
            try:
                await self._hear()
            except Exception as error:
                self._listening.clear()
                self._note_away(error)
                await asyncio.sleep(_AGAIN_SECONDS)
                await self._start_afresh()

    async def _start_afresh(self) -> None:
        """Forget the channels of tries that failed, which the layer would keep for as long as the process lives."""
        try:
            # The layer swallows a cancellation that comes meanwhile, and the process could not stop.
            await asyncio.shield(self._layer.flush())
        except Exception as error:
            self._note_away(error)

    async def _hear(self) -> None:
        channel = await self._layer.new_channel()
        await self._layer.group_add(GROUP, channel)
        self._listening.set()
        renew_at = self._loop.time() + settings.MEMBERSHIP_RENEWAL_SECONDS
        while True:
            message = await self._layer.receive(channel)
            handler = self._handlers.get(message.get("type", ""))
            if handler is not None:
                try:
                    handler(message)
                except msgspec.ValidationError as error:
                    logger.warning("A message of another process cannot be read: %s", error)
            if self._loop.time() > renew_at:
                await self._layer.group_add(GROUP, channel)
                renew_at = self._loop.time() + settings.MEMBERSHIP_RENEWAL_SECONDS

    async def hears_itself(self, within_seconds: float) -> bool:
        """Whether the layer brings back a message, so that the processes hear one another."""
        nonce = uuid4().hex
        heard = self._echoes[nonce] = self._loop.create_future()
        try:
            async with asyncio.timeout(within_seconds):
                await self._listening.wait()
                await self.send(Echo(nonce))
                await heard
        except TimeoutError:
            return False
        finally:
            del self._echoes[nonce]
        return True

    def _echoed(self, echo: Echo) -> None:
        heard = self._echoes.get(echo.nonce)
        if heard is not None and not heard.done():
            heard.set_result(None)
