"""What every HTTP request passes before Django's own middleware."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from playlist import logs
from playlist.errors import DomainError
from playlist.origins import host_allowed
from playlist.rest.refusals import refused

GetResponse = Callable[[HttpRequest], HttpResponse]


_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class RequestLog:
    """Gives every request an id (a proxy's X-Request-ID, or a new one), which its log lines and its answer carry."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid4().hex[:16]
        token = logs.request_id.set(request_id)
        started_at = time.perf_counter()
        try:
            response = self._get_response(request)
            response["X-Request-ID"] = request_id
            if settings.ACCESS_LOG:
                milliseconds = round(1000 * (time.perf_counter() - started_at), 1)
                fields = {
                    "method": request.method,
                    "path": request.path,
                    "status": response.status_code,
                    "milliseconds": milliseconds,
                }
                logs.access.info(
                    "%s %s %d %.1f ms", request.method, request.path, response.status_code, milliseconds, extra=fields
                )
            return response
        finally:
            logs.request_id.reset(token)


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
