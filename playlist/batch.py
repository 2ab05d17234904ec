"""The submissions of one transaction: each is judged and run against the state that the ones before it left.

To add a command, copy a neighbour's row in COMMANDS.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from django.db import DatabaseError, DataError, IntegrityError, transaction

from playlist import permissions, sql, types
from playlist.change import Change
from playlist.commands import library, people, playback, playlists, positions, queue
from playlist.commands.votes import track_votes
from playlist.errors import DomainError, playlist_not_found, unavailable
from playlist.identity import Actor
from playlist.models import Operation, Participant, PlaylistTrack
from playlist.permissions import May, Place
from playlist.selectors.items import item_for
from playlist.submissions import Outcome, Remembered, Result, Submission

logger = logging.getLogger(__name__)

Run = Callable[[Change, Actor, Any], Any]

#: command → what runs it. `track.vote` is not here: votes run many at a time, see Batch._run_votes.
COMMANDS: dict[type[types.Command], Run] = {
    types.TrackAdd: queue.track_add,
    types.TrackRemove: queue.track_remove,
    types.TrackRestore: queue.track_restore,
    types.TrackMove: positions.track_move,
    types.PlaybackPlay: playback.playback_play,
    types.PlaybackPause: playback.playback_pause,
    types.PlaybackNext: playback.playback_next,
    types.PlaybackPrevious: playback.playback_previous,
    types.PlaybackSeek: playback.playback_seek,
    types.PlaybackEnded: playback.playback_ended,
    types.PlaylistUpdate: playlists.playlist_update,
    types.PlaylistDelete: playlists.playlist_delete,
    types.ParticipantJoin: people.participant_join,
    types.ParticipantRemove: people.participant_remove,
    types.TrackRefresh: library.track_refresh,
    types.TrackPurge: library.track_purge,
}


def refusal_of(error: DatabaseError) -> DomainError:
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
                    answer = item_for(self.change.playlist, submission.answer_item, submission.actor)
        except DomainError as refusal:
            self.change.rollback(checkpoint)
            return refusal
        except (IntegrityError, DataError) as error:
            self.change.rollback(checkpoint)
            return refusal_of(error)
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
            raise playlist_not_found()
        self._check_permission(submission.actor, command)
        self.change.act_for(submission.actor, submission.key)
        if isinstance(command, types.TrackVote):
            ((_, answer),) = track_votes(self.change, [(submission.actor, submission.key, command)])
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
                    raise playlist_not_found()
                self._check_permission(submission.actor, command)
            except DomainError as refusal:
                self._results[index] = refusal
            else:
                votes.append((index, submission, command))
        self._votes.clear()
        self._vote_keys.clear()
        if not votes:
            return
        answers = track_votes(self.change, [(vote.actor, vote.key, command) for _, vote, command in votes])
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
