"""The one transaction: many submissions to one playlist, committed together under its lock.

To add a command, copy a neighbour's row in COMMANDS. Only the writer calls `execute`.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)
from msgspec import Struct

from playlist import permissions, selectors, sql, types
from playlist.clock import database_now, truncate
from playlist.commands import items, playback, rooms
from playlist.errors import DomainError, unavailable
from playlist.events import Change
from playlist.identity import Actor
from playlist.models import Event, Operation, Participant, Playlist, PlaylistTrack
from playlist.permissions import May, Place

logger = logging.getLogger(__name__)

Run = Callable[[Change, Actor, Any], Any]

#: command → what runs it. `track.vote` is not here: votes run many at a time, see Batch._run_votes.
COMMANDS: dict[type[types.Command], Run] = {
    types.TrackAdd: items.track_add,
    types.TrackRemove: items.track_remove,
    types.TrackRestore: items.track_restore,
    types.TrackMove: items.track_move,
    types.PlaybackPlay: playback.playback_play,
    types.PlaybackPause: playback.playback_pause,
    types.PlaybackNext: playback.playback_next,
    types.PlaybackPrevious: playback.playback_previous,
    types.PlaybackSeek: playback.playback_seek,
    types.PlaybackEnded: playback.playback_ended,
    types.PlaylistUpdate: rooms.playlist_update,
    types.PlaylistDelete: rooms.playlist_delete,
    types.ParticipantJoin: rooms.participant_join,
    types.ParticipantRemove: rooms.participant_remove,
    types.TrackRefresh: items.track_refresh,
    types.TrackPurge: items.track_purge,
}


class Submission(Struct, frozen=True):
    """Commands that take effect together or not at all, under one idempotency key if there is one.

    The answer is that of the last command, or the item `answer_item` as it stands afterwards.
    """

    actor: Actor
    commands: tuple[types.AnyCommand, ...]
    key: str | None = None
    answer_item: UUID | None = None

    def payload_hash(self) -> str:
        """Tells whether a key comes back with the same payload; a hash of the decoded input, not of its bytes."""
        payload = msgspec.json.encode([self.commands, self.answer_item])
        return hashlib.blake2b(payload, digest_size=16).hexdigest()


class Outcome(Struct, frozen=True):
    """What became of a submission: its answer (JSON; "null" when there is no body) and the revision it led to."""

    revision: int
    answer: bytes


Result = Outcome | DomainError


class Remembered(Struct, frozen=True):
    """What is known under an idempotency key."""

    payload_hash: str
    outcome: Outcome


def execute(playlist_id: int, submissions: Sequence[Submission]) -> list[Result]:
    """Commit the submissions in their order; one result for each. A refused one harms no other.

    Raises DomainError when it holds for all of them: PLAYLIST_NOT_FOUND, or UNAVAILABLE (the outcome may be unknown).
    """
    try:
        return _commit(playlist_id, submissions)
    except (IntegrityError, DataError) as error:
        if len(submissions) == 1:
            logger.warning("A submission was refused by the database: %s", error)
            return [_refusal(error)]
        return [_alone(playlist_id, submission) for submission in submissions]


def _alone(playlist_id: int, submission: Submission) -> Result:
    try:
        return execute(playlist_id, [submission])[0]
    except DomainError as error:
        return error


def _commit(playlist_id: int, submissions: Sequence[Submission]) -> list[Result]:
    batch = None
    try:
        with transaction.atomic(durable=True):
            change = _lock(playlist_id)
            batch = Batch(change, submissions)
            results = batch.run()
            batch.write()
    except (OperationalError, InterfaceError) as error:
        logger.warning("A batch of %d could not be committed: %s", len(submissions), error)
        connection.close()
        # The line may have been cut after the server committed: the log knows.
        if batch is None or not batch.written:
            raise unavailable() from error
        if not batch.change.has_events or batch.change.deleted or not _landed(batch.change):
            raise unavailable(outcome_unknown=True) from error
    return results


def _lock(playlist_id: int) -> Change:
    """A change of the playlist, whose row is held until the commit. Raises PLAYLIST_NOT_FOUND."""
    held = sql.locked(Playlist, playlist_id)
    if held is None:
        raise selectors.playlist_not_found()
    playlist, read_at = held
    return Change(playlist, database_now() if read_at is None else truncate(read_at))


def _landed(change: Change) -> bool:
    """Whether a transaction whose COMMIT failed is in the log after all; False also when that cannot be found out."""
    playlist = change.playlist
    try:
        return Event.objects.filter(playlist=playlist, revision=playlist.revision, stamp=playlist.stamp).exists()
    except DatabaseError:
        return False


def _refusal(error: DatabaseError) -> DomainError:
    """The code for a constraint that a command's own checks did not foresee."""
    text = str(error)
    if (
        "unique_track_per_playlist" in text
        or "playlist_playlisttrack.playlist_id, playlist_playlisttrack.track" in text
    ):
        return DomainError("DUPLICATE_TRACK", "This song is already in the queue.")
    return DomainError("CONFLICT", "The database does not allow this: something else changed at the same time.")


