"""The people in a playlist: joining, listing, removing."""

from __future__ import annotations

import msgspec
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec import UNSET, UnsetType
from rest_framework.request import Request

from playlist import accounts, permissions, types
from playlist.commands.table import ENTRIES
from playlist.errors import invalid, not_in_the_room
from playlist.models import Playlist, User
from playlist.permissions import Role
from playlist.rest.answers import answer
from playlist.rest.authentication import actor_of, address_of, bearer_token_of, start_session
from playlist.rest.openapi import operation
from playlist.rest.requests import body_of, flag_from
from playlist.rest.throttles import take_guest
from playlist.rest.view import View, submit
from playlist.selectors.people import participants
from playlist.selectors.playlists import playlist_by_slug, readable_playlist


class Join(View):
    @operation(
        "Join a playlist; a caller without identity gets one for the given name",
        body=types.JoinInput,
        answers={200: types.JoinAnswer},
        errors=["PLAYLIST_NOT_FOUND"],
        writes=True,
        tag="people",
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        given = body_of(request, types.JoinInput)
        playlist = playlist_by_slug(slug)
        user = self._user(request, playlist, given.name)
        # Without an idempotency key, since the answer holds a token; joining twice has no further effect.
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
        """The calling user, renamed if a name is given; a new guest for a caller without identity."""
        if isinstance(request.user, User):
            user = request.user
        else:
            if isinstance(name, UnsetType):
                raise invalid("name", "is missing")
            role = Role.STRANGER if actor_of(request).wall_of is None else Role.WALL
            permissions.judge(role, ENTRIES[types.ParticipantJoin].who, playlist)
            take_guest(request)
            user = accounts.guest_arrive(name, address_of(request))
        if not request._request.user.is_authenticated:
            start_session(request._request, user)
        return user


class Participants(View):
    @operation(
        "List the participants",
        answers={200: types.Participant},
        many=True,
        errors=["PLAYLIST_NOT_FOUND"],
        tag="people",
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        return answer(participants(readable_playlist(slug, actor_of(request))))


class ParticipantDetail(View):
    @operation(
        "Remove somebody",
        needs="identity",
        query=[
            OpenApiParameter("ban", bool, description="true: they cannot come back; false: a ban is lifted."),
            OpenApiParameter("remove_items", bool, description="true: the items that they added are removed too."),
        ],
        answers={204: None},
        errors=["VALIDATION_ERROR", "PLAYLIST_NOT_FOUND", "NOT_FOUND", "OP_CONFLICT", "RATE_LIMITED"],
        keyed=True,
        tag="people",
    )
    def delete(self, request: Request, slug: str, user_id: int) -> HttpResponse:
        ban = flag_from(request, "ban") if "ban" in request.query_params else UNSET
        remove_items = flag_from(request, "remove_items")
        _check_number(user_id)
        submit(request, slug, types.ParticipantRemove(user_id=user_id, ban=ban, remove_items=remove_items))
        return HttpResponse(status=204)

    @operation(
        "Give somebody another role; `host` hands the room over, and the host until now becomes a cohost",
        needs="identity",
        body=types.RoleInput,
        answers={200: types.Participant},
        errors=["PLAYLIST_NOT_FOUND", "NOT_FOUND", "OP_CONFLICT", "LIMIT_REACHED"],
        writes=True,
        keyed=True,
        tag="people",
    )
    def patch(self, request: Request, slug: str, user_id: int) -> HttpResponse:
        given = body_of(request, types.RoleInput)
        _check_number(user_id)
        return answer(submit(request, slug, types.ParticipantUpdate(user_id=user_id, role=given.role)))


def _check_number(user_id: int) -> None:
    """Raises NOT_FOUND for a number beyond every database's integers."""
    if user_id >= 2**63:
        raise not_in_the_room()
