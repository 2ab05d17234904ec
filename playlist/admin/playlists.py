"""Playlists, their queues and their participants."""

from __future__ import annotations

from django.contrib import admin

from playlist import models, types
from playlist.admin.read_only import Kept, ReadOnly, command_action


@admin.register(models.Playlist)
class PlaylistAdmin(ReadOnly):
    list_display = ("name", "slug", "visibility", "order", "policy", "locked", "playback_state", "revision", "host")
    list_filter = ("visibility", "order", "policy", "locked", "playback_state")
    search_fields = ("name", "slug", "host__name", "host__username")
    list_select_related = ("host",)
    actions = (
        command_action("Play", models.Playlist, lambda _: types.PlaybackPlay()),
        command_action("Pause", models.Playlist, lambda _: types.PlaybackPause()),
        command_action("Next track", models.Playlist, lambda _: types.PlaybackNext()),
        command_action("Lock", models.Playlist, lambda _: types.PlaylistUpdate(locked=True)),
        command_action("Unlock", models.Playlist, lambda _: types.PlaylistUpdate(locked=False)),
        command_action("Delete with queue and log", models.Playlist, lambda _: types.PlaylistDelete()),
    )


@admin.register(models.PlaylistTrack)
class PlaylistTrackAdmin(ReadOnly):
    list_display = ("track", "playlist", "position", "votes", "added_by", "added_at", "is_playing", "played_at")
    list_filter = ("is_playing", "playlist")
    search_fields = ("track__title", "track__artist__name", "added_by", "playlist__slug")
    list_select_related = ("track", "playlist")
    ordering = ("playlist", "position")
    actions = (
        command_action("Play now", models.PlaylistTrack, lambda item: types.PlaybackPlay(item_id=item.pk)),
        command_action("Remove from the queue", models.PlaylistTrack, lambda item: types.TrackRemove(id=item.pk)),
    )


@admin.register(models.RemovedItem)
class RemovedItemAdmin(Kept):
    kept = "EVENTS_KEPT_DAYS"
    list_display = ("track_id", "playlist", "added_by", "removed_by_key", "removed_at")
    list_filter = ("playlist",)
    search_fields = ("track_id", "added_by", "removed_by_key")
    list_select_related = ("playlist",)


@admin.register(models.Participant)
class ParticipantAdmin(ReadOnly):
    list_display = ("user", "playlist", "role", "joined_at", "visited_at", "banned_at")
    list_filter = ("role", "playlist")
    search_fields = ("user__name", "user__username", "playlist__slug")
    list_select_related = ("user", "playlist")
    actions = (
        command_action(
            "Make cohost",
            models.Participant,
            lambda member: types.ParticipantUpdate(user_id=member.user_id, role="cohost"),
        ),
        command_action(
            "Make host",
            models.Participant,
            lambda member: types.ParticipantUpdate(user_id=member.user_id, role="host"),
        ),
        command_action("Remove", models.Participant, lambda member: types.ParticipantRemove(user_id=member.user_id)),
        command_action(
            "Ban and remove songs",
            models.Participant,
            lambda member: types.ParticipantRemove(user_id=member.user_id, ban=True, remove_items=True),
        ),
    )


@admin.register(models.Vote)
class VoteAdmin(ReadOnly):
    list_display = ("item", "value", "actor_key")
    list_filter = ("value", "item__playlist")
    search_fields = ("item__track__title", "actor_key")
    list_select_related = ("item__track",)


@admin.register(models.SecretLink)
class SecretLinkAdmin(ReadOnly):
    list_display = ("playlist", "kind", "made_at")
    list_filter = ("kind",)
    search_fields = ("playlist__slug", "playlist__name")
    list_select_related = ("playlist",)
    exclude = ("digest",)
