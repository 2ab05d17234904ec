"""`playlist.v1`: exact resume, commands with an answer, and flow control of its own."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from time import monotonic

from django.conf import settings
from django.db import DatabaseError

from playlist import metrics
from playlist.errors import DomainError
from playlist.identity import adder_of
from playlist.parsing import parse
from playlist.reading import read
from playlist.selectors.log import resume
from playlist.timeline import timeline
from playlist.types import LogLine, SnapshotReason
from realtime import encoding, frames
from realtime.commands import Commands
from realtime.crowd import NEVER, Crowd, Sent
from realtime.encoding import Packet
from realtime.feed import Feed, my_votes
from realtime.frames import MyVotes
from realtime.outlet import Outlet
from realtime.reader import Home, Reader, State
from realtime.unread import Unread
from realtime.visitor import Visitor

logger = logging.getLogger(__name__)

#: The name of a speaker that gives none.
A_DEVICE = "A device"


class V1Reader(Reader):
    kind = "v1"
    speaks_v1 = True

    def __init__(self, home: Home, feed: Feed, visitor: Visitor, outlet: Outlet) -> None:
        self._unread = Unread()
        self._votes_revision = 0
        #: The `t` of this reader's own newest ping, and of the ping whose pong a page waits for.
        self._asked_t = self._page_t = 0
        self._page_read: asyncio.Event | None = None
        self._commanding: Commands | None = None
        super().__init__(home, feed, visitor, outlet, State.GREETING)
        self._ponged_at = self.opened_at

    # ── Incoming ────────────────────────────────────────────────────────────────────────────────────────────────

    def handle(self, kind: str, frame: dict[str, object]) -> None:
        """Handle one decoded frame. Raises DomainError."""
        greeting = self.state is State.GREETING
        if kind == "hello" and greeting:
            self._hello(parse(frame, frames.Hello))
        elif kind == "pong":
            self._pong(parse(frame, frames.Pong))
        elif kind == "time":
            t, (server_time_ms, clock) = parse(frame, frames.Time).t, timeline.told(monotonic())
            self.push(frames.ServerTime(t=t, server_time_ms=server_time_ms, clock=clock))
        elif kind == "speaker" and not greeting:
            self._speak(parse(frame, frames.Speaker))
        elif kind == "command" and not greeting:
            self._commands.submit(frame)
        elif kind in ("hello", "command", "speaker"):
            raise DomainError("VALIDATION_ERROR", "Say hello first, and once.", {"type": "is out of turn"})
        else:
            raise DomainError("VALIDATION_ERROR", "There is no such frame.", {"type": "is unknown"})

    def _hello(self, hello: frames.Hello) -> None:
        self.outlet.is_pinged()
        admission = self.visitor.admission
        self.push(
            frames.Welcome(
                protocol=1,
                revision=self.feed.revision,
                stamp=self.feed.head.stamp,
                you=frames.You(
                    id=admission.user_id,
                    name=admission.name,
                    role=None if self.person is None else self.person.role,
                    adder=adder_of(admission.playlist_id, self.visitor.actor.key),
                ),
                limits=limits(),
                server_time_ms=timeline.told(monotonic())[0],
            )
        )
        cursor = hello.resume if isinstance(hello.resume, frames.Cursor) else None
        self.bring(partial(self._whole, "initial") if cursor is None else partial(self._resume, cursor))

    def _speak(self, said: frames.Speaker) -> None:
        """Note whether this device plays the sound of the room. It counts as a command for the limits."""
        self._commands.check_pace()
        named = said.name if isinstance(said.name, str) and self.person is not None else A_DEVICE
        self.speaker = named if said.on else None
        self.home.speaker_changed(self)

    @property
    def _commands(self) -> Commands:
        """Made for the first command: most sockets only listen."""
        if self._commanding is None:
            self._commanding = Commands(self.visitor, asyncio.get_running_loop(), self.push, self.end)
        return self._commanding

    def _pong(self, pong: frames.Pong) -> None:
        if not self._unread.answered(pong.t):
            return
        self._ponged_at = self._progress_at = asyncio.get_running_loop().time()
        if self._page_read is not None and self._unread.answered_t >= self._page_t:
            self._page_read.set()
        if self.state is State.LAGGING and self._has_room():
            self._go_on()

    def gone(self) -> None:
        super().gone()
        if self._commanding is not None:
            self._commanding.withdraw()

    # ── Bringing the client to the head ──────────────────────────────────────────────────────────────────────────────

    async def _resume(self, cursor: frames.Cursor) -> None:
        """Send exactly the missed changes, from memory or the log; else a snapshot that says why."""
        reason, lines = await self._missed(cursor)
        missed = encoding.changes(cursor.revision, lines, settings.FRAME_OUT_BYTES)
        if reason is not None or (lines and not missed):
            await self._whole(reason or "too_many")
            return
        metrics.RESUMES.labels("exact").inc()
        await self._send_in_turn([frame.packet for frame in missed])
        self.revision = missed[-1].revision if missed else cursor.revision
        self._owes_votes = False
        revision = self.revision
        self._push_votes(my_votes(revision, await self.feed.votes_of(self.visitor.actor.key)))

    async def _missed(self, cursor: frames.Cursor) -> tuple[SnapshotReason | None, list[LogLine]]:
        """The lines after the cursor, or the reason why they cannot be had."""
        feed, lines = self.feed, self.feed.lines_after(cursor.revision)
        if (
            lines is not None
            and feed.stamp_at(cursor.revision) == cursor.stamp
            and len(lines) <= settings.RESUME_EVENTS
        ):
            return None, lines
        found = await read(resume, feed.playlist_id, cursor.revision, cursor.stamp, settings.RESUME_EVENTS)
        return found.reason, found.lines

    async def _whole(self, reason: SnapshotReason) -> None:
        """Send a snapshot in pages; changes made meanwhile follow from the log."""
        metrics.RESUMES.labels(reason).inc()
        taken = await self._snapshot()
        pages = self.feed.snapshots.pages(taken, reason, self.visitor.own_origin)
        if pages.before:
            await self._send_in_turn([*pages.before])
            await self._until_read()
        self._owes_votes = False
        self._send(pages.last(await self.feed.votes_of(self.visitor.actor.key)))
        self._votes_revision = self.revision = taken.snapshot.revision

    async def _send_in_turn(self, packets: list[Packet]) -> None:
        """Send each packet once the one before was read."""
        for number, packet in enumerate(packets):
            if number:
                await self._until_read()
            self._send(packet)

    async def _until_read(self) -> None:
        """Wait for the pong that covers everything sent so far."""
        self._page_read = asyncio.Event()
        self.ping()
        self._page_t = self._asked_t
        await self._page_read.wait()
        self._page_read = None

    def _catch_up(self) -> bool:
        missed = self.feed.catch_up(self.revision)
        for frame in missed:
            self._send(frame.packet)
        if missed:
            self.revision = self.feed.revision
        else:
            self.bring(partial(self._whole, "too_many"))
        return bool(missed)

    def _send(self, packet: Packet) -> None:
        """Send changes or a page to this reader alone, and count it."""
        self.outlet.push(packet)
        self._unread.count(len(packet.frame))

    # ── Flow control ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _join_crowd(self) -> Crowd:
        cohort = self.feed.next_cohort()
        self._unread.join(cohort)
        self.feed.full_at(self._full_at())
        return cohort

    def _leave_crowd(self) -> None:
        self._unread.leave()
        super()._leave_crowd()

    def _has_room(self) -> bool:
        """A lagging reader goes on once it is down to half of the limits of unread."""
        share = 0.5 if self.state is State.LAGGING else 1.0
        within = self._unread.within(share * settings.UNREAD_FRAMES, share * settings.UNREAD_BYTES)
        return within and super()._has_room()

    def look(self) -> Sent:
        if self.state is not State.FOLLOWING:
            return NEVER
        if self._has_room():
            return self._full_at()
        self._lag()
        return NEVER

    def _full_at(self) -> Sent:
        return self._unread.full_at(settings.UNREAD_FRAMES, settings.UNREAD_BYTES)

    def _lag(self) -> None:
        super()._lag()
        if not self._unread.has_asked_for_all:
            self.ping()

    # ── Outgoing ────────────────────────────────────────────────────────────────────────────────────────────────

    def _take(self, what: MyVotes | Packet) -> None:
        if isinstance(what, MyVotes):
            self._push_votes(what)
        else:
            self.knows_presence = True
            self.outlet.push(what)

    def _push_votes(self, votes: MyVotes) -> None:
        if votes.revision >= self._votes_revision:  # else a later read was faster than this one
            self._votes_revision = votes.revision
            self.push(votes)

    async def _tell_votes(self) -> None:
        revision = self.feed.revision
        try:
            votes = await self.feed.votes_of(self.visitor.actor.key)
        except DatabaseError as error:
            logger.warning("The votes of a reader cannot be read: %s", error)
            self._owes_votes = True
        else:
            self.give(my_votes(revision, votes))

    def ping(self) -> None:
        """Ask for a pong."""
        self._asked_t, packet = self.feed.pings.new(self.revision)
        self._last_ping_at = asyncio.get_running_loop().time()
        self._unread.asked(self._asked_t)
        self.outlet.push(packet)

    def tick(self, now: float) -> None:
        if self.state is State.GREETING:
            if now - self.opened_at > settings.HELLO_SECONDS:
                self.end(4400, "Say hello first.")
        elif self.state is State.LAGGING and self._is_stuck(now):
            self.end(4408, "Too slow.")
        elif self._unread.waits and now - self._ponged_at > settings.PONG_SECONDS:
            self.end(4409, "No pong.")
        else:
            # A ping that came with changes counts like one of its own.
            self._last_ping_at = max(self._last_ping_at, self._unread.asked_by_cohort_at)
            super().tick(now)

    def _is_stuck(self, now: float) -> bool:
        """Whether neither a pong nor the socket has shown any progress for STALLED_SECONDS."""
        return now - max(self._progress_at, self.outlet.blocked_since or 0.0) > settings.STALLED_SECONDS

    def go_away(self, retry_ms: int) -> None:
        self.push(frames.GoingAway(retry_ms=retry_ms))
        super().go_away(retry_ms)


def limits() -> frames.Limits:
    """The settings that a client must respect."""
    return frames.Limits(
        frame_in_bytes=settings.FRAME_IN_BYTES,
        frame_out_bytes=settings.FRAME_OUT_BYTES,
        commands_per_second=settings.COMMANDS_PER_SECOND,
        commands_burst=settings.COMMANDS_BURST,
        commands_in_flight=settings.COMMANDS_IN_FLIGHT,
        unread_frames=settings.UNREAD_FRAMES,
        unread_bytes=settings.UNREAD_BYTES,
        resume_events=settings.RESUME_EVENTS,
    )
