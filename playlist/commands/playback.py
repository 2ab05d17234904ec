"""Playback commands: play, pause, next, previous, seek.

At most one item is current (`is_playing`, also while paused). `played_at` is the time of its last start. Each command
raises CONFLICT if it expects another item to be current.
"""

from __future__ import annotations

from typing import cast

import msgspec
from django.db.models import Min
from msgspec import UnsetType

from playlist import types
from playlist.change import Change
from playlist.clock import to_ms
from playlist.errors import DomainError, invalid, item_not_found
from playlist.identity import Actor
from playlist.models import Play, Playlist, PlaylistTrack, Track
from playlist.ordering.turns import preceding, upcoming
from playlist.selectors.items import Spot, spots_of
from playlist.selectors.library import track_from_model
from playlist.selectors.playback import playback_at, position_at
from playlist.timeline import timeline

State = Playlist.State


def playback_play(change: Change, actor: Actor, command: types.PlaybackPlay) -> types.Playback:
    """Start the given item; without one, resume the paused item or start the queue. Raises ITEM_NOT_FOUND."""
    current = _expected(change, command)
    if command.item_id is None:
        wanted = current or _following(change)
    else:
        wanted = change.playlist.items.filter(pk=command.item_id).first()
        if wanted is None:
            raise item_not_found()
    if wanted is None:
        return _playback(change, None)
    if current is None or wanted.pk != current.pk:
        return _start(change, current, wanted)
    if change.playlist.playback_state == State.PAUSED:
        return _set_current(change, "playing", current, change.playlist.playback_position_seconds)
    return _playback(change, current)


def playback_pause(change: Change, actor: Actor, command: types.PlaybackPause) -> types.Playback:
    """Pause. Does nothing if nothing plays, or another item than the command's."""
    current = _expected(change, command)
    expected = command.item_id is None or (current is not None and current.pk == command.item_id)
    if current is None or not expected or change.playlist.playback_state == State.PAUSED:
        return _playback(change, current)
    return _set_current(change, "paused", current, _position_seconds(change, current))


def playback_next(change: Change, actor: Actor, command: types.PlaybackNext) -> types.Playback:
    """Start the following item; at the end of the queue, stop."""
    current = _expected(change, command)
    if current is None:
        first = _following(change)
        return _playback(change, None) if first is None else _start(change, None, first)
    return _advance(change, current)


def playback_previous(change: Change, actor: Actor, command: types.PlaybackPrevious) -> types.Playback:
    """Start the previous item; without one, restart the current item."""
    current = _expected(change, command)
    if current is None or change.playlist.order == Playlist.Order.MANUAL:
        earlier = _row(change, preceding(spots_of(change.playlist)))
    else:
        earlier = _played_before(change, current)
    if earlier is not None:
        return _start(change, current, earlier)
    if current is None or _position_seconds(change, current) == 0:
        return _playback(change, current)
    return _set_current(change, change.playlist.playback_state, current, 0.0)  # type: ignore[arg-type]


def playback_seek(change: Change, actor: Actor, command: types.PlaybackSeek) -> types.Playback:
    """Seek in the current item. Raises CONFLICT if there is none, VALIDATION_ERROR beyond its end."""
    current = _expected(change, command)
    if current is None:
        raise DomainError("CONFLICT", "Nothing is playing.", {"state": "stopped"})
    if command.position_seconds > current.track.duration_seconds:
        raise invalid("position_seconds", f"the song lasts {current.track.duration_seconds} seconds")
    if command.position_seconds == _position_seconds(change, current):
        return _playback(change, current)
    state = change.playlist.playback_state
    return _set_current(change, state, current, command.position_seconds)  # type: ignore[arg-type]


def playback_ended(change: Change, actor: Actor, command: types.PlaybackEnded) -> types.Playback:
    """Start the following item because the current one is over. Several processes may submit this: one has an effect.

    Does nothing if the item is no longer current, was restarted or paused meanwhile, or is not over by the database's
    clock: the process that asked reads the log and asks again.
    """
    current = _current(change)
    playlist = change.playlist
    is_meant = (
        current is not None
        and current.pk == command.item_id
        and playlist.playback_state == State.PLAYING
        and playlist.playback_started_at_ms == command.started_at_ms
    )
    if current is None or not is_meant or _position_seconds(change, current) < current.track.duration_seconds:
        return _playback(change, current)
    return _advance(change, current)


