"""Bringing removed items back."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import msgspec

from playlist import sql, types
from playlist.change import Change
from playlist.commands.limits import check_limits
from playlist.commands.positions import free_position
from playlist.commands.queue import check_ids, shared_tracks
from playlist.errors import DomainError, duplicate_track, item_not_found
from playlist.identity import Actor
from playlist.models import PlaylistTrack, RemovedItem, Vote
from playlist.selectors.items import item_from_model
from playlist.selectors.library import track_from_model


def track_restore(change: Change, actor: Actor, command: types.TrackRestore) -> types.Item:
    """Restore a removed item to its place, with its votes.

    Raises ITEM_NOT_FOUND if there is no such removal or it is too long ago, TRACK_NOT_FOUND, DUPLICATE_TRACK,
    CONFLICT if another item has the id, and what limits.py raises.
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
    """Raises TRACK_NOT_FOUND, DUPLICATE_TRACK, CONFLICT, and what limits.py raises."""
    playlist = change.playlist
    (track,) = shared_tracks([removed.track_id]).values()
    if playlist.items.filter(track=track).exists():
        raise duplicate_track(track.pk)
    check_ids([removed.pk])
    if removed.played_at is None:
        check_limits(change, removed.added_by_key, [track])
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
    change.record_over(types.ItemKeys(removed.added_by_key, dict(votes)), types.TrackAdded, item=resource)
    return msgspec.structs.replace(resource, my_vote=dict(votes).get(actor.key, 0))
