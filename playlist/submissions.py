"""What is handed to the writer, and what becomes of it."""

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
