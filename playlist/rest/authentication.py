"""Authentication by a bearer token or a session, else by address; and the CSRF rule for sessions."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, RejectRequest, get_token
from knox.models import AuthToken
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from playlist.errors import DomainError, forbidden
from playlist.identity import Actor, BearerTokens, address_actor, user_actor, wall_actor, wall_identity
from playlist.models import User
from playlist.origins import addressed_origin, origin_allowed, origin_of
from playlist.rest.refusals import refused
from playlist.walls import Wall, wall_in, walls_in

_BACKEND = "django.contrib.auth.backends.ModelBackend"


class CsrfCheck(CsrfViewMiddleware):
    """Django's CSRF check, with the product's rule for origins."""

    def _origin_verified(self, request: HttpRequest) -> bool:
        return self._allowed(request, request.META["HTTP_ORIGIN"])

    def _check_referer(self, request: HttpRequest) -> None:
        """Django calls this for https requests without an Origin header."""
        if not self._allowed(request, origin_of(request.META.get("HTTP_REFERER", ""))):
            raise RejectRequest("the page that sent this may not use this server.")

    def _allowed(self, request: HttpRequest, origin: str) -> bool:
        own = addressed_origin(request.scheme or "http", request.get_host())
        return origin_allowed(origin, own, settings.ALLOWED_ORIGINS, settings.ALLOW_LOCAL_ORIGINS)

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return refused(DomainError("FORBIDDEN", f"The CSRF check failed: {reason}"))


class SessionAuthentication(authentication.SessionAuthentication):
    """DRF's session authentication, with CsrfCheck and the contract's refusal; without a session, a wall's cookie.

    That one counts for reads alone: people before the screen may still join with a name.
    """

    def authenticate(self, request: Request) -> tuple[User, None] | tuple[AnonymousUser, Wall] | None:
        found: tuple[User, None] | None = super().authenticate(request)
        if found is not None or request.method not in SAFE_METHODS:
            return found
        walls = walls_in(request.COOKIES)
        return _wall(walls, _slug_of(request)) if walls else None

    def enforce_csrf(self, request: Request) -> None:
        check = CsrfCheck(lambda _: HttpResponse())
        check.process_request(request)
        if check.process_view(request, lambda _: HttpResponse(), (), {}) is not None:
            raise DomainError("FORBIDDEN", "The session cookie needs the CSRF token: send it as X-CSRFToken.")


class BearerAuthentication(BearerTokens):
    """A revocable token, of which the database keeps a hash, or the token of a wall."""

    def authenticate(self, request: Request) -> tuple[User, AuthToken] | tuple[AnonymousUser, Wall] | None:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        wall = wall_in(token.strip()) if kind.lower() == "bearer" else None
        if wall is None:
            found: tuple[User, AuthToken] | None = super().authenticate(request)  # type: ignore[no-untyped-call]
            return found
        held = _wall([wall], wall.slug)
        if held is None:
            raise AuthenticationFailed
        return held


def _wall(walls: Iterable[Wall], slug: str) -> tuple[AnonymousUser, Wall] | None:
    """The one of these walls that shows this playlist, if its link holds."""
    found = wall_identity(walls, slug)
    return None if found is None or not isinstance(found[1], Wall) else (AnonymousUser(), found[1])


def _slug_of(request: Request) -> str:
    """The slug in the address; "" if there is none."""
    match = request.resolver_match
    return "" if match is None else str(match.kwargs.get("slug", "")).lower()


def actor_of(request: Request) -> Actor:
    """The caller: the user of a token or session, a wall, else the address."""
    if isinstance(request.user, User):
        return user_actor(request.user, address_of(request).key)
    if isinstance(request.auth, Wall):
        return wall_actor(request.auth.slug)
    return address_of(request)


def address_of(request: Request | HttpRequest) -> Actor:
    """The actor for the caller's address, even if the caller is a user."""
    return address_actor(request.META.get("REMOTE_ADDR", ""))  # a Unix socket has no address


def pseudonym(request: HttpRequest) -> str:
    """The keyed hash of the caller's address, as a private IPv6 address, for axes to store instead of the address."""
    hashed = bytes.fromhex(address_of(request).key.removeprefix("addr:"))
    return str(ipaddress.IPv6Address(b"\xfd" + hashed[1:]))


def bearer_token_of(request: Request) -> str | None:
    """The bearer token of the request, if it has one."""
    if not isinstance(request.auth, AuthToken):
        return None
    return request.headers["Authorization"].split()[-1]


def user_of(request: Request) -> User:
    """The calling user. Raises AUTH_REQUIRED."""
    if not isinstance(request.user, User):
        raise DomainError("AUTH_REQUIRED", "Log in, or say your name first.")
    return request.user


def account_of(request: Request) -> User:
    """The calling user, not a guest. Raises AUTH_REQUIRED, FORBIDDEN."""
    user = user_of(request)
    if user.is_guest:
        raise forbidden("account")
    return user


def is_staff(request: Request) -> bool:
    return isinstance(request.user, User) and request.user.is_staff


def start_session(request: HttpRequest, user: User) -> None:
    """Give the browser its session cookie, and the CSRF cookie that goes with it."""
    login(request, user, backend=_BACKEND)
    get_token(request)


def become_wall(response: HttpResponse, wall: Wall) -> None:
    """Let the browser be this wall for as long as it would stay logged in. Each room has a cookie of its own."""
    response.set_cookie(
        settings.WALL_COOKIE_PREFIX + wall.slug,
        wall.token,
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
