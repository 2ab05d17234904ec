"""Forget a person: their name and their account go, what they did in rooms stays as somebody's."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser

from playlist.accounts import username_like
from playlist.forgetting import person_forget
from playlist.lease import LostTurn
from playlist.models import User


class Command(BaseCommand):
    help = 'Delete a person\'s account, and replace their name by "Somebody" wherever the rooms keep it.'

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("person", help="A username, or the number of a person, also of one who was deleted.")

    def handle(self, *, person: str, **_: object) -> None:
        user = User.objects.filter(username=username_like(person)).first()
        if user is None and not (person.isascii() and person.isdigit() and len(person) <= 18):
            raise CommandError(f"There is no account {person!r}. Guests have numbers, which the admin shows.")
        try:
            self.stdout.write(str(person_forget(int(person) if user is None else user.pk)))
        except LostTurn:
            raise CommandError("A room took too long: repeat this, or let the daily upkeep finish it.") from None
