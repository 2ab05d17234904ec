"""Writes to the library. A track may be in many playlists, and a change reaches them one by one.

The library row changes first, in a transaction of its own; then the writer commits one command in each
playlist that holds the track. The rows show what a crash left undone (an item's `track_version` behind its
track's, a track with `deleted_at`), and `resume` finishes it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from msgspec import UnsetType

from playlist import types
from playlist.entries import albums_titled, artists_named, fields_of, fill_row, new_track_id, whole_ms
from playlist.errors import DomainError, forbidden, track_not_found
from playlist.identity import SYSTEM
from playlist.indexing import entries_add, entries_complete, entry_of, entry_update, names_of
from playlist.models import Album, Artist, PlaylistTrack, Track, User
from playlist.selectors.library import track_by_id, track_from_model
from playlist.submissions import Submission
from playlist.writer import get_writer

logger = logging.getLogger(__name__)


def check_editor(account: User, track_id: str | None = None) -> None:
    """Raises FORBIDDEN unless this account may add to the library, or change this entry.

    An unknown entry is not refused here.
    """
    if account.is_staff or settings.LIBRARY_EDITORS == "accounts":
        return
    if settings.LIBRARY_EDITORS == "staff":
        raise forbidden("operators", "Only the operators edit the library here.")
    if Track.objects.filter(pk=track_id).exclude(added_by=account).exists():
        raise forbidden("operators", "Only the account that added this track may change it, and the operators.")


def track_create(new: types.NewTrack, by: User) -> types.Track:
    """Add an entry to the library, with a new id."""
    with transaction.atomic():
        track = fill_row(Track(pk=new_track_id(), added_by=by), new, *_artist_and_album(new))
        track.save(force_insert=True)
        entries_add([(track.pk, entry_of(names_of(track)))])
    return track_from_model(track)


def track_update(track_id: str, changes: types.TrackChanges) -> types.Track:
    """Edit an entry, in every playlist that holds it too. Raises TRACK_NOT_FOUND."""
    with transaction.atomic():
        # An addition locks the track FOR SHARE, so no playlist can miss this edit.
        Track.objects.select_for_update(no_key=True).filter(pk=track_id).first()
        track = track_by_id(track_id)
        before = fields_of(track)
        given = {
            name: value for name, value in msgspec.structs.asdict(changes).items() if not isinstance(value, UnsetType)
        }
        if "duration_seconds" in given:
            given["duration_seconds"] = whole_ms(given["duration_seconds"]) / 1000
        after = msgspec.structs.replace(before, **given)
        edited = " ".join(sorted({*track.edited.split(), *given}))
        if after != before:
            _edit(track, after)
            track.version += 1
            entry_update(track)
        if after != before or edited != track.edited:
            track.edited = edited
            track.save()
    # Even if nothing changed: the client may repeat an edit that did not reach all playlists.
    _tell_edited(track_id)
    return track_from_model(track)


def track_delete(track_id: str) -> None:
    """Delete an entry from the library and from every playlist. Raises TRACK_NOT_FOUND."""
    Track.objects.filter(pk=track_id, deleted_at__isnull=True).update(deleted_at=timezone.now())
    if not Track.objects.filter(pk=track_id).exists():
        raise track_not_found()
    # Even if it was marked before: the client may repeat a deletion that failed half way.
    _finish_deleting(track_id)


def resume() -> int:
    """Finish edits and deletions that a crash interrupted, and what an older server began. Returns how many tracks.

    What cannot be finished waits for the next time.
    """
    finished = entries_complete()
    stale = PlaylistTrack.objects.filter(track_version__lt=F("track__version"), track__deleted_at__isnull=True)
    edited = sorted(set(stale.values_list("track_id", flat=True)))
    deleted = list(Track.objects.filter(deleted_at__isnull=False).values_list("pk", flat=True))
    return finished + _finish(_tell_edited, edited) + _finish(_finish_deleting, deleted)


def tell_holders(track_ids: Collection[str]) -> None:
    """Tell the playlists that hold these tracks what changed in them; those that know already hear nothing.

    What cannot be told now is told by `resume`.
    """
    if not track_ids:
        return
    behind = PlaylistTrack.objects.filter(track_id__in=track_ids, track_version__lt=F("track__version"))
    _finish(_tell_edited, sorted(set(behind.values_list("track_id", flat=True))))


def _finish(change: Callable[[str], None], track_ids: Iterable[str]) -> int:
    """Finish a change of each track, as far as that is possible now. Returns how many are done."""
    done = 0
    for track_id in track_ids:
        try:
            change(track_id)
        except DomainError as error:
            logger.warning("A change of %s does not reach every playlist yet: %s", track_id, error)
            if error.code == "UNAVAILABLE":  # nor would the next, after waiting for as long
                break
        else:
            done += 1
    return done


def _tell_edited(track_id: str) -> None:
    _tell_playlists(track_id, types.TrackRefresh)


def _finish_deleting(track_id: str) -> None:
    _tell_playlists(track_id, types.TrackPurge)
    Track.objects.filter(pk=track_id, deleted_at__isnull=False).delete()


def _tell_playlists(track_id: str, command: Callable[..., types.TrackRefresh | types.TrackPurge]) -> None:
    """Commit the command in each playlist that holds the track and is not up to date, one after the other.

    One that cannot keeps no other from it. Raises its refusal then, and UNAVAILABLE at once.
    """
    holding = PlaylistTrack.objects.filter(track_id=track_id)
    if command is types.TrackRefresh:
        holding = holding.filter(track_version__lt=F("track__version"))
    submission = Submission(actor=SYSTEM, commands=(command(track_id=track_id),))
    refusal: DomainError | None = None
    for playlist_id in sorted(set(holding.values_list("playlist_id", flat=True))):
        try:
            get_writer().submit_and_wait(playlist_id, submission)
        except DomainError as error:
            if error.code == "UNAVAILABLE":
                raise
            # A playlist that was deleted meanwhile no longer holds the track.
            if error.code != "PLAYLIST_NOT_FOUND":
                refusal = error
    if refusal is not None:
        raise refusal


def _edit(track: Track, after: types.NewTrack) -> None:
    """Set the row's fields. The album of several artists stays the one of its own artist, whatever else is edited."""
    artist = artists_named([after.artist])[after.artist]
    is_compiled = track.album is not None and track.album.artist_id != track.artist_id
    album_artist = track.album.artist if track.album is not None and is_compiled else artist
    album = albums_titled([(album_artist, after.album)])[album_artist.pk, after.album]
    fill_row(track, after, artist, album)


def _artist_and_album(fields: types.NewTrack) -> tuple[Artist, Album | None]:
    artist = artists_named([fields.artist])[fields.artist]
    return artist, albums_titled([(artist, fields.album)])[artist.pk, fields.album]


def tracks_import(entries: list[tuple[str, types.NewTrack]]) -> int:
    """Add many entries, given as (id, track), in a few statements; skip ids that exist. Returns how many were new."""
    with transaction.atomic():
        existing = set(Track.objects.filter(pk__in=[track_id for track_id, _ in entries]).values_list("pk", flat=True))
        new = [(track_id, fields) for track_id, fields in entries if track_id not in existing]
        artists = artists_named(fields.artist for _, fields in new)
        albums = albums_titled((artists[fields.artist], fields.album) for _, fields in new)
        tracks = []
        for track_id, fields in new:
            artist = artists[fields.artist]
            tracks.append(fill_row(Track(pk=track_id), fields, artist, albums[artist.pk, fields.album]))
        Track.objects.bulk_create(tracks, batch_size=500)
        entries_add([(track.pk, entry_of(names_of(track))) for track in tracks])
    return len(tracks)
