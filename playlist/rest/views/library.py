"""The library: search, and entries for those who have an account."""

from __future__ import annotations

from typing import get_args

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from playlist import library, types
from playlist.favorites import favorite_add, favorite_remove
from playlist.rest.answers import answer, paged
from playlist.rest.authentication import account_of, user_of
from playlist.rest.openapi import operation
from playlist.rest.requests import (
    body_of,
    choice_from,
    cursor_from,
    flag_from,
    id_from,
    limit_from,
    text_from,
    typed_from,
)
from playlist.rest.view import View
from playlist.selectors.albums import albums, artists
from playlist.selectors.filters import Filters
from playlist.selectors.library import TrackOrder, favorites, genres, track_by_id, track_from_model, tracks

_FILTERS = tuple(
    OpenApiParameter(name, str, description=what)
    for name, what in (
        ("search", "Words to find in title, artist and album; 1 or 2 Latin letters match the beginning of a word."),
        ("genre", "The genre, whole."),
        ("artist", "The artist's full name."),
        ("album", "The album's full title."),
    )
)
_ARTIST = OpenApiParameter("artist_id", int, description="The artist's id.")
_NARROWED = (
    *_FILTERS,
    _ARTIST,
    OpenApiParameter("album_id", int, description="The album's id."),
    OpenApiParameter("favorites", bool, description="true: only what the caller likes, who needs an identity."),
    OpenApiParameter("with_audio", bool, description="true: only what has sound."),
    OpenApiParameter(
        "sort",
        str,
        enum=["title", "recent", "album"],
        description="Without it, the best match comes first.",
    ),
)
_SEARCH = OpenApiParameter("search", str, description="Words to find in the name; of albums, in the artist's, too.")


class TrackList(View):
    @operation("Search the library", answers={200: types.Track}, many=True, query=_NARROWED, pages=True, tag="library")
    def get(self, request: Request) -> HttpResponse:
        page = tracks(
            query=typed_from(request, "search", limit=200),
            filters=Filters(
                genre=text_from(request, "genre"),
                artist=text_from(request, "artist"),
                album=text_from(request, "album"),
                artist_id=id_from(request, "artist_id"),
                album_id=id_from(request, "album_id"),
                favorites_of=user_of(request).pk if flag_from(request, "favorites") else None,
                with_audio=flag_from(request, "with_audio"),
            ),
            sort=choice_from(request, "sort", get_args(TrackOrder)),
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


class AlbumList(View):
    @operation(
        "The albums of the library, by title",
        answers={200: types.Album},
        many=True,
        query=[_SEARCH, _ARTIST],
        pages=True,
        tag="library",
    )
    def get(self, request: Request) -> HttpResponse:
        query = typed_from(request, "search", limit=200)
        page = albums(query, id_from(request, "artist_id"), limit_from(request), cursor_from(request))
        return paged(request, page, page.rows)


class ArtistList(View):
    @operation(
        "The artists of the library, by name",
        answers={200: types.Artist},
        many=True,
        query=[_SEARCH],
        pages=True,
        tag="library",
    )
    def get(self, request: Request) -> HttpResponse:
        page = artists(typed_from(request, "search", limit=200), limit_from(request), cursor_from(request))
        return paged(request, page, page.rows)


class FavoriteList(View):
    @operation(
        "What the caller likes, newest first",
        answers={200: types.Track},
        many=True,
        pages=True,
        needs="identity",
        tag="library",
    )
    def get(self, request: Request) -> HttpResponse:
        page = favorites(user_of(request).pk, limit_from(request), cursor_from(request))
        return paged(request, page, [track_from_model(favorite.track) for favorite in page.rows])


class FavoriteDetail(View):
    @operation(
        "Like a track",
        answers={204: None},
        errors=["TRACK_NOT_FOUND", "RATE_LIMITED"],
        needs="identity",
        tag="library",
    )
    def put(self, request: Request, track_id: str) -> HttpResponse:
        favorite_add(user_of(request), track_id)
        return HttpResponse(status=204)

    @operation(
        "Like a track no more",
        answers={204: None},
        errors=["TRACK_NOT_FOUND", "RATE_LIMITED"],
        needs="identity",
        tag="library",
    )
    def delete(self, request: Request, track_id: str) -> HttpResponse:
        favorite_remove(user_of(request), track_id)
        return HttpResponse(status=204)


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
