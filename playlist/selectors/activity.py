"""The log as people read it: newest first, a page at a time, at a cost that does not depend on its length."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet
from msgspec import Struct

from playlist import types
from playlist.clock import database_now
from playlist.errors import DomainError
from playlist.identity import SYSTEM, Actor, user_key
from playlist.models import Artist, Event, Playlist, PlaylistTrack, Track
from playlist.permissions import LEADING, OWN_OR_HOST, Role, Verdict, judge, role_of
from playlist.selectors.limits import limits_for
from playlist.selectors.reading import consistent_read
from playlist.selectors.undo import (
    Found,
    item_of,
    library_of,
    named_in,
    names_of,
    pasts_in,
    removed_rows,
    state_for,
)
from playlist.undo.inverses import inverse_of, place_before
from playlist.undo.state import Past, State

#: A page looks at no more of the log than this, however little of it was asked for.
SCANNED_AT_ONCE = 5_000

#: So many more events of a run of votes are read, that it is not cut in two.
RUN_AT_ONCE = 100

#: The fields of every event; the others are an entry's details.
_COMMON = frozenset(types.Event.__struct_fields__)


class ActivityPage(Struct, frozen=True):
    """Entries, newest first. `before`: where the next page begins; None at the end of the log."""

    entries: list[types.Activity]
    before: int | None


def activity(
    playlist: Playlist, actor: Actor, *, before: int | None, limit: int, person: int | None, kind: str | None
) -> ActivityPage:
    """Entries of the events before a revision, as `actor` may undo them. `limit`: events read.

    A page does not end within a run of votes, unless others did something in between, or it is longer than any reader
    would follow. With `person` or `kind` a page can be short, or empty, without being the last one.
    """
    with consistent_read():
        top = playlist.revision + 1 if before is None else min(before, playlist.revision + 1)
        log = Event.objects.filter(playlist=playlist, revision__lt=top)
        bottom = 0
        if person is not None or kind is not None:
            bottom = max(0, top - 1 - SCANNED_AT_ONCE)
            log = log.filter(revision__gt=bottom)
        if person is not None:
            log = log.filter(actor_key=user_key(person))
        if kind is not None:
            log = log.filter(type=kind)
        found = _with_whole_run(log, pasts_in(log, limit))
        entries = entries_of(playlist, actor, found)
        goes_on_at = bottom + 1 if found.down_to is None else found.down_to
        earliest = (
            Event.objects.filter(playlist=playlist).order_by("revision").values_list("revision", flat=True).first()
        )
    return ActivityPage(entries, goes_on_at if earliest is not None and earliest < goes_on_at else None)


def _with_whole_run(log: QuerySet[Event], found: Found) -> Found:
    """These events, and the rest of the run of votes that they end with, in one more query."""
    last = found.pasts[-1] if found.pasts else None
    if found.down_to is None or last is None or last.type != "track.voted":
        return found
    earlier = pasts_in(log.filter(revision__lt=found.down_to), RUN_AT_ONCE)
    rest = list(takewhile(lambda past: past.actor_key == last.actor_key and _continues(last, past), earlier.pasts))
    if not rest:
        return found
    is_all = earlier.down_to is None and len(rest) == len(earlier.pasts)
    return Found([*found.pasts, *rest], {**earlier.newest, **found.newest}, None if is_all else rest[-1].revision)


def entries_of(playlist: Playlist, actor: Actor, found: Found) -> list[types.Activity]:
    """These events, newest first, as entries."""
    named = named_in(found.pasts)
    removed = removed_rows(playlist, named)
    shown = PlaylistTrack.objects.filter(playlist=playlist)
    shown = shown.filter(Q(pk__in=named) | Q(track_id__in={row.track_id for row in removed}))
    library = library_of(removed)
    limits = limits_for(playlist, removed, library, database_now(), addresses={})
    state = state_for(playlist, found, removed, library, shown, limits)
    names = names_of(shown, removed)
    may = _Rights(playlist, actor)
    entries = [_entry(run, state, names, may) for run in runs(found.pasts)]
    return _with_names_of_blocked(entries)


def runs(pasts: Sequence[Past]) -> list[list[Past]]:
    """The events, newest first; votes of one person on one item, with nothing else of theirs in between, as one."""
    made: list[list[Past]] = []
    running: dict[str, list[Past]] = {}
    for past in pasts:
        run = running.get(past.actor_key)
        if run is not None and _continues(run[-1], past):
            run.append(past)
        else:
            made.append([past])
            running[past.actor_key] = made[-1]
    return made


def _continues(later: Past, past: Past) -> bool:
    is_vote = later.type == past.type == "track.voted" and later.voter_key == past.voter_key
    is_plain = later.event.undoes is past.event.undoes is msgspec.UNSET
    return is_vote and is_plain and item_of(later.event) == item_of(past.event)


class _Rights:
    """What the reader may undo."""

    def __init__(self, playlist: Playlist, actor: Actor) -> None:
        role = role_of(playlist, actor)
        self._key = actor.key
        self._undo = _verdict(role, OWN_OR_HOST, playlist)
        self._settings = _verdict(role, LEADING, playlist)

    def undo(self, past: Past) -> bool:
        own = self._undo is Verdict.YES or (self._undo is Verdict.OWN and past.actor_key == self._key)
        return own and (past.type != "playlist.updated" or self._settings is Verdict.YES)


def _entry(run: Sequence[Past], state: State, names: dict[UUID, types.ActivityTrack], may: _Rights) -> types.Activity:
    past, event = run[0], run[0].event
    newest = state.newest.get(past.chain)
    return types.Activity(
        revision=past.revision,
        at=event.at,
        actor=event.actor,
        type=past.type,
        track=_track(event, names),
        details=_details(run),
        automatic=past.actor_key == SYSTEM.key,
        undoable=may.undo(past) and not isinstance(inverse_of(past, state), str),
        undoes=event.undoes,
        undone_by=newest.revision if newest is not None and state.is_undone(past) else msgspec.UNSET,
    )


def _track(event: types.AnyEvent, names: dict[UUID, types.ActivityTrack]) -> types.ActivityTrack | msgspec.UnsetType:
    item_id = item_of(event)
    track = event.track if isinstance(event, types.TrackUpdated) else None
    if isinstance(event, types.TrackAdded):
        track = event.item.track
    if track is not None:
        return types.ActivityTrack(id=track.id, title=track.title, artist=track.artist)
    return msgspec.UNSET if item_id is None else names.get(item_id, msgspec.UNSET)


def _with_names_of_blocked(entries: list[types.Activity]) -> list[types.Activity]:
    """These entries, those about what was blocked with its name, as far as the library has it: two queries for all."""
    about = [entry.details for entry in entries if entry.type == "blocked.changed"]
    if not about:
        return entries
    ids = {kind: {details["id"] for details in about if details["kind"] == kind} for kind in ("tracks", "artists")}
    rows = Track.objects.filter(pk__in=ids["tracks"]).values_list("pk", "title", "artist__name")
    tracks = {pk: types.ActivityTrack(id=pk, title=title, artist=artist) for pk, title, artist in rows}
    artists = dict(Artist.objects.filter(pk__in=ids["artists"]).values_list("pk", "name"))

    def named(entry: types.Activity) -> types.Activity:
        target = entry.details["id"]
        if entry.details["kind"] == "tracks":
            return msgspec.structs.replace(entry, track=tracks.get(target, msgspec.UNSET))
        artist = {"artist": artists[target]} if target in artists else {}
        return msgspec.structs.replace(entry, details={**entry.details, **artist})

    return [named(entry) if entry.type == "blocked.changed" else entry for entry in entries]


def _details(run: Sequence[Past]) -> dict[str, Any]:
    past, event = run[0], run[0].event
    match event:
        case types.TrackAdded():
            return {"id": event.item.id, "added_by": event.item.added_by}
        case types.TrackVoted():
            return {**msgspec.structs.asdict(event.item), **_vote(run), "revisions": [one.revision for one in run]}
        case types.TrackMoved():
            place = {} if past.before is None else {"from": place_before(past)[0]}
            return {**msgspec.structs.asdict(event.item), **place}
        case types.TrackUpdated():
            return {"track_id": event.track.id}
        case types.PlaylistReordered():
            return {"items": len(event.items)}
        case types.PlaylistUpdated():
            before = past.before if isinstance(past.before, dict) else {}
            return {"playlist": event.playlist, "before": {name: before[name] for name in before if name != "fair"}}
    return {name: value for name, value in msgspec.structs.asdict(event).items() if name not in _COMMON}


def _vote(run: Sequence[Past]) -> dict[str, int]:
    before, after = run[-1].before, run[0].before
    if not isinstance(before, list) or not isinstance(after, list):
        return {}
    return {"from": before[0], "to": after[1]}


def _verdict(role: Role, rule: Any, playlist: Playlist) -> Verdict:
    try:
        return judge(role, rule, playlist)
    except DomainError:
        return Verdict.NO
