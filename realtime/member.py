"""A reader as its feed sees it."""

from __future__ import annotations

from typing import Protocol

from playlist.types import Participant, SnapshotReason
from realtime.crowd import Sent
from realtime.encoding import Packet
from realtime.frames import MyVotes
from realtime.visitor import Visitor


class Member(Protocol):
    """Every method returns at once."""

    visitor: Visitor
    is_member: bool
    #: Whether it gets frames of changes and its own votes; other readers get single events.
    speaks_v1: bool
    #: The person as others see them; None without an identity.
    person: Participant | None
    #: The name under which it plays the sound of the room; None while it does not.
    speaker: str | None
    #: Whether it has the newest presence.
    knows_presence: bool

    def give(self, what: MyVotes | Packet) -> None:
        """Take the reader's own votes, or presence: send it, make up for it later, or ignore it."""

    def owe_votes(self) -> None:
        """Its own votes could not be read: read and send them once the database answers again."""

    def look(self) -> Sent:
        """Start to lag if too much is unread; else return when that could be, in the cohorts' count."""

    def start_over(self, reason: SnapshotReason) -> None: ...
    def end(self, code: int, reason: str) -> None: ...
