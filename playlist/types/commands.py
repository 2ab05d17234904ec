"""Intents, in the imperative: the input of every command."""

from __future__ import annotations

from typing import TypeAlias
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from playlist.types.activity import UndoWanted
from playlist.types.fields import (
    AddedBy,
    Direction,
    Position,
    Revision,
    Role,
    Secret,
    SeekSeconds,
    TrackId,
    TrackIds,
    UserId,
    Volume,
)
from playlist.types.rules import BlockedKind
from playlist.types.settings import PlaylistSettings


class Command(Struct, frozen=True, kw_only=True, tag_field="command"):
    """An intent. Its tag is its name in the command table, the permission table and on the wire."""


class TrackAdd(Command, frozen=True, kw_only=True, tag="track.add"):
    """`after`: null means the front, absent means the end. `added_by` counts only for callers without an identity."""

    track_id: TrackId
    id: UUID | UnsetType = UNSET
    after: UUID | UnsetType | None = UNSET
    added_by: AddedBy | UnsetType | None = UNSET


class TracksAdd(Command, frozen=True, kw_only=True, tag="tracks.add"):
    """Several tracks in a row, in this order, except those that are queued already.

    `ids`: one for each track, made by the client. `after` and `added_by` as in TrackAdd.
    """

    track_ids: TrackIds
    ids: list[UUID] | UnsetType = UNSET
    after: UUID | UnsetType | None = UNSET
    added_by: AddedBy | UnsetType | None = UNSET


class TrackRemove(Command, frozen=True, kw_only=True, tag="track.remove"):
    id: UUID


class TrackRestore(Command, frozen=True, kw_only=True, tag="track.restore"):
    """Restores a removed item."""

    id: UUID


class LogUndo(UndoWanted, Command, frozen=True, kw_only=True, tag="log.undo"):
    pass


class TrackMove(Command, frozen=True, kw_only=True, tag="track.move"):
    """Exactly one of `after` (null: the front) and `position`."""

    id: UUID
    after: UUID | UnsetType | None = UNSET
    position: Position | UnsetType = UNSET


class TrackVote(Command, frozen=True, kw_only=True, tag="track.vote"):
    """Sets the actor's vote for the item, and replaces an earlier one."""

    id: UUID
    direction: Direction


class TrackBoost(Command, frozen=True, kw_only=True, tag="track.boost"):
    """Lets a waiting item play next."""

    id: UUID


class PlaybackCommand(Command, frozen=True, kw_only=True):
    """`expect_item_id`, if given, must be the current item (null: there is none)."""

    expect_item_id: UUID | UnsetType | None = UNSET


class PlaybackPlay(PlaybackCommand, frozen=True, kw_only=True, tag="playback.play"):
    """Without `item_id`: resumes the paused item, or starts the queue."""

    item_id: UUID | None = None


class PlaybackPause(PlaybackCommand, frozen=True, kw_only=True, tag="playback.pause"):
    """With `item_id`: pauses only while that item plays."""

    item_id: UUID | None = None


class PlaybackNext(PlaybackCommand, frozen=True, kw_only=True, tag="playback.next"):
    pass


class PlaybackPrevious(PlaybackCommand, frozen=True, kw_only=True, tag="playback.previous"):
    pass


class PlaybackSeek(PlaybackCommand, frozen=True, kw_only=True, tag="playback.seek"):
    position_seconds: SeekSeconds


class PlaybackVolume(PlaybackCommand, frozen=True, kw_only=True, tag="playback.volume"):
    """The volume of the room; every device has one of its own besides."""

    volume: Volume


class PlaybackSkip(PlaybackCommand, frozen=True, kw_only=True, tag="playback.skip"):
    """Whether the actor wants the current item, which must be this one, to be skipped."""

    item_id: UUID
    want: bool


class PlaybackEnded(Command, frozen=True, kw_only=True, tag="playback.ended"):
    """The current item reached its end: the server's own command. Does nothing unless all of it still holds."""

    item_id: UUID
    started_at_ms: int


class PlaybackWake(Command, frozen=True, kw_only=True, tag="playback.wake"):
    """Something was added while somebody listens: the server's own command. Starts a playlist that ran dry."""


class PlaylistUpdate(PlaylistSettings, Command, frozen=True, kw_only=True, tag="playlist.update"):
    pass


class PlaylistRestore(Command, frozen=True, kw_only=True, tag="playlist.restore"):
    """Brings what is still to play back to what it was at `revision`."""

    revision: Revision


class BlockedSet(Command, frozen=True, kw_only=True, tag="blocked.set"):
    """`id`: a track's, or an artist's number."""

    kind: BlockedKind
    id: str | int
    blocked: bool


class PlaylistDelete(Command, frozen=True, kw_only=True, tag="playlist.delete"):
    pass


class ParticipantJoin(Command, frozen=True, kw_only=True, tag="participant.join"):
    pass


class ParticipantRemove(Command, frozen=True, kw_only=True, tag="participant.remove"):
    """`ban`: true, and they cannot come back; false lifts a ban. `remove_items`: everything they added goes, too."""

    user_id: UserId
    ban: bool | UnsetType = UNSET
    remove_items: bool = False


class ParticipantUpdate(Command, frozen=True, kw_only=True, tag="participant.update"):
    """`role: "host"` hands the playlist over; the host until now becomes a cohost."""

    user_id: UserId
    role: Role


class HostClaim(Command, frozen=True, kw_only=True, tag="host.claim"):
    """Become host by the secret of the host link."""

    secret: Secret


class HostLinkRenew(Command, frozen=True, kw_only=True, tag="host_link.renew"):
    """A new host link; the one before opens nothing any more."""


class DisplayLinkRenew(Command, frozen=True, kw_only=True, tag="display_link.renew"):
    """A new wall link; the one before opens nothing any more, and its walls close."""


class TrackRefresh(Command, frozen=True, kw_only=True, tag="track.refresh"):
    """The library entry was edited: update this playlist."""

    track_id: str


class TrackPurge(Command, frozen=True, kw_only=True, tag="track.purge"):
    """The library entry is being deleted: remove it from this playlist."""

    track_id: str


AnyCommand: TypeAlias = (
    TrackAdd
    | TracksAdd
    | TrackRemove
    | TrackRestore
    | LogUndo
    | TrackMove
    | TrackVote
    | TrackBoost
    | PlaybackPlay
    | PlaybackPause
    | PlaybackNext
    | PlaybackPrevious
    | PlaybackSeek
    | PlaybackVolume
    | PlaybackSkip
    | PlaybackEnded
    | PlaybackWake
    | PlaylistUpdate
    | PlaylistRestore
    | BlockedSet
    | PlaylistDelete
    | ParticipantJoin
    | ParticipantRemove
    | ParticipantUpdate
    | HostClaim
    | HostLinkRenew
    | DisplayLinkRenew
    | TrackRefresh
    | TrackPurge
)
