"""A playlist as it was, and how that is brought back."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from playlist import types
from playlist.errors import invalid
from playlist.rest.answers import answer
from playlist.rest.authentication import actor_of
from playlist.rest.openapi import operation
from playlist.rest.requests import body_of, number_from, typed_from
from playlist.rest.view import View, submit
from playlist.selectors.past import past_at, past_told, revision_at
from playlist.selectors.playlists import readable_playlist


class At(View):
    @operation(
        "A playlist as it was at a revision or a time",
        query=[
            OpenApiParameter("revision", {"type": "integer", "minimum": 0}, description="One of the log's revisions."),
            OpenApiParameter("at", {"type": "string", "format": "date-time"}, description="A time, instead."),
        ],
        answers={200: types.Snapshot},
        errors=["VALIDATION_ERROR", "MALFORMED", "PLAYLIST_NOT_FOUND", "NOT_FOUND"],
        tag="playlists",
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        playlist = readable_playlist(slug, actor_of(request))
        moment = _moment_from(request)
        if (moment is None) != bool(request.query_params.get("revision")):
            raise invalid("revision", "give either revision or at")
        revision = number_from(request, "revision", 0, 0) if moment is None else revision_at(playlist.pk, moment)
        return answer(past_at(playlist.pk, revision).snapshot)


def _moment_from(request: Request) -> datetime | None:
    given = typed_from(request, "at", limit=64)
    if not given:
        return None
    try:
        return msgspec.convert(given, types.Moment).astimezone(UTC)
    except (msgspec.ValidationError, OverflowError):
        raise invalid("at", "must be a time such as 2026-11-26T20:15:00Z") from None


class Restore(View):
    @operation(
        "Bring what is still to play back to what it was",
        needs="identity",
        body=types.RestoreInput,
        answers={200: types.Restored},
        errors=["PLAYLIST_NOT_FOUND", "NOT_FOUND", "OP_CONFLICT"],
        writes=True,
        keyed=True,
        tag="playlists",
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        revision = body_of(request, types.RestoreInput).revision
        told = past_told(readable_playlist(slug, actor_of(request)).pk, revision)
        return answer(submit(request, slug, types.PlaylistRestore(revision=revision), told=told))
