"""The base of all views, and the one function with which they write to a playlist."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from rest_framework import renderers, throttling
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.views import APIView

from playlist import links, types
from playlist.rest.answers import own_origin
from playlist.rest.authentication import BearerAuthentication, SessionAuthentication, actor_of
from playlist.rest.requests import JSONParser, OnlyJSON, key_of
from playlist.rest.throttles import WriteThrottle
from playlist.selectors.playlists import playlist_id
from playlist.submissions import Submission
from playlist.writer import get_writer


class View(APIView):
    """A view parses, calls one function and returns its answer."""

    authentication_classes = (BearerAuthentication, SessionAuthentication)
    parser_classes: tuple[type[BaseParser], ...] = (JSONParser,)
    renderer_classes = (renderers.JSONRenderer,)
    throttle_classes: tuple[type[throttling.BaseThrottle], ...] = (WriteThrottle,)
    permission_classes = ()
    content_negotiation_class = OnlyJSON


def submit(
    request: Request,
    slug: str,
    *commands: types.AnyCommand,
    answer_item: UUID | None = None,
    keyed: bool = True,
    told: types.ToldPast | None = None,
) -> bytes:
    """Submit the caller's commands and wait. Returns the JSON answer; raises the refusal."""
    key = key_of(request) if keyed else None
    submission = Submission(actor_of(request), commands, key, answer_item, told=told)
    answer = get_writer().submit_and_wait(playlist_id(slug), submission).answer
    return links.answer_shown(commands[-1], answer, settings.PUBLIC_URL, own_origin(request))
