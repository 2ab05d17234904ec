"""The log of a playlist, its history of plays, and the answers to idempotency keys."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from playlist.models.playlists import Playlist


class Play(models.Model):
    """One start of a track, with a copy of the track (JSON), so that history survives its removal."""

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="plays", db_index=False)
    item_id = models.UUIDField()
    #: Empty where a server of an earlier version wrote the row.
    track_id = models.CharField(max_length=64, default="", db_default="")
    track_json = models.TextField()
    added_by = models.CharField(max_length=50)
    #: Empty where a server of an earlier version wrote the row.
    added_by_key = models.CharField(max_length=80, default="", db_default="")
    played_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(fields=("playlist", "id"), name="play_by_playlist"),
            models.Index(fields=("track_id", "playlist", "played_at"), name="play_by_track"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} at {self.played_at:%Y-%m-%d %H:%M}"


class Event(models.Model):
    """A line of the log: one committed event, with the JSON that clients read as `body`."""

    #: The unique constraint begins with it and serves as its index.
    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="events", db_index=False)
    revision = models.PositiveBigIntegerField()
    stamp = models.CharField(max_length=16)
    type = models.CharField(max_length=32)
    actor_key = models.CharField(max_length=80)
    at = models.DateTimeField(db_index=True)
    body = models.TextField()
    #: What it replaced, as JSON that only undo reads (undo/inverses.py); null where an older server wrote the row.
    before = models.TextField(null=True)  # noqa: DJ001 - most kinds of events replace nothing
    #: The event that it undoes; the first one of that chain; and whether it brings the first one's effect back.
    undoes = models.PositiveBigIntegerField(null=True)
    chain = models.PositiveBigIntegerField(null=True)
    is_redo = models.BooleanField(null=True)
    #: Whose vote it set, where that is not the actor's own.
    voter_key = models.CharField(max_length=80, null=True)  # noqa: DJ001

    class Meta:
        ordering = ("playlist_id", "revision")
        constraints = [
            models.UniqueConstraint(fields=("playlist", "revision"), name="unique_revision_per_playlist"),
        ]
        # Partial ones: a vote pays for neither.
        indexes = [
            models.Index(
                fields=("playlist", "chain", "revision"), name="event_by_chain", condition=Q(chain__isnull=False)
            ),
            models.Index(
                fields=("playlist", "revision"), name="event_that_renumbers", condition=Q(type="playlist.reordered")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} at revision {self.revision}"


class Operation(models.Model):
    """The committed answer to one idempotency key, so that repeating the request repeats the answer."""

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="operations")
    actor_key = models.CharField(max_length=80)
    key = models.CharField(max_length=64)
    payload_hash = models.CharField(max_length=32)
    revision = models.PositiveBigIntegerField()
    answer = models.TextField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            # In this order it finds the keys of a batch, however many operations a playlist remembers.
            models.UniqueConstraint(fields=("playlist", "key", "actor_key"), name="unique_operation_key"),
        ]

    def __str__(self) -> str:
        return self.key
