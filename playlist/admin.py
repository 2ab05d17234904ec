"""The admin. It reads the tables, and writes through the same doors as everybody else.

Playlists and what belongs to them are read-only; what an operator does there are actions, which submit commands. The
library is edited through library.py, so that every playlist hears of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

import msgspec
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from playlist import library, models, types
from playlist.errors import DomainError
from playlist.forms import AccountForm, LoginForm, NewAccountForm
from playlist.identity import user_actor
from playlist.parsing import parse
from playlist.submissions import Submission
from playlist.writer import get_writer

admin.site.site_header = admin.site.site_title = "Playlist server"
admin.site.login_form = LoginForm


if TYPE_CHECKING:
    AnyAdmin = admin.ModelAdmin[Any]
    AnyTrackAdmin = admin.ModelAdmin[models.Track]
    AnyTrackForm = forms.ModelForm[models.Track]
    AnyUserAdmin = DjangoUserAdmin[models.User]
else:  # these classes take no parameters when they run
    AnyAdmin = AnyTrackAdmin = admin.ModelAdmin
    AnyTrackForm = forms.ModelForm
    AnyUserAdmin = DjangoUserAdmin


class ReadOnly(AnyAdmin):
    """Shows rows and offers actions."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


Action = Callable[[Any, HttpRequest, QuerySet[Any]], None]


def command_action(
    description: str, playlist_id: Callable[[Any], int], command: Callable[[Any], types.AnyCommand]
) -> Action:
    """An admin action that submits one command for each chosen row, as the operator."""

    @admin.action(description=description)
    def act(model_admin: AnyAdmin, request: HttpRequest, rows: QuerySet[Any]) -> None:
        actor = user_actor(cast(models.User, request.user))
        done = 0
        for row in rows:
            try:
                get_writer().submit_and_wait(playlist_id(row), Submission(actor, (command(row),)))
            except DomainError as refusal:
                model_admin.message_user(request, f"{row}: {refusal.message}", messages.ERROR)
            else:
                done += 1
        if done:
            model_admin.message_user(request, f"{description}: {done} done.", messages.SUCCESS)

    act.__name__ = description.lower().replace(" ", "_")
    return act


def _own_id(playlist: models.Playlist) -> int:
    return playlist.pk


def _playlist_of(row: Any) -> int:
    return int(row.playlist_id)


@admin.register(models.Playlist)
class PlaylistAdmin(ReadOnly):
    list_display = ("name", "slug", "visibility", "order", "policy", "locked", "playback_state", "revision", "host")
    list_filter = ("visibility", "order", "policy", "locked", "playback_state")
    search_fields = ("name", "slug", "host__name", "host__username")
    list_select_related = ("host",)
    actions = (
        command_action("Play", _own_id, lambda _: types.PlaybackPlay()),
        command_action("Pause", _own_id, lambda _: types.PlaybackPause()),
        command_action("Next track", _own_id, lambda _: types.PlaybackNext()),
        command_action("Lock", _own_id, lambda _: types.PlaylistUpdate(locked=True)),
        command_action("Unlock", _own_id, lambda _: types.PlaylistUpdate(locked=False)),
        command_action("Delete with queue and log", _own_id, lambda _: types.PlaylistDelete()),
    )


@admin.register(models.PlaylistTrack)
class PlaylistTrackAdmin(ReadOnly):
    list_display = ("track", "playlist", "position", "votes", "added_by", "added_at", "is_playing", "played_at")
    list_filter = ("is_playing", "playlist")
    search_fields = ("track__title", "track__artist__name", "added_by", "playlist__slug")
    list_select_related = ("track", "playlist")
    ordering = ("playlist", "position")
    actions = (
        command_action("Play now", _playlist_of, lambda item: types.PlaybackPlay(item_id=item.pk)),
        command_action("Remove from the queue", _playlist_of, lambda item: types.TrackRemove(id=item.pk)),
    )


@admin.register(models.RemovedItem)
class RemovedItemAdmin(ReadOnly):
    list_display = ("track_id", "playlist", "added_by", "removed_by_key", "removed_at")
    list_filter = ("playlist",)
    search_fields = ("track_id", "added_by", "removed_by_key")
    list_select_related = ("playlist",)


@admin.register(models.Participant)
class ParticipantAdmin(ReadOnly):
    list_display = ("user", "playlist", "joined_at", "banned_at")
    list_filter = ("playlist",)
    search_fields = ("user__name", "user__username", "playlist__slug")
    list_select_related = ("user", "playlist")
    actions = (
        command_action("Remove", _playlist_of, lambda member: types.ParticipantRemove(user_id=member.user_id)),
        command_action(
            "Ban and remove songs",
            _playlist_of,
            lambda member: types.ParticipantRemove(user_id=member.user_id, ban=True, remove_items=True),
        ),
    )


