"""The admin's forms for accounts, with the same rules for usernames as in the API."""

from __future__ import annotations

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm

from playlist import accounts
from playlist.models import User


class LoginForm(AdminAuthenticationForm):
    """Finds an account as POST /api/user/login does."""

    def clean_username(self) -> str:
        return accounts.username_like(self.cleaned_data["username"])


class NewAccountForm(AdminUserCreationForm):  # type: ignore[type-arg]  # it takes no parameter at run time
    def clean_username(self) -> str:
        return _free(self, self.cleaned_data["username"])


class AccountForm(UserChangeForm):  # type: ignore[type-arg]  # it takes no parameter at run time
    def clean_username(self) -> str:
        username = self.cleaned_data["username"]
        return username if "username" not in self.changed_data else _free(self, username)


def _free(form: forms.ModelForm[User], username: str) -> str:
    """The normalised username. Raises ValidationError if another account has it or one that reads the same."""
    username = User.normalize_username(username)
    if accounts.is_taken(username, by_other_than=form.instance):
        raise forms.ValidationError("A user with that username already exists.")
    return username
