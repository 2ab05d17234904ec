"""What must hold of an evening, read from its log: each event is folded, and judged by the rules as they stood then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings

from playlist import types
from playlist.fold import Folding
from playlist.ordering.explain import Explained, explain
from playlist.ordering.fair import given_back, started
from playlist.ordering.turns import current_of, waits
from tests.fold import State
from tests.nights import Song, Turns

HOUR = timedelta(hours=1)
LEADING = ("host", "cohost")


class Start(msgspec.Struct, frozen=True):
    """A song that began to play. `told_ms`: when the queue said it would, one moment before."""

    event: types.TrackPlaying
    told_ms: int | None

    @property
    def played_at(self) -> str:
        return str(msgspec.to_builtins(self.event.at))

    @property
    def begins_ms(self) -> int:
        begins_ms = self.event.playback.started_at_ms
        assert begins_ms is not None
        return begins_ms

    @property
    def is_late(self) -> bool:
        """Whether the server was so late that the song began when it came to it, and not when it was due."""
        return self.told_ms is not None and self.event.playback.server_time_ms - self.told_ms > settings.CHAIN_LIMIT_MS


class Logbook:
    """Goes along with the log of a room that everybody entered from one address."""

    def __init__(self, opened: State, queues: Mapping[int, list[dict[str, Any]]]) -> None:
        """From a snapshot on; `queues`: what `GET …/queue` answered at a revision, which must be true."""
        self._folding = Folding(msgspec.convert({"stamp": "", **opened}, types.Snapshot))
        self._queues = queues
        self._turns = Turns()
        self._roles: dict[int, str] = {}
        self._boosts: list[tuple[int, datetime]] = []
        self._started: dict[str, datetime] = {}
        self._removed: dict[int, tuple[str, str]] = {}
        self._owed_skip: types.PlaybackSkipVoted | None = None
        self._owed_removal: UUID | None = None
        self.starts: list[Start] = []
        self.skips = 0
        self.brought_back: list[types.Item] = []
        self.added_by_itself: list[types.Item] = []

    @property
    def revision(self) -> int:
        return self._folding.revision

    def queue(self) -> list[str]:
        """The ids of what plays and of what is still to play, in order."""
        items = self._folding.snapshot("").items
        return [str(item.id) for item in items if item.is_playing or waits(item)]

    def removed_by(self, name: str) -> list[str]:
        """The tracks that somebody took out, and that did not come back."""
        return [track_id for track_id, by in self._removed.values() if by == name]

    def ends(self) -> None:
        """Raises AssertionError if something is missing at the end of the log."""
        assert self._owed_skip is None, "enough votes skip at once"
        assert self._owed_removal is None, "somebody moved on who may not"

    @property
    def widest_gap(self) -> int:
        """By how many turns two people differed who both had songs waiting, in fair order."""
        return self._turns.widest

    def read(self, line: dict[str, Any]) -> None:
        """Take the next event. Raises AssertionError if a rule was broken, DoesNotFollow at a gap."""
        event: types.AnyEvent = msgspec.convert(line, types.AnyEvent)
        before = self._folding.snapshot("")
        self._folding.follow(event)
        after = self._folding.snapshot("")
        match event:
            case types.TrackAdded():
                self._added(event, before, after)
            case types.TrackRemoved():
                self._took_out(event, before)
            case types.TrackBoosted():
                self._boosted(event, before)
            case types.TrackPlaying():
                self._playing(event, before, after)
            case types.PlaybackSkipVoted():
                self._skip_voted(event)
            case types.ParticipantChanged():
                self._roles[event.participant.id] = event.participant.role
            case _:
                pass
        if not isinstance(event, types.TrackPlaying):
            self._count_turns(after, None)
        if event.revision in self._queues:
            assert _queue(after) == self._queues[event.revision], f"the queue at revision {event.revision}"

    def _added(self, event: types.TrackAdded, before: types.Snapshot, after: types.Snapshot) -> None:
        item, rules = event.item, before.playlist.rules
        waiting = [other for other in after.items if waits(other)]
        if item.adder is None:
            self.added_by_itself.append(item)
            assert sum(other.adder is None for other in waiting) == 1, "one song waits that nobody added"
            return
        if event.undoes is not msgspec.UNSET:
            self.brought_back.append(item)
            self._removed.pop(event.undoes, None)
        if not waits(item):
            return
        limit = before.playlist.max_queued_per_person
        if limit is not None:
            assert sum(other.adder == item.adder for other in waiting) <= limit, "songs of one person"
            assert sum(other.adder is not None for other in waiting) <= limit * settings.ADDRESS_PEOPLE, "of an address"
        if rules.max_track_seconds is not None:
            assert item.track.duration_ms <= 1000 * rules.max_track_seconds, "a song that is too long"
        if rules.repeat_after_minutes is not None and item.track_id in self._started:
            since = event.at - self._started[item.track_id]
            assert since >= timedelta(minutes=rules.repeat_after_minutes), "a song that was played recently"

    def _took_out(self, event: types.TrackRemoved, before: types.Snapshot) -> None:
        self._owed_removal = None if self._owed_removal == event.id else self._owed_removal
        if event.actor is not None:
            (item,) = (item for item in before.items if item.id == event.id)
            self._removed[event.revision] = (item.track_id, event.actor.name)

    def _boosted(self, event: types.TrackBoosted, before: types.Snapshot) -> None:
        if event.item.boosted_at is None or event.undoes is not msgspec.UNSET:
            return
        assert event.actor is not None
        if self._leads(event.actor, before):
            return
        self._boosts.append((event.actor.id, event.at))
        recent = [by for by, at in self._boosts if event.at - at < HOUR]
        limit = before.playlist.rules.boosts_per_hour
        assert recent.count(event.actor.id) <= limit, "boosts of one person"
        assert len(recent) <= limit * settings.ADDRESS_PEOPLE, "boosts of an address"

    def _skip_voted(self, event: types.PlaybackSkipVoted) -> None:
        assert self._owed_skip is None, "enough votes skip at once"
        if event.want and event.votes >= event.needed:
            self._owed_skip = event

    def _playing(self, event: types.TrackPlaying, before: types.Snapshot, after: types.Snapshot) -> None:
        queue, skip = _explained(before), self._owed_skip
        self._owed_skip = None
        if event.id is None:
            assert not queue, "the room stopped although songs waited"
            return
        assert str(event.id) == queue[0].item.id, "another song than the next one"
        self.skips += skip is not None
        start = Start(event, queue[0].plays_at_ms)
        if event.actor is not None and skip is None and not self._leads(event.actor, before):
            self._owed_removal = before.playback.item_id  # taking out what plays moves on first
        if event.actor is None:
            assert start.told_ms is not None
            assert start.begins_ms >= start.told_ms if start.is_late else start.begins_ms == start.told_ms, (
                "honest times"
            )
        self.starts.append(start)
        self._started[self._folding.item(event.id).track_id] = event.at
        self._took_turn(event, before, after, skip)

    def _took_turn(
        self,
        event: types.TrackPlaying,
        before: types.Snapshot,
        after: types.Snapshot,
        skip: types.PlaybackSkipVoted | None,
    ) -> None:
        fair = before.playlist.fair
        if fair is None or event.id is None:
            self._turns.begin_anew()
            return
        item, current = self._folding.item(event.id), current_of(before.items)
        people = [other.adder for other in after.items if other.adder is not None and waits(other)]
        allowed = [started(fair, item.adder, people)]
        if skip is not None and current is not None:
            returned = given_back(fair, current.adder)
            allowed.append(started(returned, item.adder, people))
            if event.fair == allowed[1] != allowed[0]:
                self._count_turns(before, current.adder, -1)
        assert event.fair in allowed, "turns that are not counted"
        if item.boosted_at is not None:
            self._turns.begin_anew()
        else:
            self._count_turns(after, item.adder)

    def _count_turns(self, state: types.Snapshot, adder: str | None, turns: int = 1) -> None:
        if state.playlist.fair is not None:
            waiting = [item.adder for item in state.items if item.adder is not None and waits(item)]
            self._turns.count(waiting, adder, turns)

    def _leads(self, actor: types.Person | None, state: types.Snapshot) -> bool:
        if actor is None:
            return False
        host = state.playlist.host
        return (host is not None and host.id == actor.id) or self._roles.get(actor.id) in LEADING


def _songs(state: types.Snapshot) -> list[Song]:
    return [
        Song(
            id=str(item.id),
            position=item.position,
            adder=item.adder,
            votes=item.votes,
            is_playing=item.is_playing,
            played_at=item.played_at,
            boosted_at=item.boosted_at,
            because=item.because,
            duration_ms=item.track.duration_ms,
        )
        for item in state.items
    ]


def _explained(state: types.Snapshot) -> list[Explained[Song]]:
    """What waits, with its times, where no speaker is on."""
    return explain(_songs(state), state.playlist, state.playback, is_heard=False)


def _queue(state: types.Snapshot) -> Any:
    """What `GET …/queue` must answer."""
    return msgspec.to_builtins(
        [
            types.Queued(
                item_id=UUID(each.item.id),
                plays_at_ms=each.plays_at_ms,
                round=msgspec.UNSET if each.round is None else each.round,
                because=each.because,
            )
            for each in _explained(state)
        ]
    )
