"""Commands on the items of a queue: add, remove, move, vote."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from django.db import connection
from msgspec import UnsetType
from uuid_utils.compat import uuid7

from playlist import ordering, selectors, sql, types
from playlist.commands import playback
from playlist.errors import DomainError, invalid
from playlist.events import Change
from playlist.identity import SYSTEM, Actor
from playlist.models import PlaylistTrack, RemovedItem, Track, Vote

ANONYMOUS_NAME = "Anonymous"

_VALUE = {"up": 1, "down": -1, "none": 0}


def track_add(change: Change, actor: Actor, command: types.TrackAdd) -> types.Item:
    """Put a track into the queue; one that was played before is replaced.

    Raises TRACK_NOT_FOUND, DUPLICATE_TRACK, CONFLICT, LIMIT_REACHED.
    """
    playlist = change.playlist
    track = _shared_track(command.track_id)
    earlier = playlist.items.filter(track=track).first()
    if earlier is not None and (earlier.is_playing or earlier.played_at is None):
        raise duplicate_track(command.track_id)
    if actor != SYSTEM:
        _check_limit(change, actor.key)
    item_id = command.id if isinstance(command.id, UUID) else uuid7()
    _check_id(item_id)
    if earlier is not None and command.after == earlier.pk:
        raise invalid("after", "is the played song that this one replaces")
    previous, following = _gap_for(change, command.after)
    if earlier is not None:
        _remove(change, earlier)
    item = PlaylistTrack(
        id=item_id,
        playlist=playlist,
        track=track,
        track_version=track.version,
        position=ordering.calculate_position(previous, following),
        added_by=actor.name or (command.added_by or ANONYMOUS_NAME),
        added_by_key=actor.key,
        added_at=change.now,
    )
    item.save(force_insert=True)
    resource = selectors.item_from_model(item, selectors.track_from_model(track))
    change.record(types.TrackAdded, item=resource)
    return msgspec.structs.replace(resource, my_vote=0)


def _check_id(item_id: UUID) -> None:
    if PlaylistTrack.objects.filter(pk=item_id).exists():
        raise DomainError("CONFLICT", "This id is already that of another song.", {"id": str(item_id)})


def _shared_track(track_id: str) -> Track:
    """The track, held so that an edit or removal in the library comes wholly before or wholly after this.

    FOR SHARE does not wait for other playlists that add the same track. SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM playlist_track WHERE id = %s FOR SHARE", [track_id])
    return selectors.track_by_id(track_id)


def duplicate_track(track_id: str) -> DomainError:
    return DomainError("DUPLICATE_TRACK", "This song is already in the queue.", {"track_id": track_id})


def _check_limit(change: Change, adder_key: str) -> None:
    limit = change.playlist.max_queued_per_person
    if limit is None:
        return
    if change.playlist.items.filter(added_by_key=adder_key, played_at__isnull=True).count() >= limit:
        raise DomainError("LIMIT_REACHED", f"Each person may have {limit} songs waiting.", {"limit": limit})


def track_remove(change: Change, actor: Actor, command: types.TrackRemove) -> None:
    """Take an item out of the queue; if it plays, the next one starts first. Raises ITEM_NOT_FOUND."""
    item = _item(change, command.id)
    _keep(change, item, actor)
    _remove(change, item)


def _keep(change: Change, item: PlaylistTrack, actor: Actor) -> None:
    """Note what track_restore needs. Of an item that was playing we forget that it did: it has not been heard out."""
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
    kept.save()  # over an earlier one, where a client gave the id again


def track_restore(change: Change, actor: Actor, command: types.TrackRestore) -> types.Item:
    """Put back what was taken out, where it was and with its votes; for who took it out, and for the host.

    Raises ITEM_NOT_FOUND when that was never in this queue or is too long ago, FORBIDDEN, TRACK_NOT_FOUND,
    DUPLICATE_TRACK, LIMIT_REACHED, CONFLICT when another item has got the id.
    """
    playlist = change.playlist
    removed = RemovedItem.objects.filter(playlist=playlist, pk=command.id).first()
    if removed is None:
        raise selectors.item_not_found()
    if actor.key != removed.removed_by_key and (actor.user_id is None or actor.user_id != playlist.host_id):
        raise DomainError("FORBIDDEN", "Only who removed the song can take that back.")
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
        position=_free_position(change, removed.position),
        votes=sum(value for _, value in votes),
        added_by=removed.added_by,
        added_by_key=removed.added_by_key,
        added_at=removed.added_at,
        played_at=removed.played_at,
    )
    item.save(force_insert=True)
    sql.insert(Vote, ("item_id", "actor_key", "value"), [(item.pk, key, value) for key, value in votes])
    removed.delete()
    resource = selectors.item_from_model(item, selectors.track_from_model(track))
    change.record(types.TrackAdded, item=resource)
    return msgspec.structs.replace(resource, my_vote=dict(votes).get(actor.key, 0))


