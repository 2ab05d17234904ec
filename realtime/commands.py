"""The commands of one socket: their pace, and those whose outcome is not known yet."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol

from django.conf import settings
from msgspec import Raw

from playlist import links, types
from playlist.commands.table import SOCKET_COMMANDS
from playlist.errors import DomainError
from playlist.parsing import parse_command
from playlist.token_bucket import TokenBucket
from playlist.writer import Outcome, Submission, get_writer
from realtime import frames
from realtime.visitor import Visitor

#: Commands over the limit before the connection is closed; each second forgives one.
FLOOD_LIMIT = 200


class Loop(Protocol):
    """As much of an event loop as commands need."""

    def time(self) -> float: ...
    def call_soon_threadsafe(self, callback: Callable[..., object], *args: object) -> object: ...


class Commands:
    """What one client asks of the writer. `push` gives it frames, `end` closes its connection."""

    def __init__(
        self,
        visitor: Visitor,
        loop: Loop,
        push: Callable[[frames.Ack | frames.Nack], None],
        end: Callable[[int, str], None],
    ) -> None:
        self._visitor = visitor
        self._loop = loop
        self._push = push
        self._end = end
        self._in_flight: set[Future[Outcome]] = set()
        now, burst = loop.time(), settings.COMMANDS_BURST
        self._bucket = TokenBucket(settings.COMMANDS_PER_SECOND, burst, burst, now)
        self._flooding = TokenBucket(1.0, FLOOD_LIMIT, FLOOD_LIMIT, now)

    def submit(self, frame: dict[str, object]) -> None:
        """Submit the command of a frame; its answer follows. Raises VALIDATION_ERROR if it cannot have one."""
        op_id = frame.get("op_id")
        if not isinstance(op_id, str) or not 1 <= len(op_id) <= 64:
            raise DomainError("VALIDATION_ERROR", "op_id must have 1 to 64 characters.", {"op_id": "is needed"})
        try:
            self.check_pace()
            kind = SOCKET_COMMANDS.get(str(frame.get("command")))
            if kind is None:
                raise DomainError("VALIDATION_ERROR", "There is no such command.", {"command": "is unknown"})
            command = parse_command(frame, kind)
            submission = Submission(self._visitor.actor, (command,), op_id)
            future = get_writer().submit(self._visitor.admission.playlist_id, submission)
        except DomainError as refusal:
            self._nack(op_id, refusal)
            return
        self._in_flight.add(future)
        future.add_done_callback(lambda done: self._loop.call_soon_threadsafe(self._answered, op_id, command, done))

    def check_pace(self) -> None:
        """Raises RATE_LIMITED, and closes a connection that ignores it."""
        now = self._loop.time()
        if len(self._in_flight) < settings.COMMANDS_IN_FLIGHT and self._bucket.take(now) == 0:
            return
        if self._flooding.take(now) > 0:
            self._end(4429, "Too many commands.")
        raise DomainError("RATE_LIMITED", "Too much at once. Slow down a little.")

    def withdraw(self) -> None:
        """Withdraw what no batch has claimed: the client repeats it, perhaps at another process."""
        for future in list(self._in_flight):
            future.cancel()

    def _answered(self, op_id: str, command: types.AnyCommand, done: Future[Outcome]) -> None:
        self._in_flight.discard(done)
        if done.cancelled():
            return
        error = done.exception()
        if error is None:
            outcome = done.result()
            answer = links.answer_shown(command, outcome.answer, settings.PUBLIC_URL, self._visitor.own_origin)
            self._push(frames.Ack(op_id=op_id, revision=outcome.revision, result=Raw(answer)))
        elif isinstance(error, DomainError) and not error.outcome_unknown:
            self._nack(op_id, error)
        # An unknown outcome gets no answer: the client safely repeats the same op_id.

    def _nack(self, op_id: str, refusal: DomainError) -> None:
        retryable = refusal.code in ("UNAVAILABLE", "RATE_LIMITED")
        self._push(frames.Nack(op_id=op_id, error=frames.error_body(refusal), retryable=retryable))
