"""The library: tracks, which can be edited, their artists, albums and searchable text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import msgspec
from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from playlist import library, models, types
from playlist.admin.read_only import Deleted, ReadOnly
from playlist.errors import DomainError
from playlist.parsing import parse


@admin.register(models.Artist)
class ArtistAdmin(ReadOnly):
    list_display = ("name",)
    search_fields = ("name", "folded")


@admin.register(models.Album)
class AlbumAdmin(ReadOnly):
    list_display = ("title", "artist")
    search_fields = ("title", "folded", "artist__name")
    list_select_related = ("artist",)


@admin.register(models.SearchEntry)
class SearchEntryAdmin(ReadOnly):
    list_display = ("track", "text")
    search_fields = ("text",)
    list_select_related = ("track",)


@admin.register(models.SearchWord)
class SearchWordAdmin(ReadOnly):
    list_display = ("word", "length")
    list_filter = ("length",)
    search_fields = ("word",)


#: The fields of the form that have another name in the API.
_FIELD_NAMES = {"artist_name": "artist", "album_title": "album"}


class TrackForm(forms.ModelForm):  # type: ignore[type-arg]  # it takes no parameter at run time
    """Edits a track with its artist and album by name."""

    artist_name = forms.CharField(label="Artist", max_length=models.TITLE_WIDTH)
    album_title = forms.CharField(label="Album", max_length=models.TITLE_WIDTH, required=False)
    duration_seconds = forms.FloatField(label="Duration seconds")

    class Meta:
        model = models.Track
        fields = ("title", "artist_name", "album_title", "duration_seconds", "genre", "cover_url", "audio_url")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["artist_name"] = self.instance.artist.name
            self.initial["album_title"] = self.instance.album.title if self.instance.album else ""

    def clean(self) -> dict[str, object]:
        """Judge the input by the same type as the API does."""
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                self.track = parse(self._as_json(cleaned), types.NewTrack)
            except DomainError as error:
                raise forms.ValidationError(error.message) from None
        return cleaned

    @staticmethod
    def _as_json(cleaned: dict[str, object]) -> dict[str, object]:
        return {
            "title": cleaned["title"],
            "artist": cleaned["artist_name"],
            "album": cleaned["album_title"],
            "duration_seconds": cleaned["duration_seconds"],
            "genre": cleaned["genre"],
            "cover_url": cleaned["cover_url"],
            "audio_url": cleaned["audio_url"],
        }


@admin.register(models.Track)
class TrackAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # it takes no parameter at run time
    """Edits tracks through playlist.library.

    The two views bypass ModelAdmin's transaction: the writer commits on another thread, which would wait for it.
    """

    form = TrackForm
    list_display = ("title", "artist", "album", "genre", "duration_seconds", "id")
    list_filter = ("genre",)
    search_fields = ("title", "artist__name", "album__title", "id")
    list_select_related = ("artist", "album")
    ordering = ("sort_key", "id")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        return cast(HttpResponse, self._changeform_view(request, object_id, form_url, extra_context))  # type: ignore[attr-defined]

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        return cast(HttpResponse, self._delete_view(request, object_id, extra_context))  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: models.Track, form: TrackForm, change: bool) -> None:
        if change:
            fields = msgspec.structs.asdict(form.track)
            names = [_FIELD_NAMES.get(name, name) for name in form.changed_data]
            library.track_update(obj.pk, types.TrackChanges(**{name: fields[name] for name in names}))
        else:
            obj.pk = library.track_create(form.track, cast(models.User, request.user)).id

    def delete_model(self, request: HttpRequest, obj: models.Track) -> None:
        library.track_delete(obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[models.Track]) -> None:
        for track_id in list(queryset.values_list("pk", flat=True)):
            library.track_delete(track_id)

    def get_deleted_objects(self, objs: Iterable[models.Track], request: HttpRequest) -> Deleted:
        """Queued items do not prevent the deletion: library.track_delete removes them."""
        shown = [str(track) for track in objs]
        return shown, {"tracks": len(shown)}, set(), []
