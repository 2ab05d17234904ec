"""Playlists by slug, and as resources."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol, cast
from uuid import UUID

import msgspec
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from playlist import sql, types
from playlist.errors import playlist_not_found
from playlist.identity import Actor, adder_of, user_key
from playlist.models import Participant, Playlist, PlaylistTrack, User
from playlist.permissions import check_read, role_of
from playlist.selectors.library import track_from_model
from playlist.selectors.pages import Page, Whole, cursor_read, cursor_text, keyset_page
from playlist.selectors.playback import playback_of
from playlist.types.fields import Moment


def playlist_by_slug(slug: str) -> Playlist:
    """The row. A slug works in capitals too. Raises PLAYLIST_NOT_FOUND."""
    playlist = None if "\x00" in slug else sql.found(Playlist, "slug", slug.lower())  # PostgreSQL takes no NUL
    if playlist is None:
        raise playlist_not_found()
    return playlist


@lru_cache(maxsize=4096)
def playlist_id(slug: str) -> int:
    """The id behind a slug, cached because slugs never change. The writer refuses a playlist deleted since."""
    return playlist_by_slug(slug).pk


def readable_playlist(slug: str, actor: Actor) -> Playlist:
    """The row, if the actor may read it. Raises PLAYLIST_NOT_FOUND, AUTH_REQUIRED, FORBIDDEN."""
    playlist = playlist_by_slug(slug)
    check_read(role_of(playlist, actor), playlist)
    return playlist


class Totals(Protocol):
    """The columns that `with_totals` adds to a row."""

    item_count: int
    total_seconds: int
    playing_id: UUID | None


def with_totals(playlists: QuerySet[Playlist]) -> QuerySet[Playlist]:
    """Playlists with the totals that `playlist_record` needs, in one query for any number."""
    items = PlaylistTrack.objects.filter(playlist=OuterRef("pk")).order_by().values("playlist")
    return playlists.select_related("host").annotate(
        item_count=Coalesce(Subquery(items.annotate(n=Count("pk")).values("n")), 0),
        total_seconds=Coalesce(Subquery(items.annotate(n=Sum("track__duration_seconds")).values("n")), 0),
        playing_id=Subquery(items.filter(is_playing=True).values("pk")[:1]),
    )


def playlist_record(playlist: Playlist) -> types.PlaylistRecord:
    """The resource, from a row that `with_totals` read."""
    host = playlist.host
    totals = cast(Totals, playlist)
    return types.PlaylistRecord(
        id=playlist.pk,
        slug=playlist.slug,
        **{name: getattr(playlist, name) for name in types.SETTINGS},
        revision=playlist.revision,
        host=host_resource(playlist, host) if host else None,
        fair=playlist.fair,
        skip=_skip(playlist),
        playback=playback_of(playlist, totals.playing_id),
        item_count=totals.item_count,
        total_duration_seconds=totals.total_seconds,
        created_at=playlist.created_at,
    )


def host_resource(playlist: Playlist, host: User) -> types.Host:
    return types.Host(id=host.pk, name=host.shown_name, adder=adder_of(playlist.pk, user_key(host.pk)))


def public_playlists(limit: int, cursor: str | None) -> Page[Playlist]:
    rows = with_totals(Playlist.objects.filter(visibility=Playlist.Visibility.PUBLIC))
    return keyset_page(rows, ("id",), limit, cursor)


def _skip(playlist: Playlist) -> types.Skip | None:
    skip = playlist.skip
    if skip is None:
        return None
    people = [int(key.removeprefix("user:")) for key in skip.voters if key.startswith("user:")]
    return types.Skip(item_id=skip.item_id, votes=len(skip.voters), needed=skip.needed, people=people)


class _ByVisit(msgspec.Struct):
    """Where a page of one's own playlists ends."""

    visited_at: Moment
    id: Whole


def playlists_of(user: User, limit: int, cursor: str | None) -> Page[Playlist]:
    """The playlists that a user is in, the last visited first; three queries at most. Raises VALIDATION_ERROR."""
    theirs = Participant.objects.filter(user=user, banned_at=None)
    if cursor is not None:
        last = cursor_read(cursor, _ByVisit)
        earlier = Q(visited_at__lt=last.visited_at) | Q(visited_at=last.visited_at, pk__lt=last.id)
        # SQLite writes fewer digits by itself than we do, and what it wrote sorts before the same time as we write it.
        theirs = theirs.filter(earlier, visited_at__lte=last.visited_at).exclude(pk=last.id)
    members = list(theirs.order_by("-visited_at", "-id")[: limit + 1])
    more = None
    if len(members) > limit:
        members.pop()
        more = cursor_text(_ByVisit(members[-1].visited_at, members[-1].pk))
    rows = with_totals(Playlist.objects.all()).in_bulk([member.playlist_id for member in members])
    return Page([rows[member.playlist_id] for member in members if member.playlist_id in rows], more)


def playing_in(playlists: list[Playlist]) -> dict[int, types.Track]:
    """The current track of each of these playlists that has one, by the playlist's id."""
    playing = PlaylistTrack.objects.filter(playlist__in=playlists, is_playing=True)
    rows = playing.select_related("track__artist", "track__album")
    return {item.playlist_id: track_from_model(item.track) for item in rows}
