"""The page of an evening: what played when, added by whom, with how many votes. Without scripts; it prints well."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from music.exchange.formats import FORMATS
from playlist import permissions
from playlist.errors import DomainError
from playlist.models import Playlist
from playlist.rest.authentication import BearerAuthentication, SessionAuthentication, actor_of
from playlist.selectors.evenings import Evening, evening_of
from playlist.selectors.playlists import playlist_by_slug
from playlist_backend import shell
from playlist_backend.night_words import Words, words_for
from playlist_backend.policy import PLAIN

#: This page is only read, so a session needs no CSRF token here.
_BY = (BearerAuthentication(), SessionAuthentication())
#: Digits of the number of a play, as it stands in addresses.
_LONGEST = 18


@require_safe
def night(request: HttpRequest, slug: str) -> HttpResponse:
    """The last evening, or the one before a play; for strangers the room's name and how to join, and nothing else."""
    try:
        playlist = playlist_by_slug(slug)
    except DomainError:
        return shell.missing(request)
    words = words_for(request.headers.get("Accept-Language", ""))
    evening = evening_of(playlist, _before(request)) if _may_read(request, playlist) else None
    response = HttpResponse(page_of(playlist, evening, words, shell.origin_of(request)))
    response["Content-Security-Policy"] = PLAIN
    response["Content-Language"] = words.language
    response["Cache-Control"] = "no-store"
    response["Vary"] = "Authorization, Cookie, Accept-Language"
    response["X-Robots-Tag"] = "noindex"
    return response


def page_of(playlist: Playlist, evening: Evening | None, words: Words, origin: str, style: str = "") -> str:
    """The page as HTML; without an evening it only leads to the room.

    `origin`: where the room is reached. With `style`, a style sheet, the page stands alone: it links to the room only.
    """
    context = {
        "assets": None if style else shell.assets(),
        "style": style,
        "playlist": playlist,
        "evening": evening,
        "words": words,
        "room_url": f"{origin}/r/{playlist.slug}",
        "image": f"{origin}{shell.ICON}",
        "length": _length(evening.duration_ms if evening else 0),
        "formats": list(FORMATS),
        "zone": settings.PAGES_TIME_ZONE,
    }
    return render_to_string("night.html", context)


def _length(duration_ms: int) -> str:
    minutes = round(duration_ms / 60_000)
    hours = f"{minutes // 60}\xa0h " if minutes >= 60 else ""
    return f"{hours}{minutes % 60}\xa0min"


def _before(request: HttpRequest) -> int | None:
    given = request.GET.get("before", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= _LONGEST else None


def _may_read(request: HttpRequest, playlist: Playlist) -> bool:
    try:
        permissions.check_read(permissions.role_of(playlist, actor_of(Request(request, authenticators=_BY))), playlist)
    except (DomainError, AuthenticationFailed):
        return False
    return True
