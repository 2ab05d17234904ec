"""The library, and the text that a search of it reads."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from playlist.search import KEY_WIDTH
from playlist.user import User

#: Characters. Folding can make a text eighteen times as long: the rest is cut off. Four bytes each, with the
#: genre and an id, are what one entry of PostgreSQL's indexes holds.
TITLE_WIDTH, FOLDED_WIDTH, GENRE_WIDTH = 500, 500, 100


def exact_ms(duration_ms: int, duration_seconds: int) -> int:
    """A track's duration in milliseconds.

    A server of an earlier version writes whole seconds only: where the two columns disagree, they count.
    """
    agrees = duration_ms > 0 and max(1, round(duration_ms / 1000)) == duration_seconds
    return duration_ms if agrees else 1000 * duration_seconds


def sounds(audio_url: str | None, missing_since: datetime | None) -> bool:
    """Whether there is something to hear of a track."""
    return audio_url is not None and missing_since is None


class Artist(models.Model):
    name = models.CharField(max_length=TITLE_WIDTH, unique=True)
    folded = models.CharField(max_length=FOLDED_WIDTH, db_index=True, editable=False)
    #: The words of the name, for searches (search.py). Empty where a server of an earlier version wrote the row.
    text = models.TextField(default="", db_default="", editable=False)

    class Meta:
        ordering = ("folded", "id")

    def __str__(self) -> str:
        return self.name


class Album(models.Model):
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="albums")
    title = models.CharField(max_length=TITLE_WIDTH)
    folded = models.CharField(max_length=FOLDED_WIDTH, db_index=True, editable=False)
    #: The words of title and artist.
    text = models.TextField(default="", db_default="", editable=False)

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
    #: 0 where a server of an earlier version wrote the row; read it through `exact_duration_ms`.
    duration_ms = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    track_number = models.PositiveIntegerField(null=True, editable=False)
    disc_number = models.PositiveIntegerField(null=True, editable=False)
    year = models.PositiveIntegerField(null=True, editable=False)
    genre = models.CharField(max_length=50, blank=True)
    genre_folded = models.CharField(max_length=GENRE_WIDTH, blank=True, editable=False)
    cover_url = models.CharField(max_length=500, null=True, blank=True)  # noqa: DJ001 - null is what clients see
    audio_url = models.CharField(max_length=500, null=True, blank=True)  # noqa: DJ001
    #: To −16 LUFS, as far as its peak allows; null when it is not known.
    gain_db = models.FloatField(null=True, editable=False)
    #: Changes with the file; null for a track without one.
    audio_version = models.CharField(max_length=16, null=True, editable=False)  # noqa: DJ001
    #: Since when its file has been gone from the disk: it stays in queues, and out of lists.
    missing_since = models.DateTimeField(null=True, editable=False)
    #: The names of the fields that a person edited, separated by spaces. Later tags do not change them.
    edited = models.CharField(max_length=200, default="", db_default="", blank=True, editable=False)
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
            models.Index(fields=("-created_at", "-id"), name="track_by_age", condition=Q(deleted_at__isnull=True)),
            models.Index(
                fields=("sort_key", "id"),
                name="track_with_audio",
                condition=Q(audio_url__isnull=False, deleted_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.pk})"

    @property
    def exact_duration_ms(self) -> int:
        return exact_ms(self.duration_ms, self.duration_seconds)

    @property
    def has_sound(self) -> bool:
        return sounds(self.audio_url, self.missing_since)


class Favorite(models.Model):
    """A track that a person likes.

    The keys have no constraint (CONTRIBUTING.md): the daily upkeep deletes rows that an older server leaves behind.
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="favorites", db_constraint=False, db_index=False
    )
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="favorites", db_constraint=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("user", "track"), name="unique_favorite")]
        indexes = [models.Index(fields=("user", "-id"), name="favorite_by_age")]

    def __str__(self) -> str:
        return self.track_id


#: The places of tracks that rooms have played 64 times or more … never.
RANKS = range(-7, 1)


class SearchEntry(models.Model):
    """The searchable text of one track: folded words (see search.py), under a trigram index on both databases.

    A table of its own, because SQLite's full-text index needs a stable row number, which a text key does not give.
    A server of an earlier version writes `text` only, with all words in it; `key` is empty then.
    """

    track = models.OneToOneField(Track, on_delete=models.CASCADE, related_name="search_entry")
    #: The words of the title, of the artist, of the album.
    text = models.TextField()
    artist = models.TextField(default="", db_default="")
    album = models.TextField(default="", db_default="")
    #: The title in the form that is compared with whole queries. It is sorted by code point on both databases.
    key = models.CharField(max_length=KEY_WIDTH, default="", db_default="")
    #: How often rooms have played the track, and the place that this gives it: one of RANKS.
    plays = models.PositiveIntegerField(default=0, db_default=0)
    rank = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name_plural = "search entries"
        indexes = [models.Index(fields=("rank", "key", "id"), name="search_by_rank")]

    def __str__(self) -> str:
        return f"{self.text}{self.artist}{self.album}"


class SearchWord(models.Model):
    """A word of the library, by which a mistyped one is corrected. Both columns are sorted by code point."""

    word = models.CharField(max_length=40, primary_key=True)
    backwards = models.CharField(max_length=40, db_index=True)
    length = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return self.word
