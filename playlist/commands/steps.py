"""Writes what undoing does: an event for each step, and the rows as they are after all of them.

In a constant number of queries, so that a hundred songs come back at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from playlist import sql, types
from playlist.change import Change, Undoing
from playlist.commands.keeping import names_of, removed_row, removed_save
from playlist.commands.playlists import settings_set
from playlist.commands.votes import votes_save
from playlist.identity import Actor
from playlist.models import PlaylistTrack, RemovedItem, Vote
from playlist.selectors.items import item_from_model
from playlist.selectors.library import live_tracks, track_from_model
from playlist.undo.state import Past, State
from playlist.undo.steps import Boost, Place, PutBack, Renumber, Settle, SetVote, Step, TakeOut

Steps = Sequence[tuple[Past | None, Step]]


def steps_write(change: Change, actor: Actor, steps: Steps, state: State, removed: Sequence[RemovedItem]) -> None:
    """Record the steps, which led to `state`, and bring the tables there. `removed`: rows of what comes back."""
    if steps:
        writing = _Writing(change, actor, state, removed, steps)
        for past, step in steps:
            with change.undoing(_undoing(actor, past, step)):
                writing.record(step)
        writing.save()


def _undoing(actor: Actor, past: Past | None, step: Step) -> Undoing | None:
    if past is None:
        return None
    voter_key = step.key if isinstance(step, SetVote) and step.key != actor.key else None
    return Undoing(past.revision, past.chain, not past.is_redo, voter_key)


class _Writing:
    """The rows that the steps are about."""

    def __init__(
        self, change: Change, actor: Actor, state: State, removed: Sequence[RemovedItem], steps: Steps
    ) -> None:
        self._change, self._actor, self._state = change, actor, state
        self._removed = {row.pk: row for row in removed}
        back = {step.id for _, step in steps if isinstance(step, PutBack)}
        out = {step.id for _, step in steps if isinstance(step, TakeOut)}
        #: Those that are taken out of the queue, and those that were put back, as they are by now.
        self._items: dict[UUID, PlaylistTrack] = {item.pk: item for item in change.playlist.items.filter(pk__in=out)}
        self._leaving = set(self._items)
        self._taken_out: dict[UUID, RemovedItem] = {}
        moving: list[PlaylistTrack | RemovedItem] = [
            *self._items.values(),
            *(self._removed[item_id] for item_id in back if item_id in self._removed),
        ]
        self._tracks = live_tracks().in_bulk({row.track_id for row in moving})
        self._moved: dict[UUID, float] = {}
        self._boosted: dict[UUID, datetime | None] = {}
        self._counted: dict[UUID, int] = {}
        self._voted: dict[tuple[UUID, str], int] = {}
        self._voted_before: dict[tuple[UUID, str], int] = {}
        self._names = names_of(moving)

    def record(self, step: Step) -> None:
        """Record one step, and note what it changes."""
        change = self._change
        match step:
            case PutBack():
                self._put_back(step)
            case TakeOut():
                self._take_out(step)
            case Place():
                self._place(step.id, step.position)
                moved = types.MovedItem(id=step.id, position=step.position)
                before = step.before if step.boosted_at is None else (step.before, step.boosted_at)
                change.record_over(before, types.TrackMoved, item=moved)
            case SetVote():
                voter = (step.id, step.key)
                self._voted_before.setdefault(voter, step.before)
                self._voted[voter] = step.value
                self._counted[step.id] = step.votes
                voted = types.VotedItem(id=step.id, votes=step.votes)
                change.record_over((step.before, step.value), types.TrackVoted, item=voted)
            case Boost():
                self._boosted[step.id] = step.boosted_at
                if step.id in self._items:
                    self._items[step.id].boosted_at = step.boosted_at
                boosted = types.BoostedItem(id=step.id, boosted_at=step.boosted_at)
                change.record_over((step.before,), types.TrackBoosted, item=boosted)
            case Settle():
                settings_set(change, step.settings)
            case Renumber():
                places = [types.MovedItem(id=item_id, position=float(n)) for n, item_id in enumerate(step.order, 1)]
                for place in places:
                    self._place(place.id, place.position)
                change.record_over(step.before, types.PlaylistReordered, items=places)

    def _place(self, item_id: UUID, position: float) -> None:
        self._moved[item_id] = position
        if item_id in self._items:
            self._items[item_id].position = position

    def _put_back(self, step: PutBack) -> None:
        row = self._taken_out.pop(step.id, None) or self._removed[step.id]
        track = self._tracks[row.track_id]
        item = PlaylistTrack(
            id=row.pk,
            playlist=self._change.playlist,
            track=track,
            track_version=track.version,
            position=step.position,
            votes=sum(value for _, value in _votes(row)),
            added_by=row.added_by,
            added_by_key=row.added_by_key,
            added_at=row.added_at,
            played_at=row.played_at,
            boosted_at=row.boosted_at,
            because_json=row.because_json,
        )
        self._items[row.pk] = item
        keys = types.ItemKeys(row.added_by_key, dict(_votes(row)))
        self._change.record_over(keys, types.TrackAdded, item=item_from_model(item, track_from_model(track)))

    def _take_out(self, step: TakeOut) -> None:
        item, kept = self._items[step.id], self._state.kept[step.id]
        self._change.record(types.TrackRemoved, id=item.pk)
        row = removed_row(self._change, self._actor, item, self._names[item.track_id], list(kept.by.items()))
        self._taken_out[item.pk] = row

    def save(self) -> None:
        """Write the rows as they are by now."""
        songs = self._state.songs
        back = [item for item_id, item in self._items.items() if item_id in songs]
        removed_save(list(self._taken_out.values()))
        PlaylistTrack.objects.filter(pk__in=self._leaving).delete()
        RemovedItem.objects.filter(pk__in=[item.pk for item in back]).delete()
        for item in back:
            item.votes = songs[item.pk].votes
        PlaylistTrack.objects.bulk_create(back)
        votes = [(item.pk, key, value) for item in back for key, value in songs[item.pk].by.items() if value]
        sql.insert(Vote, ("item_id", "actor_key", "value"), votes)
        there = songs.keys() - {item.pk for item in back}
        sql.update_each(PlaylistTrack, "position", [(p, pk) for pk, p in self._moved.items() if pk in there])
        sql.update_each(PlaylistTrack, "votes", [(n, pk) for pk, n in self._counted.items() if pk in there])
        sql.update_each(PlaylistTrack, "boosted_at", [(at, pk) for pk, at in self._boosted.items() if pk in there])
        now = {place: value for place, value in self._voted.items() if place[0] in there}
        votes_save(now, {place: self._voted_before[place] for place in now})


def _votes(row: RemovedItem) -> list[tuple[str, int]]:
    return msgspec.json.decode(row.votes_json, type=list[tuple[str, int]])
