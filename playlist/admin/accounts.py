"""Accounts and guests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from playlist import models
from playlist.admin.read_only import Deleted
from playlist.forgetting import person_forget
from playlist.forms import AccountForm, NewAccountForm
from playlist.lease import LostTurn


@admin.register(models.User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]  # it takes no parameter at run time
    form = AccountForm
    add_form = NewAccountForm
    list_display = ("username", "name", "is_staff", "is_active", "date_joined")
    list_filter = ("is_staff", "is_active")
    search_fields = ("username", "name")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("username", "password", "name")}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )

    actions = ("forget",)

    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "name", "usable_password", "password1", "password2")}),
    )

    def save_model(self, request: HttpRequest, obj: models.User, form: ModelForm[models.User], change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not obj.is_guest:
            models.User.objects.claim_username(obj)

    @admin.action(description="Forget: delete the account, and the name in every room", permissions=["delete"])
    def forget(self, request: HttpRequest, users: QuerySet[models.User]) -> None:
        for user in users.exclude(pk=cast(models.User, request.user).pk):
            try:
                self.message_user(request, f"{user}: {person_forget(user.pk)}", messages.SUCCESS)
            except LostTurn:
                self.message_user(request, f"{user}: the daily upkeep will finish it.", messages.WARNING)

    def get_deleted_objects(self, objs: Iterable[models.User], request: HttpRequest) -> Deleted:
        """Memberships, tokens and sessions go with the account; its items and votes stay."""
        shown = [str(user) for user in objs]
        return shown, {"users": len(shown)}, set(), []
