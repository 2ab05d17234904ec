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
from playlist.ordering.plan import lasts_ms
from playlist.selectors.reading import consistent_read
from playlist.timeline import timeline

#: Without a sign of life for longer, no process kept a playlist's time; they come every five seconds (life.py).
GAP_MS = 7_500
#: A speaker that was on so long before the last sign of life is taken to play on.
SPEAKER_MS = 15_000


def playback_of(playlist: Playlist, playing_id: UUID | None) -> types.Playback:
    """The playback as of its last change, the same for every caller."""
    return types.Playback(
        state=cast(types.PlaybackState, playlist.playback_state),
        item_id=playing_id,
        position_seconds=playlist.playback_position_seconds,
        started_at_ms=playlist.playback_started_at_ms,
        server_time_ms=playlist.playback_changed_at_ms,
        volume=playlist.volume,
        clock=playlist.playback_clock,
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
    from_seconds = playlist.playback_position_seconds
    if playlist.playback_started_at_ms is None or item is None:
        return from_seconds
    passed_seconds = (now_ms - started_at_ms(playlist)) / 1000
    return min(max(from_seconds, passed_seconds), item.track.exact_duration_ms / 1000)


def ends_at_ms(playlist: Playlist, item: PlaylistTrack) -> int:
    """When the playing item is over, corrected for steps of the clock; silence is passed over while a speaker is on."""
    lasts = lasts_ms(
        item.track.exact_duration_ms,
        has_sound=item.track.has_sound,
        is_heard=has_speaker(playlist),
        position_seconds=playlist.playback_position_seconds,
    )
    return started_at_ms(playlist) + lasts


def started_at_ms(playlist: Playlist) -> int:
    """When the beginning of the playing item was due, corrected for steps of the clock."""
    started = playlist.playback_started_at_ms
    assert started is not None
    return started + timeline.shift_ms(playlist.pk, started)


# ── Gaps, in which no process kept the time ──────────────────────────────────────────────────────────────────────────


def last_sign_ms(playlist: Playlist) -> int:
    """When some process last kept this playlist's time."""
    return max(playlist.alive_at_ms, playlist.playback_changed_at_ms)


def has_gap(playlist: Playlist, now_ms: int) -> bool:
    """Whether no process has kept the time of a playing playlist for a while.

    A process that has seen the item start keeps its time, whether somebody listens or not.
    """
    is_kept = timeline.knows(playlist.pk, playlist.playback_started_at_ms)
    if playlist.playback_state != Playlist.State.PLAYING or is_kept:
        return False
    # 0: an older server set it, which gives no signs of life.
    return playlist.alive_at_ms > 0 and now_ms - last_sign_ms(playlist) > GAP_MS


def has_speaker(playlist: Playlist) -> bool:
    """Whether a speaker is on, or was on shortly before the last sign of life.

    Measured against that sign and not against now: while the database is away, nothing can be marked, and speakers play
    on by the plan all the same.
    """
    return playlist.speaker_at_ms > 0 and last_sign_ms(playlist) - playlist.speaker_at_ms <= SPEAKER_MS


# ── For the conductor ────────────────────────────────────────────────────────────────────────────────────────────────


def waits_dry(playlist_id: int) -> bool:
    """Whether a playlist stopped because nothing was left to play, and something is by now."""
    unplayed = PlaylistTrack.objects.filter(playlist=OuterRef("pk"), played_at__isnull=True)
    return Playlist.objects.filter(Exists(unplayed), pk=playlist_id, ran_dry=True).exists()


class Running(Struct, frozen=True):
    """The playing item, and the seconds until it ends by the database's clock."""

    item_id: UUID
    started_at_ms: int
    ends_in_seconds: float
    #: Whether the clock was set, or nobody kept the time, and the log does not show it yet.
    is_behind: bool


def running(playlist_id: int) -> Running | None:
    """The playing item of a playlist; None if nothing plays or it is paused."""
    with consistent_read():
        playlist = Playlist.objects.filter(pk=playlist_id, playback_state=Playlist.State.PLAYING).first()
        item = PlaylistTrack.objects.filter(playlist=playlist_id, is_playing=True).select_related("track").first()
        now_ms = to_ms(database_now())
    if playlist is None or item is None or playlist.playback_started_at_ms is None:
        return None
    started = playlist.playback_started_at_ms
    is_behind = has_gap(playlist, now_ms)
    if not is_behind:
        timeline.note(playlist_id, started)
        is_behind = timeline.shift_ms(playlist_id, started) != 0 or playlist.playback_clock != timeline.clock
    return Running(item.pk, started, (ends_at_ms(playlist, item) - now_ms) / 1000, is_behind)
