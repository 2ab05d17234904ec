"""The queue: add, remove, restore."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import connection
from uuid_utils.compat import uuid7

from playlist import sql, types
from playlist.change import Change
from playlist.commands import playback
from playlist.commands.positions import free_position, gap_for
from playlist.errors import DomainError, duplicate_track, invalid, item_not_found, no_audio
from playlist.identity import SYSTEM, Actor
from playlist.models import PlaylistTrack, RemovedItem, Track, Vote
from playlist.ordering.positions import calculate_position
from playlist.selectors.items import item_from_model, item_row
from playlist.selectors.library import track_by_id, track_from_model

ANONYMOUS_NAME = "Anonymous"


def track_add(change: Change, actor: Actor, command: types.TrackAdd) -> types.Item:
    """Add a track to the queue; a played item of the same track is replaced.

    Raises TRACK_NOT_FOUND, NO_AUDIO where its file has vanished, DUPLICATE_TRACK, CONFLICT, LIMIT_REACHED.
    """
    playlist = change.playlist
    track = _shared_track(command.track_id)
    if track.missing_since is not None:
        raise no_audio()
    earlier = playlist.items.filter(track=track).first()
    if earlier is not None and (earlier.is_playing or earlier.played_at is None):
        raise duplicate_track(command.track_id)
    if actor != SYSTEM:
        _check_limit(change, actor.key)
    item_id = command.id if isinstance(command.id, UUID) else uuid7()
    _check_id(item_id)
    if earlier is not None and command.after == earlier.pk:
        raise invalid("after", "is the played song that this one replaces")
    previous, following = gap_for(change, command.after)
    if earlier is not None:
        _remove(change, earlier)
    item = PlaylistTrack(
        id=item_id,
        playlist=playlist,
        track=track,
        track_version=track.version,
        position=calculate_position(previous, following),
        added_by=actor.name or (command.added_by or ANONYMOUS_NAME),
        added_by_key=actor.key,
        added_at=change.now,
    )
    item.save(force_insert=True)
    resource = item_from_model(item, track_from_model(track))
    change.record(types.TrackAdded, item=resource)
    return msgspec.structs.replace(resource, my_vote=0)


def _check_id(item_id: UUID) -> None:
    if PlaylistTrack.objects.filter(pk=item_id).exists():
        raise DomainError("CONFLICT", "This id is already that of another song.", {"id": str(item_id)})


def _shared_track(track_id: str) -> Track:
    """The track, locked so that an edit or deletion in the library comes wholly before or wholly after this.

    FOR SHARE does not wait for other playlists that add the same track. SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM playlist_track WHERE id = %s FOR SHARE", [track_id])
    return track_by_id(track_id)


def _check_limit(change: Change, adder_key: str) -> None:
    limit = change.playlist.max_queued_per_person
    if limit is None:
        return
    if change.playlist.items.filter(added_by_key=adder_key, played_at__isnull=True).count() >= limit:
        raise DomainError("LIMIT_REACHED", f"Each person may have {limit} songs waiting.", {"limit": limit})


def track_remove(change: Change, actor: Actor, command: types.TrackRemove) -> None:
    """Remove an item; if it is playing, the next one starts first. Raises ITEM_NOT_FOUND."""
    item = item_row(change.playlist, command.id)
    _keep(change, item, actor)
    _remove(change, item)


def _keep(change: Change, item: PlaylistTrack, actor: Actor) -> None:
    """Store what track_restore needs. A playing item counts as not played, since it was not heard to its end."""
    votes = list(item.vote_rows.order_by("pk").values_list("actor_key", "value"))
    kept = RemovedItem(
        id=item.pk,
        playlist=change.playlist,
        track_id=item.track_id,
        position=item.position,
        votes_json=msgspec.json.encode(votes).decode(),
        added_by=item.added_by,
        added_by_key=item.added_by_key,
        added_at=item.added_at,
        played_at=None if item.is_playing else item.played_at,
        removed_by_key=actor.key,
        removed_at=change.now,
    )
    kept.save()  # over an earlier one, if a client reused the id


def track_restore(change: Change, actor: Actor, command: types.TrackRestore) -> types.Item:
    """Restore a removed item to its place, with its votes.

    Raises ITEM_NOT_FOUND if there is no such removal or it is too long ago, TRACK_NOT_FOUND, DUPLICATE_TRACK,
    LIMIT_REACHED, CONFLICT if another item has the id.
    """
    removed = RemovedItem.objects.filter(playlist=change.playlist, pk=command.id).first()
    if removed is None:
        raise item_not_found()
    return _put_back(change, removed, actor)


def restore_all(change: Change, actor: Actor, adder_key: str, removed_at: datetime) -> None:
    """Restore the items of a user that were removed with the user, except those that can no longer be added."""
    theirs = RemovedItem.objects.filter(playlist=change.playlist, added_by_key=adder_key, removed_at=removed_at)
    for removed in theirs.order_by("position"):
        with suppress(DomainError):  # raised before anything is written
            _put_back(change, removed, actor)


def _put_back(change: Change, removed: RemovedItem, actor: Actor) -> types.Item:
    """Raises TRACK_NOT_FOUND, DUPLICATE_TRACK, LIMIT_REACHED, CONFLICT."""
    playlist = change.playlist
    track = _shared_track(removed.track_id)
    if playlist.items.filter(track=track).exists():
        raise duplicate_track(track.pk)
    _check_id(removed.pk)
    if removed.played_at is None:
        _check_limit(change, removed.added_by_key)
    votes: list[tuple[str, int]] = msgspec.json.decode(removed.votes_json, type=list[tuple[str, int]])
    item = PlaylistTrack(
        id=removed.pk,
        playlist=playlist,
        track=track,
        track_version=track.version,
        position=free_position(change, removed.position),
        votes=sum(value for _, value in votes),
        added_by=removed.added_by,
        added_by_key=removed.added_by_key,
        added_at=removed.added_at,
        played_at=removed.played_at,
    )
    item.save(force_insert=True)
    sql.insert(Vote, ("item_id", "actor_key", "value"), [(item.pk, key, value) for key, value in votes])
    removed.delete()
    resource = item_from_model(item, track_from_model(track))
    change.record(types.TrackAdded, item=resource)
    return msgspec.structs.replace(resource, my_vote=dict(votes).get(actor.key, 0))


def _remove(change: Change, item: PlaylistTrack) -> None:
    if item.is_playing:
        playback.move_on(change, item)
    item_id = item.pk
    item.delete()
    change.record(types.TrackRemoved, id=item_id)


def remove_all(change: Change, items: Sequence[PlaylistTrack], *, kept_for: Actor | None = None) -> None:
    """Remove several items, the playing one last, so that none of them starts in between.

    `kept_for`: the actor that may restore them.
    """
    for item in sorted(items, key=lambda item: item.is_playing):
        if kept_for is not None:
            _keep(change, item, kept_for)
        _remove(change, item)
