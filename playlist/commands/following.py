"""What plays on by itself: the end of an item, a dry playlist that gets something to play, and what nobody recorded.

A playlist is one timeline: an item that follows by itself starts where its predecessor ended, to the millisecond. While
a speaker is on, the timeline does not stop for the server: what has played meanwhile is recorded afterwards.
"""

from __future__ import annotations

from django.conf import settings
from msgspec import UnsetType

from playlist import types
from playlist.change import Change
from playlist.clock import from_ms, to_ms
from playlist.commands.current import current_item, following_item, go_on, item_at, playback_as_it_is, start, stop
from playlist.errors import DomainError
from playlist.identity import Actor
from playlist.models import Playlist, PlaylistTrack
from playlist.ordering.plan import lasts_ms, plan
from playlist.selectors.items import ordering_of, spots_of
from playlist.selectors.playback import ends_at_ms, has_gap, has_speaker, last_sign_ms, playback_of, position_at
from playlist.timeline import timeline


def playback_ended(change: Change, actor: Actor, command: types.PlaybackEnded) -> types.Playback:
    """Start the following item because the current one is over. Several processes may submit this: one has an effect.

    Does nothing if the item is no longer current, was restarted or paused meanwhile, or is not over by the database's
    clock: the process that asked reads the log and asks again.
    """
    current, playlist, now_ms = current_item(change), change.playlist, to_ms(change.now)
    is_meant = (
        current is not None
        and current.pk == command.item_id
        and playlist.playback_state == Playlist.State.PLAYING
        and playlist.playback_started_at_ms == command.started_at_ms
    )
    if current is None or not is_meant:
        return playback_as_it_is(change, current)
    ended_at_ms = ends_at_ms(playlist, current)
    late_ms = now_ms - ended_at_ms
    if late_ms < 0:
        return playback_as_it_is(change, current)
    caught_up = catch_up(change, current)
    if caught_up is not current:
        return playback_as_it_is(change, caught_up)
    following = following_item(change)
    if following is None:
        return stop(change, current)
    chained = late_ms <= settings.CHAIN_LIMIT_MS
    return start(change, current, following, starts_at_ms=ended_at_ms if chained else now_ms)


def playback_wake(change: Change, actor: Actor, command: types.PlaybackWake) -> types.Playback:
    """Start the waiting item of a playlist that ran dry. Several processes may submit this: one has an effect."""
    first = following_item(change) if change.playlist.ran_dry else None
    if first is None:
        return playback_as_it_is(change, current_item(change))
    return start(change, None, first)


def catch_up(change: Change, current: PlaylistTrack | None) -> PlaylistTrack | None:
    """The item that speakers play by now. They went on by the plan if the server is too late to chain."""
    playlist, now_ms = change.playlist, to_ms(change.now)
    if current is None or playlist.playback_state != Playlist.State.PLAYING or not has_speaker(playlist):
        return current
    if now_ms - ends_at_ms(playlist, current) <= settings.CHAIN_LIMIT_MS:
        return current
    _follow_plan(change, current, _followed_until_ms(playlist, now_ms))
    return current_item(change)


def expected_item(change: Change, command: types.PlaybackCommand) -> PlaylistTrack | None:
    """The current item. Raises CONFLICT if the command expects another one."""
    current = catch_up(change, current_item(change))
    current_id = current.pk if current else None
    if not isinstance(command.expect_item_id, UnsetType) and command.expect_item_id != current_id:
        raise other_is_current(current)
    return current


def other_is_current(current: PlaylistTrack | None) -> DomainError:
    """CONFLICT, with what is current instead of what the command is about."""
    now_playing = {"item_id": str(current.pk) if current else None}
    return DomainError("CONFLICT", "Something else is playing by now.", now_playing)


def follow(change: Change) -> None:
    """Before any command: record what has happened to a playing item without one.

    If no process kept the time for a while, it went on as planned where a speaker was on, else it stood still. If the
    clock was set, the item's start moves along.
    """
    playlist = change.playlist
    if playlist.playback_state != Playlist.State.PLAYING:
        return
    if has_gap(playlist, to_ms(change.now)):
        _follow_gap(change)
    shift_ms = timeline.shift_ms(playlist.pk, playlist.playback_started_at_ms)
    if shift_ms or playlist.playback_clock != timeline.clock:
        _follow_clock(change, shift_ms)


def _follow_gap(change: Change) -> None:
    playlist, now_ms = change.playlist, to_ms(change.now)
    goes_on_at_ms, current = last_sign_ms(playlist), current_item(change)
    if current is not None and has_speaker(playlist):
        goes_on_at_ms = _followed_until_ms(playlist, now_ms)
        _follow_plan(change, current, goes_on_at_ms)
        current = current_item(change)
    if current is None or goes_on_at_ms == now_ms:
        return
    position_seconds = position_at(playlist, current, goes_on_at_ms)
    if 1000 * position_seconds < current.track.exact_duration_ms:
        go_on(change, current, position_seconds)


def _followed_until_ms(playlist: Playlist, now_ms: int) -> int:
    return min(now_ms, last_sign_ms(playlist) + 1000 * settings.FOLLOW_LIMIT_SECONDS)


def _follow_plan(change: Change, current: PlaylistTrack, until_ms: int) -> None:
    """Record each start of the plan until then as an event at its time."""
    playlist = change.playlist
    playback = playback_of(playlist, current.pk)
    assert playback.started_at_ms is not None
    ends_ms = ends_at_ms(playlist, current)
    _, *rest = plan(spots_of(playlist), ordering_of(playlist), playback, playback.started_at_ms, is_heard=True)
    leaving = current
    for spot, starts_at_ms in rest:
        if starts_at_ms > until_ms:
            return
        item = item_at(change, spot.id)
        assert item is not None
        with change.as_of(from_ms(starts_at_ms)):
            start(change, leaving, item, starts_at_ms=starts_at_ms)
        leaving, ends_ms = item, starts_at_ms + lasts_ms(spot.duration_ms, has_sound=spot.has_sound, is_heard=True)
    if ends_ms <= until_ms:
        with change.as_of(from_ms(ends_ms)):
            stop(change, leaving)


def _follow_clock(change: Change, shift_ms: int) -> None:
    playlist, current = change.playlist, current_item(change)
    if current is None or playlist.playback_started_at_ms is None:
        return
    started_at_ms = playlist.playback_started_at_ms + shift_ms
    playback = change.set_playback("playing", current, playlist.playback_position_seconds, started_at_ms)
    change.record(types.PlaybackChanged, playback=playback)
