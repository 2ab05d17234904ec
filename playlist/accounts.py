"""People: guests, accounts, and the tokens of programs. This module knows neither HTTP nor playlists."""

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

#: The number of bearer tokens a user can have; a new one replaces the oldest.
_TOKENS = 100


def guest_create(name: str) -> User:
    """Make a user with a name and no password."""
    user = User(username=f"guest-{secrets.token_hex(8)}", name=name)
    user.set_unusable_password()
    user.token_mark = user.password_mark
    user.save(force_insert=True)
    return user


def guest_arrive(name: str, address: Actor) -> User:
    """Make a guest, counted against this address. Raises RATE_LIMITED."""
    with transaction.atomic():
        allowances.take("people", address, settings.PEOPLE_PER_ADDRESS_DAILY)
        return guest_create(name)


def guest_rename(user: User, name: str) -> None:
    """Rename a guest, as joining with a name does; an account keeps its name."""
    if user.is_guest and user.name != name:
        user.name = name
        user.save(update_fields=["name"])


def register(credentials: types.Credentials, guest: User | None, kept: AuthToken | None, address: Actor) -> User:
    """Make an account. Raises VALIDATION_ERROR, RATE_LIMITED.

    `guest` turns into it, with its name, votes and playlists. All tokens of the guest are revoked except `kept`.
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
    """The stored username: an exact match first, then one that differs only in case or Unicode form.

    Returns the given name if no account matches.
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
    """Whether another account has this username, or one that differs from it only in case or Unicode form."""
    same = Q(username=username) | Q(username_folded=folded_username(username))
    return User.objects.filter(same).exclude(pk=by_other_than.pk).exists()


def token_create(user: User) -> str:
    """Make a bearer token; the database keeps only its hash. Deletes the tokens of an earlier password."""
    earlier = user.token_mark
    if earlier != user.password_mark:
        user.token_mark = user.password_mark
        with transaction.atomic():
            # Only one of two concurrent logins matches and deletes, before either makes its token.
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
