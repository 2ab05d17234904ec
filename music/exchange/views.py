"""Playlists as files: a queue or a history is exported, and the songs that a file names are added to a queue."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import cache
from typing import IO, Any, TypeVar, get_args
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from music.exchange import formats
from music.exchange.entry import Unreadable
from music.exchange.export import Addresses, What, exported
from music.exchange.formats import FORMATS
from music.exchange.importing import Imported, imported
from music.exchange.matching import Here
from music.files import music_roots
from playlist import links, types
from playlist.commands.table import ENTRIES
from playlist.errors import DomainError, invalid
from playlist.permissions import judge, role_of
from playlist.rest.answers import answer, own_origin
from playlist.rest.authentication import actor_of, is_staff
from playlist.rest.openapi import operation
from playlist.rest.requests import OnlyJSON, key_of, typed_from
from playlist.rest.throttles import BucketThrottle, WriteThrottle
from playlist.rest.view import View
from playlist.selectors.playlists import playlist_by_slug, readable_playlist
from playlist.selectors.reading import consistent_read
from playlist.token_bucket import KeyedBuckets

_FORMAT = OpenApiParameter(
    "format", {"type": "string", "enum": [*FORMATS]}, required=True, description="The kind of file."
)
_WHAT = OpenApiParameter(
    "what",
    {"type": "string", "enum": [*get_args(What)]},
    description="What plays and waits, or what was played; by default the queue.",
)

ChoiceT = TypeVar("ChoiceT", bound=str)


class Export(View):
    @operation(
        "The queue or the history as a file that other players read",
        answers={},
        query=(_FORMAT, _WHAT),
        errors=["VALIDATION_ERROR", "PLAYLIST_NOT_FOUND"],
        files=[form.content_type for form in FORMATS.values()],
        tag="exchange",
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        name = _choice(request, "format", FORMATS)
        what = _choice(request, "what", get_args(What), default="queue")
        readable_playlist(slug, actor_of(request))
        with consistent_read():
            playlist = playlist_by_slug(slug)
            written = exported(
                playlist, what, Addresses(_origin(request), tuple(music_roots()) if is_staff(request) else ())
            )
        file, called = FORMATS[name], quote(f"{playlist.name} {what}.{name}", safe="")
        response = HttpResponse(file.write(written), content_type=file.content_type)
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{called}"
        response["Cache-Control"] = "no-store"
        return response


class Body(BaseParser):
    """The body as bytes, whatever it is said to be. Raises TOO_LARGE."""

    media_type = "*/*"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: object = None) -> Any:
        body = stream.read(settings.IMPORT_BODY_BYTES + 1)
        if len(body) > settings.IMPORT_BODY_BYTES:
            limit = settings.IMPORT_BODY_BYTES
            raise DomainError("TOO_LARGE", f"A playlist may have {limit} bytes.", {"limit_bytes": limit})
        return body


class AnyBody(OnlyJSON):
    """Answers in JSON, and reads a body of any type."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        return next(iter(parsers))


@cache
def import_buckets() -> KeyedBuckets:
    return KeyedBuckets(settings.IMPORTS_PER_HOUR / 3600, settings.IMPORTS_PER_HOUR, time.monotonic)


class ImportThrottle(BucketThrottle):
    """A token bucket per actor: matching thousands of entries takes the database a while."""

    def take(self, request: Request) -> float:
        return import_buckets().take(actor_of(request).key)


class Import(View):
    parser_classes = (Body,)
    content_negotiation_class = AnyBody
    throttle_classes = (WriteThrottle, ImportThrottle)

    @operation(
        "Add the songs of a playlist file to the queue; the file itself is the body",
        answers={200: Imported},
        errors=["PLAYLIST_NOT_FOUND", "OP_CONFLICT"],
        takes=["application/octet-stream"],
        writes=True,
        keyed=True,
        tag="exchange",
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        actor, key = actor_of(request), key_of(request)
        playlist = readable_playlist(slug, actor)
        # Before anything is looked up: a file of which nothing is found adds nothing that would be judged.
        judge(role_of(playlist, actor), ENTRIES[types.TracksAdd].who, playlist)
        body = request.data if isinstance(request.data, bytes) else b""  # without a body there is nothing to parse
        try:
            entries = formats.read(body, request.content_type or "")
        except Unreadable as error:
            raise DomainError("VALIDATION_ERROR", str(error), {"file": str(error)}) from None
        here = Here(frozenset({_origin(request), own_origin(request)}), tuple(music_roots()))
        return answer(imported(playlist.pk, actor, key, entries, here))


def _choice(request: Request, name: str, choices: Iterable[ChoiceT], default: str = "") -> ChoiceT:
    """One of some words of the query string. Raises VALIDATION_ERROR."""
    given = typed_from(request, name, limit=20) or default
    for choice in choices:
        if choice == given:
            return choice
    raise invalid(name, f"must be one of {', '.join(choices)}")


def _origin(request: Request) -> str:
    """The address under which other players reach this server."""
    return links.base_url(settings.PUBLIC_URL, own_origin(request))
