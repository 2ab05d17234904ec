"""Playlists, the people in them, what plays, what played, and the log."""

from __future__ import annotations

import msgspec
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec import UNSET, UnsetType
from rest_framework.request import Request

from playlist import accounts, permissions, selectors, types
from playlist.commands import rooms
from playlist.errors import invalid
from playlist.models import Playlist, User
from playlist.openapi import operation
from playlist.permissions import Standing
from playlist.rest import (
    GuestThrottle,
    View,
    WriteThrottle,
    actor_of,
    answer,
    bearer_token_of,
    body_of,
    cursor_from,
    entity_tag,
    flag_from,
    join_url,
    limit_from,
    not_modified,
    number_from,
    paged,
    tagged,
    user_of,
)
from playlist.views.accounts import start_session
from playlist.views.items import submit


class PlaylistList(View):
    @operation("The public playlists", answers={200: types.ListedPlaylist}, many=True, pages=True, tag="playlists")
    def get(self, request: Request) -> HttpResponse:
        page = selectors.public_playlists(limit_from(request), cursor_from(request))
        return paged(request, page, selectors.listed_playlists(page.rows, lambda slug: join_url(request, slug)))

    @operation(
        "Start a playlist; the caller becomes its host",
        body=types.NewPlaylist,
        answers={201: types.Playlist},
        writes=True,
        tag="playlists",
    )
    def post(self, request: Request) -> HttpResponse:
        user = user_of(request)
        playlist = rooms.playlist_create(user, body_of(request, types.NewPlaylist))
        return answer(_resource(request, playlist), 201, {"Location": f"/api/playlists/{playlist.slug}"})


class PlaylistDetail(View):
    @operation("One playlist", answers={200: types.Playlist}, errors=["PLAYLIST_NOT_FOUND"], tag="playlists")
    def get(self, request: Request, slug: str) -> HttpResponse:
        actor = actor_of(request)
        playlist = selectors.readable_playlist(slug, actor)
        url = join_url(request, playlist.slug)
        host = playlist.host.shown_name if playlist.host else ""
        if unchanged := not_modified(request, entity_tag(playlist, actor, url, host)):
            return unchanged
        row = _with_totals(playlist)
        return tagged(answer(selectors.playlist_resource(row, url)), entity_tag(row, actor, url, host))

    @operation(
        "Change settings",
        body=types.PlaylistSettings,
        answers={200: types.Playlist},
        errors=["PLAYLIST_NOT_FOUND", "OP_CONFLICT"],
        writes=True,
        keyed=True,
        tag="playlists",
    )
    def patch(self, request: Request, slug: str) -> HttpResponse:
        given = body_of(request, types.PlaylistSettings)
        changed = submit(request, slug, types.PlaylistUpdate(**msgspec.structs.asdict(given)))
        playlist = msgspec.json.decode(changed, type=types.Playlist)
        # The remembered answer is the same for everybody; the address to join depends on how this caller came.
        return answer(msgspec.structs.replace(playlist, join_url=join_url(request, playlist.slug)))

    @operation(
        "Delete a playlist, with its queue and its log",
        answers={204: None},
        errors=["VALIDATION_ERROR", "PLAYLIST_NOT_FOUND", "RATE_LIMITED"],
        tag="playlists",
    )
    def delete(self, request: Request, slug: str) -> HttpResponse:
        submit(request, slug, types.PlaylistDelete())
        return HttpResponse(status=204)


def _resource(request: Request, playlist: Playlist) -> types.Playlist:
    return selectors.playlist_resource(_with_totals(playlist), join_url(request, playlist.slug))


def _with_totals(playlist: Playlist) -> Playlist:
    row = selectors.with_totals(Playlist.objects.filter(pk=playlist.pk)).first()
    if row is None:
        raise selectors.playlist_not_found()
    return row


