"""What the rules of a room count."""

from __future__ import annotations

from django.db import models

from playlist.models.playlists import Playlist


class Boost(models.Model):
    """A boost that somebody spent. It counts for an hour; the daily upkeep deletes it."""

    #: Without a constraint (CONTRIBUTING.md): the upkeep deletes rows that an older server leaves behind.
    playlist = models.ForeignKey(
        Playlist, on_delete=models.CASCADE, related_name="boosts", db_constraint=False, db_index=False
    )
    actor_key = models.CharField(max_length=80)
    #: The key of the address that they joined from, "" if it is not known.
    address = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=("playlist", "at"), name="boost_by_time")]

    def __str__(self) -> str:
        return f"{self.actor_key} at {self.at:%Y-%m-%d %H:%M}"
