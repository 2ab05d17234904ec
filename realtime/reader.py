"""One reader of a feed: its state, and what it may get in each.

    GREETING → BRINGING → FOLLOWING ⇄ LAGGING → ENDED

A reader that is FOLLOWING stands in one of its feed's crowds, which is written to without asking its readers. In every
other state it is out of the crowd, and is brought back to the head from its own revision. Only the coroutines that
bring a reader somewhere wait; everything else here returns at once.
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine
from enum import Enum
from functools import partial
from typing import ClassVar, Protocol

from django.conf import settings
from django.db import DatabaseError
from msgspec import Struct

from playlist import metrics
from playlist.asgi_types import Message
from playlist.errors import DomainError
from playlist.types import Participant, SnapshotReason
from realtime.crowd import NEVER, Crowd, Sent
from realtime.encoding import Packet, packet
from realtime.feed import Feed
from realtime.frames import MyVotes
from realtime.outlet import Outlet
from realtime.snapshots import Taken
from realtime.visitor import Visitor

logger = logging.getLogger(__name__)

#: How long a socket may take for its last message, and again for closing.
CLOSE_SECONDS = 5.0
#: A caller that provoked its end has probably sent more. Closing over unread input would cut off the close frame.
LINGER_SECONDS = 0.25
_PROVOKED = {4400, 4413, 4429}


#: Brings a reader somewhere. A callable, since no coroutine may be left unawaited if the reader ends first.
Work = Callable[[], Coroutine[object, object, None]]


class State(Enum):
    """The state of a reader."""

    #: It has not said hello yet; only in `playlist.v1`.
    GREETING = "greeting"
    #: A snapshot, or the changes it missed, are on their way.
    BRINGING = "bringing"
    #: It is at the feed's head, and stands in a crowd.
    FOLLOWING = "following"
    #: It reads too slowly. It gets no changes until it has read on; then it catches up.
    LAGGING = "lagging"
    ENDED = "ended"


class Home(Protocol):
    """The fan-out, as far as readers need it."""

    def leave(self, reader: Reader) -> None: ...
    def speaker_changed(self, reader: Reader) -> None: ...
    def spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]: ...
    def end(self, work: Coroutine[object, object, None]) -> None:
        """Like spawn, for the end of a connection, which a stop of the server waits for."""


class Reader(ABC):
    """A reader of any kind. Subclasses say how it is brought up to date, and what it gets."""

    #: v1, plain or stream, for the metrics.
    kind: ClassVar[str]
    speaks_v1 = False

    def __init__(self, home: Home, feed: Feed, visitor: Visitor, outlet: Outlet, state: State) -> None:
        # With more than thirty fields, an object no longer shares their names with others of its kind: 1.3 kB each.
        admission = visitor.admission
        self.home = home
        self.feed = feed
        self.visitor = visitor
        self.outlet = outlet
        self.is_member = admission.is_member
        self.person: Participant | None = None
        if admission.user_id is not None:
            self.person = Participant(
                id=admission.user_id, name=admission.name or "", role=admission.role or "participant"
            )
        #: The name under which it plays the sound of the room; None while it does not.
        self.speaker: str | None = None
        self.knows_presence = False
        self._owes_votes = False
        #: Loop time before which a tick has nothing to do.
        self.due_at = 0.0
        self._state = State.BRINGING
        self._crowd: Crowd | None = None
        self._revision = feed.revision
        self._bringing: asyncio.Task[None] | None = None
        self._start_over: SnapshotReason | None = None
        self.opened_at = self._last_ping_at = self._progress_at = asyncio.get_running_loop().time()
        #: The code with which we closed; None while it is open, and after the other side left.
        self.closed_with: int | None = None
        #: The task that reads from the socket; ended with the reader.
        self.receiving: asyncio.Task[None] | None = None
        outlet.on_blocked, outlet.on_drained = self._blocked, self._drained
        self._enter(state)

    # ── Its state ────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def state(self) -> State:
        return self._state

    @property
    def revision(self) -> int:
        """The revision that the other side has."""
        return self.feed.revision if self._state is State.FOLLOWING else self._revision

    @revision.setter
    def revision(self, revision: int) -> None:
        self._revision = revision

    def _enter(self, state: State) -> None:
        if self._state is State.FOLLOWING:
            self._revision = self.feed.revision
            self._leave_crowd()
            # It misses presence from here on, and must get the newest one afterwards.
            self.knows_presence = False
        self._state = state
        self.due_at = 0.0
        if state is State.FOLLOWING:
            self._crowd = self._join_crowd()
            self._crowd.add(self.outlet)
        elif state is State.LAGGING:
            self._progress_at = asyncio.get_running_loop().time()
        elif state is State.ENDED and self._bringing is not None:
            self._bringing.cancel()  # it may wait for an answer that will never come

    @abstractmethod
    def _join_crowd(self) -> Crowd:
        """The crowd in which it stands from now on."""

    def _leave_crowd(self) -> None:
        if self._crowd is not None:
            self._crowd.discard(self.outlet)
            self._crowd = None

    def bring(self, work: Work) -> None:
        """Run `work`, which brings the reader to a revision and sets `revision` to it."""
        self._enter(State.BRINGING)
        self._bringing = self.home.spawn(self._brought(work))

    async def _brought(self, work: Work) -> None:
        has_arrived = await self._arrives(work)
        self._bringing = None
        if not has_arrived:
            self.end(1012, "Try again.")
        elif self._start_over is not None:
            reason, self._start_over = self._start_over, None
            self.bring(partial(self._whole, reason))
        else:
            self._go_on()

    async def _arrives(self, work: Work) -> bool:
        """Do the work, and wait until the feed has reached the same revision. False when that failed."""
        try:
            await work()
            if self._start_over is None:  # else the feed is in a different history
                await self.feed.reached(self.revision)
        except (DomainError, DatabaseError) as error:
            logger.warning("A reader could not be brought up to date: %s", error)
            return False
        except Exception:
            logger.exception("A reader could not be brought up to date")
            return False
        return True

    def start_over(self, reason: SnapshotReason) -> None:
        """Send everything again, as the log does not go on where this reader is."""
        match self._state:
            case State.GREETING | State.ENDED:
                pass  # a later hello is answered from the log as it is then
            case State.BRINGING:
                self._start_over = reason  # after the work that is under way
            case State.FOLLOWING | State.LAGGING:
                self.bring(partial(self._whole, reason))

    @abstractmethod
    async def _whole(self, reason: SnapshotReason) -> None:
        """Send everything as it is now."""

    async def _snapshot(self) -> Taken:
        """The feed's snapshot, not older than the reader's own state unless the log itself went back."""
        feed = self.feed
        return await feed.snapshots.get(feed.revision, at_least=min(self.revision, feed.revision))

    def _go_on(self) -> None:
        """From BRINGING or LAGGING: catch up from memory and follow; lag while the reader takes too little."""
        if self._has_room() and self.revision < self.feed.revision and not self._catch_up():
            return
        if not self._has_room():
            self._lag()
            return
        self._enter(State.FOLLOWING)
        self._pay_votes()

    @abstractmethod
    def _catch_up(self) -> bool:
        """Send the changes after `revision` from memory. False if that takes a while, and the reader is BRINGING."""

    def _has_room(self) -> bool:
        """Whether it reads fast enough to follow."""
        return self.outlet.blocked_since is None

    def _lag(self) -> None:
        metrics.SLOW_READERS.inc()
        self._enter(State.LAGGING)

    def _blocked(self) -> None:
        """The socket takes nothing any more."""
        if self._state is State.FOLLOWING:
            self._lag()

    def _drained(self) -> None:
        """The socket takes again."""
        if self._state is State.LAGGING:
            self._go_on()

    # ── The gate ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def give(self, what: MyVotes | Packet) -> None:
        """Take the reader's own votes, or presence. Changes and single events come through the crowd."""
        match self._state:
            case State.FOLLOWING:
                self._take(what)
            case State.GREETING | State.BRINGING | State.LAGGING:
                self._owes_votes = self._owes_votes or isinstance(what, MyVotes)
            case State.ENDED:
                pass

    def _take(self, what: MyVotes | Packet) -> None:  # noqa: B027 - most get single events only
        """Send it, if this kind of reader gets votes and presence."""

    def owe_votes(self) -> None:
        self._owes_votes = True
        self.due_at = 0.0

    def _pay_votes(self) -> None:
        if self._owes_votes:
            self._owes_votes = False
            self.home.spawn(self._tell_votes())

    async def _tell_votes(self) -> None:  # noqa: B027
        """Send the votes that could not be sent before."""

    def look(self) -> Sent:
        """Start to lag if too much is unread, where that is counted; else return when that could be."""
        return NEVER

    def push(self, frame: Struct) -> None:
        """Send a frame to this reader alone."""
        self.outlet.push(packet(frame))

    # ── Time, and the end ────────────────────────────────────────────────────────────────────────────────────────────

    def tick(self, now: float) -> None:
        """Ping, send owed votes, and end a reader that takes nothing; called once a second from `due_at` on."""
        if self._state is State.ENDED:
            return
        self.outlet.look(now)
        blocked_since = self.outlet.blocked_since
        if self.outlet.failed or (blocked_since is not None and now - blocked_since > settings.STALLED_SECONDS):
            self.end(4408, "Too slow.")
        elif now - self._last_ping_at >= settings.PING_SECONDS:
            self._last_ping_at = now
            self.ping()
        if self._state is State.FOLLOWING and blocked_since is None:
            self.due_at = min(now + settings.PING_SECONDS / 3, self._last_ping_at + settings.PING_SECONDS)
            self._pay_votes()

    @abstractmethod
    def ping(self) -> None:
        """Show that this server is alive."""

    def go_away(self, retry_ms: int) -> None:
        """Before a restart."""
        self.end(1012, "The server restarts.")

    def end(self, code: int, reason: str) -> None:
        """Close with a code that says why, if the other side still takes it."""
        if self._state is State.ENDED:
            return
        self._enter(State.ENDED)
        self.closed_with = code
        metrics.CLOSES.labels(str(code)).inc()
        self.home.leave(self)
        self.home.end(self._close(code, reason))

    def gone(self) -> None:
        """The other side is gone."""
        self._enter(State.ENDED)
        self.outlet.drop()
        self.home.leave(self)

    async def _close(self, code: int, reason: str) -> None:
        if code in _PROVOKED:
            await asyncio.sleep(LINGER_SECONDS)
        await self.outlet.close(self._last_message(code, reason), CLOSE_SECONDS)
        if self.receiving is not None:
            await asyncio.wait({self.receiving}, timeout=CLOSE_SECONDS)
            self.receiving.cancel()

    def _last_message(self, code: int, reason: str) -> Message:
        return {"type": "websocket.close", "code": code, "reason": reason}
