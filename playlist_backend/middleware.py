"""What every HTTP request passes before Django's own middleware."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

from playlist.origins import host_allowed

GetResponse = Callable[[HttpRequest], HttpResponse]


class HostCheck:
    """Answers 400 to a Host header that is not this server's."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", "")
        if not host_allowed(host, settings.ALLOWED_HOST_NAMES):
            return HttpResponseBadRequest("This server does not answer to this name: add it to ALLOWED_HOSTS.")
        return self._get_response(request)


class TrailingSlash:
    """Lets every API address work with and without a slash at its end, also where a redirect would lose the body."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/"):
            request.path_info = request.path_info.removesuffix("/")
        return self._get_response(request)
