"""What is done once a day: forget what is old, and finish what a crash interrupted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Max, Model, QuerySet
from knox.models import AuthToken
from msgspec import Struct

from playlist import library
from playlist.clock import database_now
from playlist.models import Event, Operation, RemovedItem, Upkeep

_DAILY = timedelta(days=1)
#: Rows a statement, so that nobody waits long for a lock.
_CHUNK = 500


class Pruned(Struct, frozen=True):
    """How many rows went."""

    events: int
    operations: int
    removed_items: int
    run_out: int
    wrong_passwords: int

    def __str__(self) -> str:
        return (
            f"Deleted {self.events} events, {self.operations} operations, {self.removed_items} removed items, "
            f"{self.run_out} sessions and tokens, {self.wrong_passwords} records of wrong passwords."
        )


def upkeep_if_due() -> Pruned | None:
    """The daily upkeep, if no process has begun it within a day. None when it is not due."""
    if not _claim("daily", _DAILY):
        return None
    library.resume()
    return prune()


def _claim(name: str, every: timedelta) -> bool:
    """Whether it is due and ours: of any number of processes one gets True."""
    now = database_now()
    Upkeep.objects.get_or_create(name=name, defaults={"begun_at": datetime(1970, 1, 1, tzinfo=UTC)})
    return Upkeep.objects.filter(name=name, begun_at__lte=now - every).update(begun_at=now) == 1


def commit_something() -> None:
    """Commit a small change, which tells that changes can be committed. Raises DatabaseError."""
    Upkeep.objects.update_or_create(name="readiness", defaults={"begun_at": database_now()})


def prune() -> Pruned:
    """Forget what is old: events after EVENTS_KEPT_DAYS, answers and removed items after OPERATIONS_KEPT_HOURS."""
    now = database_now()
    old = now - timedelta(hours=settings.OPERATIONS_KEPT_HOURS)
    return Pruned(
        events=sum(_delete(log) for log in _old_events(now - timedelta(days=settings.EVENTS_KEPT_DAYS))),
        operations=_delete(Operation.objects.filter(created_at__lt=old)),
        removed_items=_delete(RemovedItem.objects.filter(removed_at__lt=old)),
        run_out=_delete(Session.objects.filter(expire_date__lt=now))
        + _delete(AuthToken.objects.filter(expiry__lt=now)),
        # No lockout is longer than a day.
        wrong_passwords=_delete(AccessAttempt.objects.filter(attempt_time__lt=now - _DAILY)),
    )


def _old_events(before: Any) -> list[QuerySet[Event]]:
    """Per playlist all up to the newest old one: what is kept has no hole, whatever the clock did."""
    newest = Event.objects.filter(at__lt=before).order_by().values_list("playlist").annotate(Max("revision"))
    return [Event.objects.filter(playlist=playlist, revision__lte=revision) for playlist, revision in newest]


def _delete(rows: QuerySet[Any, Any]) -> int:
    """From the oldest on: whoever reads or kills this in between finds no hole."""
    model: type[Model] = rows.model
    deleted = 0
    while chunk := list(rows.order_by("pk").values_list("pk", flat=True)[:_CHUNK]):
        deleted += model._default_manager.filter(pk__in=chunk).delete()[0]
    return deleted
