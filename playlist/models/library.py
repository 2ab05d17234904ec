"""The library, and the text that a search of it reads."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from playlist.user import User

#: Characters. Folding can make a text eighteen times as long: the rest is cut off. Four bytes each, with the
#: genre and an id, are what one entry of PostgreSQL's indexes holds.
TITLE_WIDTH, FOLDED_WIDTH, GENRE_WIDTH = 500, 500, 100


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
