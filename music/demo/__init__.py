"""The six tunes that come with the product, as files in this folder; `tunes/` composes them."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from music.child import Readers
from music.models import AudioFile, digest_of
from music.reading import Ask
from music.store import Arrival, prepared, write
from playlist import bulk, library
from playlist.clock import database_now
from playlist.errors import DomainError

FOLDER = Path(__file__).resolve().parent


def seed() -> list[str]:
    """Put the tunes into the library, where they are not yet. Returns the ids of their tracks, in their order."""
    paths = [os.fsencode(path) for path in sorted(FOLDER.glob("*.mp3"))]
    known = {bytes(path) for path in _files(paths).values_list("path", flat=True)}
    covers = Path(settings.DATA_DIR) / "covers"
    covers.mkdir(exist_ok=True)
    with Readers(covers) as readers:
        readings = list(readers.read([Ask(path) for path in paths if path not in known]))
    files = prepared(Arrival(reading) for reading in readings)
    with bulk.turn(), transaction.atomic(durable=True):
        write(files, database_now())
    tracks = {bytes(file.path): file.track_id for file in _files(paths)}
    return [track_id for path in paths if (track_id := tracks.get(path)) is not None]


def remove() -> int:
    """Take the tunes out of the library and of every playlist. Returns how many there were."""
    files = list(_files([os.fsencode(path) for path in FOLDER.glob("*.mp3")]))
    for file in files:
        if file.track_id is not None:
            delete(file.track_id)
    AudioFile.objects.filter(pk__in=[file.pk for file in files]).delete()
    return len(files)


def delete(track_id: str) -> None:
    """Delete a track that may be gone already."""
    try:
        library.track_delete(track_id)
    except DomainError as error:
        if error.code != "TRACK_NOT_FOUND":
            raise


def _files(paths: list[bytes]) -> QuerySet[AudioFile]:
    return AudioFile.objects.filter(path_digest__in=[digest_of(path) for path in paths]).order_by("pk")
