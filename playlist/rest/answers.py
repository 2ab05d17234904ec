"""Answers: JSON, pages with a Link header, entity tags."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.crypto import salted_hmac
from msgspec import Struct
from rest_framework.request import Request

from playlist import links, types
from playlist.identity import Actor
from playlist.models import Playlist
from playlist.origins import addressed_origin
from playlist.selectors.pages import Page, RowT


def answer(value: object, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """A JSON answer; `value` is encoded unless it is bytes. Never cached: it may hold a token or be private."""
    body = value if isinstance(value, bytes) else msgspec.json.encode(value)
    named = {"Cache-Control": "no-store", **(headers or {})}
    return HttpResponse(body, status=status, headers=named, content_type="application/json")


def paged(request: Request, page: Page[RowT], resources: Sequence[Struct]) -> HttpResponse:
    """A bare array, with the address of the next page in the Link header (RFC 8288)."""
    return linked(request, answer(resources), "cursor", page.next_cursor)


def linked(request: Request, response: HttpResponse, parameter: str, value: object) -> HttpResponse:
    """The response with the address of the next page, which has this parameter; None: there is none."""
    if value is not None:
        query = request.query_params.copy()
        query[parameter] = str(value)
        response["Link"] = f'<{request.build_absolute_uri(request.path)}?{query.urlencode()}>; rel="next"'
    return response


def entity_tag(playlist: Playlist, actor: Actor, *others: str) -> str:
    """The entity tag for the playlist's revision and this caller, whose own votes the answer contains.

    The stamp changes when a database is restored. `others`: parts of the answer that no revision covers.
    """
    caller = salted_hmac("playlist.etag", "\n".join([actor.key, *others]), algorithm="sha256").hexdigest()[:12]
    return f'"{playlist.revision}-{playlist.stamp}-{caller}"'


def not_modified(request: Request, etag: str) -> HttpResponse | None:
    """The 304 for a caller that has this answer already, else None."""
    response = get_conditional_response(request._request, etag=etag)
    return tagged(response, etag) if isinstance(response, HttpResponse) else None


def tagged(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Authorization", "Cookie"))
    return response


def playlist_shown(request: Request, record: types.PlaylistRecord) -> types.Playlist:
    """The playlist with the address at which a phone can join, derived from this request."""
    return links.playlist_shown(record, settings.PUBLIC_URL, own_origin(request))


def own_origin(request: Request) -> str:
    """This server's origin as the caller addressed it."""
    return addressed_origin(request.scheme or "http", request.get_host())
