"""People: guests, accounts, and the tokens of programs. No HTTP and no playlist in here."""

from __future__ import annotations

import secrets

from django.contrib.auth.models import update_last_login
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from knox.models import AuthToken

from playlist import types
from playlist.errors import DomainError, invalid
from playlist.models import User


def guest_create(name: str) -> User:
    """Somebody with a name and without a password."""
    user = User(username=f"guest-{secrets.token_hex(8)}", name=name)
    user.set_unusable_password()
    user.save(force_insert=True)
    return user


def guest_rename(user: User, name: str) -> None:
    """Guests say their name when they join; an account keeps its own."""
    if user.is_guest and user.name != name:
        user.name = name
        user.save(update_fields=["name"])


def register(credentials: types.Credentials, guest: User | None) -> User:
    """Make an account; `guest` becomes it and keeps name, votes and playlists. Raises VALIDATION_ERROR."""
    user = guest or User(name=credentials.username[:50])
    user.username = credentials.username
    _check_username(credentials.username)
    try:
        validate_password(credentials.password, user)
    except ValidationError as error:
        raise invalid("password", " ".join(error.messages)) from None
    user.set_password(credentials.password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise invalid("username", "is taken") from None
    update_last_login(User, user)
    return user


def username_like(given: str) -> str:
    """The username as it was registered: capitals do not matter."""
    return User.objects.filter(username__iexact=given).values_list("username", flat=True).first() or given


def _check_username(username: str) -> None:
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError as error:
        raise invalid("username", " ".join(error.messages)) from None
    if User.objects.filter(username__iexact=username).exists():
        raise invalid("username", "is taken")


def token_create(user: User) -> str:
    """A new bearer token; only its hash is kept."""
    _, token = AuthToken.objects.create(user)  # type: ignore[no-untyped-call]
    return str(token)


def wrong_credentials() -> DomainError:
    return DomainError("AUTH_REQUIRED", "The username or the password is wrong.")


def user_resource(user: User) -> types.User:
    return types.User(id=user.pk, username=None if user.is_guest else user.username, name=user.shown_name)
