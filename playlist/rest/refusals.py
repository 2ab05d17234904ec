"""Every way in which HTTP says no, in the contract's envelope: the one place that knows how a refusal looks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions

from playlist.errors import DomainError, unavailable
from playlist.rest.answers import answer

logger = logging.getLogger(__name__)


def too_large() -> DomainError:
    limit = settings.MAX_BODY_BYTES
    return DomainError("TOO_LARGE", f"A request may have {limit} bytes.", {"limit_bytes": limit})


def exception_handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's hook: every exception that has a meaning for the caller, as the contract's envelope."""
    refusal = as_domain_error(error)
    return None if refusal is None else refused(context["request"], refusal, error)


def _said(code: str, message: str) -> Callable[[Exception], DomainError]:
    return lambda _: DomainError(code, message)


_MEANINGS: tuple[tuple[tuple[type[Exception], ...], Callable[[Exception], DomainError]], ...] = (
    (
        (exceptions.NotAuthenticated, exceptions.AuthenticationFailed),
        _said("AUTH_REQUIRED", "This token is not valid (any more)."),
    ),
    ((exceptions.PermissionDenied, PermissionDenied), _said("FORBIDDEN", "This is not allowed.")),
    ((exceptions.MethodNotAllowed,), lambda error: DomainError("METHOD_NOT_ALLOWED", str(error))),
    (
        (exceptions.UnsupportedMediaType,),
        _said("UNSUPPORTED_MEDIA_TYPE", "Send JSON, with Content-Type: application/json."),
    ),
    ((exceptions.Throttled,), _said("RATE_LIMITED", "Too much at once. Slow down a little.")),
    ((exceptions.ParseError,), lambda error: DomainError("MALFORMED", str(error))),
    ((RequestDataTooBig,), lambda _: too_large()),
    ((exceptions.NotFound, Http404), _said("NOT_FOUND", "There is nothing at this address.")),
    ((OperationalError, InterfaceError), lambda _: unavailable()),
    ((DataError,), _said("MALFORMED", "The database cannot hold this.")),
    ((exceptions.APIException,), _said("VALIDATION_ERROR", "This request cannot be answered.")),
)


def as_domain_error(error: Exception) -> DomainError | None:
    """The refusal that an exception stands for; None for a fault in the program."""
    if isinstance(error, DomainError):
        return error
    for kinds, meaning in _MEANINGS:
        if isinstance(error, kinds):
            refusal = meaning(error)
            if refusal.code == "UNAVAILABLE":
                logger.warning("The database did not answer: %s", error)
            return refusal
    return None


def refused(request: Any, refusal: DomainError, cause: Exception | None = None) -> HttpResponse:
    """The refusal as an answer, with the headers that HTTP wants beside its status."""
    response = answer(refusal.envelope(), refusal.status)
    if refusal.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    elif refusal.status == 429:
        wait_seconds = getattr(cause, "wait", None) or 1
        response["Retry-After"] = str(max(1, round(wait_seconds)))
    elif refusal.status == 503:
        response["Retry-After"] = "1"
    return response


def locked_out(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """After too many wrong passwords."""
    response = refused(request, DomainError("RATE_LIMITED", "Too many wrong passwords. Try again in a few minutes."))
    response["Retry-After"] = str(settings.LOGIN_LOCKOUT_SECONDS)
    return response
