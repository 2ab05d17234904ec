"""The only definition of every JSON shape: resources, events, and the input of every command.

Pure msgspec: no Django. The OpenAPI schema is generated from here, and so are the clients' types. `UNSET` is a field
that is not there at all, which differs from null.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

Direction = Literal["up", "down", "none"]
PlaylistOrder = Literal["manual", "votes"]
Policy = Literal["open", "hosted"]
Visibility = Literal["public", "unlisted"]
PlaybackState = Literal["playing", "paused", "stopped"]
Role = Literal["host", "participant"]

#: No control characters, and one visible character at least. `$` alone would let a final newline pass in Python.
_TEXT = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$(?!\n)"
_TEXT_OR_NOTHING = r"^[^\x00-\x1f\x7f]*$(?!\n)"

TrackId: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64)]
PersonName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=50, pattern=_TEXT)]
#: Blank counts as not given.
AddedBy: TypeAlias = Annotated[str, Meta(max_length=50, pattern=_TEXT_OR_NOTHING)]
PlaylistName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=80, pattern=_TEXT)]
Title: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200, pattern=_TEXT)]
OptionalTitle: TypeAlias = Annotated[str, Meta(max_length=200, pattern=_TEXT_OR_NOTHING)]
Genre: TypeAlias = Annotated[str, Meta(max_length=50, pattern=_TEXT_OR_NOTHING)]
#: A whole http(s) address, or a path on this server: nothing that a browser would run.
WebAddress: TypeAlias = Annotated[str, Meta(max_length=500, pattern=r"^(https?://[^\s/]+|/(?!/))[^\s]*$(?!\n)")]
TrackSeconds: TypeAlias = Annotated[int, Meta(ge=1, le=86_400)]
Position: TypeAlias = Annotated[float, Meta(ge=-1e9, le=1e9)]
SeekSeconds: TypeAlias = Annotated[float, Meta(ge=0, le=86_400)]
QueuedLimit: TypeAlias = Annotated[int, Meta(ge=1, le=1_000)]
#: What fits into a database's integer.
UserId: TypeAlias = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Key: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64)]


# ── Resources ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Track(Struct, frozen=True, kw_only=True):
    """An entry of the library."""

    id: str
    title: str
    artist: str
    album: str
    duration_seconds: int
    genre: str
    cover_url: str | None
    audio_url: str | None


class Person(Struct, frozen=True, kw_only=True):
    """Somebody by the name that others see."""

    id: int
    name: str


class Participant(Struct, frozen=True, kw_only=True):
    """Somebody in a playlist. `id` is the person's id."""

    id: int
    name: str
    role: Role


class User(Struct, frozen=True, kw_only=True):
    """An account; `username` is null for a guest."""

    id: int
    username: str | None
    name: str


class Playback(Struct, frozen=True, kw_only=True):
    """What the speaker does. While playing, the position now is server time − `started_at_ms`."""

    state: PlaybackState
    item_id: UUID | None
    position_seconds: float
    started_at_ms: int | None
    server_time_ms: int


class Item(Struct, frozen=True, kw_only=True):
    """A track in a queue. `my_vote` (1, −1 or 0) is there only in answers to one caller, never in events."""

    id: UUID
    track_id: str
    track: Track
    position: float
    votes: int
    my_vote: Literal[-1, 0, 1] | UnsetType = UNSET
    added_by: str
    added_at: datetime
    is_playing: bool
    played_at: datetime | None


class Playlist(Struct, frozen=True, kw_only=True):
    """A playlist with its settings; people call it a room."""

    id: int
    slug: str
    name: str
    order: PlaylistOrder
    policy: Policy
    locked: bool
    max_queued_per_person: int | None
    visibility: Visibility
    revision: int
    host: Person | None
    playback: Playback
    item_count: int
    total_duration_seconds: int
    join_url: str
    created_at: datetime


class ListedPlaylist(Playlist, frozen=True, kw_only=True):
    """A public playlist in the list of all of them, with the track that is current there."""

    now_playing: Track | None


class Snapshot(Struct, frozen=True, kw_only=True):
    """A whole playlist at one revision; `items` are in playing order and carry no `my_vote`."""

    revision: int
    stamp: str
    playlist: Playlist
    items: list[Item]
    playback: Playback


class Played(Struct, frozen=True, kw_only=True):
    """One time that a track was started. It survives the removal of the item and of the track."""

    id: UUID
    track_id: str
    track: Track
    added_by: str
    played_at: datetime


# ── Events: what was committed, past tense ───────────────────────────────────────────────────────────────────────────