class Join(View):
    throttle_classes = (WriteThrottle, GuestThrottle)

    @operation(
        "Join a playlist; who has no identity yet gets one by their name",
        body=types.JoinInput,
        answers={200: types.JoinAnswer},
        errors=["PLAYLIST_NOT_FOUND"],
        writes=True,
        tag="people",
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        given = body_of(request, types.JoinInput)
        playlist = selectors.playlist_by_slug(slug)
        user = self._user(request, playlist, given.name)
        # The answer holds a token, so no idempotency key remembers it; joining twice is joining once anyway.
        request.user = user
        participant = msgspec.json.decode(
            submit(request, slug, types.ParticipantJoin(), keyed=False), type=types.Participant
        )
        if not isinstance(given.name, UnsetType):
            accounts.guest_rename(user, given.name)
            participant = msgspec.structs.replace(participant, name=user.shown_name)
        return answer(
            types.JoinAnswer(participant=participant, token=bearer_token_of(request) or accounts.token_create(user))
        )

    def _user(self, request: Request, playlist: Playlist, name: str | UnsetType) -> User:
        """The caller, under the name that they gave; a new guest if there is no identity."""
        if isinstance(request.user, User):
            user = request.user
        else:
            if isinstance(name, UnsetType):
                raise invalid("name", "is missing")
            permissions.may(Standing.STRANGER, "participant.join", playlist)
            user = accounts.guest_create(name)
        if not request._request.user.is_authenticated:
            start_session(request._request, user)
        return user


class Participants(View):
    @operation("Who is in it", answers={200: types.Participant}, many=True, errors=["PLAYLIST_NOT_FOUND"], tag="people")
    def get(self, request: Request, slug: str) -> HttpResponse:
        return answer(selectors.participants(selectors.readable_playlist(slug, actor_of(request))))


class ParticipantDetail(View):
    @operation(
        "Remove somebody",
        query=[
            OpenApiParameter("ban", bool, description="true: they cannot come back; false: a ban is lifted."),
            OpenApiParameter("remove_items", bool, description="What they added goes, too."),
        ],
        answers={204: None},
        errors=["VALIDATION_ERROR", "PLAYLIST_NOT_FOUND", "NOT_FOUND", "OP_CONFLICT", "RATE_LIMITED"],
        keyed=True,
        tag="people",
    )
    def delete(self, request: Request, slug: str, user_id: int) -> HttpResponse:
        ban = flag_from(request, "ban") if "ban" in request.query_params else UNSET
        remove_items = flag_from(request, "remove_items")
        if user_id >= 2**63:  # beyond every database's integers
            raise rooms.not_in_the_room()
        submit(request, slug, types.ParticipantRemove(user_id=user_id, ban=ban, remove_items=remove_items))
        return HttpResponse(status=204)


class PlaybackView(View):
    @operation(
        "What plays, at this moment", answers={200: types.Playback}, errors=["PLAYLIST_NOT_FOUND"], tag="playback"
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        return answer(selectors.playback_now(selectors.readable_playlist(slug, actor_of(request))))

    @operation(
        "Play, pause, next, previous, seek",
        body=types.PlaybackInput,
        answers={200: types.Playback},
        errors=["PLAYLIST_NOT_FOUND", "ITEM_NOT_FOUND", "CONFLICT", "OP_CONFLICT"],
        writes=True,
        keyed=True,
        tag="playback",
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        return answer(submit(request, slug, _playback_command(body_of(request, types.PlaybackInput))))


def _playback_command(given: types.PlaybackInput) -> types.AnyCommand:
    item_id = None if isinstance(given.item_id, UnsetType) else given.item_id
    match given.action:
        case "play":
            return types.PlaybackPlay(item_id=item_id)
        case "pause":
            return types.PlaybackPause(item_id=item_id)
        case "next":
            return types.PlaybackNext(expect_item_id=given.expect_item_id)
        case "previous":
            return types.PlaybackPrevious()
        case "seek":
            if isinstance(given.position_seconds, UnsetType):
                raise invalid("position_seconds", "is missing")
            return types.PlaybackSeek(position_seconds=given.position_seconds)


class History(View):
    @operation(
        "What played, newest first",
        answers={200: types.Played},
        many=True,
        errors=["PLAYLIST_NOT_FOUND"],
        pages=True,
        tag="playback",
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        playlist = selectors.readable_playlist(slug, actor_of(request))
        page = selectors.history(playlist, limit_from(request), cursor_from(request))
        return paged(request, page, [selectors.played_resource(play) for play in page.rows])


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
        playlist = selectors.readable_playlist(slug, actor_of(request))
        since = number_from(request, "since", default=0, lowest=0)
        return answer(selectors.events_since(playlist, since, limit_from(request)))
