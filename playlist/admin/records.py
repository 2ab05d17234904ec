"""The server's records: events, checkpoints, answers, plays, favourites, allowances, its clock and its own upkeep."""

from __future__ import annotations

from django.contrib import admin

from playlist import models
from playlist.admin.read_only import Kept, ReadOnly


@admin.register(models.Event)
class EventAdmin(Kept):
    kept = "EVENTS_KEPT_DAYS"
    list_display = ("revision", "playlist", "type", "at", "actor_key")
    list_filter = ("type", "playlist")
    search_fields = ("body", "actor_key")
    list_select_related = ("playlist",)
    ordering = ("-id",)


@admin.register(models.Checkpoint)
class CheckpointAdmin(Kept):
    kept = "EVENTS_KEPT_DAYS"
    list_display = ("revision", "playlist", "at")
    list_filter = ("playlist",)
    search_fields = ("playlist__slug",)
    list_select_related = ("playlist",)
    ordering = ("-id",)
    exclude = ("body",)


@admin.register(models.Operation)
class OperationAdmin(Kept):
    kept = "OPERATIONS_KEPT_HOURS"
    list_display = ("key", "playlist", "actor_key", "revision", "created_at")
    list_filter = ("playlist",)
    search_fields = ("key", "actor_key")
    list_select_related = ("playlist",)
    ordering = ("-id",)


@admin.register(models.Play)
class PlayAdmin(Kept):
    kept = "HISTORY_KEPT_DAYS"
    list_display = ("played_at", "playlist", "added_by", "item_id")
    list_filter = ("playlist",)
    search_fields = ("track_json", "added_by")
    list_select_related = ("playlist",)


@admin.register(models.Blocked)
class BlockedAdmin(ReadOnly):
    list_display = ("kind", "target", "playlist")
    list_filter = ("kind", "playlist")
    search_fields = ("target", "playlist__slug")
    list_select_related = ("playlist",)


@admin.register(models.Boost)
class BoostAdmin(ReadOnly):
    list_display = ("at", "playlist", "actor_key")
    list_filter = ("playlist",)
    search_fields = ("actor_key", "playlist__slug")
    list_select_related = ("playlist",)
    ordering = ("-at",)


@admin.register(models.Allowance)
class AllowanceAdmin(ReadOnly):
    list_display = ("key", "used", "began_at_ms")
    list_filter = ("used",)
    search_fields = ("key",)


@admin.register(models.Upkeep)
class UpkeepAdmin(ReadOnly):
    list_display = ("name", "begun_at")
    search_fields = ("name",)


@admin.register(models.Clock)
class ClockAdmin(ReadOnly):
    list_display = ("steps",)
    list_filter = ("steps",)
    search_fields = ("steps",)


@admin.register(models.Forgetting)
class ForgettingAdmin(ReadOnly):
    list_display = ("user_id",)
    search_fields = ("user_id",)


@admin.register(models.Favorite)
class FavoriteAdmin(ReadOnly):
    list_display = ("user", "track")
    search_fields = ("user__name", "track__title")
    list_select_related = ("user", "track")
