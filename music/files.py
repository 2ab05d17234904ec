"""The file that sounds when a track is played."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from music.models import AudioFile
from music.reading import Reading
from music.walk import distinct
from playlist import catalog


def music_roots() -> list[bytes]:
    """The music folders as the paths of files begin: absolute, without links, none within another."""
    return distinct(os.fsencode(folder) for folder in settings.MUSIC_DIR)


def converted_folder() -> Path:
    """Where the versions lie that browsers play."""
    return settings.DATA_DIR / "converted"


def playable() -> QuerySet[AudioFile]:
    """The files that can be played: there, of a track, and not hidden."""
    return AudioFile.objects.filter(track__isnull=False, missing_since__isnull=True, hidden=False, reason="")


def audio_of(track_id: str) -> AudioFile | None:
    """The file that is played for a track; one that was `converted` for browsers is played in that version.

    Several copies of one recording: the one that came first, so that `audio_version` does not change with each copy.
    """
    return playable().filter(track_id=track_id).order_by("pk").first()


def version_of(file: AudioFile | Reading) -> str:
    """What changes with the bytes that are played: `audio_version` of a track."""
    converted = file.converted if isinstance(file, AudioFile) else ""
    known = f"{file.fingerprint} {file.size} {file.mtime_ns} {converted}"
    return hashlib.blake2b(known.encode(), digest_size=8).hexdigest()


def track_of(track_id: str, file: AudioFile | Reading) -> catalog.FileTrack:
    """The track as this file of it says."""
    return catalog.FileTrack(
        id=track_id,
        title=file.title,
        artist=file.artist,
        album=file.album,
        album_artist=file.album_artist,
        genre=file.genre,
        duration_ms=file.duration_ms,
        track_number=file.track_number,
        disc_number=file.disc_number,
        year=file.year,
        gain_db=file.gain_db,
        cover_url=f"/media/covers/{file.cover_key}" if file.cover_key else None,
        audio_url=f"/media/audio/{track_id}",
        audio_version=version_of(file),
    )


def settle(track_ids: Collection[str], now: datetime) -> int:
    """Let tracks be what their files say by now, in the caller's transaction. Returns how many lost theirs.

    Playlists hear of it through `library.tell_holders`, after the commit.
    """
    if not track_ids:
        return 0
    played: dict[str, AudioFile] = {}
    for file in playable().filter(track_id__in=track_ids).order_by("-pk"):
        played[str(file.track_id)] = file
    catalog.retag_tracks([track_of(track_id, file) for track_id, file in played.items()])
    return catalog.lose_sound([track_id for track_id in track_ids if track_id not in played], now)
