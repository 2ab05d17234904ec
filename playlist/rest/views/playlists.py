"""Playlists: the list, one's settings, its log."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec.structs import asdict
from rest_framework.request import Request

from playlist import types
from playlist.clock import database_now
from playlist.commands.playlists import playlist_start
from playlist.errors import playlist_not_found
from playlist.models import Playlist
from playlist.present import people_in
from playlist.rest.answers import answer, entity_tag, not_modified, own_origin, paged, playlist_shown, tagged
from playlist.rest.authentication import actor_of, address_of, user_of
from playlist.rest.openapi import operation
from playlist.rest.requests import body_of, cursor_from, flag_from, limit_from, number_from
from playlist.rest.view import View, submit
from playlist.selectors.log import events_since
from playlist.selectors.playlists import (
    playing_in,
    playlist_record,
    playlists_of,
    public_playlists,
    readable_playlist,
    with_totals,
)
from playlist.selectors.recommendations import recommendations


class PlaylistList(View):
    @operation(
        "The public playlists, or one's own",
        query=[
            OpenApiParameter("mine", bool, description="true: those that the caller is in, the last visited first.")
        ],
        answers={200: types.ListedPlaylist},
        many=True,
        pages=True,
        tag="playlists",
    )
    def get(self, request: Request) -> HttpResponse:
        limit, cursor = limit_from(request), cursor_from(request)
        is_mine = flag_from(request, "mine")
        page = playlists_of(user_of(request), limit, cursor) if is_mine else public_playlists(limit, cursor)
        current = playing_in(page.rows)
        shown = [(row.pk, playlist_shown(request, playlist_record(row))) for row in page.rows]
        listed = [types.ListedPlaylist(**asdict(playlist), now_playing=current.get(pk)) for pk, playlist in shown]
        return paged(request, page, listed)

    @operation(
        "Start a playlist; the caller becomes its host",
        errors=["LIMIT_REACHED"],
        needs="identity",
        body=types.NewPlaylist,
        answers={201: types.Playlist},
        writes=True,
        tag="playlists",
    )
    def post(self, request: Request) -> HttpResponse:
        user = user_of(request)
        playlist = playlist_start(user, address_of(request), body_of(request, types.NewPlaylist))
        shown = playlist_shown(request, playlist_record(_with_totals(playlist)))
        return answer(shown, 201, {"Location": f"/api/playlists/{playlist.slug}"})


class PlaylistDetail(View):
    @operation("One playlist", answers={200: types.Playlist}, errors=["PLAYLIST_NOT_FOUND"], tag="playlists")
    def get(self, request: Request, slug: str) -> HttpResponse:
        actor = actor_of(request)
        playlist = readable_playlist(slug, actor)
        origin = own_origin(request)
        host = playlist.host.shown_name if playlist.host else ""
        if unchanged := not_modified(request, entity_tag(playlist, actor, origin, host)):
            return unchanged
        row = _with_totals(playlist)
        return tagged(answer(playlist_shown(request, playlist_record(row))), entity_tag(row, actor, origin, host))

    @operation(
        "Change settings",
        needs="identity",
        body=types.PlaylistSettings,
        answers={200: types.Playlist},
        errors=["PLAYLIST_NOT_FOUND", "OP_CONFLICT"],
        writes=True,
        keyed=True,
        tag="playlists",
    )
    def patch(self, request: Request, slug: str) -> HttpResponse:
        given = body_of(request, types.PlaylistSettings)
        return answer(submit(request, slug, types.PlaylistUpdate(**asdict(given))))

    @operation(
        "Delete a playlist, with its queue and its log",
        needs="identity",
        answers={204: None},
        errors=["VALIDATION_ERROR", "PLAYLIST_NOT_FOUND", "RATE_LIMITED"],
        tag="playlists",
    )
    def delete(self, request: Request, slug: str) -> HttpResponse:
        submit(request, slug, types.PlaylistDelete())
        return HttpResponse(status=204)


def _with_totals(playlist: Playlist) -> Playlist:
    row = with_totals(Playlist.objects.filter(pk=playlist.pk)).first()
    if row is None:
        raise playlist_not_found()
    return row


class Events(View):
    @operation(
        "The log after a revision",
        query=[
            OpenApiParameter("since", {"type": "integer", "minimum": 0}, description="The last revision known."),
            OpenApiParameter("limit", {"type": "integer", "minimum": 1}, description="Events; 500 at most."),
        ],
        answers={200: types.EventPage},
        errors=["VALIDATION_ERROR", "PLAYLIST_NOT_FOUND"],
        tag="playlists",
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        playlist = readable_playlist(slug, actor_of(request))
        since = number_from(request, "since", default=0, lowest=0)
        return answer(events_since(playlist, since, limit_from(request)))


class Recommendations(View):
    @operation(
        "Songs that would fit, each with a reason",
        query=[OpenApiParameter("limit", {"type": "integer", "minimum": 1}, description="Songs; 50 at most.")],
        answers={200: types.Recommendation},
        many=True,
        errors=["VALIDATION_ERROR", "PLAYLIST_NOT_FOUND"],
        tag="playlists",
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        playlist = readable_playlist(slug, actor_of(request))
        limit = number_from(request, "limit", 20, 1, 50)
        return answer(recommendations(playlist, people_in(playlist.pk), database_now(), limit))
