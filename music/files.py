"""The file that sounds when a track is played."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from music.models import AudioFile
from playlist import catalog


def playable() -> QuerySet[AudioFile]:
    """The files that can be played: there, of a track, and not hidden."""
    return AudioFile.objects.filter(track__isnull=False, missing_since__isnull=True, hidden=False, reason="")


def audio_of(track_id: str) -> AudioFile | None:
    """The file that is played for a track; one that was `converted` for browsers is played in that version.

    Several copies of one recording: the one that came first, so that `audio_version` does not change with each copy.
    """
    return playable().filter(track_id=track_id).order_by("pk").first()


def version_of(file: AudioFile) -> str:
    """What changes with the bytes that are played: `audio_version` of a track."""
    known = f"{file.fingerprint} {file.size} {file.mtime_ns} {file.converted}"
    return hashlib.blake2b(known.encode(), digest_size=8).hexdigest()


def settle(track_ids: Collection[str], now: datetime) -> int:
    """Let tracks play what is there of their files by now, in the caller's transaction. Returns how many lost theirs.

    Playlists hear of it through `library.tell_holders`, after the commit.
    """
    played: dict[str, AudioFile] = {}
    for file in playable().filter(track_id__in=track_ids).order_by("-pk"):
        played[str(file.track_id)] = file
    for track_id, file in played.items():
        catalog.give_sound(track_id, catalog.Sound(file.duration_ms, file.gain_db, version_of(file)))
    return catalog.lose_sound([track_id for track_id in track_ids if track_id not in played], now)
