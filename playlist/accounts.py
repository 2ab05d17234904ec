"""People: guests, accounts, and the tokens of programs. No HTTP and no playlist in here."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.auth.models import update_last_login
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from knox.models import AuthToken

from playlist import allowances, text, types
from playlist.errors import DomainError, invalid
from playlist.identity import Actor
from playlist.models import User
from playlist.user import folded_username

#: Bearer tokens a person can have; the oldest gives way to the newest.
_TOKENS = 100


def guest_create(name: str) -> User:
    """Somebody with a name and without a password."""
    user = User(username=f"guest-{secrets.token_hex(8)}", name=name)
    user.set_unusable_password()
    user.token_mark = user.password_mark
    user.save(force_insert=True)
    return user


def guest_arrive(name: str, address: Actor) -> User:
    """Make a guest who comes from this address. Raises RATE_LIMITED."""
    with transaction.atomic():
        allowances.take("people", address, settings.PEOPLE_PER_ADDRESS_DAILY)
        return guest_create(name)


def guest_rename(user: User, name: str) -> None:
    """Guests say their name when they join; an account keeps its own."""
    if user.is_guest and user.name != name:
        user.name = name
        user.save(update_fields=["name"])


def register(credentials: types.Credentials, guest: User | None, kept: AuthToken | None, address: Actor) -> User:
    """Make an account; `guest` becomes it and keeps name, votes and playlists. Raises VALIDATION_ERROR, RATE_LIMITED.

    A guest's tokens are revoked, but for the one to be `kept`.
    """
    username = User.normalize_username(credentials.username)
    user = guest or User(name=text.clean(username[:50]))
    user.username, user.username_folded = username, folded_username(username)
    _check_username(user)
    try:
        validate_password(credentials.password, user)
    except ValidationError as error:
        raise invalid("password", " ".join(error.messages)) from None
    user.set_password(credentials.password)
    user.token_mark = user.password_mark
    try:
        with transaction.atomic():
            if guest is None:
                allowances.take("people", address, settings.PEOPLE_PER_ADDRESS_DAILY)
            user.save()
            AuthToken.objects.filter(user=user).exclude(pk=kept.pk if kept else None).delete()
    except IntegrityError:
        raise invalid("username", "is taken") from None
    update_last_login(User, user)
    return user


def username_like(given: str) -> str:
    """The username of the account that is meant: the exact name first, then the one that differs in case or form only.

    What was given comes back where there is none.
    """
    normal = User.normalize_username(given)
    spelled = Q(username__in=(given, normal)) | Q(username_folded=folded_username(given))
    found = set(User.objects.filter(spelled).values_list("username", flat=True))
    return next((name for name in (given, normal, *found) if name in found), given)


def _check_username(user: User) -> None:
    try:
        User._meta.get_field("username").clean(user.username, user)
    except ValidationError as error:
        raise invalid("username", " ".join(error.messages)) from None
    if is_taken(user.username, by_other_than=user):
        raise invalid("username", "is taken")


def is_taken(username: str, by_other_than: User) -> bool:
    """Whether another account has this username, or one that differs from it in case or form only."""
    same = Q(username=username) | Q(username_folded=folded_username(username))
    return User.objects.filter(same).exclude(pk=by_other_than.pk).exists()


def token_create(user: User) -> str:
    """A new bearer token; only its hash is kept. Tokens of an earlier password go for good."""
    earlier = user.token_mark
    if earlier != user.password_mark:
        user.token_mark = user.password_mark
        with transaction.atomic():
            # Of two logins at once one deletes, before either has made its token.
            if User.objects.filter(pk=user.pk, token_mark=earlier).update(token_mark=user.token_mark):
                AuthToken.objects.filter(user=user).delete()
    surplus = AuthToken.objects.filter(user=user).order_by("-created").values_list("pk", flat=True)[_TOKENS - 1 :]
    AuthToken.objects.filter(pk__in=list(surplus)).delete()
    _, token = AuthToken.objects.create(user)  # type: ignore[no-untyped-call]
    return str(token)


def wrong_credentials() -> DomainError:
    return DomainError("AUTH_REQUIRED", "The username or the password is wrong.")


def user_resource(user: User) -> types.User:
    return types.User(id=user.pk, username=None if user.is_guest else user.username, name=user.shown_name)
