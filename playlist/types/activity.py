"""The log as people read it, and what undoing a part of it did."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from playlist.types.fields import Moment, Revision, UserId
from playlist.types.resources import Person

#: Why something was left as it is: somebody has heard the song; something later, also a limit of the room, stands
#: against it; the item or its track is gone; the track is queued again; the log no longer says what was there before;
#: nothing undoes its kind.
UndoReason: TypeAlias = Literal["heard", "superseded", "gone", "duplicate", "expired", "kind"]


class ActivityTrack(Struct, frozen=True, kw_only=True):
    id: str
    title: str
    artist: str


class Activity(Struct, frozen=True, kw_only=True):
    """What somebody did: one event, or a run of one person's votes on one item, at the revision of the last of them.

    `details` has the event's own fields, but ids for whole items. For a vote also `from` and `to` (the person's vote
    before and after: -1, 0 or 1) and `revisions`, newest first, all of which undo takes to undo the run. For a move
    also `from`, for changed settings `before`, for a blocked artist `artist`, the name. `automatic`: the server did it
    by itself. `undoable`: the caller may undo it, and as things are it can be undone.
    """

    revision: int
    at: Moment
    actor: Person | None
    type: str
    track: ActivityTrack | UnsetType = UNSET
    details: dict[str, Any]
    automatic: bool
    undoable: bool
    undoes: int | UnsetType = UNSET
    undone_by: int | UnsetType = UNSET


#: The most events that one command undoes.
UNDONE_AT_ONCE = 1_000
Revisions: TypeAlias = Annotated[list[Revision], Meta(min_length=1, max_length=UNDONE_AT_ONCE)]
#: Up to a month.
UndoMinutes: TypeAlias = Annotated[int, Meta(ge=1, le=43_200)]


class UndoWanted(Struct, frozen=True, kw_only=True):
    """What is to be undone: these events, or the newest doings of a person after a revision or in the last minutes."""

    revisions: Revisions | UnsetType = UNSET
    person_id: UserId | UnsetType = UNSET
    since_revision: Revision | UnsetType = UNSET
    minutes: UndoMinutes | UnsetType = UNSET


class UndoInput(UndoWanted, frozen=True, kw_only=True):
    """`preview`: only say what would be undone."""

    preview: bool = False


class Left(Struct, frozen=True, kw_only=True):
    """An event that was not undone, and why."""

    revision: int
    reason: UndoReason


class UndoAnswer(Struct, frozen=True, kw_only=True):
    """The revisions that were undone, newest first, and those that were left as they are.

    `entries`, in a preview only: those of `undone`, as the activity has them.
    """

    undone: list[int]
    left: list[Left]
    entries: list[Activity] | UnsetType = UNSET
