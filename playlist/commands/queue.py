"""Adding to the queue."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import msgspec
from django.db import connection
from msgspec import UnsetType
from uuid_utils.compat import uuid7

from playlist import types
from playlist.change import Change
from playlist.commands.limits import check_limits
from playlist.commands.positions import places_for
from playlist.commands.removals import items_remove
from playlist.commands.turns import refuse_place
from playlist.errors import DomainError, duplicate_track, invalid, no_audio, track_not_found
from playlist.identity import Actor
from playlist.models import PlaylistTrack, RemovedItem, Track
from playlist.selectors.items import item_from_model
from playlist.selectors.library import live_tracks, track_from_model

ANONYMOUS_NAME = "Anonymous"


def track_add(change: Change, actor: Actor, command: types.TrackAdd) -> types.Item:
    """Add a track to the queue; a played item of the same track is replaced.

    Raises TRACK_NOT_FOUND, NO_AUDIO, DUPLICATE_TRACK, CONFLICT, and what limits.py raises.
    """
    item_id = command.id if isinstance(command.id, UUID) else uuid7()
    added = _add_all(change, actor, {command.track_id: item_id}, command)
    if not added:
        raise duplicate_track(command.track_id)
    return added[0]


def tracks_add(change: Change, actor: Actor, command: types.TracksAdd) -> list[types.Item]:
    """Add tracks in a row, except those that are queued already; played items of the same tracks are replaced.

    Raises for all of them TRACK_NOT_FOUND, NO_AUDIO, CONFLICT, VALIDATION_ERROR, and what limits.py raises.
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
    tracks = shared_tracks(wanted)
    found = {item.track_id: item for item in change.playlist.items.filter(track_id__in=wanted)}
    played = {track_id: item for track_id, item in found.items() if item.played_at is not None and not item.is_playing}
    new = {track_id: item_id for track_id, item_id in wanted.items() if track_id not in found or track_id in played}
    if not new:
        return []
    if any(tracks[track_id].missing_since is not None for track_id in new):
        raise no_audio()
    check_limits(change, actor.key, [tracks[track_id] for track_id in new])
    _check_ids(new.values())
    if command.after in {item.pk for item in played.values()}:
        raise invalid("after", "is a played song that is replaced")
    if not isinstance(command.after, UnsetType):
        refuse_place(change)
    places = places_for(change, command.after, len(new))
    items_remove(change, actor, played.values())
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
    """Raises CONFLICT for an id of any song that is there or was: its removal could not be undone any more."""
    wanted = list(ids)
    there = PlaylistTrack.objects.filter(pk__in=wanted).order_by().values_list("pk")
    taken = there.union(RemovedItem.objects.filter(pk__in=wanted).order_by().values_list("pk"), all=True).first()
    if taken is not None:
        raise DomainError("CONFLICT", "This id is already that of another song.", {"id": str(taken[0])})


def shared_tracks(track_ids: Iterable[str]) -> dict[str, Track]:
    """As tracks_shared. Raises TRACK_NOT_FOUND if one of them is not there."""
    wanted = list(track_ids)
    found = tracks_shared(wanted)
    if len(found) < len(wanted):
        raise track_not_found()
    return found


def tracks_shared(track_ids: Iterable[str]) -> dict[str, Track]:
    """The tracks that are there, by id, locked: an edit or deletion in the library comes wholly before or after this.

    FOR SHARE does not wait for other playlists that add the same tracks, and the order keeps two of them from waiting
    for each other. SQLite has one writer at a time anyway.
    """
    wanted = list(track_ids)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM playlist_track WHERE id = ANY(%s) ORDER BY id FOR SHARE", [wanted])
    return {track.pk: track for track in live_tracks().filter(pk__in=wanted)}