_OPERATION_COLUMNS = ("playlist_id", "actor_key", "key", "payload_hash", "revision", "answer", "created_at")


class Batch:
    """The submissions of one transaction, against the state that the ones before them leave."""

    def __init__(self, change: Change, submissions: Sequence[Submission]) -> None:
        self.change = change
        self.written = False
        self._submissions = submissions
        self._results: dict[int, Result] = {}
        self._votes: dict[int, Submission] = {}
        self._vote_keys: set[tuple[str, str]] = set()
        self._joining: set[int] = set()
        self._places = self._read_places()
        self._operations = self._known_operations()
        self._new_operations: list[tuple[Any, ...]] = []

    def run(self) -> list[Result]:
        """Each submission in its order. Neighbouring votes wait for one another and run as one."""
        for index, submission in enumerate(self._submissions):
            if self._is_vote(submission) and not self._waits(submission):
                self._votes[index] = submission
                if submission.key is not None:
                    self._vote_keys.add((submission.actor.key, submission.key))
                continue
            self._run_votes()
            self._results[index] = self._run(submission)
        self._run_votes()
        return [self._results[index] for index in range(len(self._submissions))]

    def write(self) -> None:
        """Everything that is written once for all submissions. The commit follows."""
        self.change.write()
        if not self.change.deleted:
            self._write_joins()
            sql.insert(Operation, _OPERATION_COLUMNS, self._new_operations)
        # With the playlist its log is gone, too: there would be nothing to find out from.
        self.written = True

    def _write_joins(self) -> None:
        """Who acted here for the first time is a participant from now on."""
        playlist = self.change.playlist
        members = [Participant(playlist=playlist, user_id=user_id) for user_id in sorted(self._joining)]
        Participant.objects.bulk_create(members, ignore_conflicts=True)
        self._joining.clear()

    def _read_places(self) -> dict[str, Place]:
        actors = {submission.actor.key: submission.actor for submission in self._submissions}
        return permissions.places(self.change.playlist, list(actors.values()))

    def _known_operations(self) -> dict[tuple[str, str], Remembered]:
        keys = {submission.key for submission in self._submissions if submission.key is not None}
        if not keys:
            return {}
        known = Operation.objects.filter(playlist=self.change.playlist, key__in=keys)
        rows = known.values_list("actor_key", "key", "payload_hash", "revision", "answer")
        return {
            (actor_key, key): Remembered(payload_hash, Outcome(revision, answer.encode()))
            for actor_key, key, payload_hash, revision, answer in rows
        }

    @staticmethod
    def _is_vote(submission: Submission) -> bool:
        return len(submission.commands) == 1 and isinstance(submission.commands[0], types.TrackVote)

    def _waits(self, submission: Submission) -> bool:
        """Whether a vote with the same key stands before this one: then that one has to be done first."""
        return submission.key is not None and (submission.actor.key, submission.key) in self._vote_keys

    def _run(self, submission: Submission) -> Result:
        """One submission in a savepoint: all or nothing, whatever goes wrong in it."""
        checkpoint = self.change.checkpoint()
        try:
            replay = self._replay(submission)
            if replay is not None:
                return replay
            with transaction.atomic():
                answer: Any = None
                for command in submission.commands:
                    answer = self._run_command(submission, command)
                if submission.answer_item is not None:
                    answer = selectors.item_for(self.change.playlist, submission.answer_item, submission.actor)
        except DomainError as refusal:
            self.change.rollback(checkpoint)
            return refusal
        except (IntegrityError, DataError) as error:
            self.change.rollback(checkpoint)
            return _refusal(error)
        except DatabaseError:
            raise
        except Exception:
            # A fault in one command is not its neighbours' fault.
            logger.exception("A submission failed")
            self.change.rollback(checkpoint)
            return unavailable()
        return self._done(submission, self.change.revision, answer)

    def _run_command(self, submission: Submission, command: types.AnyCommand) -> Any:
        if self.change.deleted:
            raise selectors.playlist_not_found()
        self._check_permission(submission.actor, command)
        self.change.act_for(submission.actor, submission.key)
        if isinstance(command, types.TrackVote):
            ((_, answer),) = items.track_votes(self.change, [(submission.actor, submission.key, command)])
            if isinstance(answer, DomainError):
                raise answer
            return answer
        if isinstance(command, types.ParticipantRemove):
            self._write_joins()
        answer = COMMANDS[type(command)](self.change, submission.actor, command)
        if isinstance(command, types.ParticipantRemove):
            self._places = self._read_places()
        return answer

    def _check_permission(self, actor: Actor, command: types.AnyCommand) -> None:
        playlist = self.change.playlist
        name = str(command.__struct_config__.tag)
        verdict = permissions.may(self._places[actor.key].standing, name, playlist)
        if verdict is May.OWN and isinstance(command, types.TrackRemove | types.TrackMove):
            adder = PlaylistTrack.objects.filter(playlist=playlist, pk=command.id).values_list(
                "added_by_key", flat=True
            )
            if adder.first() not in (None, actor.key):
                raise DomainError("FORBIDDEN", "Guests may only do this with songs that they added.")

    def _run_votes(self) -> None:
        """The votes that wait, in one go."""
        votes = []
        for index, submission in self._votes.items():
            command = submission.commands[0]
            assert isinstance(command, types.TrackVote)
            try:
                replay = self._replay(submission)
                if replay is not None:
                    self._results[index] = replay
                    continue
                if self.change.deleted:
                    raise selectors.playlist_not_found()
                self._check_permission(submission.actor, command)
            except DomainError as refusal:
                self._results[index] = refusal
            else:
                votes.append((index, submission, command))
        self._votes.clear()
        self._vote_keys.clear()
        if not votes:
            return
        answers = items.track_votes(self.change, [(vote.actor, vote.key, command) for _, vote, command in votes])
        for (index, submission, _), (revision, answer) in zip(votes, answers, strict=True):
            if isinstance(answer, DomainError):
                self._results[index] = answer
            else:
                self._results[index] = self._done(submission, revision, answer)

    def _replay(self, submission: Submission) -> Outcome | None:
        """The answer that this key has got already. Raises OP_CONFLICT when it was for another payload."""
        if submission.key is None:
            return None
        known = self._operations.get((submission.actor.key, submission.key))
        if known is None:
            return None
        if known.payload_hash != submission.payload_hash():
            raise DomainError("OP_CONFLICT", "This key was used for something else before.", {"key": submission.key})
        return known.outcome

    def _done(self, submission: Submission, revision: int, answer: Any) -> Outcome:
        """Note what a successful submission leaves behind: its answer under its key, and a new participant."""
        actor = submission.actor
        outcome = Outcome(revision, msgspec.json.encode(answer))
        if actor.user_id is not None and not self._places[actor.key].is_member:
            self._joining.add(actor.user_id)
        if submission.key is not None:
            payload_hash = submission.payload_hash()
            self._operations[actor.key, submission.key] = Remembered(payload_hash, outcome)
            where = (self.change.playlist.pk, actor.key, submission.key)
            self._new_operations.append((*where, payload_hash, revision, outcome.answer.decode(), self.change.now))
        return outcome
