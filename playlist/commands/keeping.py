"""What is kept of a removed item: a row with which it can be brought back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from playlist import types
from playlist.change import Change
from playlist.identity import Actor
from playlist.models import PlaylistTrack, RemovedItem, Track, Vote


def items_drop(change: Change, actor: Actor, items: Sequence[PlaylistTrack]) -> None:
    """Remove items that do not play, in a constant number of queries."""
    if not items:
        return
    ids = [item.pk for item in items]
    votes: dict[UUID, list[tuple[str, int]]] = {}
    for item_id, key, value in (
        Vote.objects.filter(item__in=ids).order_by("pk").values_list("item_id", "actor_key", "value")
    ):
        votes.setdefault(item_id, []).append((key, value))
    names = names_of(items)
    kept = []
    for item in items:
        change.record(types.TrackRemoved, id=item.pk)
        kept.append(removed_row(change, actor, item, names[item.track_id], votes.get(item.pk, [])))
    removed_save(kept)
    PlaylistTrack.objects.filter(pk__in=ids).delete()


def names_of(items: Iterable[PlaylistTrack | RemovedItem]) -> dict[str, tuple[str, str]]:
    """Title and artist of the items' tracks, by the track's id."""
    tracks = Track.objects.filter(pk__in={item.track_id for item in items})
    return {pk: (title, artist) for pk, title, artist in tracks.values_list("pk", "title", "artist__name")}


def removed_row(
    change: Change, actor: Actor, item: PlaylistTrack, names: tuple[str, str], votes: list[tuple[str, int]]
) -> RemovedItem:
    """The row that keeps an item, of whose removal the event was recorded last."""
    return RemovedItem(
        id=item.pk,
        playlist=change.playlist,
        track_id=item.track_id,
        title=names[0],
        artist=names[1],
        position=item.position,
        votes_json=msgspec.json.encode(votes).decode(),
        added_by=item.added_by,
        added_by_key=item.added_by_key,
        added_at=item.added_at,
        played_at=item.played_at,
        boosted_at=item.boosted_at,
        because_json=item.because_json,
        removed_by_key=actor.key,
        removed_at=change.now,
        revision=change.revision,
    )


_KEPT_COLUMNS = [field.name for field in RemovedItem._meta.concrete_fields if not field.primary_key]


def removed_save(rows: Sequence[RemovedItem]) -> None:
    """Insert the rows, each over an earlier one of the same id: an item that was brought back can be removed again."""
    RemovedItem.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=_KEPT_COLUMNS, batch_size=50
    )
