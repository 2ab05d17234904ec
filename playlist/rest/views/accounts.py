"""Guests and accounts."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.http import HttpResponse
from knox.models import AuthToken
from rest_framework.request import Request

from playlist import accounts, types
from playlist.errors import forbidden
from playlist.models import User
from playlist.rest.answers import answer
from playlist.rest.authentication import address_of, start_session, user_of
from playlist.rest.openapi import operation
from playlist.rest.requests import body_of
from playlist.rest.throttles import PasswordThrottle, WriteThrottle, take_guest
from playlist.rest.view import View


class Guests(View):
    @operation(
        "Become a guest: a name, no account",
        body=types.NewGuest,
        answers={201: types.GuestAnswer},
        writes=True,
        tag="people",
    )
    def post(self, request: Request) -> HttpResponse:
        name = body_of(request, types.NewGuest).name
        take_guest(request)
        user = accounts.guest_arrive(name, address_of(request))
        start_session(request._request, user)
        person = types.Person(id=user.pk, name=user.name)
        return answer(types.GuestAnswer(user=person, token=accounts.token_create(user)), 201)


class Register(View):
    throttle_classes = (WriteThrottle, PasswordThrottle)

    @operation(
        "Make an account; a guest keeps name, votes and playlists",
        body=types.Credentials,
        answers={201: types.AccountAnswer},
        writes=True,
        tag="people",
    )
    def post(self, request: Request) -> HttpResponse:
        if not settings.OPEN_SIGNUP:
            raise forbidden("off", "New accounts are made by the operator here.")
        guest = request.user if isinstance(request.user, User) and request.user.is_guest else None
        kept = request.auth if isinstance(request.auth, AuthToken) else None
        user = accounts.register(body_of(request, types.Credentials), guest, kept, address_of(request))
        return _welcome(request, user, 201)


class Login(View):
    throttle_classes = (WriteThrottle, PasswordThrottle)

    @operation("Log in", body=types.Credentials, answers={200: types.AccountAnswer}, writes=True, tag="people")
    def post(self, request: Request) -> HttpResponse:
        given = body_of(request, types.Credentials)
        username = accounts.username_like(given.username)
        user = authenticate(request._request, username=username, password=given.password)
        if not isinstance(user, User):
            raise accounts.wrong_credentials()
        return _welcome(request, user, 200)


class Logout(View):
    @operation("Log out: the session ends, or the token", answers={204: None}, errors=["RATE_LIMITED"], tag="people")
    def post(self, request: Request) -> HttpResponse:
        if isinstance(request.auth, AuthToken):
            request.auth.delete()
        logout(request._request)
        return HttpResponse(status=204)


class Me(View):
    @operation("Who I am", answers={200: types.MeAnswer}, needs="identity", tag="people")
    def get(self, request: Request) -> HttpResponse:
        user = accounts.user_resource(user_of(request))
        return answer(types.MeAnswer(user=user, id=user.id, username=user.username, name=user.name))


def _welcome(request: Request, user: User, status: int) -> HttpResponse:
    start_session(request._request, user)
    token = accounts.token_create(user)
    return answer(types.AccountAnswer(user=accounts.user_resource(user), token=token), status)
