"""Columns with validation of their own, for input that no type parses: the admin's forms and createsuperuser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.core.validators import RegexValidator
from django.db import models

from playlist import text
from playlist.types.fields import TEXT

if TYPE_CHECKING:
    AnyCharField = models.CharField[str, str]
else:  # it takes no parameters at run time
    AnyCharField = models.CharField


class NameField(AnyCharField):
    """A visible name, under the same rule as in the API. Migrations see a CharField."""

    default_validators = [RegexValidator(TEXT, "This must be text that can be seen.")]

    def clean(self, value: object, model_instance: models.Model | None) -> object:
        return super().clean(text.clean(value) if isinstance(value, str) else value, model_instance)

    def deconstruct(self) -> tuple[str, str, Sequence[object], dict[str, object]]:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
