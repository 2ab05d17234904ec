"""Bodies of REST requests, and the answers that hold a token or wrap a resource."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from playlist.types.fields import (
    AddedBy,
    Direction,
    Genre,
    OptionalTitle,
    Password,
    PersonName,
    PlaylistName,
    Position,
    Revision,
    Role,
    Secret,
    SeekSeconds,
    Title,
    TrackId,
    TrackSeconds,
    Username,
    Volume,
    WebAddress,
)
from playlist.types.resources import Participant, Person, User
from playlist.types.settings import PlaylistSettings


class NewTrack(Struct, frozen=True, kw_only=True):
    title: Title
    artist: Title
    duration_seconds: TrackSeconds
    album: OptionalTitle = ""
    genre: Genre = ""
    cover_url: WebAddress | None = None
    audio_url: WebAddress | None = None


class TrackChanges(Struct, frozen=True, kw_only=True):
    title: Title | UnsetType = UNSET
    artist: Title | UnsetType = UNSET
    duration_seconds: TrackSeconds | UnsetType = UNSET
    album: OptionalTitle | UnsetType = UNSET
    genre: Genre | UnsetType = UNSET
    cover_url: WebAddress | UnsetType | None = UNSET
    audio_url: WebAddress | UnsetType | None = UNSET


class NewPlaylist(PlaylistSettings, frozen=True, kw_only=True):
    """Defaults: manual, open, unlisted, unlocked, without a limit."""

    name: PlaylistName


class NewItem(Struct, frozen=True, kw_only=True):
    track_id: TrackId
    id: UUID | UnsetType = UNSET
    after: UUID | UnsetType | None = UNSET
    added_by: AddedBy | UnsetType | None = UNSET


class ItemChanges(Struct, frozen=True, kw_only=True):
    position: Position | UnsetType = UNSET
    after: UUID | UnsetType | None = UNSET
    is_playing: bool | UnsetType = UNSET


class VoteInput(Struct, frozen=True, kw_only=True):
    direction: Direction


class PlaybackInput(Struct, frozen=True, kw_only=True):
    action: Literal["play", "pause", "next", "previous", "seek", "volume", "skip"]
    item_id: UUID | UnsetType | None = UNSET
    position_seconds: SeekSeconds | UnsetType = UNSET
    volume: Volume | UnsetType = UNSET
    want: bool | UnsetType = UNSET
    expect_item_id: UUID | UnsetType | None = UNSET


class RestoreInput(Struct, frozen=True, kw_only=True):
    """The revision to go back to; `GET …/at` shows what was there."""

    revision: Revision


class NewGuest(Struct, frozen=True, kw_only=True):
    name: PersonName


class JoinInput(Struct, frozen=True, kw_only=True):
    name: PersonName | UnsetType = UNSET


class RoleInput(Struct, frozen=True, kw_only=True):
    role: Role


class SecretInput(Struct, frozen=True, kw_only=True):
    secret: Secret


class Credentials(Struct, frozen=True, kw_only=True):
    username: Username
    password: Password


class GuestAnswer(Struct, frozen=True, kw_only=True):
    user: Person
    token: str


class JoinAnswer(Struct, frozen=True, kw_only=True):
    participant: Participant
    token: str


class LinkSecret(Struct, frozen=True, kw_only=True):
    """The new secret of a link, which is not kept, and never remembered under a key."""

    secret: str


class LinkAnswer(Struct, frozen=True, kw_only=True):
    url: str


class DisplayAnswer(Struct, frozen=True, kw_only=True):
    """The token of a wall; it holds as long as the link that it came by."""

    token: str


class AccountAnswer(Struct, frozen=True, kw_only=True):
    user: User
    token: str


class MeAnswer(User, frozen=True, kw_only=True):
    """The caller, at the top level and again as `user`: clients look in both places."""

    user: User


class ErrorBody(Struct, frozen=True, kw_only=True):
    code: str
    message: str
    details: dict[str, Any]


class ErrorEnvelope(Struct, frozen=True, kw_only=True):
    error: ErrorBody
