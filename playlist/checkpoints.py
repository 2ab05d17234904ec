"""Makes the checkpoints from which the past is told, outside the writer and after the fact.

A checkpoint at every CHECKPOINT_EVENTS-th event follows from the one before and the log between, so making them can
stop and go on anywhere. Only the first one of a playlist is read from its tables.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from time import monotonic, sleep

from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from playlist import types
from playlist.clock import database_now
from playlist.errors import DomainError
from playlist.fold import DoesNotFollow
from playlist.lease import LEASE, Lease, LostTurn
from playlist.models import Checkpoint, Event, Playlist
from playlist.past import PastFolding, packed
from playlist.selectors.past import lines, present
from playlist.stored import past_unpacked

logger = logging.getLogger(__name__)

#: How long the turn is waited for: a process that has it gives it back after each playlist, and loses it when it dies.
WAITED_SECONDS = 3 * LEASE.total_seconds()
#: The task's name among the Upkeep rows.
_NAME = "checkpoints"


@contextmanager
def turn() -> Iterator[Lease]:
    """Wait for the turn to make or change checkpoints, and hold it. Raises LostTurn if others have it for too long."""
    lease = Lease(_NAME)
    give_up_at = monotonic() + WAITED_SECONDS
    while not lease.take():
        if monotonic() > give_up_at:
            raise LostTurn
        sleep(0.1)
    try:
        yield lease
    finally:
        lease.give_back()


class Maker:
    """Makes the checkpoints that are due. It remembers how much of the log it has looked at."""

    def __init__(self) -> None:
        self._looked_at: int | None = None

    def make(self) -> int:
        """Make what is due, unless another process is at it. Returns how many were made.

        The first look is at all playlists, each later one at those with events since. Where several are written to at
        once, an event can appear behind a later one: its playlist is then looked at after its next event.
        """
        newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        made = 0
        for playlist_id in _due(self._looked_at):
            lease = Lease(_NAME)
            if not lease.take():
                return made
            try:
                made += _make(lease, playlist_id)
            except LostTurn:
                return made
            finally:
                lease.give_back()
        self._looked_at = newest
        return made


def _due(after: int | None) -> list[int]:
    """The playlists without a checkpoint, and those with enough events behind their last one.

    `after`: only those with an event of a higher number.
    """
    last = Checkpoint.objects.filter(playlist=OuterRef("pk")).order_by("-revision").values("revision")[:1]
    playlists = Playlist.objects.order_by("pk")
    if after is not None:
        changed = Event.objects.filter(pk__gt=after).order_by().values("playlist").distinct()
        playlists = playlists.filter(pk__in=list(changed.values_list("playlist", flat=True)))
    found = playlists.annotate(reached=Subquery(last))
    due = found.filter(reached=None) | found.filter(revision__gte=F("reached") + settings.CHECKPOINT_EVENTS)
    return list(due.values_list("pk", flat=True))


def _make(lease: Lease, playlist_id: int) -> int:
    """Raises LostTurn."""
    newest = Checkpoint.objects.filter(playlist=playlist_id).order_by("-revision").first()
    if newest is None:
        return _take_stock(lease, playlist_id)
    made = 0
    try:
        folding = PastFolding(past_unpacked(newest.body))
        head = Playlist.objects.filter(pk=playlist_id).values_list("revision", flat=True).first() or 0
        while folding.revision + settings.CHECKPOINT_EVENTS <= head:
            _go_to(folding, playlist_id, folding.revision + settings.CHECKPOINT_EVENTS)
            _save(lease, playlist_id, folding.past())
            made += 1
    except DoesNotFollow as error:
        logger.warning("The past of playlist %d cannot be told before now: %s", playlist_id, error)
        made += _take_stock(lease, playlist_id)
    return made


def checkpoint_at(lease: Lease, playlist_id: int, revision: int) -> None:
    """Make a checkpoint at this revision if the past can be told there. Raises LostTurn."""
    before = Checkpoint.objects.filter(playlist=playlist_id, revision__lte=revision).order_by("-revision").first()
    if before is None or before.revision == revision:
        return
    try:
        folding = PastFolding(past_unpacked(before.body))
        _go_to(folding, playlist_id, revision)
    except DoesNotFollow as error:
        logger.warning("The past of playlist %d cannot be told at revision %d: %s", playlist_id, revision, error)
    else:
        _save(lease, playlist_id, folding.past())


def _go_to(folding: PastFolding, playlist_id: int, revision: int) -> None:
    for line in lines(playlist_id, folding.revision, revision):
        folding.follow(line)
    if folding.revision != revision:
        raise DoesNotFollow(f"the log ends at revision {folding.revision}")


def _take_stock(lease: Lease, playlist_id: int) -> int:
    """A checkpoint of what is in the tables now. 0 if the playlist is gone. Raises LostTurn."""
    try:
        past = present(playlist_id)
    except DomainError:
        return 0
    _save(lease, playlist_id, past)
    return 1


def _save(lease: Lease, playlist_id: int, past: types.Past) -> None:
    revision = past.snapshot.revision
    at = Event.objects.filter(playlist=playlist_id, revision=revision).values_list("at", flat=True).first()
    row = Checkpoint(playlist_id=playlist_id, revision=revision, at=at or _founded(past), body=packed(past))
    with transaction.atomic():
        lease.keep()
        Checkpoint.objects.bulk_create([row], ignore_conflicts=True)


def _founded(past: types.Past) -> datetime:
    """The time of a revision whose event is not in the log: the playlist's beginning, or now."""
    return past.snapshot.playlist.created_at if past.snapshot.revision == 0 else database_now()