@admin.register(models.Vote)
class VoteAdmin(ReadOnly):
    list_display = ("item", "value", "actor_key")
    list_filter = ("value", "item__playlist")
    search_fields = ("item__track__title", "actor_key")
    list_select_related = ("item__track",)


@admin.register(models.Upkeep)
class UpkeepAdmin(ReadOnly):
    list_display = ("name", "begun_at")
    search_fields = ("name",)


@admin.register(models.Allowance)
class AllowanceAdmin(ReadOnly):
    list_display = ("key", "used", "began_at_ms")
    list_filter = ("used",)
    search_fields = ("key",)


@admin.register(models.Play)
class PlayAdmin(ReadOnly):
    list_display = ("played_at", "playlist", "added_by", "item_id")
    list_filter = ("playlist",)
    search_fields = ("track_json", "added_by")
    list_select_related = ("playlist",)


@admin.register(models.Event)
class EventAdmin(ReadOnly):
    list_display = ("revision", "playlist", "type", "at", "actor_key")
    list_filter = ("type", "playlist")
    search_fields = ("body", "actor_key")
    list_select_related = ("playlist",)
    ordering = ("-id",)


@admin.register(models.Operation)
class OperationAdmin(ReadOnly):
    list_display = ("key", "playlist", "actor_key", "revision", "created_at")
    list_filter = ("playlist",)
    search_fields = ("key", "actor_key")
    list_select_related = ("playlist",)
    ordering = ("-id",)


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


class TrackForm(AnyTrackForm):
    """A track as people know it: the artist and the album by name."""

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

    def clean(self) -> dict[str, Any]:
        """Judge the input by the same type as the API does."""
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                self.track = parse(self._as_json(cleaned), types.NewTrack)
            except DomainError as error:
                raise forms.ValidationError(error.message) from None
        return cleaned

    @staticmethod
    def _as_json(cleaned: dict[str, Any]) -> dict[str, Any]:
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
class TrackAdmin(AnyTrackAdmin):
    """The library. Its POSTs run outside the transaction that ModelAdmin puts around them: the writer, another thread,
    could not commit inside of it."""

    form = TrackForm
    list_display = ("title", "artist", "album", "genre", "duration_seconds", "id")
    list_filter = ("genre",)
    search_fields = ("title", "artist__name", "album__title", "id")
    list_select_related = ("artist", "album")
    ordering = ("sort_key", "id")

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return cast(HttpResponse, self._changeform_view(request, *_positional(args, kwargs)))  # type: ignore[attr-defined]

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return cast(HttpResponse, self._delete_view(request, object_id, extra_context))  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: models.Track, form: Any, change: bool) -> None:
        if change:
            changes = types.TrackChanges(**msgspec.structs.asdict(form.track))
            library.track_update(obj.pk, changes)
        else:
            obj.pk = library.track_create(form.track, cast(models.User, request.user)).id

    def delete_model(self, request: HttpRequest, obj: models.Track) -> None:
        library.track_delete(obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[models.Track]) -> None:
        for track_id in list(queryset.values_list("pk", flat=True)):
            library.track_delete(track_id)

    def get_deleted_objects(self, objs: Iterable[Any], request: HttpRequest) -> Any:
        """Queued items do not stand in the way: library.track_delete takes them out."""
        shown = [str(track) for track in objs]
        return shown, {"tracks": len(shown)}, set(), []


def _positional(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """The arguments of changeform_view as the view behind it takes them."""
    names = ("object_id", "form_url", "extra_context")
    defaults: dict[str, Any] = {"object_id": None, "form_url": "", "extra_context": None}
    return tuple({**defaults, **dict(zip(names, args, strict=False)), **kwargs}[name] for name in names)


@admin.register(models.User)
class UserAdmin(AnyUserAdmin):
    form = AccountForm
    add_form = NewAccountForm
    list_display = ("username", "name", "is_staff", "is_active", "date_joined")
    list_filter = ("is_staff", "is_active")
    search_fields = ("username", "name")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("username", "password", "name")}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )

    def save_model(self, request: HttpRequest, obj: models.User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not obj.is_guest:
            models.User.objects.claim_username(obj)

    def get_deleted_objects(self, objs: Iterable[Any], request: HttpRequest) -> Any:
        """Memberships, tokens and sessions go with the person; what they added and how they voted stays."""
        shown = [str(person) for person in objs]
        return shown, {"users": len(shown)}, set(), []

    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "name", "usable_password", "password1", "password2")}),
    )