def playback_wake(change: Change, actor: Actor, command: types.PlaybackWake) -> types.Playback:
    """Start the waiting item of a playlist that ran dry. Several processes may submit this: one has an effect."""
    first = _following(change) if change.playlist.ran_dry else None
    return _playback(change, _current(change)) if first is None else _start(change, None, first)


def follow_clock(change: Change) -> None:
    """Before any command: if the clock was set while an item plays, shift the item's start by the same step."""
    playlist = change.playlist
    if not timeline.shift_ms(playlist.pk, playlist.playback_started_at_ms):
        return
    current = _current(change)
    if current is not None and playlist.playback_state == State.PLAYING:
        _set_current(change, "playing", current, _position_seconds(change, current))


def _advance(change: Change, current: PlaylistTrack) -> types.Playback:
    following = _following(change)
    return _stop(change, current) if following is None else _start(change, current, following)


def move_on(change: Change, leaving: PlaylistTrack) -> None:
    """Make the following item current because the playing one is removed. A paused room stays paused."""
    following = _following(change)
    if following is None:
        _stop(change, leaving)
    else:
        paused = change.playlist.playback_state == State.PAUSED
        _start(change, leaving, following, state="paused" if paused else "playing")


def _start(
    change: Change, current: PlaylistTrack | None, item: PlaylistTrack, state: types.PlaybackState = "playing"
) -> types.Playback:
    _leave(current)
    item.is_playing = True
    item.played_at = change.now
    item.save(update_fields=["is_playing", "played_at"])
    track = track_from_model(Track.objects.select_related("artist", "album").get(pk=item.track_id))
    Play.objects.create(
        playlist=change.playlist,
        item_id=item.pk,
        track_json=msgspec.json.encode(track).decode(),
        added_by=item.added_by,
        played_at=change.now,
    )
    change.playlist.ran_dry = False
    playback = change.set_playback(state, item, 0.0)
    change.record(types.TrackPlaying, id=item.pk, playback=playback)
    return playback


def _stop(change: Change, current: PlaylistTrack) -> types.Playback:
    """Stop because nothing is left to play."""
    _leave(current)
    change.playlist.ran_dry = True
    playback = change.set_playback("stopped", None, 0.0)
    change.record(types.TrackPlaying, id=None, playback=playback)
    return playback


def _leave(current: PlaylistTrack | None) -> None:
    if current is not None:
        current.is_playing = False
        current.save(update_fields=["is_playing"])


def _set_current(
    change: Change, state: types.PlaybackState, current: PlaylistTrack, position_seconds: float
) -> types.Playback:
    playback = change.set_playback(state, current, position_seconds)
    change.record(types.PlaybackChanged, playback=playback)
    return playback


def _playback(change: Change, current: PlaylistTrack | None) -> types.Playback:
    """The answer if nothing changed: the present playback."""
    return playback_at(change.playlist, current, to_ms(change.now))


def _current(change: Change) -> PlaylistTrack | None:
    return change.playlist.items.filter(is_playing=True).select_related("track").first()


def _expected(change: Change, command: types.PlaybackCommand) -> PlaylistTrack | None:
    """The current item. Raises CONFLICT if the command expects another one."""
    current = _current(change)
    current_id = current.pk if current else None
    if not isinstance(command.expect_item_id, UnsetType) and command.expect_item_id != current_id:
        now_playing = {"item_id": str(current_id) if current_id else None}
        raise DomainError("CONFLICT", "Something else is playing by now.", now_playing)
    return current


def _position_seconds(change: Change, current: PlaylistTrack) -> float:
    """The position in the current item at the time of this change."""
    return position_at(change.playlist, current, to_ms(change.now))


def _played_before(change: Change, current: PlaylistTrack) -> PlaylistTrack | None:
    """The item that had its first turn right before `current` had its own, so that repeated calls go further back."""
    turns = Play.objects.filter(playlist=change.playlist, item_id__in=change.playlist.items.values("pk"))
    first_turns = dict(turns.order_by().values_list("item_id").annotate(Min("id")))
    mine = first_turns.pop(current.pk, None)
    earlier = {turn: item_id for item_id, turn in first_turns.items() if mine is not None and turn < mine}
    return change.playlist.items.get(pk=earlier[max(earlier)]) if earlier else None


def _following(change: Change) -> PlaylistTrack | None:
    """The item that plays next by itself."""
    waiting = upcoming(spots_of(change.playlist), cast(types.PlaylistOrder, change.playlist.order))
    return _row(change, waiting[0] if waiting else None)


def _row(change: Change, spot: Spot | None) -> PlaylistTrack | None:
    return None if spot is None else change.playlist.items.get(pk=spot.id)
