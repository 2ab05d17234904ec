"""The fold: an old snapshot with the events since is the new snapshot. Pure; it knows no table and no clock.

The tests hold it against fresh snapshots after every command, and `frontend/src/room/state.ts` does the same in the
browser, on the same fixtures. A new event has a case here: mypy names the place.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias, TypeVar, assert_never
from uuid import UUID

from msgspec import UNSET, Struct
from msgspec.structs import replace

from playlist import types
from playlist.ordering.turns import playing_order

StateT = TypeVar("StateT", bound=Struct)

OfItems: TypeAlias = (
    types.TrackAdded
    | types.TrackRemoved
    | types.TrackMoved
    | types.TrackVoted
    | types.TrackBoosted
    | types.TrackUpdated
    | types.PlaylistReordered
)
OfPlaylist: TypeAlias = (
    types.TrackPlaying
    | types.PlaybackChanged
    | types.PlaybackSkipVoted
    | types.PlaylistUpdated
    | types.ParticipantChanged
    | types.BlockedChanged
)


class DoesNotFollow(Exception):
    """An event that does not fit onto this state: there is a gap, or it is of another history."""


def fold(snapshot: types.Snapshot, events: Iterable[types.AnyEvent], stamp: str) -> types.Snapshot:
    """The snapshot after these events, the last of which has this stamp. Raises DoesNotFollow at a gap."""
    folding = Folding(snapshot)
    for event in events:
        folding.follow(event)
    return folding.snapshot(stamp)


class Folding:
    """A playlist that goes along with its log, in constant time for an event that changes one item."""

    def __init__(self, snapshot: types.Snapshot) -> None:
        self.revision = snapshot.revision
        self._items = {item.id: item for item in snapshot.items}
        self._playlist = snapshot.playlist
        self._playback = snapshot.playback
        self._playing = next((item.id for item in snapshot.items if item.is_playing), None)

    def item(self, item_id: UUID) -> types.Item:
        """Raises DoesNotFollow where there is none."""
        try:
            return self._items[item_id]
        except KeyError:
            raise DoesNotFollow(f"no item {item_id} at revision {self.revision}") from None

    def follow(self, event: types.AnyEvent) -> None:
        """Take the next event. Raises DoesNotFollow unless it is that."""
        if event.revision != self.revision + 1:
            raise DoesNotFollow(f"revision {event.revision} after {self.revision}")
        self.apply(event)

    def apply(self, event: types.AnyEvent) -> None:
        """Take a later event, before which some may be missing that it replaces. Raises DoesNotFollow."""
        if isinstance(event, OfItems):
            self._change_items(event)
        else:
            self._change_playlist(event)
        self.revision = event.revision

    def _change_items(self, event: OfItems) -> None:
        match event:
            case types.TrackAdded():
                self._items[event.item.id] = event.item
            case types.TrackRemoved():
                self.item(event.id)
                del self._items[event.id]
            case types.TrackMoved() | types.TrackVoted() | types.TrackBoosted():
                self._items[event.item.id] = _with(self.item(event.item.id), event.item)
            case types.TrackUpdated():
                for item in self._items.values():
                    if item.track_id == event.track.id:
                        self._items[item.id] = replace(item, track=event.track)
            case types.PlaylistReordered():
                self._reorder(event.items)
            case _:
                assert_never(event)

    def _change_playlist(self, event: OfPlaylist) -> None:
        match event:
            case types.TrackPlaying():
                self._start(event)
            case types.PlaybackChanged():
                self._playback = event.playback
            case types.PlaybackSkipVoted():
                self._playlist = replace(self._playlist, skip=_voted(self._playlist.skip, event))
            case types.ParticipantChanged() | types.BlockedChanged():
                pass  # neither people nor what is blocked are part of a snapshot
            case types.PlaylistUpdated():
                self._playlist = _with(self._playlist, event.playlist)
            case _:
                assert_never(event)

    def _start(self, event: types.TrackPlaying) -> None:
        if self._playing in self._items:
            self._items[self._playing] = replace(self._items[self._playing], is_playing=False)
        if event.id is not None:
            self._items[event.id] = replace(self.item(event.id), is_playing=True, played_at=event.at)
        self._playing = event.id
        self._playback = event.playback
        self._playlist = replace(self._playlist, fair=event.fair, skip=None)

    def _reorder(self, placed: list[types.MovedItem]) -> None:
        if {each.id for each in placed} != self._items.keys():
            raise DoesNotFollow(f"other items than at revision {self.revision} are reordered")
        for each in placed:
            self._items[each.id] = _with(self._items[each.id], each)

    def snapshot(self, stamp: str) -> types.Snapshot:
        """The whole playlist as it stands, given the stamp of the last event."""
        items = playing_order(self._items.values(), self._playlist)
        playlist = replace(
            self._playlist,
            revision=self.revision,
            playback=self._playback,
            item_count=len(items),
            total_duration_seconds=sum(item.track.duration_seconds for item in items),
        )
        return types.Snapshot(
            revision=self.revision, stamp=stamp, playlist=playlist, items=items, playback=self._playback
        )


def _voted(before: types.Skip | None, event: types.PlaybackSkipVoted) -> types.Skip | None:
    """The votes to skip after one of them; None without any."""
    if not event.votes:
        return None
    actor_id = event.actor.id if event.actor is not None else None
    people = [user_id for user_id in (before.people if before is not None else []) if user_id != actor_id]
    if event.want and actor_id is not None:
        people.append(actor_id)
    return types.Skip(item_id=event.item_id, votes=event.votes, needed=event.needed, people=people)


def _with(state: StateT, changes: Struct) -> StateT:
    """The state with the fields that the changes give."""
    given = {name: getattr(changes, name) for name in changes.__struct_fields__}
    return replace(state, **{name: value for name, value in given.items() if value is not UNSET})