class Event(Struct, frozen=True, kw_only=True, tag_field="type"):
    """What all events carry. `actor` is null for a caller without identity and for the server itself."""

    revision: int
    at: datetime
    actor: Person | None
    op_id: str | UnsetType = UNSET


class MovedItem(Struct, frozen=True, kw_only=True):
    id: UUID
    position: float


class VotedItem(Struct, frozen=True, kw_only=True):
    id: UUID
    votes: int


class PlaylistChanges(Struct, frozen=True, kw_only=True):
    """The fields of a playlist that changed, and no others."""

    name: str | UnsetType = UNSET
    order: PlaylistOrder | UnsetType = UNSET
    policy: Policy | UnsetType = UNSET
    locked: bool | UnsetType = UNSET
    max_queued_per_person: int | UnsetType | None = UNSET
    visibility: Visibility | UnsetType = UNSET


class TrackAdded(Event, frozen=True, kw_only=True, tag="track.added"):
    item: Item


class TrackRemoved(Event, frozen=True, kw_only=True, tag="track.removed"):
    id: UUID


class TrackMoved(Event, frozen=True, kw_only=True, tag="track.moved"):
    item: MovedItem


class TrackVoted(Event, frozen=True, kw_only=True, tag="track.voted"):
    item: VotedItem


class TrackPlaying(Event, frozen=True, kw_only=True, tag="track.playing"):
    """`at` is the item's `played_at`; `id` is null when the queue came to its end."""

    id: UUID | None
    playback: Playback


class TrackUpdated(Event, frozen=True, kw_only=True, tag="track.updated"):
    track: Track


class PlaybackChanged(Event, frozen=True, kw_only=True, tag="playback.changed"):
    playback: Playback


class PlaylistReordered(Event, frozen=True, kw_only=True, tag="playlist.reordered"):
    items: list[MovedItem]


class PlaylistUpdated(Event, frozen=True, kw_only=True, tag="playlist.updated"):
    playlist: PlaylistChanges


AnyEvent: TypeAlias = (
    TrackAdded
    | TrackRemoved
    | TrackMoved
    | TrackVoted
    | TrackPlaying
    | TrackUpdated
    | PlaybackChanged
    | PlaylistReordered
    | PlaylistUpdated
)


