"""The library: search, and entries for those who have an account."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from playlist import library, types
from playlist.rest.answers import answer, paged
from playlist.rest.authentication import account_of
from playlist.rest.openapi import operation
from playlist.rest.requests import body_of, cursor_from, limit_from, text_from, typed_from
from playlist.rest.view import View
from playlist.selectors.library import genres, track_by_id, track_from_model, tracks

_FILTERS = tuple(
    OpenApiParameter(name, str, description=what)
    for name, what in (
        ("search", "Words to find in title, artist and album; 1 or 2 Latin letters match the beginning of a word."),
        ("genre", "The genre, whole."),
        ("artist", "The artist's full name."),
        ("album", "The album's full title."),
    )
)


class TrackList(View):
    @operation("Search the library", answers={200: types.Track}, many=True, query=_FILTERS, pages=True, tag="library")
    def get(self, request: Request) -> HttpResponse:
        page = tracks(
            query=typed_from(request, "search", limit=200),
            genre=text_from(request, "genre"),
            artist=text_from(request, "artist"),
            album=text_from(request, "album"),
            limit=limit_from(request),
            cursor=cursor_from(request),
        )
        return paged(request, page, [track_from_model(track) for track in page.rows])

    @operation(
        "Add a track to the library",
        body=types.NewTrack,
        answers={201: types.Track},
        writes=True,
        needs="account",
        tag="library",
    )
    def post(self, request: Request) -> HttpResponse:
        account = account_of(request)
        library.check_editor(account)
        track = library.track_create(body_of(request, types.NewTrack), account)
        return answer(track, 201, {"Location": f"/api/tracks/{track.id}"})


class GenreList(View):
    @operation("The genres of the library, by name", answers={200: str}, many=True, tag="library")
    def get(self, request: Request) -> HttpResponse:
        return answer(genres())


class TrackDetail(View):
    @operation("One track", answers={200: types.Track}, errors=["TRACK_NOT_FOUND"], tag="library")
    def get(self, request: Request, track_id: str) -> HttpResponse:
        return answer(track_from_model(track_by_id(track_id)))

    @operation(
        "Edit a track, in every playlist that holds it too",
        body=types.TrackChanges,
        answers={200: types.Track},
        errors=["TRACK_NOT_FOUND"],
        writes=True,
        needs="account",
        tag="library",
    )
    def patch(self, request: Request, track_id: str) -> HttpResponse:
        library.check_editor(account_of(request), track_id)
        return answer(library.track_update(track_id, body_of(request, types.TrackChanges)))

    @operation(
        "Delete a track, from every playlist too",
        answers={204: None},
        errors=["TRACK_NOT_FOUND", "RATE_LIMITED"],
        needs="account",
        tag="library",
    )
    def delete(self, request: Request, track_id: str) -> HttpResponse:
        library.check_editor(account_of(request), track_id)
        library.track_delete(track_id)
        return HttpResponse(status=204)
