"""Delete old rows now, without waiting for the server's daily upkeep."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from playlist.upkeep import prune


class Command(BaseCommand):
    help = 'Delete what is older than the settings under "What is kept" say.'

    def handle(self, **_: object) -> None:
        self.stdout.write(str(prune()))
