"""The file that sounds when a track is played."""

from __future__ import annotations

from django.db.models import QuerySet

from music.models import AudioFile


def playable() -> QuerySet[AudioFile]:
    """The files that can be played: there, of a track, and not hidden."""
    return AudioFile.objects.filter(track__isnull=False, missing_since__isnull=True, hidden=False)


def audio_of(track_id: str) -> AudioFile | None:
    """The file that is played for a track; one that was `converted` for browsers is played in that version.

    Several copies of one recording: the one that came first, so that `audio_version` does not change with each copy.
    """
    return playable().filter(track_id=track_id).order_by("pk").first()
