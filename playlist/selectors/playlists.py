"""Playlists by slug, and as resources."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

import msgspec
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from playlist import sql, types
from playlist.errors import playlist_not_found
from playlist.identity import Actor
from playlist.models import Playlist, PlaylistTrack
from playlist.permissions import check_read, role_of
from playlist.selectors.library import track_from_model
from playlist.selectors.pages import Page, keyset_page
from playlist.selectors.playback import playback_of


def playlist_by_slug(slug: str) -> Playlist:
    """The row. A slug read out aloud works in capitals, too. Raises PLAYLIST_NOT_FOUND."""
    playlist = None if "\x00" in slug else sql.found(Playlist, "slug", slug.lower())  # PostgreSQL takes no NUL
    if playlist is None:
        raise playlist_not_found()
    return playlist


@lru_cache(maxsize=4096)
def playlist_id(slug: str) -> int:
    """The id behind a slug, remembered: slugs never change. It may be gone by now, which the writer finds out."""
    return playlist_by_slug(slug).pk


def readable_playlist(slug: str, actor: Actor) -> Playlist:
    """The row, if the actor may read it. Raises PLAYLIST_NOT_FOUND, AUTH_REQUIRED, FORBIDDEN."""
    playlist = playlist_by_slug(slug)
    check_read(role_of(playlist, actor), playlist)
    return playlist


def with_totals(playlists: QuerySet[Playlist]) -> QuerySet[Playlist]:
    """Playlists with what `playlist_resource` needs, in one query however many there are."""
    items = PlaylistTrack.objects.filter(playlist=OuterRef("pk")).order_by().values("playlist")
    return playlists.select_related("host").annotate(
        item_count=Coalesce(Subquery(items.annotate(n=Count("pk")).values("n")), 0),
        total_seconds=Coalesce(Subquery(items.annotate(n=Sum("track__duration_seconds")).values("n")), 0),
        playing_id=Subquery(items.filter(is_playing=True).values("pk")[:1]),
    )


def playlist_resource(playlist: Playlist, join_url: str) -> types.Playlist:
    """The resource, from a row that `with_totals` read."""
    host = playlist.host
    row = cast(Any, playlist)
    return types.Playlist(
        id=playlist.pk,
        slug=playlist.slug,
        name=playlist.name,
        order=cast(types.PlaylistOrder, playlist.order),
        policy=cast(types.Policy, playlist.policy),
        locked=playlist.locked,
        max_queued_per_person=playlist.max_queued_per_person,
        visibility=cast(types.Visibility, playlist.visibility),
        revision=playlist.revision,
        host=types.Person(id=host.pk, name=host.shown_name) if host else None,
        playback=playback_of(playlist, row.playing_id),
        item_count=row.item_count,
        total_duration_seconds=row.total_seconds,
        join_url=join_url,
        created_at=playlist.created_at,
    )


def public_playlists(limit: int, cursor: str | None) -> Page[Playlist]:
    rows = with_totals(Playlist.objects.filter(visibility=Playlist.Visibility.PUBLIC))
    return keyset_page(rows, ("id",), limit, cursor)


def listed_playlists(rows: list[Playlist], join_url: Callable[[str], str]) -> list[types.ListedPlaylist]:
    """The resources of a page of `public_playlists`, by two queries. `join_url`: slug → address."""
    playing = PlaylistTrack.objects.filter(playlist__in=rows, is_playing=True)
    current = {
        item.playlist_id: track_from_model(item.track)
        for item in playing.select_related("track__artist", "track__album")
    }
    return [
        types.ListedPlaylist(
            **msgspec.structs.asdict(playlist_resource(row, join_url(row.slug))), now_playing=current.get(row.pk)
        )
        for row in rows
    ]
