"""The song that the server adds when nothing is left to play: an ordinary item, with the reason for it.

It is chosen under the lock, so that two processes add one song. Whatever people add goes before it, by the order of
playing. One that was removed makes way for another one, and does not come back.
"""

from __future__ import annotations

import logging
from random import Random

import msgspec
from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from msgspec import UNSET
from uuid_utils.compat import uuid7

from playlist import present, types
from playlist.change import Change
from playlist.commands.keeping import items_drop
from playlist.commands.positions import places_for
from playlist.identity import SYSTEM
from playlist.models import PlaylistTrack, Track
from playlist.selectors.fallback import Pick, picks
from playlist.selectors.items import item_from_model
from playlist.selectors.library import live_tracks, track_from_model

logger = logging.getLogger(__name__)

#: So many of the chosen songs are tried, as one of them may be edited just now.
TRIED = 3
#: Events after which nothing may be left to play.
_RELEVANT = (types.TrackPlaying, types.TrackRemoved, types.PlaylistUpdated)


def refill(change: Change) -> None:
    """After all commands: have one song waiting, if the room plays or has run dry and its rules ask for one."""
    if change.deleted or not change.has_any(_RELEVANT) or change.playlist.rules.fallback == "off":
        return
    is_on = change.playlist.playback_state != "stopped" or change.playlist.ran_dry
    if is_on and not change.playlist.items.filter(played_at__isnull=True).exists():
        fallback_add(change)


def fallback_add(change: Change) -> PlaylistTrack | None:
    """Add a song by the playlist's rule; None if it has no such rule, or nothing fits.

    A fault in here must not keep anybody from playing on, adding or removing.
    """
    if change.playlist.rules.fallback == "off":
        return None
    checkpoint = change.checkpoint()
    try:
        with transaction.atomic(), change.by_server():
            return _add(change)
    except Exception as error:
        if isinstance(error, DatabaseError) and not isinstance(error, IntegrityError | DataError):
            raise
        logger.exception("No song could be added by itself")
        change.rollback(checkpoint)
        return None


def _add(change: Change) -> PlaylistTrack | None:
    playlist = change.playlist
    chance = Random(f"{playlist.stamp} {change.revision}")  # noqa: S311 - a choice of songs
    found = picks(playlist, playlist.rules.fallback, present.people_in(playlist.pk), change.now, chance)
    tracks = _held(found[:TRIED])
    pick = next((pick for pick in found if pick.track_id in tracks), None)
    if pick is None:
        return None
    items_drop(change, SYSTEM, list(playlist.items.filter(track=pick.track_id)))  # played, and to come again
    track = tracks[pick.track_id]
    (place,) = places_for(change, UNSET, 1)
    item = PlaylistTrack(
        id=uuid7(),
        playlist=playlist,
        track=track,
        track_version=track.version,
        position=place,
        added_by="",
        added_by_key=SYSTEM.key,
        added_at=change.now,
        because_json=msgspec.json.encode(pick.because).decode(),
    )
    item.save(force_insert=True)
    change.record(types.TrackAdded, item=item_from_model(item, track_from_model(track)))
    return item


def _held(found: list[Pick]) -> dict[str, Track]:
    """The tracks of these, locked as queue.py does. One that is being edited or deleted just now is left out."""
    wanted = [pick.track_id for pick in found]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM playlist_track WHERE id = ANY(%s) FOR SHARE SKIP LOCKED", [wanted])
            wanted = [track_id for (track_id,) in cursor.fetchall()]
    return {track.pk: track for track in live_tracks().filter(pk__in=wanted, missing_since__isnull=True)}
