"""The queue: add, remove, restore."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import connection
from msgspec import UnsetType
from uuid_utils.compat import uuid7

from playlist import sql, types
from playlist.change import Change
from playlist.commands.current import move_on
from playlist.commands.positions import free_position, places_for
from playlist.errors import DomainError, duplicate_track, invalid, item_not_found, no_audio, track_not_found
from playlist.identity import SYSTEM, Actor
from playlist.models import PlaylistTrack, RemovedItem, Track, Vote
from playlist.selectors.items import item_from_model, item_row
from playlist.selectors.library import live_tracks, track_from_model

ANONYMOUS_NAME = "Anonymous"


def track_add(change: Change, actor: Actor, command: types.TrackAdd) -> types.Item:
    """Add a track to the queue; a played item of the same track is replaced.

    Raises TRACK_NOT_FOUND, NO_AUDIO, DUPLICATE_TRACK, CONFLICT, LIMIT_REACHED.
    """
    item_id = command.id if isinstance(command.id, UUID) else uuid7()
    added = _add_all(change, actor, {command.track_id: item_id}, command)
    if not added:
        raise duplicate_track(command.track_id)
    return added[0]


def tracks_add(change: Change, actor: Actor, command: types.TracksAdd) -> list[types.Item]:
    """Add tracks in a row, except those that are queued already; played items of the same tracks are replaced.

    Raises TRACK_NOT_FOUND, NO_AUDIO, CONFLICT, LIMIT_REACHED, VALIDATION_ERROR: each of them for all tracks.
    """
    ids = [uuid7() for _ in command.track_ids] if isinstance(command.ids, UnsetType) else command.ids
    if len(ids) != len(command.track_ids) or len(set(ids)) != len(ids):
        raise invalid("ids", "must be a different one for each track")
    wanted: dict[str, UUID] = {}
    for track_id, item_id in zip(command.track_ids, ids, strict=True):
        wanted.setdefault(track_id, item_id)
    return _add_all(change, actor, wanted, command)


def _add_all(
    change: Change, actor: Actor, wanted: dict[str, UUID], command: types.TrackAdd | types.TracksAdd
) -> list[types.Item]:
    """Add the tracks that are not queued, given as track id → item id, in a constant number of queries."""
    tracks = _shared_tracks(wanted)
    found = {item.track_id: item for item in change.playlist.items.filter(track_id__in=wanted)}
    played = {track_id: item for track_id, item in found.items() if item.played_at is not None and not item.is_playing}
    new = {track_id: item_id for track_id, item_id in wanted.items() if track_id not in found or track_id in played}
    if not new:
        return []
    if any(tracks[track_id].missing_since is not None for track_id in new):
        raise no_audio()
    if actor != SYSTEM:
        _check_limit(change, actor.key, len(new))
    _check_ids(new.values())
    if command.after in {item.pk for item in played.values()}:
        raise invalid("after", "is a played song that is replaced")
    places = places_for(change, command.after, len(new))
    for item in played.values():
        _remove(change, item)
    items = [
        PlaylistTrack(
            id=item_id,
            playlist=change.playlist,
            track=tracks[track_id],
            track_version=tracks[track_id].version,
            position=place,
            added_by=actor.name or (command.added_by or ANONYMOUS_NAME),
            added_by_key=actor.key,
            added_at=change.now,
        )
        for (track_id, item_id), place in zip(new.items(), places, strict=True)
    ]
    PlaylistTrack.objects.bulk_create(items)
    resources = [item_from_model(item, track_from_model(item.track)) for item in items]
    for resource in resources:
        change.record(types.TrackAdded, item=resource)
    return [msgspec.structs.replace(resource, my_vote=0) for resource in resources]


def _check_ids(ids: Iterable[UUID]) -> None:
    taken = PlaylistTrack.objects.filter(pk__in=list(ids)).values_list("pk", flat=True).first()
    if taken is not None:
        raise DomainError("CONFLICT", "This id is already that of another song.", {"id": str(taken)})


def _shared_tracks(track_ids: Iterable[str]) -> dict[str, Track]:
    """The tracks by id, locked so that an edit or deletion in the library comes wholly before or wholly after this.

    FOR SHARE does not wait for other playlists that add the same tracks, and the order keeps two of them from waiting
    for each other. SQLite has one writer at a time anyway. Raises TRACK_NOT_FOUND if one of them is not there.
    """
    wanted = list(track_ids)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM playlist_track WHERE id = ANY(%s) ORDER BY id FOR SHARE", [wanted])
    found = {track.pk: track for track in live_tracks().filter(pk__in=wanted)}
    if len(found) < len(wanted):
        raise track_not_found()
    return found


def _check_limit(change: Change, adder_key: str, added: int = 1) -> None:
    limit = change.playlist.max_queued_per_person
    if limit is None:
        return
    if change.playlist.items.filter(added_by_key=adder_key, played_at__isnull=True).count() + added > limit:
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
        boosted_at=item.boosted_at,
        because_json=item.because_json,
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
    (track,) = _shared_tracks([removed.track_id]).values()
    if playlist.items.filter(track=track).exists():
        raise duplicate_track(track.pk)
    _check_ids([removed.pk])
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
        boosted_at=removed.boosted_at,
        because_json=removed.because_json,
    )
    item.save(force_insert=True)
    sql.insert(Vote, ("item_id", "actor_key", "value"), [(item.pk, key, value) for key, value in votes])
    removed.delete()
    resource = item_from_model(item, track_from_model(track))
    change.record(types.TrackAdded, item=resource)
    return msgspec.structs.replace(resource, my_vote=dict(votes).get(actor.key, 0))


def _remove(change: Change, item: PlaylistTrack) -> None:
    if item.is_playing:
        move_on(change, item)
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
