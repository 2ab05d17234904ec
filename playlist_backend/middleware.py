"""Middleware of the product, for every HTTP request of Django."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from urllib.parse import SplitResult
from uuid import uuid4

from corsheaders.middleware import CorsMiddleware
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from playlist import logs
from playlist.cookies import parse_cookies, session_key_in
from playlist.errors import DomainError, foreign_host, nothing_here
from playlist.origins import host_allowed, origin_allowed
from playlist.rest.refusals import as_domain_error, refused
from playlist_backend import shell
from playlist_backend.policy import default_policy

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
    """Answers 400 to a Host header that is not this server's, and keeps NUL in a path away from the database."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", "")
        if not host_allowed(host, settings.ALLOWED_HOST_NAMES):
            return refused(foreign_host())
        if "\x00" in request.path_info:  # PostgreSQL takes no NUL
            return refused(nothing_here())
        return self._get_response(request)


class ContentSecurity:
    """Gives every answer without a Content Security Policy the default one of its path."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response.headers.setdefault("Content-Security-Policy", default_policy(request.path))
        return response


class Cookies:
    """Reads cookies with the parser that the sockets use, before Django's own parser does."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.COOKIES = parse_cookies(request.META.get("HTTP_COOKIE", ""))
        return self._get_response(request)


class Sessions(SessionMiddleware):
    """Django's own, but a session cookie from before the installation was part of its name moves to its new name."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        key = session_key_in(request.COOKIES, settings.SESSION_COOKIE_NAME)
        if key is None or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return
        earlier = self.SessionStore(key)
        if SESSION_KEY in earlier:  # else the cookie is another application's
            earlier.modified = True
            request.session = earlier


class Refusals:
    """Answers refusals of pages, and a database that is away, without a traceback in the log."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError | OperationalError | InterfaceError):
            return None
        refusal = as_domain_error(exception)
        return None if refusal is None else shell.failure(request, refusal)


class TrailingSlash:
    """Makes every API address work with and without a final slash; a redirect would lose the body."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/"):
            request.path_info = request.path_info.removesuffix("/")
        return self._get_response(request)


class Cors(CorsMiddleware):
    """The package's middleware, with the product's rule for origins."""

    def origin_found_in_white_lists(self, origin: str, url: SplitResult) -> bool:
        return origin_allowed(origin, "", settings.ALLOWED_ORIGINS, settings.ALLOW_LOCAL_ORIGINS)
