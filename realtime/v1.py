"""`playlist.v1`: exact resume, commands with an answer, and flow control of its own."""

from __future__ import annotations

import asyncio
import logging
import random
from concurrent.futures import Future
from typing import Any
from uuid import UUID

from django.conf import settings
from msgspec import Raw

from playlist import metrics
from playlist.commands.table import SOCKET_COMMANDS
from playlist.errors import DomainError
from playlist.parsing import parse, parse_command
from playlist.reading import read
from playlist.selectors.log import resume
from playlist.token_bucket import TokenBucket
from playlist.writer import Outcome, Submission, get_writer
from realtime import protocol
from realtime.connection import Connection
from realtime.fanout import now_ms
from realtime.protocol import Changes, Message

logger = logging.getLogger(__name__)

#: Commands over the limit before the connection is closed; a slow second forgives one.
FLOOD_LIMIT = 200
#: Ask for a pong after so much, so that it is known what was read.
PING_EVERY_FRAMES, PING_EVERY_BYTES = 64, 64 * 1024


class V1Connection(Connection):
    """`playlist.v1`: exact resume, commands with an answer, and flow control of its own."""

    plain = False
    kind = "v1"

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.knows_presence = False
        self._greeted = False
        self._lagging_since: float | None = None
        # Kept here because each delivery looks at them, and Django's settings are slow to look at.
        self._frames_limit, self._bytes_limit = settings.UNREAD_FRAMES, settings.UNREAD_BYTES
        self._sent_frames = self._sent_bytes = 0
        self._read_frames = self._read_bytes = 0
        self._asked_frames = self._asked_bytes = 0
        # Each at another frame: a room whose thousand readers are asked all at once stands still meanwhile.
        self._ask_at_frame = PING_EVERY_FRAMES + random.randrange(PING_EVERY_FRAMES)  # noqa: S311 - no secret
        self._pings: list[tuple[int, int, int]] = []
        self._ponged_at = self.opened_at
        self._page_read: asyncio.Event | None = None
        self._page_ping = 0
        self._bucket = TokenBucket(
            settings.COMMANDS_PER_SECOND, settings.COMMANDS_BURST, settings.COMMANDS_BURST, self.opened_at
        )
        self._flooding = TokenBucket(1.0, FLOOD_LIMIT, FLOOD_LIMIT, self.opened_at)
        self._in_flight: set[Future[Outcome]] = set()

    @property
    def takes(self) -> bool:
        return self._greeted and self._bringing is None and self._lagging_since is None and not self.ending

    # ── What comes in ────────────────────────────────────────────────────────────────────────────────────────────────

    def handle(self, frame: dict[str, Any]) -> None:
        kind = frame["type"]
        if kind == "hello" and not self._greeted:
            self._hello(parse(frame, protocol.Hello))
        elif kind == "pong":
            self._pong(parse(frame, protocol.Pong))
        elif kind == "time":
            self.push(protocol.ServerTime(t=parse(frame, protocol.Time).t, server_time_ms=now_ms()))
        elif kind == "command" and self._greeted:
            self._command(frame)
        elif kind in ("hello", "command"):
            raise DomainError("VALIDATION_ERROR", "Say hello first, and once.", {"type": "is out of turn"})
        else:
            raise DomainError("VALIDATION_ERROR", "There is no such frame.", {"type": "is unknown"})

    def _hello(self, hello: protocol.Hello) -> None:
        self._greeted = True
        admission = self.admission
        self.push(
            protocol.Welcome(
                protocol=1,
                revision=self.room.revision,
                stamp=self.room.head.stamp,
                you=protocol.You(id=admission.user_id, name=admission.name, role=admission.role),
                limits=limits(),
                server_time_ms=now_ms(),
            )
        )
        cursor = hello.resume if isinstance(hello.resume, protocol.Cursor) else None
        self.bring(self._resume(cursor) if cursor is not None else self._snapshot("initial"))

    def _command(self, frame: dict[str, Any]) -> None:
        op_id = frame.get("op_id")
        if not isinstance(op_id, str) or not 1 <= len(op_id) <= 64:
            raise DomainError("VALIDATION_ERROR", "op_id must have 1 to 64 characters.", {"op_id": "is needed"})
        try:
            self._check_pace()
            kind = SOCKET_COMMANDS.get(str(frame.get("command")))
            if kind is None:
                raise DomainError("VALIDATION_ERROR", "There is no such command.", {"command": "is unknown"})
            submission = Submission(self.actor, (parse_command(frame, kind),), op_id)
            future = get_writer().submit(self.room.playlist_id, submission)
        except DomainError as refusal:
            self._nack(op_id, refusal)
            return
        self._in_flight.add(future)
        future.add_done_callback(lambda done: self._loop.call_soon_threadsafe(self._answered, op_id, done))

    def _check_pace(self) -> None:
        """Raises RATE_LIMITED; a connection that does not listen to that is closed."""
        now = self._loop.time()
        if len(self._in_flight) < settings.COMMANDS_IN_FLIGHT and self._bucket.take(now) == 0:
            return
        if self._flooding.take(now) > 0:
            self.end(4429, "Too many commands.")
        raise DomainError("RATE_LIMITED", "Too much at once. Slow down a little.")

    def _answered(self, op_id: str, done: Future[Outcome]) -> None:
        self._in_flight.discard(done)
        if done.cancelled():
            return
        error = done.exception()
        if error is None:
            outcome = done.result()
            self.push(protocol.Ack(op_id=op_id, revision=outcome.revision, result=Raw(outcome.answer)))
        elif isinstance(error, DomainError) and not error.outcome_unknown:
            self._nack(op_id, error)
        # An unknown outcome is not answered: the client repeats the same op_id, and that is safe.

    def gone(self) -> None:
        """What no batch has claimed yet is withdrawn: the client repeats it, perhaps at another process."""
        super().gone()
        for future in list(self._in_flight):
            future.cancel()

    def _nack(self, op_id: str, refusal: DomainError) -> None:
        retryable = refusal.code in ("UNAVAILABLE", "RATE_LIMITED")
        self.push(protocol.Nack(op_id=op_id, error=protocol.error_body(refusal), retryable=retryable))

    def _pong(self, pong: protocol.Pong) -> None:
        """What was sent before that ping has been read."""
        while self._pings and pong.t is not None and self._pings[0][0] <= pong.t:
            ping, self._read_frames, self._read_bytes = self._pings.pop(0)
            self._ponged_at = self._loop.time()
            if self._lagging_since is not None:
                self._lagging_since = self._ponged_at  # slow, but it reads
            if self._page_read is not None and ping >= self._page_ping:
                self._page_read.set()
        if self._lagging_since is not None and self._has_read_half():
            self._lagging_since = None
            self.room.catch_up(self)

    def _has_read_half(self) -> bool:
        """Whether so little still waits for this reader that it is worth going on."""
        return (
            self._sent_frames - self._read_frames < self._frames_limit / 2
            and self._sent_bytes - self._read_bytes < self._bytes_limit / 2
        )

    # ── Bringing the client to where the room is ─────────────────────────────────────────────────────────────────────

    def go_on(self) -> None:
        self.room.catch_up(self)

    async def _resume(self, cursor: protocol.Cursor) -> None:
        """Exact, from memory or from the log, or else a snapshot that says why."""
        room, lines = self.room, self.room.lines_after(cursor.revision)
        reason: str | None = None
        if lines is None or room.stamp_at(cursor.revision) != cursor.stamp or len(lines) > settings.RESUME_EVENTS:
            found = await read(resume, room.playlist_id, cursor.revision, cursor.stamp, settings.RESUME_EVENTS)
            reason, lines = found.reason, found.lines
        frames = protocol.changes(cursor.revision, lines, settings.FRAME_OUT_BYTES)
        if reason is not None or (lines and not frames):
            await self._snapshot(reason or "too_many")
            return
        metrics.RESUMES.labels("exact").inc()
        self.revision = cursor.revision
        for frame in frames:
            self._send_changes(frame)
        self.tell_votes(self.revision, await self.room.votes_of(self.actor_key))

    async def _snapshot(self, reason: str) -> None:
        """The pages, each after the one before was read; what happens meanwhile follows from the log."""
        metrics.RESUMES.labels(reason).inc()
        snapshot = await self.room.snapshot()
        pages = self.room.pages(snapshot, reason, self.own_origin)
        for page in pages.before:
            self._page_read = asyncio.Event()
            self._push_counted(page)
            self._page_ping = self.ping()
            await self._page_read.wait()
        self._page_read = None
        self._push_counted(pages.last(await self.room.votes_of(self.actor_key)))
        self._asked_bytes = self._sent_bytes  # of those it is asked together with what follows
        self.revision = snapshot.revision

    def start_over(self, reason: str) -> None:
        if self._greeted:
            self.bring(self._snapshot(reason))

    # ── What goes out ────────────────────────────────────────────────────────────────────────────────────────────────

    def deliver(self, frame: Changes) -> None:
        if not self.takes or frame.start != self.revision:
            return
        if (
            self._sent_frames - self._read_frames >= self._frames_limit
            or self._sent_bytes - self._read_bytes >= self._bytes_limit
        ):
            # Dropped, not queued: once the client has read on, the log has it all.
            self._lagging_since = self._loop.time()
            metrics.SLOW_READERS.inc()
            if self._asked_frames < self._sent_frames:
                self.ping()
            return
        self._send_changes(frame)

    def _send_changes(self, frame: Changes) -> None:
        """`changes` go out, and after every so many frames or bytes we ask what was read."""
        self.revision = frame.revision
        self.outlet.push(frame.message)
        self._sent_frames += 1
        self._sent_bytes += len(frame.text)
        if self._sent_frames >= self._ask_at_frame or self._sent_bytes - self._asked_bytes >= PING_EVERY_BYTES:
            self.ping()

    def _push_counted(self, page: Message) -> None:
        self.outlet.push(page)
        self._sent_frames += 1
        self._sent_bytes += len(page["text"])

    def tell_votes(self, revision: int, votes: dict[UUID, int]) -> None:
        self.push(protocol.MyVotes(revision=revision, votes={str(item): value for item, value in votes.items()}))

    def tell_presence(self, text: str) -> None:
        if self.takes:
            self.knows_presence = True
            self.push_text(text)

    def ping(self) -> int:
        """Ask for a pong, which is told by `t`: it never repeats."""
        self._last_ping_at = self._loop.time()
        t = max(now_ms(), self._pings[-1][0] + 1 if self._pings else 0)
        self._pings.append((t, self._sent_frames, self._sent_bytes))
        self._asked_frames, self._asked_bytes = self._sent_frames, self._sent_bytes
        if self._sent_frames >= self._ask_at_frame:
            self._ask_at_frame = self._sent_frames + PING_EVERY_FRAMES
        self.push(protocol.ServerPing(t=t, revision=self.revision))
        return t

    def tick(self, now: float) -> None:
        if not self._greeted:
            if now - self.opened_at > settings.HELLO_SECONDS:
                self.end(4400, "Say hello first.")
        elif self._lagging_since is not None and now - self._lagging_since > settings.STALLED_SECONDS:
            self.end(4408, "Too slow.")
        elif self._pings and now - self._ponged_at > settings.PONG_SECONDS:
            self.end(4409, "No pong.")
        else:
            super().tick(now)

    def go_away(self, retry_ms: int) -> None:
        self.push(protocol.GoingAway(retry_ms=retry_ms))
        super().go_away(retry_ms)


def limits() -> protocol.Limits:
    """What a client must know of the settings."""
    return protocol.Limits(
        frame_in_bytes=settings.FRAME_IN_BYTES,
        frame_out_bytes=settings.FRAME_OUT_BYTES,
        commands_per_second=settings.COMMANDS_PER_SECOND,
        commands_burst=settings.COMMANDS_BURST,
        commands_in_flight=settings.COMMANDS_IN_FLIGHT,
        unread_frames=settings.UNREAD_FRAMES,
        unread_bytes=settings.UNREAD_BYTES,
        resume_events=settings.RESUME_EVENTS,
    )
