"""Writes to the library. A track may be in many playlists, and a change reaches them one by one.

The library row changes first, in a transaction of its own; then the writer commits one command in each
playlist that holds the track. The rows show what a crash left undone (an item's `track_version` behind its
track's, a track with `deleted_at`), and `resume` finishes it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from msgspec import UnsetType

from playlist import search, types
from playlist.commands.playlists import SLUG_ALPHABET
from playlist.errors import DomainError, track_not_found
from playlist.identity import SYSTEM
from playlist.models import FOLDED_WIDTH, GENRE_WIDTH, Album, Artist, PlaylistTrack, SearchEntry, Track, User
from playlist.selectors.library import track_by_id, track_from_model
from playlist.submissions import Submission
from playlist.text import fold
from playlist.writer import get_writer


def check_editor(account: User, track_id: str | None = None) -> None:
    """Raises FORBIDDEN unless this account may add to the library, or change this entry.

    An unknown entry is not refused here.
    """
    if account.is_staff or settings.LIBRARY_EDITORS == "accounts":
        return
    if settings.LIBRARY_EDITORS == "staff":
        raise DomainError("FORBIDDEN", "Only the operators edit the library here.")
    if Track.objects.filter(pk=track_id).exclude(added_by=account).exists():
        raise DomainError("FORBIDDEN", "Only the account that added this track may change it, and the operators.")


def track_create(new: types.NewTrack, by: User) -> types.Track:
    """Add an entry to the library, with a new id."""
    track_id = "track-" + "".join(secrets.choice(SLUG_ALPHABET) for _ in range(12))
    with transaction.atomic():
        track = _row(Track(pk=track_id, added_by=by), new, *_artist_and_album(new))
        track.save(force_insert=True)
        SearchEntry.objects.create(track=track, text=_search_text(track))
    return track_from_model(track)


def track_update(track_id: str, changes: types.TrackChanges) -> types.Track:
    """Edit an entry, in every playlist that holds it too. Raises TRACK_NOT_FOUND."""
    with transaction.atomic():
        # An addition locks the track FOR SHARE, so no playlist can miss this edit.
        Track.objects.select_for_update(no_key=True).filter(pk=track_id).first()
        track = track_by_id(track_id)
        before = _fields_of(track)
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
            SearchEntry.objects.filter(track=track).update(text=_search_text(track))
        if after != before or edited != track.edited:
            track.edited = edited
            track.save()
    # Even if nothing changed: the client may repeat an edit that did not reach all playlists.
    _tell_playlists([track_id], types.TrackRefresh)
    return track_from_model(track)


def track_delete(track_id: str) -> None:
    """Delete an entry from the library and from every playlist. Raises TRACK_NOT_FOUND."""
    Track.objects.filter(pk=track_id, deleted_at__isnull=True).update(deleted_at=timezone.now())
    if not Track.objects.filter(pk=track_id).exists():
        raise track_not_found()
    # Even if it was marked before: the client may repeat a deletion that failed half way.
    _finish_deleting(track_id)


def resume() -> int:
    """Finish edits and deletions that a crash interrupted. Returns the number of tracks."""
    stale = PlaylistTrack.objects.filter(track_version__lt=F("track__version"), track__deleted_at__isnull=True)
    edited = sorted(set(stale.values_list("track_id", flat=True)))
    deleted = list(Track.objects.filter(deleted_at__isnull=False).values_list("pk", flat=True))
    _tell_playlists(edited, types.TrackRefresh)
    for track_id in deleted:
        _finish_deleting(track_id)
    return len(edited) + len(deleted)


def _finish_deleting(track_id: str) -> None:
    _tell_playlists([track_id], types.TrackPurge)
    Track.objects.filter(pk=track_id, deleted_at__isnull=False).delete()


def _tell_playlists(track_ids: Iterable[str], command: Callable[..., types.TrackRefresh | types.TrackPurge]) -> None:
    """Commit the command in each playlist that holds the track and is not up to date, one after the other."""
    for track_id in track_ids:
        holding = PlaylistTrack.objects.filter(track_id=track_id)
        if command is types.TrackRefresh:
            holding = holding.filter(track_version__lt=F("track__version"))
        submission = Submission(actor=SYSTEM, commands=(command(track_id=track_id),))
        for playlist_id in sorted(set(holding.values_list("playlist_id", flat=True))):
            try:
                get_writer().submit_and_wait(playlist_id, submission)
            except DomainError as error:
                # A playlist that was deleted meanwhile no longer holds the track.
                if error.code != "PLAYLIST_NOT_FOUND":
                    raise


def whole_ms(duration_seconds: float) -> int:
    """A duration in whole milliseconds, at least 1."""
    return max(1, round(1000 * duration_seconds))


def _fields_of(track: Track) -> types.NewTrack:
    """What people may edit of a track, as it is."""
    return types.NewTrack(
        title=track.title,
        artist=track.artist.name,
        album=track.album.title if track.album else "",
        duration_seconds=track.exact_duration_ms / 1000,
        genre=track.genre,
        cover_url=track.cover_url,
        audio_url=track.audio_url,
    )


def _edit(track: Track, after: types.NewTrack) -> None:
    """Set the row's fields. The album of several artists stays the one of its own artist, whatever else is edited."""
    artist = _artists_named([after.artist])[after.artist]
    is_compiled = track.album is not None and track.album.artist_id != track.artist_id
    album_artist = track.album.artist if track.album is not None and is_compiled else artist
    album = _albums_titled([(album_artist, after.album)])[album_artist.pk, after.album]
    _row(track, after, artist, album)


