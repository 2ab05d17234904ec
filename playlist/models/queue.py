"""The items of a queue, the removed ones, and the votes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from playlist.models.library import TITLE_WIDTH, Track
from playlist.models.playlists import Playlist


class PlaylistTrack(models.Model):
    """An item: a track in a queue. It stays after it was played, with `played_at`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="items")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="items")
    track_version = models.PositiveIntegerField(default=1, editable=False)
    position = models.FloatField()
    votes = models.IntegerField(default=0)
    added_by = models.CharField(max_length=50)
    added_by_key = models.CharField(max_length=80)
    added_at = models.DateTimeField()
    is_playing = models.BooleanField(default=False)
    played_at = models.DateTimeField(null=True, blank=True)
    #: When somebody let it play next; it counts while the item waits.
    boosted_at = models.DateTimeField(null=True, blank=True)
    #: Why the server added it: a types.Because as JSON; "" if somebody did.
    because_json = models.TextField(default="", db_default="", blank=True)

    class Meta:
        constraints = [
            # Adding a played track again replaces its item, so a track never has two.
            models.UniqueConstraint(fields=("playlist", "track"), name="unique_track_per_playlist"),
            models.UniqueConstraint(
                fields=("playlist",), condition=Q(is_playing=True), name="one_playing_item_per_playlist"
            ),
        ]
        indexes = [
            # Positions are distinct by the playlist's lock: a constraint would fail row by row while renumbering.
            models.Index(fields=("playlist", "position"), name="item_by_position"),
            models.Index(fields=("playlist", "added_by_key"), name="item_by_adder"),
        ]

    def __str__(self) -> str:
        return f"{self.track_id} at {self.position:g}"


class RemovedItem(models.Model):
    """A removed item, so that it can be brought back with its place and its votes. It stays as long as the log."""

    id = models.UUIDField(primary_key=True, editable=False)
    #: Without a constraint (CONTRIBUTING.md): the daily upkeep deletes rows that an older server leaves behind.
    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="removed_items", db_constraint=False)
    track_id = models.CharField(max_length=64)
    #: For the log, which also names tracks that the library no longer has.
    title = models.CharField(max_length=TITLE_WIDTH, default="", db_default="")
    artist = models.CharField(max_length=TITLE_WIDTH, default="", db_default="")
    position = models.FloatField()
    #: [[actor key, 1 or −1], …] as JSON.
    votes_json = models.TextField()
    added_by = models.CharField(max_length=50)
    added_by_key = models.CharField(max_length=80)
    added_at = models.DateTimeField()
    played_at = models.DateTimeField(null=True, blank=True)
    boosted_at = models.DateTimeField(null=True, blank=True)
    because_json = models.TextField(default="", db_default="", blank=True)
    removed_by_key = models.CharField(max_length=80)
    removed_at = models.DateTimeField(db_index=True)
    #: The event that removed it; null where an older server wrote the row.
    revision = models.PositiveBigIntegerField(null=True)

    def __str__(self) -> str:
        return self.track_id


class Vote(models.Model):
    """One actor's vote for one item: 1 or −1. Without a vote there is no row."""

    item = models.ForeignKey(PlaylistTrack, on_delete=models.CASCADE, related_name="vote_rows")
    actor_key = models.CharField(max_length=80)
    value = models.SmallIntegerField()

    class Meta:
        constraints = [
            # In this order it also finds all votes of an actor; the foreign key's own index finds those for an item.
            models.UniqueConstraint(fields=("actor_key", "item"), name="unique_vote_per_actor_and_item"),
            models.CheckConstraint(condition=Q(value__in=(-1, 1)), name="vote_is_up_or_down"),
        ]

    def __str__(self) -> str:
        return f"{self.value:+d}"
