"""Forget what is old: events, answers to idempotency keys, sessions and tokens that have run out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.db.models import Max, Model, QuerySet
from knox.models import AuthToken

from playlist.clock import database_now
from playlist.models import Event, Operation

#: Rows a statement, so that nobody waits long for a lock.
_CHUNK = 500


class Command(BaseCommand):
    help = "Delete events older than EVENTS_KEPT_DAYS and operations older than OPERATIONS_KEPT_HOURS."

    def handle(self, **_: Any) -> None:
        now = database_now()
        events = sum(_delete(log) for log in _old_events(now - timedelta(days=settings.EVENTS_KEPT_DAYS)))
        old = now - timedelta(hours=settings.OPERATIONS_KEPT_HOURS)
        operations = _delete(Operation.objects.filter(created_at__lt=old))
        run_out = _delete(Session.objects.filter(expire_date__lt=now)) + _delete(
            AuthToken.objects.filter(expiry__lt=now)
        )
        self.stdout.write(f"Deleted {events} events, {operations} operations, {run_out} sessions and tokens.")


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