class EventPage(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """A stretch of the log: applies to a reader at `from`, who is at `revision` afterwards.

    `from` differs from what was asked for when the log no longer (or not yet) reaches there: take a snapshot then.
    `complete`: `revision` was the newest one.
    """

    from_: int
    revision: int
    complete: bool
    events: list[AnyEvent]


class LogLine(Struct, frozen=True):
    """An event as it is stored: `body` is its JSON, made once; `actor_key` is never published."""

    revision: int
    stamp: str
    type: str
    actor_key: str
    body: str


# ── Commands: intents, imperative ────────────────────────────────────────────────────────────────────────────────────


class Command(Struct, frozen=True, kw_only=True, tag_field="command"):
    """An intent. Its tag is its name in the command table, the permission table and on the wire."""


class TrackAdd(Command, frozen=True, kw_only=True, tag="track.add"):
    """`after` null means the front; without it the item goes to the end. `added_by` counts without an identity only."""

    track_id: TrackId
    id: UUID | UnsetType = UNSET
    after: UUID | UnsetType | None = UNSET
    added_by: AddedBy | UnsetType | None = UNSET


class TrackRemove(Command, frozen=True, kw_only=True, tag="track.remove"):
    id: UUID


class TrackRestore(Command, frozen=True, kw_only=True, tag="track.restore"):
    """Takes a removal back."""

    id: UUID


class TrackMove(Command, frozen=True, kw_only=True, tag="track.move"):
    """Exactly one of `after` (null: the front) and `position`."""

    id: UUID
    after: UUID | UnsetType | None = UNSET
    position: Position | UnsetType = UNSET


class TrackVote(Command, frozen=True, kw_only=True, tag="track.vote"):
    """Sets the actor's one vote for the item, whatever it was."""

    id: UUID
    direction: Direction


class PlaybackPlay(Command, frozen=True, kw_only=True, tag="playback.play"):
    """Without `item_id`: goes on where it paused, or starts the queue."""

    item_id: UUID | None = None


class PlaybackPause(Command, frozen=True, kw_only=True, tag="playback.pause"):
    """With `item_id` it pauses only while that item plays."""

    item_id: UUID | None = None


class PlaybackNext(Command, frozen=True, kw_only=True, tag="playback.next"):
    """`expect_item_id`, where given, must be what plays now (null: nothing does)."""

    expect_item_id: UUID | UnsetType | None = UNSET


class PlaybackPrevious(Command, frozen=True, kw_only=True, tag="playback.previous"):
    pass


class PlaybackSeek(Command, frozen=True, kw_only=True, tag="playback.seek"):
    position_seconds: SeekSeconds


class PlaybackEnded(Command, frozen=True, kw_only=True, tag="playback.ended"):
    """The current item reached its end: the server's own command. Does nothing unless all of it still holds."""

    item_id: UUID
    started_at_ms: int


class PlaylistUpdate(Command, frozen=True, kw_only=True, tag="playlist.update"):
    name: PlaylistName | UnsetType = UNSET
    order: PlaylistOrder | UnsetType = UNSET
    policy: Policy | UnsetType = UNSET
    locked: bool | UnsetType = UNSET
    max_queued_per_person: QueuedLimit | UnsetType | None = UNSET
    visibility: Visibility | UnsetType = UNSET


class PlaylistDelete(Command, frozen=True, kw_only=True, tag="playlist.delete"):
    pass


class ParticipantJoin(Command, frozen=True, kw_only=True, tag="participant.join"):
    pass


class ParticipantRemove(Command, frozen=True, kw_only=True, tag="participant.remove"):
    """`ban`: true, and they cannot come back; false lifts a ban. `remove_items`: everything they added goes, too."""

    user_id: UserId
    ban: bool | UnsetType = UNSET
    remove_items: bool = False


class TrackRefresh(Command, frozen=True, kw_only=True, tag="track.refresh"):
    """The library entry was edited: tell this playlist."""

    track_id: str


class TrackPurge(Command, frozen=True, kw_only=True, tag="track.purge"):
    """The library entry is being deleted: take it out of this playlist."""

    track_id: str


AnyCommand: TypeAlias = (
    TrackAdd
    | TrackRemove
    | TrackRestore
    | TrackMove
    | TrackVote
    | PlaybackPlay
    | PlaybackPause
    | PlaybackNext
    | PlaybackPrevious
    | PlaybackSeek
    | PlaybackEnded
    | PlaylistUpdate
    | PlaylistDelete
    | ParticipantJoin
    | ParticipantRemove
    | TrackRefresh
    | TrackPurge
)


# ── Bodies of REST requests that are not a command by themselves ─────────────────────────────────────────────────────


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


class NewPlaylist(Struct, frozen=True, kw_only=True):
    name: PlaylistName
    order: PlaylistOrder = "manual"
    policy: Policy = "open"
    visibility: Visibility = "unlisted"
    max_queued_per_person: QueuedLimit | None = None
    locked: bool = False


class PlaylistSettings(Struct, frozen=True, kw_only=True):
    """What a host may change; the fields of `playlist.update`."""

    name: PlaylistName | UnsetType = UNSET
    order: PlaylistOrder | UnsetType = UNSET
    policy: Policy | UnsetType = UNSET
    locked: bool | UnsetType = UNSET
    max_queued_per_person: QueuedLimit | UnsetType | None = UNSET
    visibility: Visibility | UnsetType = UNSET


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
    action: Literal["play", "pause", "next", "previous", "seek"]
    item_id: UUID | UnsetType | None = UNSET
    position_seconds: SeekSeconds | UnsetType = UNSET
    expect_item_id: UUID | UnsetType | None = UNSET


class NewGuest(Struct, frozen=True, kw_only=True):
    name: PersonName


class JoinInput(Struct, frozen=True, kw_only=True):
    name: PersonName | UnsetType = UNSET


class Credentials(Struct, frozen=True, kw_only=True):
    username: Annotated[str, Meta(min_length=1, max_length=150)]
    password: Annotated[str, Meta(min_length=1, max_length=128)]


# ── Answers that hold a token or wrap a resource ─────────────────────────────────────────────────────────────────────


class GuestAnswer(Struct, frozen=True, kw_only=True):
    user: Person
    token: str


class JoinAnswer(Struct, frozen=True, kw_only=True):
    participant: Participant
    token: str


class AccountAnswer(Struct, frozen=True, kw_only=True):
    user: User
    token: str


class MeAnswer(Struct, frozen=True, kw_only=True):
    user: User


class ErrorBody(Struct, frozen=True, kw_only=True):
    code: str
    message: str
    details: dict[str, Any]


class ErrorEnvelope(Struct, frozen=True, kw_only=True):
    error: ErrorBody
