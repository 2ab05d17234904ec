"""The glue between DRF and the domain: who calls, what they sent, how a refusal looks. No view in here."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import msgspec
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.crypto import salted_hmac
from knox.auth import TokenAuthentication
from knox.models import AuthToken
from rest_framework import authentication, exceptions, negotiation, parsers, renderers, throttling
from rest_framework.request import Request
from rest_framework.views import APIView

from playlist import addresses
from playlist.errors import DomainError, invalid, unavailable
from playlist.identity import Actor, address_actor, user_actor
from playlist.limits import KeyedBuckets
from playlist.models import Playlist, User
from playlist.origins import origin_allowed
from playlist.parsing import decode_json, parse
from playlist.selectors import PAGE_LIMIT, Page

logger = logging.getLogger(__name__)

T = TypeVar("T")


# ── What comes in ────────────────────────────────────────────────────────────────────────────────────────────────────


class JSONParser(parsers.BaseParser):
    """Strict JSON within MAX_BODY_BYTES. Raises MALFORMED and TOO_LARGE."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        raw = stream.read(settings.MAX_BODY_BYTES + 1)
        if len(raw) > settings.MAX_BODY_BYTES:
            raise too_large()
        return decode_json(raw)


def too_large() -> DomainError:
    limit = settings.MAX_BODY_BYTES
    return DomainError("TOO_LARGE", f"A request may have {limit} bytes.", {"limit_bytes": limit})


class OnlyJSON(negotiation.BaseContentNegotiation):
    """Answers are JSON whatever is asked for; a request is parsed only if it says that it is JSON."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        media_type = (request.content_type or "").split(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == media_type), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class CsrfCheck(CsrfViewMiddleware):
    """Django's check, with the product's rule for origins."""

    def _origin_verified(self, request: HttpRequest) -> bool:
        own_origin = f"{request.scheme}://{request.get_host()}"
        return origin_allowed(
            request.META["HTTP_ORIGIN"], own_origin, settings.ALLOWED_ORIGINS, settings.ALLOW_LOCAL_ORIGINS
        )

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return refused(request, DomainError("FORBIDDEN", f"The CSRF check failed: {reason}"))


class SessionAuthentication(authentication.SessionAuthentication):
    """DRF's, with CsrfCheck and the contract's refusal."""

    def enforce_csrf(self, request: Request) -> None:
        check = CsrfCheck(lambda _: HttpResponse())
        check.process_request(request)
        if check.process_view(request, lambda _: HttpResponse(), (), {}) is not None:
            raise DomainError("FORBIDDEN", "The session cookie needs the CSRF token: send it as X-CSRFToken.")


class BearerAuthentication(TokenAuthentication):
    """A revocable token, of which the database knows the hash."""

    def authenticate_credentials(self, token: bytes) -> Any:
        if not token.isascii():  # knox decodes whatever comes
            raise exceptions.AuthenticationFailed
        return super().authenticate_credentials(token)  # type: ignore[no-untyped-call]


def actor_of(request: Request) -> Actor:
    """Who calls: the user of a token or session, else the address."""
    if isinstance(request.user, User):
        return user_actor(request.user)
    return address_actor(request.META.get("REMOTE_ADDR", ""))  # a Unix socket has none


def bearer_token_of(request: Request) -> str | None:
    """The token that the caller came with, if that is how they came."""
    if not isinstance(request.auth, AuthToken):
        return None
    return request.headers["Authorization"].split()[-1]


def user_of(request: Request) -> User:
    """The user that calls. Raises AUTH_REQUIRED."""
    if not isinstance(request.user, User):
        raise DomainError("AUTH_REQUIRED", "Log in, or say your name first.")
    return request.user


def account_of(request: Request) -> User:
    """The user that calls, who must have an account. Raises AUTH_REQUIRED, FORBIDDEN."""
    user = user_of(request)
    if user.is_guest:
        raise DomainError("FORBIDDEN", "This needs an account: register first.")
    return user


def body_of(request: Request, into: type[T]) -> T:
    """The JSON body as `into`. Raises VALIDATION_ERROR."""
    return parse(request.data, into)


def key_of(request: Request) -> str | None:
    """The Idempotency-Key. Raises VALIDATION_ERROR."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 1 <= len(key) <= 64:
        raise invalid("Idempotency-Key", "must have 1 to 64 characters")
    return key


def number_from(request: Request, name: str, default: int, lowest: int, highest: int | None = None) -> int:
    """A whole number of the query string; above `highest` it counts as that. Raises VALIDATION_ERROR."""
    text = request.query_params.get(name, "")
    if not text:
        return default
    # Not int(): it takes "1_000", " 7" and other scripts' digits. 18 digits fit every database's integer.
    if not (text.isascii() and text.isdigit() and len(text) <= 18 and int(text) >= lowest):
        raise invalid(name, f"must be a whole number from {lowest}")
    return int(text) if highest is None else min(int(text), highest)


