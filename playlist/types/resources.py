"""The resources that clients read: tracks, people, playlists, items, playback."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from playlist.types.fields import Moment, PlaybackState, Role
from playlist.types.rules import BlockedKind
from playlist.types.settings import Fair, Settled

BecauseKind = Literal["similar", "favorite", "library"]
RecommendationKind = Literal["played_together", "same_artist", "same_album", "same_genre", "favorite"]


class Track(Struct, frozen=True, kw_only=True):
    """An entry of the library.

    `duration_ms` is exact, `duration_seconds` rounded and at least 1. `gain_db` leads to −16 LUFS without clipping.
    `audio_version` changes with the file; `missing`: the file has vanished.
    """

    id: str
    title: str
    artist: str
    album: str
    duration_seconds: int
    genre: str
    cover_url: str | None
    audio_url: str | None
    duration_ms: int
    artist_id: int | None
    album_id: int | None
    track_number: int | None
    disc_number: int | None
    year: int | None
    gain_db: float | None
    audio_version: str | None
    missing: bool
    added_at: Moment


class Album(Struct, frozen=True, kw_only=True):
    """An album, by what is there of it. `artist` is the album's own, which may be "Various Artists"."""

    id: int
    title: str
    artist: str
    artist_id: int
    year: int | None
    track_count: int
    duration_ms: int
    cover_url: str | None


class Artist(Struct, frozen=True, kw_only=True):
    """An artist of tracks, and how many albums are theirs."""

    id: int
    name: str
    album_count: int
    track_count: int


class Person(Struct, frozen=True, kw_only=True):
    """A user, by the name that others see."""

    id: int
    name: str


class Participant(Struct, frozen=True, kw_only=True):
    """A participant of a playlist. `id` is the user's id."""

    id: int
    name: str
    role: Role


class User(Struct, frozen=True, kw_only=True):
    """An account; `username` is null for a guest."""

    id: int
    username: str | None
    name: str


class Playback(Struct, frozen=True, kw_only=True):
    """What plays, and how loud (0–100).

    `position_seconds` is where it starts from. While playing, the position now is server time − `started_at_ms`, but
    never less than that: `started_at_ms` may lie in the future. `clock` counts how often the server's clock was set;
    a time of another count is one of another clock.
    """

    state: PlaybackState
    item_id: UUID | None
    position_seconds: float
    started_at_ms: int | None
    server_time_ms: int
    volume: int
    clock: int


class Because(Struct, frozen=True, kw_only=True):
    """Why the server added a song: it is like the track `track_id`, a favorite of people here, or in the library."""

    kind: BecauseKind
    track_id: str | UnsetType = UNSET


class Item(Struct, frozen=True, kw_only=True):
    """A track in a queue. `my_vote` (1, −1 or 0) is present only in answers to one caller, never in events.

    `adder` is the same for all that one person added here, and null for what the server did; `added_by` is only a name.
    `boosted_at`: since when it is to play next. `because`: why the server added it; null for what people added.
    """

    id: UUID
    track_id: str
    track: Track
    position: float
    votes: int
    my_vote: Literal[-1, 0, 1] | UnsetType = UNSET
    added_by: str
    adder: str | None
    added_at: Moment
    is_playing: bool
    played_at: Moment | None
    boosted_at: Moment | None
    because: Because | None


class Reason(Struct, frozen=True, kw_only=True):
    """Why an item stands where it does.

    boosted: somebody let it play next. turn: its round, with so many songs `ahead` in earlier rounds. votes: so many
    songs are `ahead` with more votes (in fair order: in the same round). position: it stands behind its equals.
    """

    kind: Literal["boosted", "turn", "votes", "position"]
    round: int | UnsetType = UNSET
    ahead: int | UnsetType = UNSET


class Queued(Struct, frozen=True, kw_only=True):
    """An item that is still to play. `plays_at_ms`: when it starts if nothing changes; null while nothing plays.

    `round` is there in fair order, for what people added.
    """

    item_id: UUID
    plays_at_ms: int | None
    round: int | UnsetType = UNSET
    because: list[Reason]


class Host(Person, frozen=True, kw_only=True):
    """The host, with the `adder` of the items that they add here."""

    adder: str | None


class Skip(Struct, frozen=True, kw_only=True):
    """The votes to skip the current item, the ids of those voters who have one, and how many votes were needed last."""

    item_id: UUID
    votes: int
    needed: int
    people: list[int]


class PlaylistRecord(Settled, frozen=True, kw_only=True):
    """A playlist without the address to join at, which depends on the request. `fair`: null in any other order."""

    revision: int
    host: Host | None
    fair: Fair | None
    skip: Skip | None
    playback: Playback
    item_count: int
    total_duration_seconds: int
    created_at: Moment


class Playlist(PlaylistRecord, frozen=True, kw_only=True):
    """A playlist with its settings; people call it a room."""

    join_url: str


class ListedPlaylist(Playlist, frozen=True, kw_only=True):
    """A public playlist in the list of all of them, with its current track."""

    now_playing: Track | None


class Blocked(Struct, frozen=True, kw_only=True):
    """A track or an artist that nobody adds in a playlist. `artist` is that of the track, null for an artist."""

    kind: BlockedKind
    id: str | int
    name: str
    artist: str | None


class Snapshot(Struct, frozen=True, kw_only=True):
    """A whole playlist at one revision; `items` are in playing order and carry no `my_vote`."""

    revision: int
    stamp: str
    playlist: PlaylistRecord
    items: list[Item]
    playback: Playback


class Played(Struct, frozen=True, kw_only=True):
    """One start of a track. It survives the removal of the item and of the track."""

    id: UUID
    track_id: str
    track: Track
    added_by: str
    played_at: Moment


class RecommendationReason(Struct, frozen=True, kw_only=True):
    """Why a song is recommended. `track_id` is the song of the queue that led to it; a favorite has none."""

    kind: RecommendationKind
    track_id: str | UnsetType = UNSET


class Recommendation(Struct, frozen=True, kw_only=True):
    """A song that would fit the playlist."""

    track: Track
    because: RecommendationReason


class LeftOut(Struct, frozen=True, kw_only=True):
    """An item that was not brought back: it was heard since, or its track is gone from the library."""

    id: UUID
    track_id: str
    title: str
    reason: Literal["heard", "gone"]


class Restored(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """What was brought back by the events after the revision `from` up to `revision`, and what was left out."""

    from_: int
    revision: int
    left: list[LeftOut]
