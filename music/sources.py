"""The file that sounds when a track is played, found in the database and opened on the disk.

No path ever comes from an address: a track's id finds the row, and the row has the path.
"""

from __future__ import annotations

import hashlib
import os
import stat

from msgspec import Struct

from music.files import audio_of, converted_folder
from playlist.errors import no_audio, track_not_found
from playlist.models import Track


class Source(Struct, frozen=True):
    """A file as the library knows it. `version` is the track's `audio_version`."""

    track_id: str
    version: str
    path: bytes
    format: str
    content_type: str
    fingerprint: str
    #: Size and time at which it was read; None for a converted one, which never changes.
    read_at: tuple[int, int] | None


class OpenFile(Struct, frozen=True):
    """A file that is open, and stays the same one when another is put in its place. Its opener closes it."""

    descriptor: int
    size: int
    mtime_ns: int
    inode: int

    def close(self) -> None:
        os.close(self.descriptor)


def source_of(track_id: str) -> Source:
    """Reads the database. Raises TRACK_NOT_FOUND, NO_AUDIO."""
    version = Track.objects.filter(pk=track_id, deleted_at__isnull=True).values_list("audio_version", flat=True)
    found = list(version)
    if not found:
        raise track_not_found()
    file = audio_of(track_id)
    if file is None:
        raise no_audio()
    if file.converted:
        path = os.fsencode(converted_folder() / file.converted)
        return Source(track_id, found[0] or "", path, "opus", "audio/ogg", file.fingerprint, None)
    return Source(
        track_id=track_id,
        version=found[0] or "",
        path=bytes(file.path),
        format=file.format,
        content_type=file.content_type or "application/octet-stream",
        fingerprint=file.fingerprint,
        read_at=(file.size, file.mtime_ns),
    )


def opened(path: bytes) -> OpenFile:
    """Reads the disk. Raises NO_AUDIO for a file that has vanished, or cannot be read."""
    try:
        # Without blocking, since opening a named pipe would wait for somebody who writes into it.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError):
        raise no_audio() from None
    told = os.fstat(descriptor)
    if not stat.S_ISREG(told.st_mode):
        os.close(descriptor)
        raise no_audio()
    return OpenFile(descriptor, told.st_size, told.st_mtime_ns, told.st_ino)


def entity_tag(source: Source, file: OpenFile) -> str:
    """A strong tag: it changes with the bytes, since the time of the last change counts in nanoseconds."""
    told = f"{source.fingerprint} {file.size} {file.mtime_ns} {file.inode}"
    return f'"{hashlib.blake2b(told.encode(), digest_size=12).hexdigest()}"'
