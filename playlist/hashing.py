"""Password hashing that leaves threads and cores free for other requests.

A hash takes a core for a third of a second, on purpose. Without a bound, a few dozen wrong passwords at once would hold
all threads that answer requests. Django hashes through this class wherever a password is checked or set: over REST, in
the admin, on the command line.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from playlist.errors import DomainError

#: Roughly one hash on a slow machine; sent as Retry-After.
_HASH_SECONDS = 1.0


class Turns:
    """Lets `at_once` callers work and `waiting` more wait for them; refuses the others at once."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._seats = threading.BoundedSemaphore(at_once + waiting)
        self._turns = threading.BoundedSemaphore(at_once)
        self._retry_after_seconds = _HASH_SECONDS * (1 + waiting / at_once)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and work. Raises RATE_LIMITED when all places are taken."""
        with self.place(), self._turns:
            yield

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take a place among the working and waiting callers. Raises RATE_LIMITED."""
        if not self._seats.acquire(blocking=False):
            message = "Too many passwords are being checked. Try again in a moment."
            raise DomainError("RATE_LIMITED", message, retry_after_seconds=self._retry_after_seconds)
        try:
            yield
        finally:
            self._seats.release()


@cache
def turns() -> Turns:
    """The turns of this process, which never take more than half of the threads that answer requests."""
    places = max(1, settings.HTTP_THREADS // 2)
    at_once = min(settings.PASSWORD_THREADS, places)
    return Turns(at_once, min(settings.PASSWORDS_WAITING, places - at_once))


class PasswordHasher(PBKDF2PasswordHasher):
    """Django's default hasher, limited by turns(). The hashes are the same."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        with turns().turn():
            return super().encode(password, salt, iterations)
