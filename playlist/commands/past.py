"""Bringing what is still to play back to what it was (docs/decisions/0026-what-was-comes-back.md)."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from playlist import sql, types
from playlist.change import Change
from playlist.commands.boosts import item_boost
from playlist.commands.positions import free_position, item_place
from playlist.commands.queue import tracks_shared
from playlist.commands.removals import items_remove
from playlist.commands.votes import Voter, votes_save
from playlist.identity import Actor
from playlist.models import Checkpoint, Event, Play, PlaylistTrack, RemovedItem, Track, Vote
from playlist.ordering.positions import calculate_position, fits
from playlist.selectors.items import item_from_model
from playlist.selectors.library import track_from_model
from playlist.selectors.past import past_at


def playlist_restore(change: Change, actor: Actor, command: types.PlaylistRestore) -> types.Restored:
    """Bring what is still to play, with its order and votes, back to what it was at a revision.

    The playing item goes on, and what was heard since is left out. Raises NOT_FOUND with the `earliest` revision.
    """
    playlist, began = change.playlist, change.revision
    past = _told(change, command.revision)
    wanted = {item.id: item for item in past.snapshot.items if item.played_at is None and not item.is_playing}
    rows = {row.pk: row for row in playlist.items.order_by("position")}
    items_remove(change, actor, [row for row in rows.values() if _waits(row) and row.pk not in wanted])
    kept = {pk: row for pk, row in rows.items() if pk in wanted and _waits(row)}
    missing = [item for item in wanted.values() if item.id not in kept]
    library = tracks_shared({item.track_id for item in missing})
    left = _unfit(change, missing, {*rows}, {*library}, _time_of(change, command.revision))
    out = {each.id for each in left}
    back = [item for item in missing if item.id not in out]
    occupied = {row.position for row in rows.values() if not _waits(row)}
    places = _places([wanted[pk] for pk in kept], occupied, {pk: row.position for pk, row in kept.items()})
    _move_back(change, kept, wanted, places)
    for pk, row in kept.items():
        if row.boosted_at != wanted[pk].boosted_at:
            item_boost(change, row, wanted[pk].boosted_at)
    occupied = set(playlist.items.values_list("position", flat=True))
    _put_back(change, back, _places(back, occupied, {}), past, library)
    _vote_back(change, kept, past)
    return types.Restored(from_=began, revision=change.revision, left=left)


def _told(change: Change, revision: int) -> types.Past:
    """The past that was told before the lock, unless somebody was forgotten since. Raises NOT_FOUND."""
    told = change.told
    if told is None or told.past.snapshot.revision != revision or told.rewritten_at != change.playlist.rewritten_at:
        return past_at(change.playlist.pk, revision)
    return told.past


def _waits(row: PlaylistTrack) -> bool:
    return row.played_at is None and not row.is_playing


def _places(
    items: list[types.Item], occupied: Collection[float], now: Mapping[UUID, float]
) -> dict[UUID, float | None]:
    """The places of items that come back: those of then, or behind whatever else has these by now.

    `now`: where those stand that are there. None where doubles have run out.
    """
    places: dict[UUID, float | None] = {item.id: item.position for item in items if item.position not in occupied}
    order = sorted({*occupied, *(item.position for item in items)})
    for item in sorted(items, key=lambda item: item.position):
        if item.id not in places:
            places[item.id] = place = _behind(item.position, order, now.get(item.id))
            if place is not None:
                insort(order, place)
    return places


def _behind(position: float, order: list[float], now: float | None) -> float | None:
    index = bisect_right(order, position)
    following = order[index] if index < len(order) else None
    if now is not None and fits(position, now, following):
        return now
    place = calculate_position(position, following)
    return place if fits(position, place, following) else None


def _move_back(
    change: Change, kept: dict[UUID, PlaylistTrack], wanted: dict[UUID, types.Item], places: dict[UUID, float | None]
) -> None:
    moved: list[tuple[float, UUID]] = []
    for pk, row in kept.items():
        place = places[pk]
        if place is not None and place != row.position:
            before, row.position = row.position, place
            moved.append((place, pk))
            change.record_over(before, types.TrackMoved, item=types.MovedItem(id=pk, position=place))
    sql.update_each(PlaylistTrack, "position", moved)
    for pk, row in kept.items():
        if places[pk] is None:
            item_place(change, row, free_position(change, wanted[pk].position, row))


def _time_of(change: Change, revision: int) -> datetime:
    """When the playlist was at that revision: now, where nothing has happened since that could have been kept."""
    playlist = change.playlist
    line = Event.objects.filter(playlist=playlist, revision=revision).values_list("at", flat=True).first()
    kept = Checkpoint.objects.filter(playlist=playlist, revision=revision).values_list("at", flat=True)
    return line or kept.first() or change.now


def _unfit(
    change: Change, missing: list[types.Item], there: set[UUID], library: set[str], since: datetime
) -> list[types.LeftOut]:
    """The items that cannot come back, each with the reason."""
    tracks = [item.track_id for item in missing]
    plays = Play.objects.filter(track_id__in=tracks, playlist=change.playlist, played_at__gte=since)
    heard = set(plays.values_list("track_id", flat=True))
    heard |= set(
        change.playlist.items.filter(track_id__in=tracks, played_at__isnull=False).values_list("track_id", flat=True)
    )
    elsewhere = set(PlaylistTrack.objects.filter(pk__in=[item.id for item in missing]).values_list("pk", flat=True))

    reasons: dict[UUID, Literal["heard", "gone"]] = {
        item.id: "heard" if item.id in there or item.track_id in heard else "gone"
        for item in missing
        if item.id in there or item.track_id in heard or item.track_id not in library or item.id in elsewhere
    }
    return [
        types.LeftOut(id=item.id, track_id=item.track_id, title=item.track.title, reason=reasons[item.id])
        for item in missing
        if item.id in reasons
    ]


def _put_back(
    change: Change,
    items: list[types.Item],
    places: dict[UUID, float | None],
    past: types.Past,
    tracks: dict[str, Track],
) -> None:
    RemovedItem.objects.filter(pk__in=[item.id for item in items]).delete()
    placed = [(item, place) for item in items if (place := places[item.id]) is not None]
    _insert(change, placed, tracks, past)
    for item in items:
        if places[item.id] is None:
            _insert(change, [(item, free_position(change, item.position))], tracks, past)


def _insert(change: Change, placed: list[tuple[types.Item, float]], tracks: dict[str, Track], past: types.Past) -> None:
    rows = [
        PlaylistTrack(
            id=item.id,
            playlist=change.playlist,
            track=tracks[item.track_id],
            track_version=tracks[item.track_id].version,
            position=position,
            votes=item.votes,
            added_by=item.added_by,
            added_by_key=past.keys[item.id].adder,
            added_at=item.added_at,
            boosted_at=item.boosted_at,
            because_json="" if item.because is None else msgspec.json.encode(item.because).decode(),
        )
        for item, position in placed
    ]
    PlaylistTrack.objects.bulk_create(rows)
    votes_save({(row.pk, key): value for row in rows for key, value in past.keys[row.pk].votes.items()}, {})
    for row in rows:
        resource = item_from_model(row, track_from_model(row.track))
        change.record_over(past.keys[row.pk], types.TrackAdded, item=resource)


def _vote_back(change: Change, kept: dict[UUID, PlaylistTrack], past: types.Past) -> None:
    """Give the items that are there the votes of then, each an event of the person whose vote it is."""
    stored: dict[Voter, int] = {}
    for item_id, key, value in Vote.objects.filter(item__in=list(kept)).values_list("item_id", "actor_key", "value"):
        stored[item_id, key] = value
    values = dict.fromkeys(stored, 0)
    values |= {(pk, key): value for pk in kept for key, value in past.keys[pk].votes.items()}
    for (item_id, key), value in values.items():
        before = stored.get((item_id, key), 0)
        if value == before:
            continue
        kept[item_id].votes += value - before
        with change.voting_as(key):
            voted = types.VotedItem(id=item_id, votes=kept[item_id].votes)
            change.record_over((before, value), types.TrackVoted, item=voted)
    votes_save(values, stored)
    sql.update_each(PlaylistTrack, "votes", [(kept[pk].votes, pk) for pk in {item for item, _ in values}])
