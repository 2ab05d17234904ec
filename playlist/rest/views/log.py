"""The log as people read it."""

from __future__ import annotations

from typing import get_args

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec.structs import asdict
from rest_framework.request import Request

from playlist import types
from playlist.commands.table import ENTRIES
from playlist.commands.undo import undo_preview
from playlist.permissions import role_of
from playlist.rest.answers import answer, linked
from playlist.rest.authentication import actor_of
from playlist.rest.openapi import operation
from playlist.rest.requests import body_of, choice_from, id_from, limit_from
from playlist.rest.view import View, submit
from playlist.selectors.activity import activity
from playlist.selectors.playlists import readable_playlist

_KINDS = sorted(str(kind.__struct_config__.tag) for kind in get_args(types.AnyEvent))


class ActivityList(View):
    @operation(
        "What happened, newest first; a run of votes by one person on one item is one entry",
        query=[
            OpenApiParameter(
                "before", {"type": "integer", "minimum": 0}, description="Only what happened before this revision."
            ),
            OpenApiParameter("limit", {"type": "integer", "minimum": 1}, description="Events; 500 at most."),
            OpenApiParameter("person", {"type": "integer"}, description="Only what this person did, by their id."),
            OpenApiParameter("type", {"type": "string", "enum": _KINDS}, description="Only events of this type."),
        ],
        answers={200: types.Activity},
        many=True,
        errors=["VALIDATION_ERROR", "PLAYLIST_NOT_FOUND"],
        tag="playlists",
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        actor = actor_of(request)
        page = activity(
            readable_playlist(slug, actor),
            actor,
            before=id_from(request, "before"),
            limit=limit_from(request),
            person=id_from(request, "person"),
            kind=choice_from(request, "type", _KINDS),
        )
        return linked(request, answer(page.entries), "before", page.before)


class Undo(View):
    @operation(
        "Undo events, or what a person did lately; with `preview` only say what that would do",
        body=types.UndoInput,
        answers={200: types.UndoAnswer},
        errors=["PLAYLIST_NOT_FOUND", "NOT_UNDOABLE", "OP_CONFLICT"],
        writes=True,
        keyed=True,
        tag="playlists",
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        given = asdict(body_of(request, types.UndoInput))
        preview = given.pop("preview")
        command = types.LogUndo(**given)
        if not preview:
            return answer(submit(request, slug, command))
        actor = actor_of(request)
        playlist = readable_playlist(slug, actor)
        ENTRIES[types.LogUndo].check(role_of(playlist, actor), playlist, actor, command)
        return answer(undo_preview(playlist, actor, command))
