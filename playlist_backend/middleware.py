"""What every HTTP request passes before Django's own middleware."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from playlist.errors import DomainError
from playlist.origins import host_allowed
from playlist.rest import refused

GetResponse = Callable[[HttpRequest], HttpResponse]


class HostCheck:
    """Answers 400 to a Host header that is not this server's, and keeps NUL away from the database."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", "")
        if not host_allowed(host, settings.ALLOWED_HOST_NAMES):
            message = "This server does not answer to this name: the operator can add it to ALLOWED_HOSTS."
            return refused(request, DomainError("MALFORMED", message))
        if "\x00" in request.path_info:  # PostgreSQL takes no NUL
            return refused(request, DomainError("NOT_FOUND", "There is nothing at this address."))
        if "HTTP_COOKIE" in request.META and "\x00" in request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""):
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        return self._get_response(request)


class TrailingSlash:
    """Lets every API address work with and without a slash at its end, also where a redirect would lose the body."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/"):
            request.path_info = request.path_info.removesuffix("/")
        return self._get_response(request)
