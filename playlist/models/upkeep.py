"""The records of the server itself: regular tasks and daily allowances."""

from __future__ import annotations

from django.db import models


class Upkeep(models.Model):
    """The time at which a regular task last began, in any process."""

    name = models.CharField(primary_key=True, max_length=32)
    begun_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "upkeep"

    def __str__(self) -> str:
        return self.name


class Clock(models.Model):
    """How often the database's clock was set, as far as any process saw it. A single row (clock.py)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    steps = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "clock"

    def __str__(self) -> str:
        return f"set {self.steps} times"


class Allowance(models.Model):
    """The share of a daily allowance that a user or an address has used (allowances.py)."""

    #: "rooms:user:7", "people:addr:9f…": an address is a keyed hash.
    key = models.CharField(primary_key=True, max_length=64)
    used = models.PositiveIntegerField()
    began_at_ms = models.BigIntegerField()

    def __str__(self) -> str:
        return self.key


class Forgetting(models.Model):
    """A person who is being forgotten (forgetting.py). The row goes when it is done."""

    user_id = models.BigIntegerField(primary_key=True)
    #: The id of nobody, which stands for theirs from now on.
    replacement_id = models.BigIntegerField()

    class Meta:
        verbose_name, verbose_name_plural = "person being forgotten", "people being forgotten"

    def __str__(self) -> str:
        return str(self.user_id)
