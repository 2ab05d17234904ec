"""Runs the submissions of one transaction, each against the state that the previous ones left."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import msgspec
from django.db import DatabaseError, DataError, IntegrityError, transaction

from playlist import permissions, sql, types
from playlist.change import Change
from playlist.commands.table import ENTRIES, Entry
from playlist.errors import DomainError, internal, playlist_not_found
from playlist.identity import Actor
from playlist.models import Operation, Participant
from playlist.permissions import Membership, refuse_invalid
from playlist.selectors.items import item_for
from playlist.submissions import Outcome, Remembered, Result, Submission

logger = logging.getLogger(__name__)


def refusal_of(error: DatabaseError) -> DomainError:
    """The refusal for a violated constraint that the command itself did not check."""
    text = str(error)
    if (
        "unique_track_per_playlist" in text
        or "playlist_playlisttrack.playlist_id, playlist_playlisttrack.track" in text
    ):
        return DomainError("DUPLICATE_TRACK", "This song is already in the queue.")
    return DomainError("CONFLICT", "The database does not allow this: something else changed at the same time.")


_OPERATION_COLUMNS = ("playlist_id", "actor_key", "key", "payload_hash", "revision", "answer", "created_at")


def _gathers(submission: Submission) -> bool:
    """Whether it is a single command that can run together with others of its kind."""
    return len(submission.commands) == 1 and ENTRIES[type(submission.commands[0])].many is not None


class Batch:
    """The submissions of one transaction, and the state that they share until its commit."""

    def __init__(self, change: Change, submissions: Sequence[Submission]) -> None:
        self.change = change
        self.written = False
        self._submissions = submissions
        self._results: dict[int, Result] = {}
        self._gathered: dict[int, Submission] = {}
        self._gathered_keys: set[tuple[str, str]] = set()
        #: The users that act here for the first time, and the address that each of them does it from.
        self._joining: dict[int, str] = {}
        self._memberships = self._read_memberships()
        self._operations = self._known_operations()
        self._new_operations: list[tuple[sql.Value, ...]] = []

    def run(self) -> list[Result]:
        """Run the submissions in order. Neighbours that can run together are gathered and run as one."""
        for index, submission in enumerate(self._submissions):
            if not self._can_join(submission):
                self._run_gathered()
            if _gathers(submission):
                self._gather(index, submission)
            else:
                self._results[index] = self._run(submission)
        self._run_gathered()
        return [self._results[index] for index in range(len(self._submissions))]

    def write(self) -> None:
        """Write everything that is written once for all submissions. The commit follows."""
        self.change.write()
        if not self.change.deleted:
            self._write_joins()
            sql.insert(Operation, _OPERATION_COLUMNS, self._new_operations)
        # Deleting a playlist deletes its log too, so there would be nothing to look the outcome up in.
        self.written = True

    def _write_joins(self) -> None:
        """Make participants of the users that acted here for the first time."""
        playlist = self.change.playlist
        members = [
            Participant(playlist=playlist, user_id=user_id, address=address, visited_at=self.change.now)
            for user_id, address in sorted(self._joining.items())
        ]
        Participant.objects.bulk_create(members, ignore_conflicts=True)
        self._joining.clear()

    def _read_memberships(self) -> dict[str, Membership]:
        actors = {submission.actor.key: submission.actor for submission in self._submissions}
        memberships = permissions.memberships_of(self.change.playlist, list(actors.values()))
        self.change.addresses = {key: membership.address for key, membership in memberships.items()}
        return memberships

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

    def _can_join(self, submission: Submission) -> bool:
        """Whether it may run with the gathered ones: it has the same kind, and its key is not among theirs."""
        if not self._gathered:
            return True
        (first, *_) = self._gathered.values()
        same = _gathers(submission) and type(submission.commands[0]) is type(first.commands[0])
        return same and (submission.actor.key, submission.key) not in self._gathered_keys

    def _gather(self, index: int, submission: Submission) -> None:
        self._gathered[index] = submission
        if submission.key is not None:
            self._gathered_keys.add((submission.actor.key, submission.key))

    def _run(self, submission: Submission) -> Result:
        """Run one submission in a savepoint, so that it takes effect as a whole or not at all."""
        checkpoint, memberships = self.change.checkpoint(), self._memberships
        if not self.change.deleted and any(ENTRIES[type(command)].changes_people for command in submission.commands):
            self._write_joins()  # before the savepoint, so that a refusal does not undo them
        try:
            replay = self._replay(submission)
            if replay is not None:
                return replay
            with transaction.atomic():
                answer: object = None
                for command in submission.commands:
                    answer = self._run_command(submission, command)
                if submission.answer_item is not None:
                    answer = item_for(self.change.playlist, submission.answer_item, submission.actor)
                body = msgspec.json.encode(answer)
        except DatabaseError as error:
            if not isinstance(error, IntegrityError | DataError):
                raise
            refusal = refusal_of(error)
        except DomainError as error:
            refusal = error
        except Exception:
            # A fault in one command must not fail the other submissions.
            logger.exception("A submission failed")
            refusal = internal()
        else:
            return self._done(submission, Outcome(self.change.revision, body))
        self.change.rollback(checkpoint)
        self._memberships = memberships
        return refusal

    def _run_command(self, submission: Submission, command: types.AnyCommand) -> object:
        entry = ENTRIES[type(command)]
        self._check(entry, submission.actor, command)
        self.change.act_for(submission.actor, submission.key)
        self.change.present, self.change.told = submission.present, submission.told
        answer = entry.answer(self.change, submission.actor, submission.key, command)
        if entry.changes_people:
            self._memberships = self._read_memberships()
        return answer

    def _check(self, entry: Entry[Any], actor: Actor, command: types.AnyCommand) -> None:
        """Raises PLAYLIST_NOT_FOUND, AUTH_REQUIRED or FORBIDDEN unless the actor may run this now."""
        if self.change.deleted:
            raise playlist_not_found()
        entry.check(self._memberships[actor.key].role, self.change.playlist, actor, command)

    def _run_gathered(self) -> None:
        """Run the gathered submissions as one."""
        waiting: list[tuple[int, Submission]] = []
        for index, submission in self._gathered.items():
            (command,) = submission.commands
            try:
                replay = self._replay(submission)
                if replay is not None:
                    self._results[index] = replay
                    continue
                self._check(ENTRIES[type(command)], submission.actor, command)
            except DomainError as refusal:
                self._results[index] = refusal
            else:
                waiting.append((index, submission))
        self._gathered.clear()
        self._gathered_keys.clear()
        if not waiting:
            return
        run_many = ENTRIES[type(waiting[0][1].commands[0])].many
        assert run_many is not None
        asked = [(submission.actor, submission.key, submission.commands[0]) for _, submission in waiting]
        for (index, submission), (revision, answer) in zip(waiting, run_many(self.change, asked), strict=True):
            if isinstance(answer, DomainError):
                self._results[index] = answer
            else:
                self._results[index] = self._done(submission, Outcome(revision, msgspec.json.encode(answer)))

    def _replay(self, submission: Submission) -> Outcome | None:
        """The remembered answer for this key, if there is one. Raises OP_CONFLICT if it was for another payload.

        Raises AUTH_REQUIRED or FORBIDDEN if the actor has been removed since.
        """
        if submission.key is None:
            return None
        known = self._operations.get((submission.actor.key, submission.key))
        if known is None:
            return None
        refuse_invalid(self._memberships[submission.actor.key].role)
        if known.payload_hash != submission.payload_hash():
            raise DomainError("OP_CONFLICT", "This key was used for something else before.", {"key": submission.key})
        return known.outcome

    def _done(self, submission: Submission, outcome: Outcome) -> Outcome:
        """Record a successful submission: its answer under its key, and its actor as a participant."""
        actor = submission.actor
        membership = self._memberships[actor.key]
        if actor.user_id is not None and not membership.is_member:
            self._joining[actor.user_id] = membership.address
            self._memberships[actor.key] = membership.joined()
        if submission.key is not None:
            payload_hash = submission.payload_hash()
            self._operations[actor.key, submission.key] = Remembered(payload_hash, outcome)
            where = (self.change.playlist.pk, actor.key, submission.key)
            self._new_operations.append(
                (*where, payload_hash, outcome.revision, outcome.answer.decode(), self.change.now)
            )
        return outcome
