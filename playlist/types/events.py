"""Committed changes, in the past tense. Events are the same for every reader."""

from __future__ import annotations

from typing import TypeAlias
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from playlist.types.fields import Moment
from playlist.types.resources import Host, Item, Participant, Person, Playback, Track
from playlist.types.rules import BlockedKind
from playlist.types.settings import Fair, SettingsChanges


class Event(Struct, frozen=True, tag_field="type"):
    """The fields of every event, by position. Change.record fills them in.

    `actor` is null for a caller without identity and for the server itself. `undoes` is the revision of the event whose
    effect this one takes back.
    """

    revision: int
    at: Moment
    actor: Person | None
    op_id: str | UnsetType = UNSET
    undoes: int | UnsetType = UNSET


class MovedItem(Struct, frozen=True, kw_only=True):
    id: UUID
    position: float


class VotedItem(Struct, frozen=True, kw_only=True):
    id: UUID
    votes: int


class BoostedItem(Struct, frozen=True, kw_only=True):
    """`boosted_at` is null when a boost was taken back."""

    id: UUID
    boosted_at: Moment | None


class PlaylistChanges(SettingsChanges, frozen=True, kw_only=True):
    """Only what changed: settings, and the host, null where nobody is by now.

    `fair`: with the order, where that becomes or was fair.
    """

    host: Host | UnsetType | None = UNSET
    fair: Fair | UnsetType | None = UNSET


class TrackAdded(Event, frozen=True, kw_only=True, tag="track.added"):
    item: Item


class TrackRemoved(Event, frozen=True, kw_only=True, tag="track.removed"):
    id: UUID


class TrackMoved(Event, frozen=True, kw_only=True, tag="track.moved"):
    item: MovedItem


class TrackVoted(Event, frozen=True, kw_only=True, tag="track.voted"):
    item: VotedItem


class TrackBoosted(Event, frozen=True, kw_only=True, tag="track.boosted"):
    item: BoostedItem


class TrackPlaying(Event, frozen=True, kw_only=True, tag="track.playing"):
    """`at` is the item's `played_at`; `id` is null at the end of the queue. `fair`: the turns from then on."""

    id: UUID | None
    playback: Playback
    fair: Fair | None


class TrackUpdated(Event, frozen=True, kw_only=True, tag="track.updated"):
    track: Track


class PlaybackChanged(Event, frozen=True, kw_only=True, tag="playback.changed"):
    playback: Playback


class BlockedChanged(Event, frozen=True, kw_only=True, tag="blocked.changed"):
    """A track or an artist was blocked, or that was lifted. No part of a snapshot changes."""

    kind: BlockedKind
    id: str | int
    blocked: bool


class PlaybackSkipVoted(Event, frozen=True, kw_only=True, tag="playback.skip_voted"):
    """`needed`: of those who were present then. With `votes` as many, the next item has been started, too."""

    item_id: UUID
    votes: int
    needed: int
    want: bool


class PlaylistReordered(Event, frozen=True, kw_only=True, tag="playlist.reordered"):
    items: list[MovedItem]


class ParticipantChanged(Event, frozen=True, kw_only=True, tag="participant.changed"):
    """A participant has another role. People are not part of the state that events lead to."""

    participant: Participant


class PlaylistUpdated(Event, frozen=True, kw_only=True, tag="playlist.updated"):
    playlist: PlaylistChanges


AnyEvent: TypeAlias = (
    TrackAdded
    | TrackRemoved
    | TrackMoved
    | TrackVoted
    | TrackBoosted
    | TrackPlaying
    | TrackUpdated
    | PlaybackChanged
    | PlaybackSkipVoted
    | ParticipantChanged
    | PlaylistReordered
    | BlockedChanged
    | PlaylistUpdated
)


class EventPage(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """A part of the log: it takes a reader from the revision `from` to `revision`.

    `from` differs from the requested revision if the log no longer (or not yet) has that one: take a snapshot then.
    `complete`: `revision` was the newest one.
    """

    from_: int
    revision: int
    complete: bool
    events: list[AnyEvent]


class LogLine(Struct, frozen=True):
    """An event as it is stored: `body` is its JSON, made once; the keys are never published.

    `voter_key`: the person whose vote it set, where somebody else undid that vote.
    """

    revision: int
    stamp: str
    type: str
    actor_key: str
    body: str
    voter_key: str | None = None
