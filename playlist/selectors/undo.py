"""What undoing reads: events of the log, and the present that they are held against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from msgspec import Struct, UnsetType

from playlist import types
from playlist.errors import invalid
from playlist.identity import user_key
from playlist.models import Event, Playlist, PlaylistTrack, RemovedItem, Track, Vote
from playlist.stored import event_stored
from playlist.undo.limits import Limits
from playlist.undo.state import Kept, Newest, Past, Renumbering, Song, State, flat

#: An item keeps its place through so many renumberings; each comes after fifty insertions into one gap.
_RENUMBERINGS = 50

_COLUMNS = ("playlist_id", "revision", "type", "actor_key", "voter_key", "body", "before", "chain", "is_redo")

_votes = msgspec.json.Decoder(list[tuple[str, int]])


class Found(Struct, frozen=True):
    """Events, newest first, and of each of their chains the newest event.

    `down_to`: the earliest revision that was looked at; None if there are no earlier ones.
    """

    pasts: list[Past]
    newest: dict[int, Newest]
    down_to: int | None = None


def pasts_in(events: QuerySet[Event], limit: int, *, in_effect: bool = False) -> Found:
    """The newest of these events of one playlist, in one query. `in_effect`: without those that are undone.

    Events that a later release recorded are left out.
    """
    chain = Coalesce(OuterRef("chain"), OuterRef("revision"))
    later = Event.objects.filter(playlist=OuterRef("playlist"), chain=chain).order_by("-revision")
    events = events.annotate(
        newest=Subquery(later.values("revision")[:1]), newest_is_redo=Subquery(later.values("is_redo")[:1])
    )
    if in_effect:
        events = events.filter(Q(newest=None) | Q(newest_is_redo=Coalesce("is_redo", True)))
    rows = list(events.order_by("-revision").values_list(*_COLUMNS, "newest", "newest_is_redo")[:limit])
    pasts, newest = [], {}
    for *columns, newest_revision, newest_is_redo in rows:
        past = _past(*columns)
        if past is not None:
            pasts.append(past)
            if newest_revision is not None:
                newest[past.chain] = Newest(newest_revision, bool(newest_is_redo))
    return Found(pasts, newest, rows[-1][1] if len(rows) == limit and rows else None)


def _past(
    playlist_id: int,
    revision: int,
    kind: str,
    actor_key: str,
    voter_key: str | None,
    body: str,
    before: str | None,
    began: int | None,
    is_redo: bool | None,
) -> Past | None:
    """An event from its row; None if a later release recorded it."""
    try:
        event = event_stored(body, playlist_id, actor_key)
    except msgspec.ValidationError:
        return None
    return Past(
        revision=revision,
        type=kind,
        actor_key=actor_key,
        voter_key=voter_key or actor_key,
        event=event,
        before=None if before is None else msgspec.json.decode(before),
        chain=began or revision,
        is_redo=began is None or bool(is_redo),
    )


def item_of(event: types.AnyEvent) -> UUID | None:
    """The item that an event is about."""
    item = getattr(event, "item", None)
    found = getattr(event, "id", getattr(event, "item_id", None)) if item is None else item.id
    return found if isinstance(found, UUID) else None


def named_in(pasts: Iterable[Past]) -> set[UUID]:
    return {item_id for past in pasts if (item_id := item_of(past.event)) is not None}


def asked_for(playlist: Playlist, wanted: types.UndoWanted, now: datetime) -> tuple[Found, list[types.Left]]:
    """The events that are to be undone, and those that the log does not have. Raises VALIDATION_ERROR."""
    log = Event.objects.filter(playlist=playlist)
    if isinstance(wanted.revisions, list):
        if not isinstance(wanted.person_id, UnsetType):
            raise invalid("revisions", "give either revisions or person_id")
        revisions = set(wanted.revisions)
        found = pasts_in(log.filter(revision__in=revisions), len(revisions))
        unknown = sorted(revisions - {past.revision for past in found.pasts}, reverse=True)
        return found, [types.Left(revision=revision, reason="expired") for revision in unknown]
    if isinstance(wanted.person_id, UnsetType):
        raise invalid("revisions", "give either revisions or person_id")
    return _doings(log, user_key(wanted.person_id), _since(log, wanted, now)), []


def _since(log: QuerySet[Event], wanted: types.UndoWanted, now: datetime) -> int:
    if isinstance(wanted.since_revision, UnsetType) == isinstance(wanted.minutes, UnsetType):
        raise invalid("since_revision", "give either since_revision or minutes")
    if isinstance(wanted.since_revision, int):
        return wanted.since_revision
    assert isinstance(wanted.minutes, int)
    earlier = log.filter(at__lt=now - timedelta(minutes=wanted.minutes)).order_by("-revision")
    return earlier.values_list("revision", flat=True).first() or 0


def _doings(log: QuerySet[Event], actor_key: str, since: int) -> Found:
    """The newest doings of a person that are in effect. What they undid or redid of their own counts once."""
    theirs = log.filter(actor_key=actor_key, revision__gt=since)
    found = pasts_in(theirs, types.UNDONE_AT_ONCE, in_effect=True)
    chains = {past.chain for past in found.pasts if past.chain != past.revision}
    own = set(theirs.filter(revision__in=chains).values_list("revision", flat=True))
    pasts: dict[int, Past] = {}
    for past in found.pasts:
        if past.is_redo or past.chain not in own:
            pasts.setdefault(past.chain, past)
    return Found(list(pasts.values()), found.newest)


def removed_rows(playlist: Playlist, ids: Iterable[UUID]) -> list[RemovedItem]:
    """The removed ones of these items. An id that is in use again belongs to another item by now."""
    wanted = list(ids)
    in_use = set(PlaylistTrack.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    return [row for row in RemovedItem.objects.filter(playlist=playlist, pk__in=wanted) if row.pk not in in_use]


def kept_from(row: RemovedItem) -> Kept:
    return Kept(
        id=row.pk,
        track_id=row.track_id,
        adder_key=row.added_by_key,
        position=row.position,
        played_at=row.played_at,
        boosted_at=row.boosted_at,
        by=dict(_votes.decode(row.votes_json)),
        revision=row.revision,
    )


def state_for(
    playlist: Playlist,
    found: Found,
    removed: Sequence[RemovedItem],
    library: Iterable[str],
    items: QuerySet[PlaylistTrack],
    limits: Limits,
) -> State:
    """The present for these events. `removed`, `library`: as State has them; `items`: those that it shall know."""
    pasts = found.pasts
    columns = ("id", "track_id", "added_by_key", "position", "votes", "is_playing", "played_at", "boosted_at")
    songs = {row[0]: Song(*(*row, {})) for row in items.order_by().values_list(*columns)}
    for item_id, key, value in _votes_for(pasts):
        if item_id in songs:
            songs[item_id].by[key] = value
    return State(
        songs=songs.values(),
        kept=map(kept_from, removed),
        library=library,
        settings=flat({name: msgspec.to_builtins(getattr(playlist, name)) for name in types.SETTINGS}),
        newest=found.newest,
        renumberings=_renumberings_since(playlist, min((past.revision for past in pasts), default=0), removed),
        limits=limits,
    )


def _votes_for(pasts: Sequence[Past]) -> Iterable[tuple[UUID, str, int]]:
    """The votes that these events are about: all for what was added, those of the voters for what was voted on."""
    added = {item_of(past.event) for past in pasts if past.type == "track.added"}
    voted = {item_of(past.event) for past in pasts if past.type == "track.voted"}
    if not added | voted:
        return []
    voters = {past.voter_key for past in pasts if past.type == "track.voted"}
    rows = Vote.objects.filter(Q(item__in=added) | Q(item__in=voted, actor_key__in=voters)).order_by("pk")
    return rows.values_list("item_id", "actor_key", "value")


def _renumberings_since(playlist: Playlist, revision: int, removed: Sequence[RemovedItem]) -> list[Renumbering]:
    since = min([revision, *(row.revision for row in removed if row.revision is not None)])
    rows = Event.objects.filter(playlist=playlist, type="playlist.reordered", revision__gt=since, before__isnull=False)
    newest = rows.order_by("-revision").values_list("revision", "before")[:_RENUMBERINGS]
    return [Renumbering(number, msgspec.json.decode(before or "[]")) for number, before in newest]


def names_of(items: QuerySet[PlaylistTrack], removed: Sequence[RemovedItem]) -> dict[UUID, types.ActivityTrack]:
    """The tracks of these items, by item. The library has the present names, and what it lost keeps its own."""
    columns = ("id", "track_id", "track__title", "track__artist__name")
    rows: list[tuple[Any, ...]] = list(items.order_by().values_list(*columns))
    kept = {row.pk: (row.track_id, row.title, row.artist) for row in removed}
    shown = {pk: (track_id, title, artist) for pk, track_id, title, artist in rows}
    return {
        pk: types.ActivityTrack(id=track_id, title=title, artist=artist)
        for pk, (track_id, title, artist) in {**kept, **shown}.items()
        if title
    }


def library_of(removed: Sequence[RemovedItem]) -> dict[str, Track]:
    """The tracks of removed items that the library still has, by id."""
    ids = {row.track_id for row in removed}
    return {track.pk: track for track in Track.objects.filter(pk__in=ids, deleted_at__isnull=True)} if ids else {}