def _remove(change: Change, item: PlaylistTrack) -> None:
    if item.is_playing:
        playback.move_on(change, item)
    item_id = item.pk
    item.delete()
    change.record(types.TrackRemoved, id=item_id)


def remove_all(change: Change, items: Sequence[PlaylistTrack]) -> None:
    """Take several items out, the playing one last, so that nothing starts that goes away at once."""
    for item in sorted(items, key=lambda item: item.is_playing):
        _remove(change, item)


def track_move(change: Change, actor: Actor, command: types.TrackMove) -> types.Item:
    """Put an item behind another one, to the front, or to a position.

    A position that is taken means the next free number after it. Raises ITEM_NOT_FOUND, CONFLICT, VALIDATION_ERROR.
    """
    by_neighbour = not isinstance(command.after, UnsetType)
    if by_neighbour == (not isinstance(command.position, UnsetType)):
        raise invalid("position", "give either position or after")
    item = _item(change, command.id)
    if change.playlist.order == "votes":
        raise DomainError("CONFLICT", "Votes decide the order here.", {"order": "votes"})
    if by_neighbour and command.after == item.pk:
        raise invalid("after", "an item cannot follow itself")
    position = _wanted_position(change, item, command)
    if position != item.position:
        item.position = position
        item.save(update_fields=["position"])
        change.record(types.TrackMoved, item=types.MovedItem(id=item.pk, position=position))
    return selectors.item_for(change.playlist, item.pk, actor)


def _wanted_position(change: Change, item: PlaylistTrack, command: types.TrackMove) -> float:
    if not isinstance(command.position, UnsetType):
        return item.position if command.position == item.position else _free_position(change, command.position, item)
    previous, following = _gap_for(change, command.after, moving=item)
    if ordering.fits(previous, item.position, following):
        return item.position
    return ordering.calculate_position(previous, following)


def _free_position(change: Change, wanted: float, moving: PlaylistTrack | None = None) -> float:
    """`wanted`, or where an item has that, the middle between it and what follows."""
    taken_by = change.playlist.items.filter(position=wanted).values_list("pk", flat=True).first()
    if taken_by is None:
        return wanted
    previous, following = _gap_for(change, taken_by, moving)
    if moving is not None and ordering.fits(previous, moving.position, following):
        return moving.position
    return ordering.calculate_position(previous, following)


def _gap_for(
    change: Change, after: UUID | UnsetType | None, moving: PlaylistTrack | None = None
) -> tuple[float | None, float | None]:
    """The positions on both sides of a place: behind `after`, at the front (None) or at the end (UNSET).

    There is room between the two: where doubles have run out, the playlist is renumbered first. `moving` does not
    count as a neighbour. Raises CONFLICT when `after` is gone.
    """
    neighbours = _neighbours(change, after, moving)
    if ordering.fits(neighbours[0], ordering.calculate_position(*neighbours), neighbours[1]):
        return neighbours
    _renumber(change)
    if moving is not None:
        moving.refresh_from_db(fields=["position"])
    return _neighbours(change, after, moving)


def _neighbours(
    change: Change, after: UUID | UnsetType | None, moving: PlaylistTrack | None
) -> tuple[float | None, float | None]:
    others = change.playlist.items.all()
    if moving is not None:
        others = others.exclude(pk=moving.pk)
    positions = others.values_list("position", flat=True)
    if isinstance(after, UnsetType):
        return positions.order_by("-position").first(), None
    if after is None:
        return None, positions.order_by("position").first()
    previous = positions.filter(pk=after).first()
    if previous is None:
        last = others.order_by("-position").values_list("pk", flat=True).first()
        raise DomainError(
            "CONFLICT",
            "The song to put this one behind is gone.",
            {"after": str(after), "last_item_id": str(last) if last else None},
        )
    return previous, positions.filter(position__gt=previous).order_by("position").first()


