"""The table of people. It is imported from playlist.models, as all tables are."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import IntegrityError, models, transaction

from playlist import text
from playlist.columns import NameField

#: Caseless comparison can make a name three times as long; the rest is cut off.
USERNAME_FOLDED_WIDTH = 450


def folded_username(username: str) -> str:
    return text.caseless(username)[:USERNAME_FOLDED_WIDTH]


class AccountManager(UserManager["User"]):
    """Makes accounts that can be found by other spellings of their usernames."""

    use_in_migrations = False

    def create_user(self, username: str, email: str | None = None, password: str | None = None, **fields: Any) -> User:
        return self.claim_username(super().create_user(username, email, password, **fields))

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **fields: Any
    ) -> User:
        return self.claim_username(super().create_superuser(username, email, password, **fields))

    def claim_username(self, user: User) -> User:
        """Let other spellings of the username find this account, unless they find another one already."""
        user.username_folded = folded_username(user.username)
        try:
            with transaction.atomic():
                user.save(update_fields=["username_folded"])
        except IntegrityError:
            user.username_folded = None
            user.save(update_fields=["username_folded"])
        return user


class User(AbstractUser):
    """An account, or a guest: a user without a usable password."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    username = NameField(
        "username",
        max_length=150,
        unique=True,
        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": "A user with that username already exists."},
    )
    #: The username folded by text.caseless, for lookups without an exact match. Null for guests, and for an account
    #: whose folded name another one has: the operator may make such pairs, and old databases contain them.
    username_folded = models.CharField(  # noqa: DJ001
        max_length=USERNAME_FOLDED_WIDTH, null=True, unique=True, editable=False
    )
    name = NameField(max_length=50, blank=True, help_text="What others see.")

    #: The password_mark for which this user's bearer tokens were issued: any new password makes them void, however it
    #: was set. Sessions have Django's own mark.
    token_mark = models.CharField(max_length=32, db_default="", editable=False)

    objects: ClassVar[AccountManager] = AccountManager()

    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return f"{self.shown_name} ({self.pk})"

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """The username as it is stored, "" if none of it is visible. Django's create_user calls this."""
        return text.clean(unicodedata.normalize("NFKC", username))

    @property
    def shown_name(self) -> str:
        """The name that others see."""
        return self.name or self.username

    @property
    def password_mark(self) -> str:
        """A mark that changes with every new password, even with the same one set again: its hash has a salt."""
        return hashlib.sha256(self.password.encode()).hexdigest()[:32]

    def check_password(self, raw_password: str | None) -> bool:
        """Django's check, which may rehash the same password with more rounds; the tokens stay valid then."""
        tokens_hold = self.token_mark == self.password_mark
        is_correct = super().check_password(raw_password)
        if tokens_hold and self.token_mark != self.password_mark:
            self.token_mark = self.password_mark
            self.save(update_fields=["token_mark"])
        return is_correct

    @property
    def is_guest(self) -> bool:
        return not self.has_usable_password()
