"""One connection: what plain mode, server-sent events and `playlist.v1` have in common.

Nothing here touches the database on its way: frames are parsed, pushed and counted.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Coroutine
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError
from msgspec import Struct

from playlist import logs, metrics
from playlist.errors import DomainError
from playlist.identity import Actor
from playlist.parsing import decode_json
from playlist.reading import read
from playlist.selectors.people import Admission
from playlist.types import Participant
from realtime import protocol
from realtime.fanout import Fanout, now_ms
from realtime.outlet import Outlet
from realtime.protocol import Changes, Told
from realtime.room import Room, needs_whole_list, whole_list_of

logger = logging.getLogger(__name__)

#: Malformed frames within so many seconds before the connection is closed.
MALFORMED_LIMIT, MALFORMED_SECONDS = 5, 10.0
CLOSE_SECONDS, LINGER_SECONDS = 5.0, 0.25
_PROVOKED = {4400, 4413, 4429}


class Connection:
    """A member of a room with a socket behind it."""

    plain = True
    kind = "plain"

    def __init__(
        self, fanout: Fanout, room: Room, actor: Actor, admission: Admission, outlet: Outlet, own_origin: str
    ) -> None:
        self.fanout = fanout
        self.room = room
        self.actor = actor
        self.actor_key = actor.key
        self.user_id = admission.user_id
        self.is_member = admission.is_member
        self.admission = admission
        self.person: Participant | None = None
        if admission.user_id is not None:
            self.person = Participant(
                id=admission.user_id, name=admission.name or "", role=admission.role or "participant"
            )
        self.knows_presence = True
        self.revision = room.revision
        self.outlet = outlet
        self.own_origin = own_origin
        self.ending = False
        #: The code with which we closed; None while it is open, and when the other side left.
        self.closed_with: int | None = None
        self._loop = asyncio.get_running_loop()
        self.opened_at = self._loop.time()
        self._last_ping_at = self.opened_at
        self._malformed_at: list[float] = []  # lists, since an empty deque takes 760 bytes
        self._main: asyncio.Task[Any] | None = None
        #: What brings the reader to where the room is; until it has, nothing else is delivered.
        self._bringing: asyncio.Task[None] | None = None
        #: Whether a reader of single events has so many in line that it gets the whole list instead.
        self._behind = False

    @property
    def takes(self) -> bool:
        return not self.ending and self._bringing is None and not self._behind

    async def run(self, receive: Any) -> None:
        """Until the other side is gone, or we let it go."""
        self._main = asyncio.current_task()
        logs.connection_id.set(f"{random.getrandbits(64):016x}")
        self.fanout.joined(self.room, self)
        try:
            while (message := await receive())["type"] != "websocket.disconnect":
                self.received(message.get("text"), message.get("bytes"))
        except asyncio.CancelledError:
            if not self.ending:
                raise
        finally:
            self.ending = True
            self.gone()
            self.outlet.drop()
            self.fanout.leave(self.room, self)
            if settings.ACCESS_LOG:
                self._log_end()

    def _log_end(self) -> None:
        seconds = round(self._loop.time() - self.opened_at, 1)
        fields = {
            "kind": self.kind,
            "playlist": self.room.playlist_id,
            "code": self.closed_with,
            "seconds": seconds,
            "revision": self.revision,
        }
        by_whom = "by them" if self.closed_with is None else f"with {self.closed_with}"
        logs.access.info("%s connection ended %s after %.1f s", self.kind, by_whom, seconds, extra=fields)

    def gone(self) -> None:
        """Nobody is at the other end any more."""
        if self._bringing is not None:
            self._bringing.cancel()  # it may wait for an answer that will never come

    # ── What comes in ────────────────────────────────────────────────────────────────────────────────────────────────

    def received(self, text: str | None, data: bytes | None) -> None:
        """A frame from the other side. Whatever it holds, this does not raise."""
        if self.ending:
            return
        raw = text.encode(errors="replace") if text is not None else data or b""
        if len(raw) > settings.FRAME_IN_BYTES:
            self.end(4413, "This frame is too large.")
            return
        try:
            frame = decode_json(raw) if text is not None else None
            if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
                raise DomainError("MALFORMED", "A frame is a JSON object with a type.")
            self.handle(frame)
        except DomainError as refusal:
            self.refuse(refusal)
        except Exception:
            logger.exception("A frame could not be handled")
            self.refuse(DomainError("INTERNAL", "The server made a mistake; its log says more."))

    def handle(self, frame: dict[str, Any]) -> None:
        """A well-formed frame. Raises its refusal. Who has nothing to say has nothing handled."""

    def refuse(self, refusal: DomainError) -> None:
        self.push(protocol.ErrorFrame(error=protocol.error_body(refusal)))
        if refusal.code != "MALFORMED":
            return
        now = self._loop.time()
        self._malformed_at = [*self._malformed_at, now][-MALFORMED_LIMIT:]
        if len(self._malformed_at) == MALFORMED_LIMIT and now - self._malformed_at[0] <= MALFORMED_SECONDS:
            self.end(4400, "Too many malformed frames.")

    # ── What goes out ────────────────────────────────────────────────────────────────────────────────────────────────

    def push(self, frame: Struct) -> None:
        self.push_text(protocol.encode(frame))

    def push_text(self, text: str) -> None:
        self.outlet.push(protocol.message_of(text))

    def deliver(self, frame: Changes) -> None:
        """`changes`, for playlist.v1 alone."""

    def deliver_plain(self, told: Told) -> None:
        """Single events, for plain mode and streams. Afterwards the reader is at their revision."""
        if self.outlet.waiting >= settings.UNREAD_FRAMES:
            # Dropped, not queued: once the reader has read on, it gets the whole list.
            self._behind = True
            metrics.SLOW_READERS.inc()
            return
        self.revision = told.revision
        self.push_told(told)

    def push_told(self, told: Told) -> None:
        for message in told.messages:
            self.outlet.push(message)

    def tell_votes(self, revision: int, votes: dict[UUID, int]) -> None:
        """`my_votes`, for playlist.v1 alone."""

    def tell_presence(self, text: str) -> None:
        """`presence`, for playlist.v1 alone."""

    def start_over(self, reason: str) -> None:
        self.bring(self._whole_list())

    async def _whole_list(self) -> None:
        line = await read(whole_list_of, self.room.playlist_id)
        self.deliver_plain(protocol.told([line]))

    def bring(self, work: Coroutine[Any, Any, None]) -> None:
        """Bring the reader to where the room is; one such work at a time."""
        if self._bringing is None and not self.ending:
            self._bringing = self.fanout.spawn(self._brought(work))
        else:
            work.close()

    async def _brought(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except (DomainError, DatabaseError) as error:
            logger.warning("A reader could not be brought up to date: %s", error)
            self.end(1012, "Try again.")
        finally:
            self._bringing = None
        self.go_on()

    def go_on(self) -> None:
        """What the room was told while the reader was brought there."""
        missed = self.room.lines_after(self.revision) if self.revision < self.room.revision else []
        if missed is None or needs_whole_list(missed):
            self.start_over("too_many")
        elif missed and self.takes:
            self.deliver_plain(protocol.told(missed))

    def tick(self, now: float) -> None:
        """Once a second: pings, and whether the other side is still there."""
        if self.outlet.failed or (
            self.outlet.blocked_since is not None and now - self.outlet.blocked_since > settings.STALLED_SECONDS
        ):
            self.end(4408, "Too slow.")
        elif now - self._last_ping_at >= settings.PING_SECONDS:
            self._last_ping_at = now
            self.ping()
        if self._behind and not self.outlet.waiting:
            self._behind = False
            self.start_over("too_many")

    def ping(self) -> int:
        """Show that we are here; what the ping is known by."""
        t = now_ms()
        self.push(protocol.PlainPing(ts=t))
        return t

    def go_away(self, retry_ms: int) -> None:
        """Before a restart."""
        self.end(1012, "The server restarts.")

    def end(self, code: int, reason: str) -> None:
        """Close, with a code that tells why, as far as the other side still listens."""
        if self.ending:
            return
        self.ending = True
        self.closed_with = code
        metrics.CLOSES.labels(str(code)).inc()
        self.fanout.leave(self.room, self)
        self.fanout.end(self._end(code, reason))

    async def _end(self, code: int, reason: str) -> None:
        if code in _PROVOKED:
            # Whoever provoked this has probably sent more. Closing over unread input would cut off the close frame.
            await asyncio.sleep(LINGER_SECONDS)
        await self.outlet.close({"type": "websocket.close", "code": code, "reason": reason}, CLOSE_SECONDS)
        if self._main is not None:
            await asyncio.wait({self._main}, timeout=CLOSE_SECONDS)
            self._main.cancel()


class PlainConnection(Connection):
    """Each event by itself; whatever the client says is optional."""

    def handle(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "ping":
            self.push(protocol.PlainPong())
