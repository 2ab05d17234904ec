"""What is blocked in a playlist."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from playlist import permissions, types
from playlist.errors import nothing_here
from playlist.rest.answers import answer
from playlist.rest.authentication import actor_of
from playlist.rest.openapi import operation
from playlist.rest.view import View, submit
from playlist.selectors.blocked import blocked_in
from playlist.selectors.playlists import readable_playlist


class BlockedList(View):
    @operation(
        "The tracks and artists that nobody adds here",
        needs="identity",
        answers={200: types.Blocked},
        many=True,
        errors=["PLAYLIST_NOT_FOUND"],
        tag="playlists",
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        actor = actor_of(request)
        playlist = readable_playlist(slug, actor)
        permissions.judge(permissions.role_of(playlist, actor), permissions.LEADING, playlist)
        return answer(blocked_in(playlist))


class BlockedDetail(View):
    @operation(
        "Block a track or an artist: nobody adds it here; what waits already stays",
        needs="identity",
        answers={204: None},
        errors=[
            "VALIDATION_ERROR",
            "PLAYLIST_NOT_FOUND",
            "TRACK_NOT_FOUND",
            "NOT_FOUND",
            "OP_CONFLICT",
            "RATE_LIMITED",
        ],
        keyed=True,
        tag="playlists",
    )
    def put(self, request: Request, slug: str, kind: str, target: str) -> HttpResponse:
        submit(request, slug, _command(kind, target, blocked=True))
        return HttpResponse(status=204)

    @operation(
        "Let a track or an artist be added again",
        needs="identity",
        answers={204: None},
        errors=["VALIDATION_ERROR", "PLAYLIST_NOT_FOUND", "NOT_FOUND", "OP_CONFLICT", "RATE_LIMITED"],
        keyed=True,
        tag="playlists",
    )
    def delete(self, request: Request, slug: str, kind: str, target: str) -> HttpResponse:
        submit(request, slug, _command(kind, target, blocked=False))
        return HttpResponse(status=204)


def _command(kind: str, target: str, *, blocked: bool) -> types.BlockedSet:
    if kind == "tracks" and len(target) <= 64 and "\x00" not in target:
        return types.BlockedSet(kind="tracks", id=target, blocked=blocked)
    # 18 digits fit every database's integer.
    if kind == "artists" and target.isascii() and target.isdigit() and len(target) <= 18:
        return types.BlockedSet(kind="artists", id=int(target), blocked=blocked)
    raise nothing_here()