def limit_from(request: Request) -> int:
    """How many rows a page shall have. Raises VALIDATION_ERROR."""
    return number_from(request, "limit", PAGE_LIMIT, 1, PAGE_LIMIT)


def flag_from(request: Request, name: str) -> bool:
    """A yes or no of the query string, no without it. Raises VALIDATION_ERROR."""
    text = request.query_params.get(name, "false").lower()
    if text not in ("true", "1", "false", "0"):
        raise invalid(name, "must be true or false")
    return text in ("true", "1")


def cursor_from(request: Request) -> str | None:
    """Where a page begins. Raises MALFORMED."""
    return text_from(request, "cursor", limit=4096) or None


def text_from(request: Request, name: str, limit: int = 200) -> str:
    """A text of the query string, "" without it; cut at the limit. Raises MALFORMED."""
    text = request.query_params.get(name, "").strip()
    if "\x00" in text:
        raise DomainError("MALFORMED", "Text must not contain NUL.")
    return text[:limit]


# ── What goes out ────────────────────────────────────────────────────────────────────────────────────────────────────


def answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """A JSON answer; bytes are JSON already."""
    body = value if isinstance(value, bytes) else msgspec.json.encode(value)
    return HttpResponse(body, status=status, headers=headers, content_type="application/json")


def paged(request: Request, page: Page[Any], resources: list[Any]) -> HttpResponse:
    """A bare array; where the next page is stands in Link (RFC 8288)."""
    response = answer(resources)
    if page.next_cursor is not None:
        query = request.query_params.copy()
        query["cursor"] = page.next_cursor
        response["Link"] = f'<{request.build_absolute_uri(request.path)}?{query.urlencode()}>; rel="next"'
    return response


def entity_tag(playlist: Playlist, actor: Actor, *others: str) -> str:
    """Covers the revision and the caller, who sees their own votes. The stamp tells a restored database.

    `others`: what else the answer shows that no revision tells of.
    """
    caller = salted_hmac("playlist.etag", "\n".join([actor.key, *others]), algorithm="sha256").hexdigest()[:12]
    return f'"{playlist.revision}-{playlist.stamp}-{caller}"'


def not_modified(request: Request, etag: str) -> HttpResponse | None:
    """304 when the caller has this already."""
    response = get_conditional_response(request._request, etag=etag)
    return tagged(response, etag) if isinstance(response, HttpResponse) else None


def tagged(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Authorization", "Cookie"))
    return response


def join_url(request: Request, slug: str) -> str:
    """The address at which a phone can join, as far as this request tells."""
    return addresses.join_url(settings.PUBLIC_URL, f"{request.scheme}://{request.get_host()}", slug)


# ── Refusals ─────────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── The base of all views ────────────────────────────────────────────────────────────────────────────────────────────


@cache
def write_buckets() -> KeyedBuckets:
    return KeyedBuckets(settings.REST_WRITES_PER_SECOND, settings.REST_WRITES_BURST, time.monotonic)


class WriteThrottle(throttling.BaseThrottle):
    """A token bucket an actor, for what is not a read."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return True
        self._wait_seconds = write_buckets().take(actor_of(request).key)
        return self._wait_seconds == 0

    def wait(self) -> float:
        return self._wait_seconds


@cache
def password_buckets() -> KeyedBuckets:
    return KeyedBuckets(settings.PASSWORDS_PER_SECOND, settings.PASSWORDS_BURST, time.monotonic)


@cache
def guest_buckets() -> KeyedBuckets:
    return KeyedBuckets(settings.GUESTS_PER_SECOND, settings.GUESTS_BURST, time.monotonic)


class _AddressThrottle(throttling.BaseThrottle):
    """A token bucket an address, for what one may do without being anybody yet."""

    buckets: Callable[[], KeyedBuckets]

    def allow_request(self, request: Request, view: APIView) -> bool:
        self._wait_seconds = type(self).buckets().take(address_actor(request.META.get("REMOTE_ADDR", "")).key)
        return self._wait_seconds == 0

    def wait(self) -> float:
        return self._wait_seconds


class PasswordThrottle(_AddressThrottle):
    """Checking a password takes a core for a third of a second, on purpose: few at a time."""

    buckets = staticmethod(password_buckets)


class GuestThrottle(_AddressThrottle):
    """A new person has a fresh allowance of their own, so making people has a limit."""

    buckets = staticmethod(guest_buckets)


class View(APIView):
    """A view parses, calls one function and returns its answer."""

    authentication_classes = (BearerAuthentication, SessionAuthentication)
    parser_classes = (JSONParser,)
    renderer_classes = (renderers.JSONRenderer,)
    throttle_classes: tuple[type[throttling.BaseThrottle], ...] = (WriteThrottle,)
    permission_classes = ()
    content_negotiation_class = OnlyJSON
