"""Checkpoints: whole playlists at some of their revisions, from which the log leads on."""

from __future__ import annotations

from django.db import models

from playlist.models.playlists import Playlist


class Checkpoint(models.Model):
    """A playlist at one revision: a types.Past as compressed JSON. `at` is the time of its last event."""

    #: Without a constraint (CONTRIBUTING.md): the daily upkeep deletes rows that an older server leaves behind.
    playlist = models.ForeignKey(
        Playlist, on_delete=models.CASCADE, related_name="checkpoints", db_constraint=False, db_index=False
    )
    revision = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    body = models.BinaryField()

    class Meta:
        ordering = ("playlist_id", "revision")
        constraints = [
            models.UniqueConstraint(fields=("playlist", "revision"), name="unique_checkpoint_per_revision"),
        ]

    def __str__(self) -> str:
        return f"revision {self.revision}"