def _renumber(change: Change) -> None:
    """Give the items the positions 1, 2, 3… in their order, and say so in one event."""
    items = list(change.playlist.items.order_by("position").only("pk", "position"))
    for item, position in zip(items, ordering.renumber(len(items)), strict=True):
        item.position = position
    PlaylistTrack.objects.bulk_update(items, ["position"], batch_size=300)
    change.record(
        types.PlaylistReordered, items=[types.MovedItem(id=item.pk, position=item.position) for item in items]
    )


_VOTES = sql.CompiledQuery(
    lambda items, keys: (
        Vote.objects.filter(item_id__in=items).filter(actor_key__in=keys).values_list("item_id", "actor_key", "value")
    )
)


def track_votes(
    change: Change, votes: Sequence[tuple[Actor, str | None, types.TrackVote]]
) -> list[tuple[int, types.Item | DomainError]]:
    """Set many votes, each of (actor, idempotency key, command), in a constant number of queries.

    They take effect in their order: each answer is the revision and the item as they stand after that vote. A vote
    that changes nothing records nothing. The refusal is ITEM_NOT_FOUND.
    """
    items = selectors.items_by_id(change.playlist, (command.id for _, _, command in votes))
    keys = {actor.key for actor, _, _ in votes}
    rows = _VOTES.rows(items, keys) if items else []
    stored = {(item_id, key): value for item_id, key, value in rows}
    values = dict(stored)
    counts = {item_id: item.votes for item_id, item in items.items()}
    answers: list[tuple[int, types.Item | DomainError]] = []
    for actor, op_id, command in votes:
        item = items.get(command.id)
        if item is None:
            answers.append((change.revision, selectors.item_not_found()))
            continue
        place = (command.id, actor.key)
        value = _VALUE[command.direction]
        difference = value - values.get(place, 0)
        values[place] = value
        if difference:
            counts[item.id] += difference
            change.act_for(actor, op_id)
            change.record(types.TrackVoted, item=types.VotedItem(id=item.id, votes=counts[item.id]))
        now = msgspec.structs.replace(item, votes=counts[item.id], my_vote=value)
        answers.append((change.revision, now))
    _save_votes(values, stored)
    changed = [(count, item_id) for item_id, count in counts.items() if count != items[item_id].votes]
    if changed:
        sql.update_each(PlaylistTrack, "votes", changed)
    return answers


def _save_votes(values: dict[tuple[UUID, str], int], stored: dict[tuple[UUID, str], int]) -> None:
    """Bring the vote rows from `stored` to `values`: one statement to set, one to withdraw."""
    changed = {place: value for place, value in values.items() if value != stored.get(place, 0)}
    rows = [(*place, value) for place, value in changed.items() if value]
    conflict = "ON CONFLICT (item_id, actor_key) DO UPDATE SET value = excluded.value"
    sql.insert(Vote, ("item_id", "actor_key", "value"), rows, conflict=conflict)
    withdrawn = [place for place, value in changed.items() if not value]
    if withdrawn:
        _withdraw(withdrawn)


def _withdraw(places: list[tuple[UUID, str]]) -> None:
    """Delete by (item, actor): read the ids first, as a list of pairs is no index condition on SQLite."""
    candidates = Vote.objects.filter(
        item_id__in={item for item, _ in places}, actor_key__in={key for _, key in places}
    ).values_list("pk", "item_id", "actor_key")
    wanted = set(places)
    Vote.objects.filter(pk__in=[pk for pk, item, key in candidates if (item, key) in wanted]).delete()


def track_refresh(change: Change, actor: Actor, command: types.TrackRefresh) -> None:
    """Tell the playlist that a library entry was edited; nothing where it was told already."""
    track = Track.objects.select_related("artist", "album").filter(pk=command.track_id).first()
    if track is None:
        return
    if change.playlist.items.filter(track=track, track_version__lt=track.version).update(track_version=track.version):
        change.record(types.TrackUpdated, track=selectors.track_from_model(track))


def track_purge(change: Change, actor: Actor, command: types.TrackPurge) -> None:
    """Take a library entry that is being deleted out of the playlist."""
    remove_all(change, list(change.playlist.items.filter(track_id=command.track_id)))


def _item(change: Change, item_id: UUID) -> PlaylistTrack:
    item = change.playlist.items.filter(pk=item_id).first()
    if item is None:
        raise selectors.item_not_found()
    return item
