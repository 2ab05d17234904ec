"""The files and the scans, to look at; and a scan at the press of a button."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from music import models, state
from music.formats import UNPLAYED
from playlist.admin.read_only import ReadOnly


class HasReason(admin.SimpleListFilter):
    title = "what it is"
    parameter_name = "is"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [
            ("track", "a track"),
            ("failure", "no music"),
            ("silent", "a track that browsers do not play"),
            ("missing", "missing"),
            ("hidden", "hidden"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[models.AudioFile]) -> QuerySet[models.AudioFile]:
        there = queryset.filter(missing_since__isnull=True)
        chosen = {
            "track": there.filter(reason="", hidden=False),
            "silent": there.filter(reason="", hidden=False, format__in=UNPLAYED, converted=""),
            "failure": there.exclude(reason=""),
            "missing": queryset.filter(missing_since__isnull=False),
            "hidden": queryset.filter(hidden=True),
        }
        return chosen.get(self.value() or "", queryset)


@admin.register(models.AudioFile)
class AudioFileAdmin(ReadOnly):
    list_display = ("shown_path", "reason", "title", "artist", "format", "loudness_from", "missing_since", "hidden")
    list_filter = (HasReason, "format", "loudness_from")
    search_fields = ("title", "artist", "album", "reason", "track__id")
    list_select_related = ("track",)
    ordering = ("-id",)
    exclude = ("path", "path_digest")
    readonly_fields = ("shown_path",)


@admin.register(models.Scan)
class ScanAdmin(ReadOnly):
    list_display = (
        "requested_at", "state", "done", "found", "added", "changed", "missing", "failures", "finished_at", "reason",
    )  # fmt: skip
    list_filter = ("state",)
    search_fields = ("reason", "failed_json")
    ordering = ("-id",)
    exclude = ("folders", "runner")
    actions = ("scan_now",)

    @admin.action(description="Scan now")
    def scan_now(self, request: HttpRequest, queryset: QuerySet[models.Scan]) -> None:
        state.request()
        self.message_user(request, "A scan of the music folders begins in a moment.", messages.SUCCESS)
