"""Links with a secret: the host link and who claims by it, the wall link and the screens that it opens."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from django.conf import settings
from django.http import HttpResponse
from rest_framework.request import Request

from playlist import links, secret_links, types
from playlist.models import SecretLink
from playlist.permissions import refuse_invalid, role_of
from playlist.rest.answers import answer, own_origin
from playlist.rest.authentication import actor_of, become_wall, user_of
from playlist.rest.openapi import operation
from playlist.rest.requests import body_of
from playlist.rest.throttles import counting_wrong_links
from playlist.rest.view import View, submit
from playlist.selectors.playlists import playlist_by_slug
from playlist.walls import wall_of_link

#: Nothing here has an idempotency key: what is remembered under one would be a secret.
_ERRORS = ["PLAYLIST_NOT_FOUND", "RATE_LIMITED"]


class HostLink(View):
    @operation(
        "Make the link by which one is host again on any device; it ends the one before",
        needs="identity",
        answers={200: types.LinkAnswer},
        errors=_ERRORS,
        tag="people",
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        return _renewed(request, slug, types.HostLinkRenew(), links.host_url)


class DisplayLink(View):
    @operation(
        "Make the link of a screen that needs no name; it ends the one before, and closes its screens",
        needs="identity",
        answers={200: types.LinkAnswer},
        errors=_ERRORS,
        tag="people",
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        return _renewed(request, slug, types.DisplayLinkRenew(), links.wall_url)


def _renewed(
    request: Request,
    slug: str,
    command: types.HostLinkRenew | types.DisplayLinkRenew,
    url: Callable[[str, str, str, str], str],
) -> HttpResponse:
    new = msgspec.json.decode(submit(request, slug, command, keyed=False), type=types.LinkSecret)
    return answer(types.LinkAnswer(url=url(settings.PUBLIC_URL, own_origin(request), slug.lower(), new.secret)))


class Claim(View):
    @operation(
        "Become host by the secret of the host link; the host until now becomes a cohost",
        needs="identity",
        body=types.SecretInput,
        answers={200: types.Playlist},
        errors=["PLAYLIST_NOT_FOUND", "LIMIT_REACHED"],
        writes=True,
        tag="people",
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        given = body_of(request, types.SecretInput)
        if actor_of(request).wall_of is None:  # a wall may not, whoever stands before it
            user_of(request)
        with counting_wrong_links(request):
            return answer(submit(request, slug, types.HostClaim(secret=given.secret), keyed=False))


class Display(View):
    @operation(
        "Trade the secret of the wall link for a token and a cookie, which read this room and hear what it plays",
        body=types.SecretInput,
        answers={200: types.DisplayAnswer},
        errors=["PLAYLIST_NOT_FOUND"],
        writes=True,
        tag="people",
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        given = body_of(request, types.SecretInput)
        playlist = playlist_by_slug(slug)
        refuse_invalid(role_of(playlist, actor_of(request)))
        with counting_wrong_links(request):
            digest = secret_links.digest_if_right(playlist, SecretLink.Kind.DISPLAY, given.secret)
            if digest is None:
                raise secret_links.wrong_secret()
        wall = wall_of_link(playlist.slug, digest)
        response = answer(types.DisplayAnswer(token=wall.token))
        become_wall(response, wall)
        return response
