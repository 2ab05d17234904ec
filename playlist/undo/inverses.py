"""What undoes each kind of event: one row a kind, a pure function of the event and of the present.

What `Event.before` holds for each of them: for a vote [the person's vote before, and after]; for a boost [the time of
the one before, or null]; for a move the position before, and where it is a boost [that position, when it was spent];
for changed settings those before, by name; for a renumbering
the positions before, in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

import msgspec
from msgspec import Struct

from playlist import types
from playlist.undo.state import Past, Song, State, flat
from playlist.undo.steps import Boost, Place, PutBack, Settle, SetVote, Step, TakeOut


def _added(past: Past, state: State) -> Step | types.UndoReason:
    added = cast(types.TrackAdded, past.event).item
    song = state.songs.get(added.id)
    if song is None:
        return "gone"
    if song.is_playing or song.played_at != added.played_at:
        return "heard"
    return TakeOut(song.id)


def _removed(past: Past, state: State) -> Step | types.UndoReason:
    item_id = cast(types.TrackRemoved, past.event).id
    kept = state.kept.get(item_id)
    if item_id in state.songs:
        return "superseded"
    if kept is None:
        return "expired"
    newest = state.newest.get(past.chain)
    if kept.revision not in (None, past.revision, newest and newest.revision):
        return "superseded"
    return put_back(kept.id, state)


def put_back(item_id: UUID, state: State) -> PutBack | types.UndoReason:
    """The step that brings a removed item back to its place."""
    kept = state.kept[item_id]
    if kept.track_id not in state.library:
        return "gone"
    if state.is_queued(kept.track_id):
        return "duplicate"
    return state.against(kept) or PutBack(kept.id, state.position_now(kept.position, kept.revision or 0))


def _moved(past: Past, state: State) -> Step | types.UndoReason:
    moved = cast(types.TrackMoved, past.event).item
    song = state.songs.get(moved.id)
    if song is None:
        return "gone"
    if past.before is None:
        return "expired"
    if song.is_playing or song.played_at is not None:
        return "heard"
    if song.position != state.position_now(moved.position, past.revision):
        return "superseded"
    before, boosted_at = place_before(past)
    refused = None if boosted_at is None or past.is_redo else state.limits.against_boost(boosted_at)
    position = state.position_now(before, past.revision)
    return refused or Place(song.id, song.position, position, boosted_at)


def place_before(moved: Past) -> tuple[float, datetime | None]:
    """The position before a move, and when the boost was spent that it is."""
    if isinstance(moved.before, list):
        return msgspec.convert(moved.before, tuple[float, datetime])
    return msgspec.convert(moved.before, float), None


def _voted(past: Past, state: State) -> Step | types.UndoReason:
    song = state.songs.get(cast(types.TrackVoted, past.event).item.id)
    if song is None:
        return "gone"
    if not isinstance(past.before, list):
        return "expired"
    before, after = past.before
    if song.by.get(past.voter_key, 0) != after:
        return "superseded"
    return SetVote(song.id, past.voter_key, after, before)


def _boosted(past: Past, state: State) -> Step | types.UndoReason:
    boosted = cast(types.TrackBoosted, past.event).item
    song = state.songs.get(boosted.id)
    if song is None:
        return "gone"
    if not isinstance(past.before, list):
        return "expired"
    if song.is_playing or song.played_at is not None:
        return "heard"
    if song.boosted_at != boosted.boosted_at:
        return "superseded"
    boosted_at = msgspec.convert(past.before[0], datetime | None)
    refused = None if boosted_at is None else state.limits.against_boost(boosted_at)
    return refused or Boost(song.id, song.boosted_at, boosted_at)


def _updated(past: Past, state: State) -> Step | types.UndoReason:
    return _settled(past, state.settings)


def _settled(past: Past, now: Mapping[str, object]) -> Settle | types.UndoReason:
    """The step that sets back what an event set, as far as the settings are still those."""
    if not isinstance(past.before, dict):
        return "expired"
    before = flat(past.before)
    given = flat(msgspec.to_builtins(cast(types.PlaylistUpdated, past.event).playlist))
    changed = {name for name in before if name in now and given[name] != before[name]}
    if not changed:
        return "kind"
    settings = {name: before[name] for name in changed if now[name] == given[name]}
    if not settings:
        return "superseded"
    before = {name: now[name] for name in settings}
    if settings.get("order") == "fair":  # with the turns that people had then
        settings["fair"] = past.before.get("fair")
    return Settle(before, settings)


INVERSES: dict[str, Callable[[Past, State], Step | types.UndoReason]] = {
    "track.added": _added,
    "track.removed": _removed,
    "track.moved": _moved,
    "track.voted": _voted,
    "track.boosted": _boosted,
    "playlist.updated": _updated,
}


def inverse_of(past: Past, state: State) -> Step | types.UndoReason:
    """The step that undoes an event now, or why nothing does."""
    inverse = INVERSES.get(past.type)
    if inverse is None:
        return "kind"
    return "superseded" if state.is_undone(past) else inverse(past, state)


class Plan(Struct, frozen=True):
    """The steps, each with the event that it undoes (None for a renumbering), and what is left as it is."""

    steps: list[tuple[Past | None, Step]]
    left: list[types.Left]

    def take(self, step: Step, past: Past | None, state: State, revision: int, *, is_vacated: bool = False) -> None:
        """Add a step and take it in the state, which was at this revision before all of them."""
        *before, last = state.take(step, past, revision + len(self.steps) + 1, is_vacated=is_vacated)
        self.steps.extend((None, one) for one in before)
        self.steps.append((past, last))

    @property
    def undone(self) -> list[int]:
        return [past.revision for past, _ in self.steps if past is not None]


def plan(pasts: Iterable[Past], state: State, revision: int) -> Plan:
    """Undo these events, the newest first, in a state at this revision. The state is changed.

    Songs that come back are held to the settings that hold when all is undone.
    """
    planned = Plan([], [])
    newest_first = sorted(pasts, key=lambda past: -past.revision)
    state.held_to = _settings_after(newest_first, state)
    for index, past in enumerate(newest_first, 1):
        step = inverse_of(past, state)
        if isinstance(step, str):
            planned.left.append(types.Left(revision=past.revision, reason=step))
        else:
            planned.take(step, past, state, revision, is_vacated=_is_vacated(step, newest_first[index:], state))
    return planned


def _is_vacated(step: Step, still_to_undo: Sequence[Past], state: State) -> bool:
    """Whether whatever is at the place of a step goes from there when these events are undone.

    Songs that exchanged their places, each by an event of its own, get exactly those back: else what was done with them
    before could not be undone any more.
    """
    there = state.songs_at(step.position) if isinstance(step, Place) else []
    return bool(there) and all(_goes(song, still_to_undo, state) for song in there)


def _goes(song: Song, still_to_undo: Sequence[Past], state: State) -> bool:
    moves = (past for past in still_to_undo if past.type == "track.moved")
    its_own = (past for past in moves if cast(types.TrackMoved, past.event).item.id == song.id)
    steps = (inverse_of(past, state) for past in its_own)
    return any(isinstance(step, Place) and step.position != song.position for step in steps)


def _settings_after(newest_first: Sequence[Past], state: State) -> dict[str, object]:
    """The settings once these events are undone."""
    settings = dict(state.settings)
    for past in newest_first:
        if past.type == "playlist.updated" and not state.is_undone(past):
            step = _settled(past, settings)
            if isinstance(step, Settle):
                settings |= {name: step.settings[name] for name in settings.keys() & step.settings}
    return settings
