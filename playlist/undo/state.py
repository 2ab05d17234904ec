"""As much of a playlist as undoing looks at, and how each step of it changes that. Pure: nothing is read or written."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from playlist import types
from playlist.ordering.positions import calculate_position, fits, renumber
from playlist.undo.limits import Limits
from playlist.undo.steps import Boost, Place, PutBack, Renumber, Settle, SetVote, Step, TakeOut


class Past(Struct, frozen=True):
    """An event of the log. `before` is what it replaced, None if that is not known.

    `chain`: the first event of the chain of undoing and redoing that it belongs to; `is_redo`: it brought back the
    effect of that one (or is that one).
    """

    revision: int
    type: str
    actor_key: str
    voter_key: str
    event: types.AnyEvent
    before: object
    chain: int
    is_redo: bool


class Song(Struct):
    """An item in the queue. `by` has the votes of those people whom the events are about."""

    id: UUID
    track_id: str
    adder_key: str
    position: float
    votes: int
    is_playing: bool
    played_at: datetime | None
    boosted_at: datetime | None
    by: dict[str, int]


class Kept(Struct, frozen=True):
    """A removed item, with all its votes. `revision`: the event that removed it, None if that is not known."""

    id: UUID
    track_id: str
    adder_key: str
    position: float
    played_at: datetime | None
    boosted_at: datetime | None
    by: dict[str, int]
    revision: int | None


class Renumbering(Struct, frozen=True):
    """The event that gave the items with these positions, in this order, the positions 1, 2, 3…"""

    revision: int
    before: list[float]


class Newest(Struct, frozen=True):
    """The newest event of a chain."""

    revision: int
    is_redo: bool


def flat(settings: dict[str, Any]) -> dict[str, object]:
    """Settings by name, each rule by its own: `rules.guests.add`. The policy follows from the rules."""
    found: dict[str, object] = {}
    for name, value in settings.items():
        if isinstance(value, dict):
            found |= {f"{name}.{inner}": one for inner, one in flat(value).items()}
        elif name != "policy":
            found[name] = value
    return found


def carried(position: float, since: int, renumberings: Iterable[Renumbering]) -> float:
    """Where a position of that revision is by now: renumbering keeps the order, also of what is not there."""
    for renumbering in renumberings:
        if renumbering.revision > since:
            position = _carried(position, renumbering.before)
    return position


def _carried(position: float, before: Sequence[float]) -> float:
    """The place of a position among items that get the numbers 1, 2, 3…"""
    if not before:
        return position
    index = bisect_left(before, position)
    if index < len(before) and before[index] == position:
        return index + 1.0
    if index == 0:
        return position - before[0] + 1
    if index == len(before):
        return position - before[-1] + len(before)
    left, right = before[index - 1], before[index]
    return index + (position - left) / (right - left)


class State:
    """The present, and then what it is after each step.

    `settings` are flat; `held_to`: those that songs which come back are held to. `songs` may be only those that the
    events are about and, for `kept`, those of the same tracks: then steps can be judged, but not taken.
    """

    def __init__(
        self,
        *,
        songs: Iterable[Song],
        kept: Iterable[Kept],
        library: Iterable[str],
        settings: dict[str, object],
        newest: dict[int, Newest],
        renumberings: Iterable[Renumbering],
        limits: Limits,
    ) -> None:
        self.songs = {song.id: song for song in songs}
        self.kept = {one.id: one for one in kept}
        self.settings = settings
        self.held_to: Mapping[str, Any] = settings
        self.limits = limits
        self.newest = newest
        #: The tracks of removed items that the library still has.
        self.library = set(library)
        self._renumberings = sorted(renumberings, key=lambda one: one.revision)
        self._queued = {song.track_id for song in self.songs.values()}
        self._places = sorted(song.position for song in self.songs.values())

    # ── Asked by the inverses ────────────────────────────────────────────────────────────────────────────────────────

    def is_undone(self, past: Past) -> bool:
        newest = self.newest.get(past.chain)
        return newest is not None and newest.revision > past.revision and newest.is_redo != past.is_redo

    def position_now(self, position: float, since: int) -> float:
        return carried(position, since, self._renumberings)

    def songs_at(self, position: float) -> list[Song]:
        if bisect_left(self._places, position) == bisect_right(self._places, position):
            return []
        return [song for song in self.songs.values() if song.position == position]

    def is_queued(self, track_id: str) -> bool:
        return track_id in self._queued

    def against(self, kept: Kept) -> types.UndoReason | None:
        """Why the limits of the room keep a song from waiting again."""
        if kept.played_at is not None:
            return None
        waiting = Counter(song.adder_key for song in self.songs.values() if song.played_at is None)
        return self.limits.against_song(kept.track_id, kept.adder_key, self.held_to, waiting)

    # ── Taking steps ─────────────────────────────────────────────────────────────────────────────────────────────────

    def take(self, step: Step, past: Past | None, revision: int, *, is_vacated: bool = False) -> list[Step]:
        """Take a step that undoes `past`, as the event of that revision or, after a renumbering, of the next one.

        Returns the steps as they were taken: a place that is occupied is replaced by the next free one, unless a step
        to come vacates it.
        """
        taken: list[Step] = []
        if isinstance(step, PutBack | Place) and not is_vacated:
            step, renumbering = self._into_place(step, revision)
            if renumbering is not None:
                taken.append(renumbering)
        taken.append(self._do(step, revision + len(taken)))
        if past is not None:
            self.newest[past.chain] = Newest(revision + len(taken) - 1, not past.is_redo)
        return taken

    def _do(self, step: Step, revision: int) -> Step:
        match step:
            case PutBack():
                self._put_back(self.kept.pop(step.id), step.position)
            case TakeOut():
                self._take_out(self.songs.pop(step.id), revision)
            case Place():
                song = self.songs[step.id]
                self._leave(song.position)
                song.position = step.position
                insort(self._places, step.position)
            case SetVote():
                song = self.songs[step.id]
                song.by[step.key] = step.value
                song.votes += step.value - step.before
                return SetVote(step.id, step.key, step.before, step.value, song.votes)
            case Boost():
                self.songs[step.id].boosted_at = step.boosted_at
            case Settle():
                self.settings.update({name: step.settings[name] for name in self.settings.keys() & step.settings})
            case Renumber():
                pass
        return step

    def _put_back(self, kept: Kept, position: float) -> None:
        self.songs[kept.id] = Song(
            id=kept.id,
            track_id=kept.track_id,
            adder_key=kept.adder_key,
            position=position,
            votes=sum(kept.by.values()),
            is_playing=False,
            played_at=kept.played_at,
            boosted_at=kept.boosted_at,
            by=dict(kept.by),
        )
        self._queued.add(kept.track_id)
        insort(self._places, position)

    def _take_out(self, song: Song, revision: int) -> None:
        votes = {key: value for key, value in song.by.items() if value}
        self.kept[song.id] = Kept(
            id=song.id,
            track_id=song.track_id,
            adder_key=song.adder_key,
            position=song.position,
            played_at=song.played_at,
            boosted_at=song.boosted_at,
            by=votes,
            revision=revision,
        )
        self._queued.discard(song.track_id)
        self.library.add(song.track_id)
        self._leave(song.position)

    def _leave(self, position: float) -> None:
        del self._places[bisect_left(self._places, position)]

    def _into_place(self, step: PutBack | Place, revision: int) -> tuple[PutBack | Place, Renumber | None]:
        """The step with a free position: the wanted one, or the middle between the item there and the next."""
        moving = step.before if isinstance(step, Place) else None
        position = self._free(step.position, moving)
        renumbering = None
        if position is None:
            renumbering = self._renumber(revision)
            step = replace(step, position=_carried(step.position, renumbering.before))
            if isinstance(step, Place):
                step = replace(step, before=self.songs[step.id].position)
                moving = step.before
            position = self._free(step.position, moving)
            assert position is not None
        return replace(step, position=position), renumbering

    def _free(self, wanted: float, moving: float | None) -> float | None:
        """None if doubles have run out behind the item at that position. `moving`: a position that is being left."""
        index = bisect_left(self._places, wanted)
        if math.isfinite(wanted) and (index == len(self._places) or self._places[index] != wanted or wanted == moving):
            return wanted
        after = bisect_right(self._places, wanted)
        if after < len(self._places) and self._places[after] == moving:
            after += 1
        following = self._places[after] if after < len(self._places) else None
        position = calculate_position(wanted, following)
        return position if fits(wanted, position, following) else None

    def _renumber(self, revision: int) -> Renumber:
        songs = sorted(self.songs.values(), key=lambda song: song.position)
        before = [song.position for song in songs]
        for song, position in zip(songs, renumber(len(songs)), strict=True):
            song.position = position
        self._places = renumber(len(songs))
        self._renumberings.append(Renumbering(revision, before))
        return Renumber(before, [song.id for song in songs])
