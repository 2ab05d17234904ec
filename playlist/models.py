"""The tables. Rows and constraints only: no logic in save(), no signals; every write goes through commands.

Votes, items and events name people by `actor_key` ("user:7", "addr:9f…", "system"), so they outlive the user's row.
"""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from playlist.user import User as User

MAIN_SLUG = "main"

#: Characters. Folding can make a text eighteen times as long: the rest is cut off. Four bytes each, with the
#: genre and an id, are what one entry of PostgreSQL's indexes holds.
TITLE_WIDTH, FOLDED_WIDTH, GENRE_WIDTH = 500, 500, 100


def new_stamp() -> str:
    """A random mark of 8 bytes, in hex, which tells two events of the same revision apart."""
    return secrets.token_hex(8)


class Artist(models.Model):
    name = models.CharField(max_length=TITLE_WIDTH, unique=True)
    folded = models.CharField(max_length=FOLDED_WIDTH, db_index=True, editable=False)

    class Meta:
        ordering = ("folded", "id")

    def __str__(self) -> str:
        return self.name


class Album(models.Model):
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="albums")
    title = models.CharField(max_length=TITLE_WIDTH)
    folded = models.CharField(max_length=FOLDED_WIDTH, db_index=True, editable=False)

    class Meta:
        ordering = ("folded", "id")
        constraints = [models.UniqueConstraint(fields=("artist", "title"), name="unique_album_per_artist")]

    def __str__(self) -> str:
        return self.title


class Track(models.Model):
    """A library entry. `sort_key` and `genre_folded` are derived from the others by library.py.

    On PostgreSQL these two, and `folded` above, sort by Unicode's rules. Django does not know that: a migration that
    alters one of them has to say so again, as 0010 does.
    """

    id = models.CharField(primary_key=True, max_length=64)
    title = models.CharField(max_length=TITLE_WIDTH)
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="tracks")
    album = models.ForeignKey(Album, on_delete=models.PROTECT, related_name="tracks", null=True, blank=True)
    duration_seconds = models.PositiveIntegerField()
    genre = models.CharField(max_length=50, blank=True)
    genre_folded = models.CharField(max_length=GENRE_WIDTH, blank=True, editable=False)
    cover_url = models.CharField(max_length=500, null=True, blank=True)  # noqa: DJ001 - null is what clients see
    audio_url = models.CharField(max_length=500, null=True, blank=True)  # noqa: DJ001
    sort_key = models.CharField(max_length=FOLDED_WIDTH, editable=False)
    #: Counts the edits; an item whose `track_version` is lower is not up to date.
    version = models.PositiveIntegerField(default=1, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: The account that may edit it, beside staff; null for samples and tracks of earlier versions.
    added_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+", db_constraint=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=("sort_key", "id"), name="track_by_title", condition=Q(deleted_at__isnull=True)),
            models.Index(
                fields=("genre_folded", "sort_key", "id"),
                name="track_by_genre",
                condition=Q(deleted_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.pk})"


class SearchEntry(models.Model):
    """The searchable text of one track: folded words (see search.py), under a trigram index on both databases.

    A table of its own, because SQLite's full-text index needs a stable row number, which a text key does not give.
    """

    track = models.OneToOneField(Track, on_delete=models.CASCADE, related_name="search_entry")
    text = models.TextField()

    class Meta:
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return self.text


class Playlist(models.Model):
    """A playlist, and the lock of everything in it. `revision` and `stamp` are those of its newest event."""

    class Order(models.TextChoices):
        MANUAL = "manual"
        VOTES = "votes"

    class Policy(models.TextChoices):
        OPEN = "open"
        HOSTED = "hosted"

    class Visibility(models.TextChoices):
        PUBLIC = "public"
        UNLISTED = "unlisted"

    class State(models.TextChoices):
        PLAYING = "playing"
        PAUSED = "paused"
        STOPPED = "stopped"

    slug = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=80)
    host = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="hosted_playlists")
    order = models.CharField(max_length=8, choices=Order.choices, default=Order.MANUAL)
    policy = models.CharField(max_length=8, choices=Policy.choices, default=Policy.OPEN)
    visibility = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.UNLISTED, db_index=True)
    locked = models.BooleanField(default=False)
    max_queued_per_person = models.PositiveIntegerField(null=True, blank=True)
    revision = models.PositiveBigIntegerField(default=0)
    stamp = models.CharField(max_length=16, default=new_stamp)
    playback_state = models.CharField(max_length=8, choices=State.choices, default=State.STOPPED)
    playback_position_seconds = models.FloatField(default=0.0)
    playback_started_at_ms = models.BigIntegerField(null=True, blank=True)
    playback_changed_at_ms = models.BigIntegerField(default=0)
    #: It stopped because nothing was left to play: what is added next plays at once, if somebody listens.
    ran_dry = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.name} ({self.slug})"


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
    """A recently removed item, so that it can be restored, with its place and its votes."""

    id = models.UUIDField(primary_key=True, editable=False)
    #: Without a constraint (CONTRIBUTING.md): the daily upkeep deletes rows that an older server leaves behind.
    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="removed_items", db_constraint=False)
    track_id = models.CharField(max_length=64)
    position = models.FloatField()
    #: [[actor key, 1 or −1], …] as JSON.
    votes_json = models.TextField()
    added_by = models.CharField(max_length=50)
    added_by_key = models.CharField(max_length=80)
    added_at = models.DateTimeField()
    played_at = models.DateTimeField(null=True, blank=True)
    removed_by_key = models.CharField(max_length=80)
    removed_at = models.DateTimeField(db_index=True)

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


class Participant(models.Model):
    """A user's membership in a playlist. The role follows from Playlist.host; a ban is a membership that is refused."""

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    joined_at = models.DateTimeField(auto_now_add=True)
    banned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("playlist", "user"), name="unique_participant_per_playlist"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.playlist}"


class Play(models.Model):
    """One start of a track, with a copy of the track (JSON), so that history survives its removal."""

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="plays")
    item_id = models.UUIDField()
    track_json = models.TextField()
    added_by = models.CharField(max_length=50)
    played_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.item_id} at {self.played_at:%Y-%m-%d %H:%M}"


class Event(models.Model):
    """A line of the log: one committed event, with the JSON that clients read as `body`."""

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="events")
    revision = models.PositiveBigIntegerField()
    stamp = models.CharField(max_length=16)
    type = models.CharField(max_length=32)
    actor_key = models.CharField(max_length=80)
    at = models.DateTimeField(db_index=True)
    body = models.TextField()

    class Meta:
        ordering = ("playlist_id", "revision")
        constraints = [
            models.UniqueConstraint(fields=("playlist", "revision"), name="unique_revision_per_playlist"),
        ]

    def __str__(self) -> str:
        return f"{self.type} at revision {self.revision}"


class Upkeep(models.Model):
    """The time at which a regular task last began, in any process."""

    name = models.CharField(primary_key=True, max_length=32)
    begun_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Allowance(models.Model):
    """The share of a daily allowance that a user or an address has used (allowances.py)."""

    #: "rooms:user:7", "people:addr:9f…": an address is a keyed hash.
    key = models.CharField(primary_key=True, max_length=64)
    used = models.PositiveIntegerField()
    began_at_ms = models.BigIntegerField()

    def __str__(self) -> str:
        return self.key


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
