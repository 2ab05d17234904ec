"""Who acts. An Actor comes from a session, a bearer token, or, where nothing else is known, from the address."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import TYPE_CHECKING

from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from knox.auth import TokenAuthentication
from knox.models import AuthToken
from msgspec import Struct
from rest_framework.exceptions import AuthenticationFailed

from playlist.types import Person

if TYPE_CHECKING:
    from playlist.models import User


class Actor(Struct, frozen=True):
    """Whoever acts. `key` is what is stored: "user:ID", "addr:HMAC" or "system"; `user_id` is there for a user only."""

    key: str
    user_id: int | None = None
    name: str = ""

    @property
    def is_identified(self) -> bool:
        """Whether this is somebody with a name of their own."""
        return self.user_id is not None

    def person(self) -> Person | None:
        """How the others see the actor; None for the server and for an address, which is never published."""
        return None if self.user_id is None else Person(id=self.user_id, name=self.name)


#: The server itself.
SYSTEM = Actor(key="system")


def user_actor(user: User) -> Actor:
    return Actor(key=user_key(user.pk), user_id=user.pk, name=user.shown_name)


class BearerTokens(TokenAuthentication):
    """knox's, for tokens that were given under the user's present password."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        """Raises AuthenticationFailed."""
        if not token.isascii() or b"\x00" in token:  # knox decodes and looks up whatever comes
            raise AuthenticationFailed
        user, found = super().authenticate_credentials(token)  # type: ignore[no-untyped-call]
        if user.token_mark != user.password_mark:
            raise AuthenticationFailed
        return user, found

    def _cleanup_token(self, auth_token: AuthToken) -> bool:
        """Whether it has run out. knox would delete it; but the clock may be wrong, and the upkeep does it later."""
        return auth_token.expiry is not None and auth_token.expiry < timezone.now()


def session_actor(session_key: str) -> Actor | None:
    """The actor of a session cookie; None for one that is not (any more) valid. Reads the database."""
    if "\x00" in session_key:
        return None
    request = HttpRequest()
    request.session = SessionStore(session_key)
    user = get_user(request)
    return user_actor(user) if user.is_authenticated and user.is_active else None


def token_actor(token: bytes) -> Actor | None:
    """The actor of a bearer token; None for one that is not (any more) valid. Reads the database."""
    try:
        user, _ = BearerTokens().authenticate_credentials(token)
    except AuthenticationFailed:
        return None
    return user_actor(user)


def user_key(user_id: int) -> str:
    return f"user:{user_id}"


@lru_cache(maxsize=4096)
def address_actor(address: str) -> Actor:
    """The actor behind an address without any identity: the same for a whole IPv6 /64, which is one household.

    Only a keyed hash is kept, so the log never tells an address.
    """
    try:
        parsed = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        canonical = address
    else:
        if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
            parsed = parsed.ipv4_mapped
        prefix = 64 if parsed.version == 6 else 32
        canonical = str(ipaddress.ip_network((parsed, prefix), strict=False))
    return Actor(key="addr:" + salted_hmac("playlist.address", canonical, algorithm="sha256").hexdigest()[:32])
