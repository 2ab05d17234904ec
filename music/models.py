"""The files on disk, and the scans of the music folders.

Paths are bytes, as the kernel has them: neither database takes a name that is not UTF-8 as text.
"""

from __future__ import annotations

import hashlib
import os

from django.db import models
from django.db.models import Q

from playlist.models import TITLE_WIDTH, Track
from playlist.user import User


def digest_of(path: bytes) -> str:
    """A path's key: a path of 4,096 bytes fits into no index."""
    return hashlib.blake2b(path, digest_size=16).hexdigest()


#: Begins the digest of a file that is gone and whose path another one has taken: it can only come back elsewhere.
VACATED = "-"


class AudioFile(models.Model):
    """A file that was found in a music folder or uploaded, also one that is no track; `reason` says why then."""

    track = models.ForeignKey(
        Track, on_delete=models.SET_NULL, null=True, blank=True, related_name="files", db_constraint=False
    )
    #: os.fsencode of the absolute path.
    path = models.BinaryField()
    #: Of the path; begins with VACATED where another file has that path by now.
    path_digest = models.CharField(max_length=32, unique=True)
    size = models.BigIntegerField()
    mtime_ns = models.BigIntegerField()
    #: What the file itself says. The track may say otherwise, where somebody edited it.
    title = models.CharField(max_length=TITLE_WIDTH, blank=True, default="")
    artist = models.CharField(max_length=TITLE_WIDTH, blank=True, default="")
    album = models.CharField(max_length=TITLE_WIDTH, blank=True, default="")
    album_artist = models.CharField(max_length=TITLE_WIDTH, blank=True, default="")
    genre = models.CharField(max_length=50, blank=True, default="")
    year = models.PositiveIntegerField(null=True, blank=True)
    track_number = models.PositiveIntegerField(null=True, blank=True)
    disc_number = models.PositiveIntegerField(null=True, blank=True)
    #: Of the audio alone, without tags; "" where it is not known.
    fingerprint = models.CharField(max_length=32, blank=True, default="")
    mb_recording = models.UUIDField(null=True, blank=True)
    format = models.CharField(max_length=16, blank=True, default="")
    content_type = models.CharField(max_length=64, blank=True, default="")
    duration_ms = models.PositiveIntegerField(default=0)
    #: To −16 LUFS, as far as the peak allows.
    gain_db = models.FloatField(null=True, blank=True)
    #: The largest sample, 1 at full scale.
    peak = models.FloatField(null=True, blank=True)
    #: Where the gain comes from: "tags", "measured", or "" while it is not known.
    loudness_from = models.CharField(max_length=8, blank=True, default="")
    #: The name of the cover's files in DATA_DIR/covers, without size and ending.
    cover_key = models.CharField(max_length=32, blank=True, default="")
    #: Whether the disk did not take its cover; the next scan tries again.
    cover_unwritten = models.BooleanField(default=False, db_default=False)
    #: Of the picture and the text beside it, by beside.mark.
    beside = models.BigIntegerField(default=0, db_default=0)
    #: Timed text as in an .lrc file.
    lyrics = models.TextField(blank=True, default="")
    #: Why it is no track; "" for one that is.
    reason = models.CharField(max_length=200, blank=True, default="")
    missing_since = models.DateTimeField(null=True, blank=True)
    #: A person deleted its track: scans leave the file alone, wherever it goes.
    hidden = models.BooleanField(default=False)
    uploaded_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_constraint=False
    )
    #: The name of a version in DATA_DIR/converted that every browser plays; "" without one.
    converted = models.CharField(max_length=100, blank=True, default="")
    #: Why such a version could not be made; "" where none was tried, or it worked.
    conversion_reason = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(fields=("fingerprint",), name="file_by_fingerprint"),
            models.Index(fields=("mb_recording",), name="file_by_recording", condition=Q(mb_recording__isnull=False)),
            models.Index(fields=("loudness_from", "id"), name="file_by_loudness"),
            models.Index(fields=("format", "id"), name="file_by_format"),
        ]

    def __str__(self) -> str:
        return self.shown_path

    @property
    def local_path(self) -> str:
        """The path as Python's functions for files take it."""
        return os.fsdecode(bytes(self.path))

    @property
    def shown_path(self) -> str:
        """The path for people: what is no UTF-8 is replaced."""
        return bytes(self.path).decode("utf-8", "replace")


class Scan(models.Model):
    """One scan of the music folders. At most one is in the state SCANNING, however many processes there are."""

    class State(models.TextChoices):
        REQUESTED = "requested"
        SCANNING = "scanning"
        DONE = "done"
        FAILED = "failed"

    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    requested_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    #: The last sign of life of the process that runs it; another one takes it over when this is old.
    heartbeat = models.DateTimeField(null=True, blank=True)
    #: The process that runs it: random, made at its start.
    runner = models.CharField(max_length=32, blank=True, default="")
    #: Further folders, separated by NUL, as bytes; empty for those of MUSIC_DIR.
    folders = models.BinaryField(default=b"", blank=True)
    found = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    #: The first hundred, as JSON: `[{"path", "reason"}]`.
    failed_json = models.TextField(default="[]", blank=True)
    #: Why the whole scan failed.
    reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("state",), condition=Q(state="scanning"), name="one_scan_at_a_time")
        ]

    def __str__(self) -> str:
        return f"Scan {self.pk} ({self.state})"
