"""Uploaded files in DATA_DIR/uploads, and their tracks. Nothing here knows HTTP.

A file that comes in is X.part, and locked by the process that is about it. It is written to the disk, then its row, and
then it is called X: `sweep` completes what a killed process left in between. A file X without a row stays, since the
database may be an older one that was restored.
"""

from __future__ import annotations

import errno
import logging
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet, Sum
from msgspec.structs import replace

from music.child import Readers
from music.models import AudioFile, digest_of
from music.reading import Ask, Reading
from music.store import Arrival, copy_of, prepared, write
from playlist import bulk, types
from playlist.clock import database_now
from playlist.errors import DomainError, forbidden
from playlist.models import Track, User
from playlist.selectors.library import track_by_id, track_from_model

try:
    import fcntl
except ImportError:  # Windows: nobody sweeps there
    fcntl = None  # type: ignore[assignment]

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
_PART = ".part"


def folder() -> Path:
    return Path(settings.DATA_DIR) / "uploads"


class Part:
    """A file that comes in. Its lock lasts until `close`, by which time it has a row and its name, or is gone."""

    def __init__(self) -> None:
        """Raises STORAGE_FULL."""
        self.path = folder() / f"{secrets.token_hex(16)}{_PART}"
        self._stays = False
        with _storing():
            folder().mkdir(mode=0o700, exist_ok=True)
            self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        _lock(self._descriptor)

    def write(self, data: bytes) -> None:
        """Raises STORAGE_FULL."""
        check_reserve(len(data))
        left = memoryview(data)
        with _storing():
            while left:
                left = left[os.write(self._descriptor, left) :]

    def flush(self) -> None:
        """Write it to the disk itself. Raises STORAGE_FULL."""
        with _storing():
            os.fsync(self._descriptor)

    @property
    def kept_path(self) -> Path:
        """The name that its row has."""
        return self.path.with_suffix("")

    def keep(self) -> None:
        """Give it the name that its row has."""
        self.leave()
        self.path.rename(self.kept_path)

    def leave(self) -> None:
        """Let it be what `sweep` makes of it."""
        self._stays = True

    def discard(self) -> None:
        """Delete it, unless it has a row or may have one."""
        if not self._stays:
            self.path.unlink(missing_ok=True)

    def close(self) -> None:
        os.close(self._descriptor)


def _lock(descriptor: int) -> bool:
    """Whether this process has the file to itself now."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # another process has it, or the file system has no locks
        return False
    return True


@contextmanager
def _storing() -> Iterator[None]:
    """Raises STORAGE_FULL for what the disk refuses."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise _full() from None
        logger.error("An upload cannot be written: %s", error)
        raise DomainError("STORAGE_FULL", "The server cannot store files right now.") from None


def _full() -> DomainError:
    return DomainError("STORAGE_FULL", "The server has no room left for uploads.")


def check_may_upload(user: User) -> None:
    """Raises FORBIDDEN."""
    if user.is_guest:
        raise forbidden("account")
    if settings.UPLOADS == "off":
        raise forbidden("off", "Nobody uploads music here.")
    if settings.UPLOADS == "staff" and not user.is_staff:
        raise forbidden("operators", "Only the operators upload music here.")


def limit_mb(user: User | None) -> int | None:
    """The size of the largest file that this person may upload; None if they may not."""
    try:
        if user is None:
            return None
        check_may_upload(user)
    except DomainError:
        return None
    return int(settings.UPLOAD_LIMIT_MB)


def account_lacking(user: User | None) -> Literal["open", "given"] | None:
    """Where a person lacks but an account: whether anybody may make one, or the operators give them."""
    if settings.UPLOADS != "accounts" or (user is not None and not user.is_guest):
        return None
    return "open" if settings.OPEN_SIGNUP else "given"


def check_reserve(size: int) -> None:
    """Raises STORAGE_FULL if so many bytes more would take the reserve of the disk."""
    if shutil.disk_usage(folder()).free - size < settings.STORAGE_RESERVE_MB * MEGABYTE:
        raise _full()


def check_quota(user_id: int, size: int) -> None:
    """Raises STORAGE_FULL if these bytes would be more than one person may store."""
    mine = AudioFile.objects.filter(uploaded_by=user_id, track__isnull=False)
    stored = mine.aggregate(total=Sum("size"))["total"] or 0
    if stored + size > settings.UPLOAD_QUOTA_MB * MEGABYTE:
        limit = settings.UPLOAD_QUOTA_MB
        raise DomainError("STORAGE_FULL", f"One person can store {limit} MB here.", {"limit_mb": limit})


def accept(part: Part, uploader: User, name: bytes) -> tuple[types.Track, bool]:
    """Make a track of a file that is whole. Whether it is a new one: else the recording is there already.

    `name`: as the uploader calls it, for a file without tags. Raises NOT_AUDIO, STORAGE_FULL.
    """
    part.flush()
    reading = replace(_read(part.path, name), path=os.fsencode(part.kept_path))
    try:
        with bulk.turn(), transaction.atomic(durable=True):
            User.objects.select_for_update(no_key=True).get(pk=uploader.pk)  # the same twice at once is one track
            track_id = copy_of(reading)
            is_new = track_id is None
            if track_id is None:
                check_quota(uploader.pk, reading.size)
                track_id = _add(reading, uploader)
    except DatabaseError:
        _keep_if_committed(part)
        raise
    if is_new:
        part.keep()
    else:
        part.discard()
    return track_from_model(track_by_id(track_id)), is_new


def _keep_if_committed(part: Part) -> None:
    """The connection may have broken after the database committed: the row tells, or `sweep` asks for it later."""
    connection.close()
    try:
        if _rows(part.kept_path).exists():
            part.keep()
    except DatabaseError:
        part.leave()


def _read(path: Path, name: bytes) -> Reading:
    covers = Path(settings.DATA_DIR) / "covers"
    with _storing():
        covers.mkdir(exist_ok=True)
    with Readers(covers) as readers:
        (reading,) = readers.read([Ask(os.fsencode(path), name)])
    if reading.reason:
        raise DomainError("NOT_AUDIO", f"This is no music that the server knows: {reading.reason}")
    return reading


def _add(reading: Reading, uploader: User) -> str:
    write(prepared([Arrival(reading, uploaded_by=uploader.pk)]), database_now())
    track_id = str(AudioFile.objects.get(path_digest=digest_of(reading.path)).track_id)
    Track.objects.filter(pk=track_id).update(added_by=uploader)
    return track_id


def sweep() -> int:
    """Complete or delete what killed processes left, and delete the files of deleted tracks. Returns how many."""
    if fcntl is None or not folder().is_dir():
        return 0
    return sum(_swept(path) for path in folder().iterdir())


def _swept(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        # The lock comes first: a process gives it back only when the file has its row and its name.
        if not _lock(descriptor):
            return False
        return _completed(path) if path.suffix == _PART else _was_deleted(path)
    finally:
        os.close(descriptor)


def _completed(part: Path) -> bool:
    kept = part.with_suffix("")
    if _rows(kept).exists():
        part.rename(kept)
    else:
        part.unlink()
    return True


def _was_deleted(path: Path) -> bool:
    rows = _rows(path).filter(track__isnull=True)
    if not rows.exists():
        return False
    path.unlink()
    rows.delete()
    return True


def _rows(path: Path) -> QuerySet[AudioFile]:
    return AudioFile.objects.filter(path_digest=digest_of(os.fsencode(path)))
