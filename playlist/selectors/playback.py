"""The playback, as stored and at a given time."""

from __future__ import annotations

from typing import cast
from uuid import UUID

import msgspec
from django.db.models import Exists, OuterRef
from msgspec import Struct

from playlist import types
from playlist.clock import database_now, to_ms
from playlist.errors import playlist_not_found
from playlist.models import Playlist, PlaylistTrack
from playlist.selectors.reading import consistent_read
from playlist.timeline import timeline


def playback_of(playlist: Playlist, playing_id: UUID | None) -> types.Playback:
    """The playback as of its last change, the same for every caller."""
    return types.Playback(
        state=cast(types.PlaybackState, playlist.playback_state),
        item_id=playing_id,
        position_seconds=playlist.playback_position_seconds,
        started_at_ms=playlist.playback_started_at_ms,
        server_time_ms=playlist.playback_changed_at_ms,
    )


def playback_now(playlist: Playlist) -> types.Playback:
    """The playback at this moment, by the server's clock."""
    with consistent_read():
        fresh = Playlist.objects.filter(pk=playlist.pk).first()
        if fresh is None:
            raise playlist_not_found()
        item = fresh.items.filter(is_playing=True).select_related("track").first()
        now_ms = to_ms(database_now())
    return playback_at(fresh, item, now_ms)


def playback_at(playlist: Playlist, item: PlaylistTrack | None, now_ms: int) -> types.Playback:
    """The playback at a time, at most at the track's end; `item` is the current one, with its track."""
    then = playback_of(playlist, item.pk if item else None)
    position_seconds = position_at(playlist, item, now_ms)
    return msgspec.structs.replace(then, position_seconds=position_seconds, server_time_ms=now_ms)


def position_at(playlist: Playlist, item: PlaylistTrack | None, now_ms: int) -> float:
    """The position in the current item at a time, in seconds, corrected for steps of the clock."""
    started_at_ms = playlist.playback_started_at_ms
    if started_at_ms is None or item is None:
        return playlist.playback_position_seconds
    passed_seconds = max(0, now_ms - started_at_ms - timeline.shift_ms(playlist.pk, started_at_ms)) / 1000
    return min(passed_seconds, float(item.track.duration_seconds))


def waits_dry(playlist_id: int) -> bool:
    """Whether a playlist stopped because nothing was left to play, and something is by now."""
    unplayed = PlaylistTrack.objects.filter(playlist=OuterRef("pk"), played_at__isnull=True)
    return Playlist.objects.filter(Exists(unplayed), pk=playlist_id, ran_dry=True).exists()


class Running(Struct, frozen=True):
    """The playing item, and the seconds until it ends by the database's clock."""

    item_id: UUID
    started_at_ms: int
    ends_in_seconds: float
    #: Whether the clock was set since it started, which the log does not show yet.
    has_shifted: bool


def running(playlist_id: int) -> Running | None:
    """The playing item of a playlist; None if nothing plays or it is paused."""
    with consistent_read():
        playlist = Playlist.objects.filter(pk=playlist_id, playback_state=Playlist.State.PLAYING).first()
        item = PlaylistTrack.objects.filter(playlist=playlist_id, is_playing=True).select_related("track").first()
        now_ms = to_ms(database_now())
    if playlist is None or item is None or playlist.playback_started_at_ms is None:
        return None
    started_at_ms = playlist.playback_started_at_ms
    timeline.note(playlist_id, started_at_ms)
    shift_ms = timeline.shift_ms(playlist_id, started_at_ms)
    ends_at_ms = started_at_ms + shift_ms + 1000 * item.track.duration_seconds
    return Running(item.pk, started_at_ms, (ends_at_ms - now_ms) / 1000, has_shifted=shift_ms != 0)
