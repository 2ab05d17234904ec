"""The writer's input and results."""

from __future__ import annotations

import hashlib
from uuid import UUID

import msgspec
from msgspec import Struct

from playlist import types
from playlist.errors import DomainError
from playlist.identity import Actor


class Submission(Struct, frozen=True):
    """Commands that take effect together or not at all, under one idempotency key if there is one.

    The answer is that of the last command, or the item `answer_item` after all of them.
    """

    actor: Actor
    commands: tuple[types.AnyCommand, ...]
    key: str | None = None
    answer_item: UUID | None = None
    #: The ids of the users who are present, as this process sees it; the writer fills it in for commands that ask.
    present: frozenset[int] = frozenset()
    #: The past that playlist.restore is about, told before the lock, where it could be.
    told: types.ToldPast | None = None

    def payload_hash(self) -> str:
        """A hash of the decoded input, not of its bytes, which shows whether a key was reused for another payload."""
        payload = msgspec.json.encode([self.commands, self.answer_item])
        return hashlib.blake2b(payload, digest_size=16).hexdigest()


class Outcome(Struct, frozen=True):
    """The result of a submission: its answer (JSON; "null" if there is no body) and the resulting revision."""

    revision: int
    answer: bytes


Result = Outcome | DomainError


class Remembered(Struct, frozen=True):
    """The stored outcome for an idempotency key."""

    payload_hash: str
    outcome: Outcome
