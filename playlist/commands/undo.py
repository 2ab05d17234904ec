"""Undoing: what somebody did, a removal, or the removals that went with a person. All of them are steps of one kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from playlist import types
from playlist.change import Change
from playlist.clock import database_now
from playlist.commands.limits import check_limits
from playlist.commands.queue import tracks_shared
from playlist.commands.steps import steps_write
from playlist.errors import DomainError, duplicate_track, item_not_found, track_not_found
from playlist.identity import Actor
from playlist.models import Event, Playlist, RemovedItem, Track
from playlist.permissions import LEADING, judge, role_of
from playlist.selectors.activity import entries_of
from playlist.selectors.items import item_for
from playlist.selectors.limits import boosts_spent, limits_for
from playlist.selectors.reading import consistent_read
from playlist.selectors.undo import Found, asked_for, library_of, named_in, pasts_in, removed_rows, state_for
from playlist.undo.inverses import Plan, plan, put_back
from playlist.undo.state import State
from playlist.undo.steps import PutBack, Settle


def log_undo(change: Change, actor: Actor, command: types.LogUndo) -> types.UndoAnswer:
    """Undo events, newest first; what cannot be undone is left as it is.

    Raises NOT_UNDOABLE if that is all of them, FORBIDDEN for settings unless the actor may change settings.
    """
    playlist = change.playlist
    found, unknown = asked_for(playlist, command, change.now)
    removed = removed_rows(playlist, named_in(found.pasts))
    library = tracks_shared({row.track_id for row in removed})  # they stay as they are until the commit
    boosts = _boosts_asked_for(playlist, actor, found, change.now)
    limits = limits_for(playlist, removed, library, change.now, addresses=change.addresses, boosts=boosts)
    state = state_for(playlist, found, removed, library, playlist.items.all(), limits)
    planned = plan(found.pasts, state, change.revision)
    left = [*planned.left, *unknown]
    if not planned.undone:
        raise not_undoable(left)
    check_settings(playlist, actor, planned)
    steps_write(change, actor, planned.steps, state, removed)
    return types.UndoAnswer(undone=planned.undone, left=left)


def undo_preview(playlist: Playlist, actor: Actor, wanted: types.UndoWanted) -> types.UndoAnswer:
    """What log_undo would do now, without doing it. Raises as it does, but NOT_UNDOABLE."""
    with consistent_read():
        now = database_now()
        found, unknown = asked_for(playlist, wanted, now)
        removed = removed_rows(playlist, named_in(found.pasts))
        library, boosts = library_of(removed), _boosts_asked_for(playlist, actor, found, now)
        limits = limits_for(playlist, removed, library, now, addresses={}, boosts=boosts)
        state = state_for(playlist, found, removed, library, playlist.items.all(), limits)
        planned = plan(found.pasts, state, playlist.revision)
        check_settings(playlist, actor, planned)
        undone = set(planned.undone)
        shown = Found([past for past in found.pasts if past.revision in undone], found.newest)
        entries = entries_of(playlist, actor, shown)
    return types.UndoAnswer(undone=planned.undone, left=[*planned.left, *unknown], entries=entries)


def _boosts_asked_for(playlist: Playlist, actor: Actor, found: Found, now: datetime) -> frozenset[datetime] | None:
    """When the actor boosted lately, if one of these events may be a boost."""
    is_about_boosts = any(past.type in ("track.boosted", "track.moved") for past in found.pasts)
    return boosts_spent(playlist, actor, now) if is_about_boosts else None


def not_undoable(left: Sequence[types.Left]) -> DomainError:
    return DomainError("NOT_UNDOABLE", "Nothing of this can be undone any more.", {"left": msgspec.to_builtins(left)})


def check_settings(playlist: Playlist, actor: Actor, planned: Plan) -> None:
    """Raises FORBIDDEN if settings change back and the actor may not change them, also not to what they once set."""
    if any(isinstance(step, Settle) for _, step in planned.steps):
        judge(role_of(playlist, actor), LEADING, playlist)


def track_restore(change: Change, actor: Actor, command: types.TrackRestore) -> types.Item:
    """Bring a removed item back to its place, with its votes.

    Raises ITEM_NOT_FOUND if there is no such removal, TRACK_NOT_FOUND, DUPLICATE_TRACK, CONFLICT if another item has
    the id, and what limits.py raises.
    """
    row = RemovedItem.objects.filter(playlist=change.playlist, pk=command.id).first()
    if row is None:
        raise item_not_found()
    (refusal,) = _bring_back(change, actor, [row])
    if refusal is not None:
        raise refusal
    return item_for(change.playlist, row.pk, actor)


def restore_all(change: Change, actor: Actor, adder_key: str, removed_at: datetime) -> None:
    """Bring back the items of a user that were removed with the user, except those that can no longer be added."""
    theirs = RemovedItem.objects.filter(playlist=change.playlist, added_by_key=adder_key, removed_at=removed_at)
    _bring_back(change, actor, list(theirs.order_by("position")))


def _bring_back(change: Change, actor: Actor, rows: Sequence[RemovedItem]) -> list[DomainError | None]:
    """Bring removed items back, as far as possible. Returns the refusal for each that stays away."""
    playlist = change.playlist
    revisions = [row.revision for row in rows if row.revision is not None]
    found = pasts_in(Event.objects.filter(playlist=playlist, revision__in=revisions), len(rows))
    removals = {past.revision: past for past in found.pasts}
    library = tracks_shared({row.track_id for row in rows})
    there = removed_rows(playlist, [row.pk for row in rows])
    limits = limits_for(playlist, there, library, change.now, addresses=change.addresses)
    state = state_for(playlist, found, there, library, playlist.items.all(), limits)
    planned = Plan([], [])
    refusals: list[DomainError | None] = []
    for row in rows:
        try:
            step = _step_back(change, row, state, library)
        except DomainError as refusal:
            refusals.append(refusal)
        else:
            planned.take(step, removals.get(row.revision or 0), state, change.revision)
            refusals.append(None)
    steps_write(change, actor, planned.steps, state, rows)
    return refusals


def _step_back(change: Change, row: RemovedItem, state: State, library: Mapping[str, Track]) -> PutBack:
    """Raises TRACK_NOT_FOUND, DUPLICATE_TRACK, CONFLICT, and what limits.py raises."""
    if row.pk not in state.kept:
        raise DomainError("CONFLICT", "This id is already that of another song.", {"id": str(row.pk)})
    track = library.get(row.track_id)
    if track is None:
        raise track_not_found()
    if state.is_queued(track.pk):
        raise duplicate_track(track.pk)
    if row.played_at is None:
        check_limits(change, row.added_by_key, [track])
    step = put_back(row.pk, state)
    if isinstance(step, str):  # with those that came back just now, this person has enough
        limit = state.settings["max_queued_per_person"]
        raise DomainError("LIMIT_REACHED", f"Each person may have {limit} songs waiting.", {"limit": limit})
    return step
