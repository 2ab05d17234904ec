"""A read-only admin, and the actions that submit commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from playlist import models, types
from playlist.errors import DomainError
from playlist.identity import user_actor
from playlist.submissions import Submission
from playlist.writer import get_writer

#: What ModelAdmin.get_deleted_objects gives: names, counts by model, missing permissions, protected objects.
Deleted = tuple[list[str], dict[str, int], set[str], list[str]]
RowT = TypeVar("RowT", models.Playlist, models.PlaylistTrack, models.Participant)


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # it takes no parameter at run time
    """Shows rows and offers actions."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Kept(ReadOnly):
    """Shows rows that the daily upkeep deletes by a setting, which it names."""

    kept: str

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        unit = self.kept.rpartition("_")[2].lower()
        said = f"Kept for {getattr(settings, self.kept)} {unit} ({self.kept})"
        return super().changelist_view(request, {"subtitle": said, **(extra_context or {})})


def command_action(
    description: str, model: type[RowT], command: Callable[[RowT], types.AnyCommand]
) -> Callable[[ReadOnly, HttpRequest, QuerySet[RowT]], None]:
    """An admin action that submits one command for each chosen row of `model`, as the operator."""

    @admin.action(description=description)
    def act(model_admin: ReadOnly, request: HttpRequest, rows: QuerySet[RowT]) -> None:
        actor = user_actor(cast(models.User, request.user))
        done = 0
        for row in rows:
            playlist_id = row.pk if isinstance(row, models.Playlist) else row.playlist_id
            try:
                get_writer().submit_and_wait(playlist_id, Submission(actor, (command(row),)))
            except DomainError as refusal:
                model_admin.message_user(request, f"{row}: {refusal.message}", messages.ERROR)
            else:
                done += 1
        if done:
            model_admin.message_user(request, f"{description}: {done} done.", messages.SUCCESS)

    act.__name__ = description.lower().replace(" ", "_")
    return act
