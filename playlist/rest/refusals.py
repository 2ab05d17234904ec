"""All refusals over HTTP, in the contract's envelope. No other module builds it for REST."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from rest_framework import exceptions

from playlist.errors import DomainError, nothing_here, unavailable
from playlist.rest.answers import answer

logger = logging.getLogger(__name__)


def too_large() -> DomainError:
    limit = settings.MAX_BODY_BYTES
    return DomainError("TOO_LARGE", f"A request may have {limit} bytes.", {"limit_bytes": limit})


def too_much(wait_seconds: float) -> DomainError:
    return DomainError("RATE_LIMITED", "Too much at once. Slow down a little.", retry_after_seconds=wait_seconds)


def too_many_wrong_passwords() -> DomainError:
    message = "Too many wrong passwords. Try again in a few minutes."
    return DomainError("RATE_LIMITED", message, retry_after_seconds=settings.LOGIN_LOCKOUT_SECONDS)


def exception_handler(error: Exception, context: object) -> HttpResponse | None:
    """DRF's hook: the refusal for an exception, or None for a fault in the program."""
    refusal = as_domain_error(error)
    return None if refusal is None else refused(refusal)


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
    ((exceptions.Throttled,), lambda error: too_much(getattr(error, "wait", None) or 1.0)),
    ((exceptions.ParseError,), lambda error: DomainError("MALFORMED", str(error))),
    ((RequestDataTooBig,), lambda _: too_large()),
    ((exceptions.NotFound, Http404), lambda _: nothing_here()),
    ((OperationalError, InterfaceError), lambda _: unavailable()),
    ((DataError,), _said("MALFORMED", "The database cannot hold this.")),
    ((exceptions.APIException,), _said("VALIDATION_ERROR", "This request cannot be answered.")),
)


def as_domain_error(error: Exception) -> DomainError | None:
    """The refusal for an exception; None for a fault in the program."""
    if isinstance(error, DomainError):
        return error
    for kinds, meaning in _MEANINGS:
        if isinstance(error, kinds):
            refusal = meaning(error)
            if refusal.code == "UNAVAILABLE":
                logger.warning("The database did not answer: %s", error)
            return refusal
    return None


def refused(refusal: DomainError) -> HttpResponse:
    """The refusal as an HTTP response."""
    return answer(refusal.envelope(), refusal.status, refusal.headers())