def _row(track: Track, fields: types.NewTrack, artist: Artist, album: Album | None) -> Track:
    """Set the row's fields, and the columns that are derived from them."""
    track.title = fields.title
    track.artist = artist
    track.album = album
    track.duration_ms = whole_ms(fields.duration_seconds)
    track.duration_seconds = max(1, round(track.duration_ms / 1000))
    track.genre = fields.genre
    track.genre_folded = fold(fields.genre)[:GENRE_WIDTH]
    track.cover_url = fields.cover_url
    track.audio_url = fields.audio_url
    track.sort_key = search.sort_key(fields.title)[:FOLDED_WIDTH]
    return track


def _artist_and_album(fields: types.NewTrack) -> tuple[Artist, Album | None]:
    artist = _artists_named([fields.artist])[fields.artist]
    return artist, _albums_titled([(artist, fields.album)])[artist.pk, fields.album]


def _artists_named(names: Iterable[str]) -> dict[str, Artist]:
    """Get or create the artists, by name."""
    wanted = sorted(set(names))
    new = [Artist(name=name, folded=fold(name)[:FOLDED_WIDTH]) for name in wanted]
    Artist.objects.bulk_create(new, ignore_conflicts=True)
    return Artist.objects.in_bulk(wanted, field_name="name")


def _albums_titled(wanted: Iterable[tuple[Artist, str]]) -> dict[tuple[int, str], Album | None]:
    """Get or create the albums, by (artist id, title); an empty title means no album."""
    pairs = {(artist.pk, title) for artist, title in wanted}
    titled = sorted(pair for pair in pairs if pair[1])
    new = [Album(artist_id=artist_id, title=title, folded=fold(title)[:FOLDED_WIDTH]) for artist_id, title in titled]
    Album.objects.bulk_create(new, ignore_conflicts=True)
    theirs = Album.objects.filter(artist_id__in={artist_id for artist_id, _ in titled})
    found: dict[tuple[int, str], Album | None] = {(album.artist_id, album.title): album for album in theirs}
    return {pair: found.get(pair) for pair in pairs}


def _search_text(track: Track) -> str:
    return search.indexed_text(track.title, track.artist.name, track.album.title if track.album else "")


def tracks_import(entries: list[tuple[str, types.NewTrack]]) -> int:
    """Add many entries, given as (id, track), in a few statements; skip ids that exist. Returns how many were new."""
    with transaction.atomic():
        existing = set(Track.objects.filter(pk__in=[track_id for track_id, _ in entries]).values_list("pk", flat=True))
        new = [(track_id, fields) for track_id, fields in entries if track_id not in existing]
        artists = _artists_named(fields.artist for _, fields in new)
        albums = _albums_titled((artists[fields.artist], fields.album) for _, fields in new)
        tracks = [
            _row(Track(pk=track_id), fields, artists[fields.artist], albums[artists[fields.artist].pk, fields.album])
            for track_id, fields in new
        ]
        Track.objects.bulk_create(tracks, batch_size=500)
        SearchEntry.objects.bulk_create(
            [SearchEntry(track=track, text=_search_text(track)) for track in tracks], batch_size=500
        )
    return len(tracks)
