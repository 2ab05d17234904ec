"""Actors, and how they are identified: by a session, a bearer token, or otherwise by the address."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

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
from playlist.walls import Wall, wall_in, walls_held

_WALL = "wall:"


class Actor(Struct, frozen=True):
    """The author of a command. `key` is stored: "user:ID", "addr:HMAC" or "system"; only users have a `user_id`.

    `address`: the key of the address that they act from, "" where that is not known.
    Walls ("wall:SLUG") author nothing.
    """

    key: str
    user_id: int | None = None
    name: str = ""
    address: str = ""

    def person(self) -> Person | None:
        """The actor as others see it; None for the server and for an address, which is never published."""
        return None if self.user_id is None else Person(id=self.user_id, name=self.name)

    @property
    def wall_of(self) -> str | None:
        """The slug of the playlist that a wall shows; None for everybody else."""
        return self.key.removeprefix(_WALL) if self.key.startswith(_WALL) else None


class Credential(Struct, frozen=True):
    """The proof of a user's identity: either a session or a token (its digest), and the mark of the password then."""

    user_id: int
    mark: str
    session_key: str | None = None
    token_digest: str | None = None


#: The server itself.
SYSTEM = Actor(key="system")


def user_actor(user: User, address: str = "") -> Actor:
    return Actor(key=user_key(user.pk), user_id=user.pk, name=user.shown_name, address=address)


class BearerTokens(TokenAuthentication):
    """knox's authentication, limited to tokens that were issued under the user's present password."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        """Raises AuthenticationFailed."""
        if not token.isascii() or b"\x00" in token:  # knox would decode and look up anything
            raise AuthenticationFailed
        user, found = super().authenticate_credentials(token)  # type: ignore[no-untyped-call]
        if user.token_mark != user.password_mark:
            raise AuthenticationFailed
        return user, found

    def _cleanup_token(self, auth_token: AuthToken) -> bool:
        """Whether the token has expired. knox would delete it; the upkeep does that once it trusts the clock."""
        return auth_token.expiry is not None and auth_token.expiry < timezone.now()


#: What makes somebody more than an address.
AnyCredential: TypeAlias = Credential | Wall
Identified: TypeAlias = tuple[Actor, AnyCredential]


def session_identity(session_key: str) -> Identified | None:
    """The actor behind a session cookie; None if the session is not valid or no longer valid. Reads the database."""
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
    """The actor behind a bearer token; None if the token is not valid or no longer valid. Reads the database."""
    wall = wall_in(token.decode("latin-1"))
    if wall is not None:
        return wall_identity([wall], wall.slug)
    try:
        user, found = BearerTokens().authenticate_credentials(token)
    except AuthenticationFailed:
        return None
    return user_actor(user), Credential(user.pk, user.password_mark, token_digest=found.digest)


def wall_actor(slug: str) -> Actor:
    return Actor(key=_WALL + slug)


def wall_identity(walls: Iterable[Wall], slug: str) -> Identified | None:
    """The one of these walls that shows this playlist; None if there is none whose link holds. Reads the database."""
    held = walls_held(wall for wall in walls if wall.slug == slug)
    return next(((wall_actor(slug), wall) for wall in held), None)


def void_credentials(credentials: Iterable[AnyCredential]) -> set[AnyCredential]:
    """The credentials that are no longer valid: logged out, revoked, disabled, or from before a new password or link.

    Three queries for any number, one more if there are walls; a session is decoded only if its user has a new password.
    """
    given = set(credentials)
    walls = {wall for wall in given if isinstance(wall, Wall)}
    asked = {credential for credential in given if isinstance(credential, Credential)}
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

    return {credential for credential in asked if not holds(credential)} | (walls - walls_held(walls))


@lru_cache(maxsize=16384)
def adder_of(playlist_id: int, actor_key: str) -> str | None:
    """The mark by which clients recognise items of the same adder in one playlist; None for the server and for walls.

    It is opaque and differs between playlists, so it reveals neither the user nor their items elsewhere.
    """
    if actor_key == SYSTEM.key or actor_key.startswith(_WALL):
        return None
    value = f"{playlist_id} {actor_key}"
    return salted_hmac("playlist.adder", value, algorithm="sha256").hexdigest()[:24]


def user_key(user_id: int) -> str:
    return f"user:{user_id}"


def user_id_of(actor_key: str) -> int | None:
    """The id in a user's key; None in any other."""
    kind, _, number = actor_key.partition(":")
    return int(number) if kind == "user" and number.isdigit() else None


@lru_cache(maxsize=4096)
def address_actor(address: str) -> Actor:
    """The actor for an address without any identity. An IPv6 /64 is one household and one actor.

    Only a keyed hash is kept, so the log never reveals an address.
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
    key = "addr:" + salted_hmac("playlist.address", canonical, algorithm="sha256").hexdigest()[:32]
    return Actor(key, address=key)
