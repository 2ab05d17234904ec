"""The current item: how it starts, goes on, and is left. For the commands that decide when."""

from __future__ import annotations

from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connection

from playlist import types
from playlist.change import Change
from playlist.clock import to_ms
from playlist.commands.fallback import fallback_add
from playlist.commands.turns import turn_taken
from playlist.models import RANKS, Play, Playlist, PlaylistTrack, SearchEntry, Track
from playlist.ordering.turns import upcoming
from playlist.selectors.items import ordering_of, spots_of
from playlist.selectors.library import track_from_model
from playlist.selectors.playback import playback_at, position_at


def current_item(change: Change) -> PlaylistTrack | None:
    return change.playlist.items.filter(is_playing=True).select_related("track").first()


def following_item(change: Change) -> PlaylistTrack | None:
    """The item that plays next by itself; where none waits, the one that the server adds by the playlist's rule."""
    waiting = upcoming(spots_of(change.playlist), ordering_of(change.playlist))
    return item_at(change, waiting[0].id) if waiting else fallback_add(change)


def item_at(change: Change, item_id: UUID | None) -> PlaylistTrack | None:
    return None if item_id is None else change.playlist.items.get(pk=item_id)


def start(
    change: Change,
    current: PlaylistTrack | None,
    item: PlaylistTrack,
    *,
    state: types.PlaybackState = "playing",
    starts_at_ms: int | None = None,
) -> types.Playback:
    """Make another item current. It starts at that time, or after the lead, in which every speaker gets ready."""
    _leave(current)
    item.is_playing = True
    item.played_at = change.now
    item.save(update_fields=["is_playing", "played_at"])
    track = track_from_model(Track.objects.select_related("artist", "album").get(pk=item.track_id))
    Play.objects.create(
        playlist=change.playlist,
        item_id=item.pk,
        track_id=track.id,
        track_json=msgspec.json.encode(track).decode(),
        added_by=item.added_by,
        added_by_key=item.added_by_key,
        played_at=change.now,
    )
    _count_play(track.id)
    change.playlist.ran_dry = False
    change.playlist.skip = None
    if state == "paused":
        playback = change.set_playback(state, item)
    else:
        playback = change.set_playback(state, item, 0.0, _soon_ms(change) if starts_at_ms is None else starts_at_ms)
    change.record(types.TrackPlaying, id=item.pk, playback=playback, fair=turn_taken(change, item))
    return playback


def _count_play(track_id: str) -> None:
    """Let searches know that the track is played here. Each doubling of its plays raises its rank.

    The library is not under the playlist's lock: a row that another room is just counting in is left out, since to wait
    for it could be to wait for each other.
    """
    entries = SearchEntry.objects.filter(track=track_id)
    if connection.vendor == "postgresql":
        entries = entries.select_for_update(skip_locked=True, no_key=True)
    for entry in entries.only("plays", "rank"):
        entry.plays += 1
        entry.rank = max(RANKS.start, -entry.plays.bit_length())
        entry.save(update_fields=["plays", "rank"])


def stop(change: Change, current: PlaylistTrack | None) -> types.Playback:
    """Stop because nothing is left to play."""
    _leave(current)
    change.playlist.ran_dry = True
    change.playlist.skip = None
    playback = change.set_playback("stopped", None)
    change.record(types.TrackPlaying, id=None, playback=playback, fair=change.playlist.fair)
    return playback


def hold(change: Change, current: PlaylistTrack, position_seconds: float) -> types.Playback:
    """Pause at a position."""
    playback = change.set_playback("paused", current, position_seconds)
    change.record(types.PlaybackChanged, playback=playback)
    return playback


def go_on(change: Change, current: PlaylistTrack, position_seconds: float) -> types.Playback:
    """Play from a position, after the lead."""
    started_at_ms = _soon_ms(change) - round(1000 * position_seconds)
    playback = change.set_playback("playing", current, position_seconds, started_at_ms)
    change.record(types.PlaybackChanged, playback=playback)
    return playback


def advance(change: Change, current: PlaylistTrack) -> types.Playback:
    """Start the following item; without one, stop."""
    following = following_item(change)
    return stop(change, current) if following is None else start(change, current, following)


def move_on(change: Change, leaving: PlaylistTrack) -> None:
    """Make the following item current because the playing one is removed. A paused room stays paused."""
    following = following_item(change)
    if following is None:
        stop(change, leaving)
    else:
        paused = change.playlist.playback_state == Playlist.State.PAUSED
        start(change, leaving, following, state="paused" if paused else "playing")


def playback_as_it_is(change: Change, current: PlaylistTrack | None) -> types.Playback:
    """The answer if nothing changed: the present playback."""
    return playback_at(change.playlist, current, to_ms(change.now))


def position_seconds(change: Change, current: PlaylistTrack) -> float:
    """The position in the current item at the time of this change."""
    return position_at(change.playlist, current, to_ms(change.now))


def _soon_ms(change: Change) -> int:
    return to_ms(change.now) + settings.START_LEAD_MS


def _leave(current: PlaylistTrack | None) -> None:
    if current is not None:
        current.is_playing = False
        current.save(update_fields=["is_playing"])
