"""The items of a queue, and the votes on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import QuerySet
from msgspec import UNSET, Struct, UnsetType

from playlist import sql, types
from playlist.errors import item_not_found
from playlist.identity import Actor, adder_of
from playlist.models import Playlist, PlaylistTrack, Vote, exact_ms, sounds
from playlist.ordering.turns import Ordering, playing_order
from playlist.selectors.library import TRACK_COLUMNS, track_resource

_ITEM_COLUMNS = (
    "id", "playlist_id", "position", "votes", "added_by", "added_by_key", "added_at", "is_playing", "played_at",
    "boosted_at", "because_json",
)  # fmt: skip

_ITEM_AND_TRACK = (*_ITEM_COLUMNS, *(f"track__{column}" for column in TRACK_COLUMNS))

#: The same columns, as the joins below name them.
_TRACK_COLUMNS = ", ".join(
    column.replace("__", ".") if "__" in column else f"track.{column}" for column in TRACK_COLUMNS
)

#: The columns of _ITEM_AND_TRACK. Starts from the ids: the plus keeps SQLite from reading every item of the playlist.
_ITEMS_BY_ID = """
    SELECT item.id, item.playlist_id, item.position, item.votes, item.added_by, item.added_by_key, item.added_at,
        item.is_playing, item.played_at, item.boosted_at, item.because_json, {track_columns}
    FROM playlist_playlisttrack item
        JOIN playlist_track track ON track.id = item.track_id
        JOIN playlist_artist artist ON artist.id = track.artist_id
        LEFT JOIN playlist_album album ON album.id = track.album_id
    WHERE {any_id} AND +item.playlist_id = %s
"""


class Spot(Struct, frozen=True):
    """As much of an item as decides when it plays, and for how long."""

    id: UUID
    position: float
    votes: int
    adder: str | None
    is_playing: bool
    played_at: datetime | None
    boosted_at: datetime | None
    because: str | None
    duration_ms: int
    has_sound: bool


def spots_of(playlist: Playlist) -> list[Spot]:
    """The items of a playlist as spots, unordered."""
    columns = ("id", "position", "votes", "added_by_key", "is_playing", "played_at", "boosted_at", "because_json")
    track_columns = ("track__duration_ms", "track__duration_seconds", "track__audio_url", "track__missing_since")
    rows = PlaylistTrack.objects.filter(playlist=playlist).values_list(*columns, *track_columns)
    return [_spot(playlist.pk, row) for row in rows]


def _spot(playlist_id: int, row: Sequence[Any]) -> Spot:
    item_id, position, votes, added_by_key, is_playing, played_at, boosted_at, because, *track = row
    duration_ms, duration_seconds, audio_url, missing_since = track
    return Spot(
        id=item_id,
        position=position,
        votes=votes,
        adder=adder_of(playlist_id, added_by_key),
        is_playing=is_playing,
        played_at=played_at,
        boosted_at=boosted_at,
        because=because or None,
        duration_ms=exact_ms(duration_ms, duration_seconds),
        has_sound=sounds(audio_url, missing_since),
    )


def ordering_of(playlist: Playlist) -> Ordering:
    """The order in which the playlist's items play."""
    return Ordering(cast(types.PlaylistOrder, playlist.order), playlist.fair)


def items_of(playlist: Playlist) -> list[types.Item]:
    """The items in playing order, without `my_vote`."""
    return playing_order(_items(PlaylistTrack.objects.filter(playlist=playlist)), ordering_of(playlist))


def items_for(playlist: Playlist, actor: Actor) -> list[types.Item]:
    """The items in playing order, as `actor` sees them."""
    mine = votes_of(playlist, actor)
    return [msgspec.structs.replace(item, my_vote=mine.get(item.id, 0)) for item in items_of(playlist)]


def items_by_id(playlist: Playlist, ids: Iterable[UUID]) -> dict[UUID, types.Item]:
    """The items that exist, in one query for any number."""
    wanted = set(ids)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        statement = _ITEMS_BY_ID.format(any_id=sql.any_of("item.id"), track_columns=_TRACK_COLUMNS)
        cursor.execute(statement, [sql.array(wanted), playlist.pk])
        found = cursor.fetchall()
    items = map(_item_from_driver, found)
    return {item.id: item for item in items}


