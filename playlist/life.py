"""Signs of life: rows say when a process last kept a playlist's time, and when a speaker was last on there.

They are written every LIFE_SECONDS and not under the playlist's lock: a row that a commit holds is left out this time.
After a gap in them, commands/following.py records what speakers have played meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import F

from playlist.clock import database_now, to_ms
from playlist.models import Playlist, PlaylistTrack
from playlist.selectors.playback import SPEAKER_MS
from playlist.timeline import timeline

LIFE_SECONDS = 5.0


def life_mark(heard: Collection[int]) -> None:
    """Mark what plays and is kept by this process, and the playlists in which a speaker is on here."""
    known = timeline.known()
    if not known and not heard:
        return
    now_ms = to_ms(database_now())
    alive = {*heard, *_playing(known, now_ms)}
    if not alive:
        return
    with transaction.atomic():
        rows = Playlist.objects.select_for_update(skip_locked=True, no_key=True).filter(pk__in=alive)
        free = set(rows.values_list("pk", flat=True))
        Playlist.objects.filter(pk__in=free).update(alive_at_ms=now_ms)
        if heard:
            Playlist.objects.filter(pk__in=free.intersection(heard)).update(speaker_at_ms=now_ms)


def _playing(known: list[int], now_ms: int) -> set[int]:
    """Those that play. One that is over and that nobody listens to stays so, and soon needs no mark any more.

    Until then it is seen to be alive for longer than a speaker counts that has left.
    """
    over_ms = SPEAKER_MS + round(2000 * LIFE_SECONDS)
    playing = PlaylistTrack.objects.filter(
        playlist__in=known,
        is_playing=True,
        playlist__playback_state=Playlist.State.PLAYING,
        playlist__playback_started_at_ms__gt=now_ms - over_ms - 1000 * F("track__duration_seconds"),
    )
    return set(playing.values_list("playlist", flat=True))
