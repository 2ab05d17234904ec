"""Playback commands: play, pause, next, previous, seek, volume.

At most one item is current (`is_playing`, also while paused). `played_at` is the time of its last start. Each command
raises CONFLICT if it expects another item to be current.
"""

from __future__ import annotations

from django.db.models import Min

from playlist import types
from playlist.change import Change
from playlist.commands.current import (
    advance,
    following_item,
    go_on,
    hold,
    item_at,
    playback_as_it_is,
    position_seconds,
    start,
)
from playlist.commands.following import expected_item
from playlist.errors import DomainError, invalid, item_not_found
from playlist.identity import Actor
from playlist.models import Play, Playlist, PlaylistTrack
from playlist.ordering.turns import preceding
from playlist.selectors.items import spots_of

State = Playlist.State


def playback_play(change: Change, actor: Actor, command: types.PlaybackPlay) -> types.Playback:
    """Start the given item; without one, resume the paused item or start the queue. Raises ITEM_NOT_FOUND."""
    current = expected_item(change, command)
    if command.item_id is None:
        wanted = current or following_item(change)
    else:
        wanted = change.playlist.items.filter(pk=command.item_id).first()
        if wanted is None:
            raise item_not_found()
    if wanted is None:
        return playback_as_it_is(change, None)
    if current is None or wanted.pk != current.pk:
        return start(change, current, wanted)
    if change.playlist.playback_state == State.PAUSED:
        return go_on(change, current, change.playlist.playback_position_seconds)
    return playback_as_it_is(change, current)


def playback_pause(change: Change, actor: Actor, command: types.PlaybackPause) -> types.Playback:
    """Pause. Does nothing if nothing plays, or another item than the command's."""
    current = expected_item(change, command)
    expected = command.item_id is None or (current is not None and current.pk == command.item_id)
    if current is None or not expected or change.playlist.playback_state == State.PAUSED:
        return playback_as_it_is(change, current)
    return hold(change, current, position_seconds(change, current))


def playback_next(change: Change, actor: Actor, command: types.PlaybackNext) -> types.Playback:
    """Start the following item; at the end of the queue, stop."""
    current = expected_item(change, command)
    if current is None:
        first = following_item(change)
        return playback_as_it_is(change, None) if first is None else start(change, None, first)
    return advance(change, current)


def playback_previous(change: Change, actor: Actor, command: types.PlaybackPrevious) -> types.Playback:
    """Start the previous item; without one, restart the current item."""
    current = expected_item(change, command)
    if current is None or change.playlist.order == Playlist.Order.MANUAL:
        spot = preceding(spots_of(change.playlist))
        earlier = item_at(change, spot.id if spot else None)
    else:
        earlier = _played_before(change, current)
    if earlier is not None:
        return start(change, current, earlier)
    if current is None or position_seconds(change, current) == 0:
        return playback_as_it_is(change, current)
    return _set_position(change, current, 0.0)


def playback_seek(change: Change, actor: Actor, command: types.PlaybackSeek) -> types.Playback:
    """Seek in the current item. Raises CONFLICT if there is none, VALIDATION_ERROR beyond its end."""
    current = expected_item(change, command)
    if current is None:
        raise DomainError("CONFLICT", "Nothing is playing.", {"state": "stopped"})
    duration_seconds = current.track.exact_duration_ms / 1000
    if command.position_seconds > duration_seconds:
        raise invalid("position_seconds", f"the song lasts {duration_seconds:g} seconds")
    if command.position_seconds == position_seconds(change, current):
        return playback_as_it_is(change, current)
    return _set_position(change, current, command.position_seconds)


def playback_volume(change: Change, actor: Actor, command: types.PlaybackVolume) -> types.Playback:
    """Set the room's volume."""
    current = expected_item(change, command)
    if command.volume == change.playlist.volume:
        return playback_as_it_is(change, current)
    playback = change.set_volume(command.volume, current)
    change.record(types.PlaybackChanged, playback=playback)
    return playback


def _set_position(change: Change, current: PlaylistTrack, seconds: float) -> types.Playback:
    """Move to a position; what is paused stays paused."""
    moved = go_on if change.playlist.playback_state == State.PLAYING else hold
    return moved(change, current, seconds)


def _played_before(change: Change, current: PlaylistTrack) -> PlaylistTrack | None:
    """The item that had its first turn right before `current` had its own, so that repeated calls go further back."""
    turns = Play.objects.filter(playlist=change.playlist, item_id__in=change.playlist.items.values("pk"))
    first_turns = dict(turns.order_by().values_list("item_id").annotate(Min("id")))
    mine = first_turns.pop(current.pk, None)
    earlier = {turn: item_id for item_id, turn in first_turns.items() if mine is not None and turn < mine}
    return change.playlist.items.get(pk=earlier[max(earlier)]) if earlier else None
