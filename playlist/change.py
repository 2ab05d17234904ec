"""The log. A Change collects what a transaction does to one playlist, and writes it as events.

Revisions count 1, 2, 3… without gaps: they are assigned under the playlist's lock and written in the transaction
that makes the change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeAlias, cast

import msgspec
from msgspec import UNSET, UnsetType

from playlist import sql, types
from playlist.clock import to_ms
from playlist.identity import SYSTEM, Actor, user_id_of
from playlist.models import Event, Participant, Playlist, PlaylistTrack, new_stamp
from playlist.timeline import timeline

P = ParamSpec("P")

#: An event's type; mypy uses it to check the fields that Change.record is given.
NewEvent: TypeAlias = Callable[
    Concatenate[int, datetime, types.Person | None, str | UnsetType, int | UnsetType, P], types.Event
]

#: The columns of a playlist that commands change; `write` saves them, `rollback` restores them.
_MUTABLE = (
    *("rules_json" if name == "rules" else name for name in types.SETTINGS),
    "host_id",
    "playback_state",
    "playback_position_seconds",
    "playback_started_at_ms",
    "playback_changed_at_ms",
    "playback_clock",
    "volume",
    "ran_dry",
    "has_blocked",
    "fair_json",
    "skip_json",
)


_COLUMNS = ("playlist_id", "revision", "stamp", "type", "actor_key", "at", "body", "before")
#: What only events have that undo others.
_UNDO_COLUMNS = ("undoes", "chain", "is_redo", "voter_key")


class Undoing(msgspec.Struct, frozen=True):
    """What an event undoes: `undoes` itself or, further back, the first event of a chain of undoing and redoing.

    `voter_key`: whose vote it sets, if that is not the actor's own.
    """

    undoes: int
    chain: int
    is_redo: bool
    voter_key: str | None = None


class Entry(msgspec.Struct, frozen=True):
    """An event to be written. `before` is what it replaces, for undo; clients are not told of it.

    `voter_key`: whose vote it sets, if that is neither the actor's own nor an undone one.
    """

    actor: Actor
    event: types.Event
    before: object
    undoing: Undoing | None
    voter_key: str | None = None

    @property
    def is_plain(self) -> bool:
        return self.undoing is None and self.voter_key is None

    def columns(self, *, with_undo: bool) -> tuple[sql.Value, ...]:
        before = None if self.before is None else msgspec.json.encode(self.before).decode()
        undoing = self.undoing
        if not with_undo:
            return (before,)
        if undoing is None:
            return (before, None, None, None, self.voter_key)
        return (before, undoing.undoes, undoing.chain, undoing.is_redo, undoing.voter_key)

    def line(self) -> types.LogLine:
        event = self.event
        return types.LogLine(
            event.revision,
            new_stamp(),
            str(event.__struct_config__.tag),
            self.actor.key,
            msgspec.json.encode(event).decode(),
            self.undoing.voter_key if self.undoing else self.voter_key,
        )


class Checkpoint(msgspec.Struct, frozen=True):
    events: int
    fields: dict[str, object]
    deleted: bool


class Change:
    """One transaction's work on one playlist, whose row it has locked. `now` is the time of its events."""

    def __init__(self, playlist: Playlist, now: datetime) -> None:
        self.playlist = playlist
        self.now = now
        self._began_at_ms = to_ms(now)
        self.deleted = False
        #: The ids of the users who were present when the command was submitted, for those that ask.
        self.present: frozenset[int] = frozenset()
        #: A past that was told before the lock, for those that ask.
        self.told: types.ToldPast | None = None
        self._actor = SYSTEM
        self._op_id: str | UnsetType = UNSET
        self._undoing: Undoing | None = None
        self._voter_key: str | None = None
        self._events: list[Entry] = []
        #: The addresses that the actors of this transaction joined, or will join, from.
        self.addresses: dict[str, str] = {}
        #: The lines that `write` has added to the log.
        self.lines: list[types.LogLine] = []
        self._first_revision = playlist.revision + 1
        self._before = self.checkpoint()

    @property
    def revision(self) -> int:
        """The playlist's revision within this change."""
        return self._first_revision + len(self._events) - 1

    @property
    def has_events(self) -> bool:
        return bool(self._events)

    def address_of(self, actor_key: str) -> str:
        """The address that an actor joined from, "" if it is not known."""
        if actor_key not in self.addresses:
            user_id = user_id_of(actor_key)
            if user_id is None:  # an address, or the server
                self.addresses[actor_key] = "" if actor_key == SYSTEM.key else actor_key
            else:
                joined = Participant.objects.filter(playlist=self.playlist, user=user_id)
                self.addresses[actor_key] = joined.values_list("address", flat=True).first() or ""
        return self.addresses[actor_key]

    def keys_at(self, address: str) -> list[str]:
        """The actors of this transaction at an address: those who join with it are in no table yet. None for ""."""
        return [key for key, its_address in self.addresses.items() if address and its_address == address]

    def has_any(self, kinds: tuple[type[types.Event], ...]) -> bool:
        """Whether an event of these types was recorded."""
        return any(isinstance(entry.event, kinds) for entry in self._events)

    def act_for(self, actor: Actor, op_id: str | None) -> None:
        """Record the following events as `actor`'s, under this idempotency key."""
        self._actor = actor
        self._op_id = op_id if op_id is not None else UNSET

    @contextmanager
    def by_server(self) -> Iterator[None]:
        """Record what happens inside as what the server does by itself."""
        before = self._actor, self._op_id, self._undoing
        self._actor, self._op_id, self._undoing = SYSTEM, UNSET, None
        try:
            yield
        finally:
            self._actor, self._op_id, self._undoing = before

    @contextmanager
    def as_of(self, moment: datetime) -> Iterator[None]:
        """Let it be an earlier time, for what has happened without being recorded."""
        now, self.now = self.now, moment
        try:
            yield
        finally:
            self.now = now

    @contextmanager
    def undoing(self, undoing: Undoing | None) -> Iterator[None]:
        """Let the events inside undo another one."""
        self._undoing = undoing
        try:
            yield
        finally:
            self._undoing = None

    @contextmanager
    def voting_as(self, voter_key: str) -> Iterator[None]:
        """Let the votes inside be somebody else's than the actor's."""
        self._voter_key = voter_key
        try:
            yield
        finally:
            self._voter_key = None

    def record(self, event: NewEvent[P], *args: P.args, **fields: P.kwargs) -> None:
        """Add an event, given by its type and fields; the Change fills in the fields of every event."""
        self.record_over(None, event, *args, **fields)

    def record_over(self, before: object, event: NewEvent[P], *args: P.args, **fields: P.kwargs) -> None:
        """Add an event, and what it replaces, so that it can be undone (undo/inverses.py says what that is)."""
        undoing = self._undoing
        undoes = UNSET if undoing is None else undoing.undoes
        made = event(self.revision + 1, self.now, self._actor.person(), self._op_id, undoes, *args, **fields)
        self._events.append(Entry(self._actor, made, before, undoing, self._voter_key))

    def set_playback(
        self,
        state: types.PlaybackState,
        item: PlaylistTrack | None,
        position_seconds: float = 0.0,
        started_at_ms: int | None = None,
    ) -> types.Playback:
        """Set what plays, from which position, and while playing when its beginning was or will be due.

        The caller records the event for it.
        """
        playlist = self.playlist
        playlist.playback_state = state
        playlist.playback_position_seconds = position_seconds
        playlist.playback_started_at_ms = started_at_ms
        playlist.playback_clock = timeline.clock or 0
        return self._playback(state, item)

    def set_volume(self, volume: int, item: PlaylistTrack | None) -> types.Playback:
        """Set the volume of what plays; the caller records the event for it."""
        self.playlist.volume = volume
        return self._playback(cast(types.PlaybackState, self.playlist.playback_state), item)

    def _playback(self, state: types.PlaybackState, item: PlaylistTrack | None) -> types.Playback:
        playlist = self.playlist
        playlist.playback_changed_at_ms = to_ms(self.now)
        return types.Playback(
            state=state,
            item_id=item.id if item else None,
            position_seconds=playlist.playback_position_seconds,
            started_at_ms=playlist.playback_started_at_ms,
            server_time_ms=playlist.playback_changed_at_ms,
            volume=playlist.volume,
            clock=playlist.playback_clock,
        )

    def checkpoint(self) -> Checkpoint:
        return Checkpoint(len(self._events), {name: getattr(self.playlist, name) for name in _MUTABLE}, self.deleted)

    def rollback(self, to: Checkpoint) -> None:
        """Undo in memory all that was recorded and changed since `to`; the caller's savepoint undoes the tables."""
        del self._events[to.events :]
        for name, value in to.fields.items():
            setattr(self.playlist, name, value)
        self.deleted = to.deleted

    def write(self) -> None:
        """Insert the events and save the playlist row: two queries, however many events."""
        if self.deleted or not self._events:
            return
        self.lines = [entry.line() for entry in self._events]
        with_undo = not all(entry.is_plain for entry in self._events)
        where = self.playlist.pk
        rows = [
            (
                *(where, line.revision, line.stamp, line.type, line.actor_key, entry.event.at, line.body),
                *entry.columns(with_undo=with_undo),
            )
            for line, entry in zip(self.lines, self._events, strict=True)
        ]
        sql.insert(Event, (*_COLUMNS, *_UNDO_COLUMNS) if with_undo else _COLUMNS, rows)
        self.playlist.revision, self.playlist.stamp = self.lines[-1].revision, self.lines[-1].stamp
        # A sign of life that costs nothing: life.py leaves out a row that is locked again and again.
        self.playlist.alive_at_ms = self._began_at_ms
        changed = [name for name in _MUTABLE if getattr(self.playlist, name) != self._before.fields[name]]
        values = {name: getattr(self.playlist, name) for name in ("revision", "stamp", "alive_at_ms", *changed)}
        sql.update(Playlist, self.playlist.pk, values)
