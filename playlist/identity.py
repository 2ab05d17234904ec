"""Who acts. An Actor comes from a session, a bearer token, or, where nothing else is known, from the address."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import lru_cache

from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from knox.auth import TokenAuthentication
from knox.models import AuthToken
from msgspec import Struct
from rest_framework.exceptions import AuthenticationFailed

from playlist.models import User
from playlist.types import Person


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


class Credential(Struct, frozen=True):
    """By what somebody was known when they came: one of a session and a token (its digest), under a password's mark."""

    user_id: int
    mark: str
    session_key: str | None = None
    token_digest: str | None = None


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


Identified = tuple[Actor, Credential]


def session_identity(session_key: str) -> Identified | None:
    """Who a session cookie stands for; None for one that is not (any more) valid. Reads the database."""
    user = _user_of_session(session_key)
    if user is None:
        return None
    return user_actor(user), Credential(user.pk, user.password_mark, session_key=session_key)


def _user_of_session(session_key: str) -> User | None:
    if "\x00" in session_key:
        return None
    request = HttpRequest()
    request.session = SessionStore(session_key)
    user = get_user(request)
    return user if user.is_authenticated and user.is_active else None


def token_identity(token: bytes) -> Identified | None:
    """Who a bearer token stands for; None for one that is not (any more) valid. Reads the database."""
    try:
        user, found = BearerTokens().authenticate_credentials(token)
    except AuthenticationFailed:
        return None
    return user_actor(user), Credential(user.pk, user.password_mark, token_digest=found.digest)


def void_credentials(credentials: Iterable[Credential]) -> set[Credential]:
    """Those of the credentials that no longer hold: logged out, revoked, switched off, or from before a new password.

    Three queries, however many; a session is looked into only when its person has a new password.
    """
    asked = set(credentials)
    users = User.objects.filter(pk__in={credential.user_id for credential in asked}, is_active=True)
    active = users.only("password", "token_mark").in_bulk()
    sessions = Session.objects.filter(pk__in={c.session_key for c in asked if c.session_key is not None})
    keys = set(sessions.values_list("pk", flat=True))
    tokens = AuthToken.objects.filter(digest__in={c.token_digest for c in asked if c.token_digest is not None})
    digests = set(tokens.values_list("digest", flat=True))

    def holds(credential: Credential) -> bool:
        user = active.get(credential.user_id)
        if user is None:
            return False
        if credential.token_digest is not None:
            return credential.token_digest in digests and user.token_mark == user.password_mark
        if credential.session_key not in keys:
            return False
        return credential.mark == user.password_mark or _user_of_session(credential.session_key or "") is not None

    return {credential for credential in asked if not holds(credential)}


@lru_cache(maxsize=16384)
def adder_of(playlist_id: int, actor_key: str) -> str | None:
    """How the others recognise in one playlist what the same person added; None for the server.

    Opaque, and another one in every playlist: it leads neither to the person nor to what they do elsewhere.
    """
    if actor_key == SYSTEM.key:
        return None
    value = f"{playlist_id} {actor_key}"
    return salted_hmac("playlist.adder", value, algorithm="sha256").hexdigest()[:24]


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
