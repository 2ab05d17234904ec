"""The one transaction: many submissions to one playlist, committed together under its lock.

Only the writer calls `execute`.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from time import monotonic

from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    connection,
    transaction,
)

from playlist import bulk, sql
from playlist.batch import Batch, refusal_of
from playlist.change import Change
from playlist.clock import clock_settle, database_now, observed
from playlist.commands.fallback import refill
from playlist.commands.following import follow
from playlist.errors import DomainError, internal, playlist_not_found, unavailable
from playlist.models import Event, Playlist
from playlist.submissions import Result, Submission
from playlist.timeline import timeline
from playlist.types import LogLine

logger = logging.getLogger(__name__)


class _ClockWasSet(Exception):
    """The clock's steps have to be counted first; the playlist has seen a count of at least so much."""

    def __init__(self, at_least: int) -> None:
        super().__init__()
        self.at_least = at_least


def execute(playlist_id: int, submissions: Sequence[Submission], lines: list[LogLine]) -> list[Result]:
    """Commit the submissions in order and return one result for each. A refused one does not affect the others.

    `lines` receives what was added to the log, once it is certainly committed.
    Raises a DomainError that holds for all of them: PLAYLIST_NOT_FOUND, or UNAVAILABLE (the outcome may be unknown).
    A fault in the program becomes INTERNAL for the submission that triggers it.
    """
    try:
        try:
            return _commit(playlist_id, submissions, lines)
        except _ClockWasSet as seen:
            clock_settle(seen.at_least)
            return _commit(playlist_id, submissions, lines)
    except DomainError:
        raise
    except Exception as error:
        # Certainly rolled back. One of them is at fault, and the others must not pay for it.
        if len(submissions) > 1:
            return [_alone(playlist_id, submission, lines) for submission in submissions]
        if isinstance(error, IntegrityError | DataError):
            logger.warning("A submission was refused by the database: %s", error)
            return [refusal_of(error)]
        logger.exception("A submission failed")
        return [internal()]


def _alone(playlist_id: int, submission: Submission, lines: list[LogLine]) -> Result:
    try:
        return execute(playlist_id, [submission], lines)[0]
    except DomainError as error:
        return error


def _commit(playlist_id: int, submissions: Sequence[Submission], lines: list[LogLine]) -> list[Result]:
    batch = None
    try:
        with bulk.turn(is_awaited=True), transaction.atomic(durable=True):
            change = _lock(playlist_id)
            follow(change)
            batch = Batch(change, submissions)
            results = batch.run()
            refill(change)
            batch.write()
    except (OperationalError, InterfaceError, InternalError) as error:
        logger.warning("A batch of %d could not be committed: %s", len(submissions), error)
        connection.close()
        # The connection may have broken after the server committed: the log tells.
        if batch is None or not batch.written:
            raise unavailable() from error
        if not change.has_events or change.deleted or not _landed(change):
            raise unavailable(outcome_unknown=True) from error
    timeline.note(playlist_id, change.playlist.playback_started_at_ms)
    lines.extend(change.lines)
    return results


def _lock(playlist_id: int) -> Change:
    """A Change of the playlist, whose row stays locked until the commit.

    Raises PLAYLIST_NOT_FOUND, and _ClockWasSet before anything is done by a clock whose steps are not counted yet.
    """
    asked_at = monotonic()
    held = sql.locked(Playlist, playlist_id)
    if held is None:
        raise playlist_not_found()
    playlist, read_at = held
    change = Change(playlist, database_now() if read_at is None else observed(read_at, asked_at))
    if not timeline.is_settled or playlist.playback_clock > (timeline.clock or 0):
        raise _ClockWasSet(playlist.playback_clock)
    return change


def _landed(change: Change) -> bool:
    """Whether a transaction whose COMMIT failed is in the log after all; also False if the database does not answer."""
    playlist = change.playlist
    try:
        return Event.objects.filter(playlist=playlist, revision=playlist.revision, stamp=playlist.stamp).exists()
    except DatabaseError:
        return False
