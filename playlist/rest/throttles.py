"""Rate limits on callers: token buckets, one set per process."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework import throttling
from rest_framework.request import Request
from rest_framework.views import APIView

from playlist.errors import DomainError
from playlist.rest.authentication import actor_of, address_of
from playlist.rest.refusals import too_much
from playlist.token_bucket import KeyedBuckets

DjangoView = Callable[..., HttpResponseBase]


@cache
def write_buckets() -> KeyedBuckets:
    return KeyedBuckets(settings.REST_WRITES_PER_SECOND, settings.REST_WRITES_BURST, time.monotonic)


class BucketThrottle(ABC, throttling.BaseThrottle):
    """Takes from a token bucket for each request."""

    @abstractmethod
    def take(self, request: Request) -> float:
        """The seconds to wait before the next try, 0 if this request may go on."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        self._wait_seconds = self.take(request)
        return self._wait_seconds == 0

    def wait(self) -> float:
        return self._wait_seconds


class WriteThrottle(BucketThrottle):
    """A token bucket per actor, for everything but reads."""

    def take(self, request: Request) -> float:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return 0.0
        return write_buckets().take(actor_of(request).key)


@cache
def password_buckets() -> KeyedBuckets:
    return KeyedBuckets(settings.PASSWORDS_PER_SECOND, settings.PASSWORDS_BURST, time.monotonic)


@cache
def guest_buckets() -> KeyedBuckets:
    return KeyedBuckets(settings.GUESTS_PER_SECOND, settings.GUESTS_BURST, time.monotonic)


class PasswordThrottle(BucketThrottle):
    """A token bucket per address: checking a password takes a core for a third of a second, on purpose."""

    def take(self, request: Request) -> float:
        return password_buckets().take(address_of(request).key)


def take_guest(request: Request) -> None:
    """Take from the address's bucket for new guests. Raises RATE_LIMITED.

    Every guest has fresh buckets of its own, so making guests must be limited too.
    """
    wait_seconds = guest_buckets().take(address_of(request).key)
    if wait_seconds:
        raise too_much(wait_seconds)


@cache
def link_buckets() -> KeyedBuckets:
    per_minute = settings.WRONG_LINKS_PER_MINUTE
    return KeyedBuckets(per_minute / 60, per_minute, time.monotonic)


@contextmanager
def counting_wrong_links(request: Request) -> Iterator[None]:
    """Count a wrong secret within for the caller's address. Raises RATE_LIMITED, also for a right one.

    It is counted beforehand and taken back, so that guesses at once gain nothing.
    """
    key = address_of(request).key
    wait_seconds = link_buckets().take(key)
    if wait_seconds:
        raise too_much(wait_seconds)
    is_wrong = False
    try:
        yield
    except DomainError as refusal:
        is_wrong = refusal.details.get("reason") == "link"
        raise
    finally:
        if not is_wrong:
            link_buckets().give_back(key)


def checks_password(view: DjangoView) -> DjangoView:
    """Make a form view that takes passwords use the same buckets as the API."""

    @wraps(view)
    def throttled(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method == "POST":
            wait_seconds = password_buckets().take(address_of(request).key)
            if wait_seconds:
                raise too_much(wait_seconds)
        return view(request, *args, **kwargs)

    return throttled