def items_now(playlist_id: int, ids: Iterable[UUID]) -> dict[UUID, types.Item]:
    """Like items_by_id, for a caller that has only the playlist's id."""
    return items_by_id(Playlist(pk=playlist_id), ids)


def item_row(playlist: Playlist, item_id: UUID) -> PlaylistTrack:
    """The row. Raises ITEM_NOT_FOUND."""
    item = PlaylistTrack.objects.filter(playlist=playlist, pk=item_id).first()
    if item is None:
        raise item_not_found()
    return item


def item_for(playlist: Playlist, item_id: UUID, actor: Actor) -> types.Item:
    """One item as `actor` sees it. Raises ITEM_NOT_FOUND."""
    item = items_by_id(playlist, [item_id]).get(item_id)
    if item is None:
        raise item_not_found()
    mine = Vote.objects.filter(item=item_id, actor_key=actor.key).values_list("value", flat=True).first()
    return msgspec.structs.replace(item, my_vote=mine or 0)


def votes_of(playlist: Playlist, actor: Actor) -> dict[UUID, int]:
    """The actor's votes in this playlist: item id → 1 or −1."""
    mine = Vote.objects.filter(item__playlist=playlist, actor_key=actor.key)
    return dict(mine.values_list("item_id", "value"))


def _items(rows: QuerySet[PlaylistTrack]) -> list[types.Item]:
    return [_item_from_row(row) for row in rows.values_list(*_ITEM_AND_TRACK)]


def _item_from_row(row: Sequence[Any]) -> types.Item:
    width = len(_ITEM_COLUMNS)
    return item_resource(row[:width], track_resource(row[width:]))


def _item_from_driver(row: Sequence[Any]) -> types.Item:
    item_id, *same, added_at, is_playing, played_at, boosted_at, because = row[: len(_ITEM_COLUMNS)]
    times = sql.as_time(added_at), bool(is_playing), sql.as_time(played_at), sql.as_time(boosted_at)
    return item_resource((sql.as_uuid(item_id), *same, *times, because), track_resource(row[len(_ITEM_COLUMNS) :]))


def item_resource(row: Sequence[Any], track: types.Track, my_vote: int | UnsetType = UNSET) -> types.Item:
    """An item from its columns, in the order of _ITEM_COLUMNS."""
    (item_id, playlist_id, position, votes, added_by, added_by_key, added_at, *times, because) = row
    is_playing, played_at, boosted_at = times
    return types.Item(
        id=item_id,
        track_id=track.id,
        track=track,
        position=position,
        votes=votes,
        my_vote=my_vote,  # type: ignore[arg-type]
        added_by=added_by,
        adder=adder_of(playlist_id, added_by_key),
        added_at=added_at,
        is_playing=is_playing,
        played_at=played_at,
        boosted_at=boosted_at,
        because=msgspec.json.decode(because, type=types.Because) if because else None,
    )


def item_from_model(item: PlaylistTrack, track: types.Track, my_vote: int | UnsetType = UNSET) -> types.Item:
    """An item from a row in memory, which may not be saved yet."""
    return item_resource([getattr(item, column) for column in _ITEM_COLUMNS], track, my_vote)


#: Starts from the actors, who have few votes: the plus keeps SQLite from reading every item of the playlist.
_VOTES_OF_ACTORS = """
    SELECT vote.actor_key, vote.item_id, vote.value
    FROM playlist_vote vote JOIN playlist_playlisttrack item ON item.id = vote.item_id
    WHERE {any_actor} AND +item.playlist_id = %s
"""


def votes_of_actors(playlist_id: int, actor_keys: Iterable[str]) -> dict[str, dict[UUID, int]]:
    """All votes of these actors in a playlist: actor key → item id → 1 or −1."""
    votes: dict[str, dict[UUID, int]] = {key: {} for key in actor_keys}
    if not votes:
        return votes
    with connection.cursor() as cursor:
        statement = _VOTES_OF_ACTORS.format(any_actor=sql.any_of("vote.actor_key"))
        cursor.execute(statement, [sql.array(votes), playlist_id])
        for key, item_id, value in cursor.fetchall():
            votes[key][sql.as_uuid(item_id)] = value
    return votes
