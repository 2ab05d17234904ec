"""What the rules of a room count, and what they forbid."""

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


class Blocked(models.Model):
    """A track or an artist that nobody adds in a room. `Playlist.has_blocked` says whether there is any."""

    class Kind(models.TextChoices):
        TRACKS = "tracks"
        ARTISTS = "artists"

    #: Without a constraint, as above.
    playlist = models.ForeignKey(
        Playlist, on_delete=models.CASCADE, related_name="blocked", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    #: The id of the track or artist, as text.
    target = models.CharField(max_length=64)

    class Meta:
        verbose_name, verbose_name_plural = "blocked song or artist", "blocked songs and artists"
        constraints = [
            models.UniqueConstraint(fields=("playlist", "kind", "target"), name="unique_blocked_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"
