"""The playback and the history."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from msgspec import UnsetType
from rest_framework.request import Request

from playlist import types
from playlist.errors import invalid
from playlist.rest.answers import answer, paged
from playlist.rest.authentication import actor_of
from playlist.rest.openapi import operation
from playlist.rest.requests import body_of, cursor_from, limit_from
from playlist.rest.view import View, submit
from playlist.selectors.log import history, played_resource
from playlist.selectors.playback import playback_now
from playlist.selectors.playlists import readable_playlist


class PlaybackView(View):
    @operation(
        "The playback at this moment", answers={200: types.Playback}, errors=["PLAYLIST_NOT_FOUND"], tag="playback"
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        return answer(playback_now(readable_playlist(slug, actor_of(request))))

    @operation(
        "Play, pause, next, previous, seek, volume, or vote to skip",
        body=types.PlaybackInput,
        answers={200: types.Playback},
        errors=["PLAYLIST_NOT_FOUND", "ITEM_NOT_FOUND", "CONFLICT", "LIMIT_REACHED", "OP_CONFLICT"],
        writes=True,
        keyed=True,
        tag="playback",
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        return answer(submit(request, slug, _playback_command(body_of(request, types.PlaybackInput))))


def _playback_command(given: types.PlaybackInput) -> types.AnyCommand:
    item_id = None if isinstance(given.item_id, UnsetType) else given.item_id
    expected = given.expect_item_id
    match given.action:
        case "play":
            return types.PlaybackPlay(item_id=item_id, expect_item_id=expected)
        case "pause":
            return types.PlaybackPause(item_id=item_id, expect_item_id=expected)
        case "next":
            return types.PlaybackNext(expect_item_id=expected)
        case "previous":
            return types.PlaybackPrevious(expect_item_id=expected)
        case "seek":
            if isinstance(given.position_seconds, UnsetType):
                raise invalid("position_seconds", "is missing")
            return types.PlaybackSeek(position_seconds=given.position_seconds, expect_item_id=expected)
        case "volume":
            if isinstance(given.volume, UnsetType):
                raise invalid("volume", "is missing")
            return types.PlaybackVolume(volume=given.volume, expect_item_id=expected)
        case "skip":
            return _skip_command(item_id, given.want, expected)


def _skip_command(
    item_id: UUID | None, want: bool | UnsetType, expected: UUID | UnsetType | None
) -> types.PlaybackSkip:
    if item_id is None:
        raise invalid("item_id", "is missing")
    if isinstance(want, UnsetType):
        raise invalid("want", "is missing")
    return types.PlaybackSkip(item_id=item_id, want=want, expect_item_id=expected)


class History(View):
    @operation(
        "The tracks that were played, newest first",
        answers={200: types.Played},
        many=True,
        errors=["PLAYLIST_NOT_FOUND"],
        pages=True,
        tag="playback",
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        playlist = readable_playlist(slug, actor_of(request))
        page = history(playlist, limit_from(request), cursor_from(request))
        return paged(request, page, [played_resource(play) for play in page.rows])
