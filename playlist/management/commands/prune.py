"""Delete old rows now, without waiting for the server's daily upkeep."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from playlist.upkeep import prune


class Command(BaseCommand):
    help = "Delete events older than EVENTS_KEPT_DAYS and operations older than OPERATIONS_KEPT_HOURS."

    def handle(self, **_: object) -> None:
        self.stdout.write(str(prune()))
