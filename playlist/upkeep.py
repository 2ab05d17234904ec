"""The daily upkeep: deletes old rows, and finishes changes that a crash interrupted."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.db.models import Max, Min, Model, Q, QuerySet
from django.db.models.functions import Coalesce
from knox.models import AuthToken
from msgspec import Struct

from playlist import checkpoints, library
from playlist.allowances import PERIOD_MS
from playlist.clock import database_now, to_ms
from playlist.forgetting import forgetting_resume
from playlist.lease import LostTurn
from playlist.models import (
    Allowance,
    Blocked,
    Boost,
    Checkpoint,
    Event,
    Favorite,
    Operation,
    Play,
    Playlist,
    RemovedItem,
    SecretLink,
    Track,
    Upkeep,
    User,
)

ModelT = TypeVar("ModelT", bound=Model)

logger = logging.getLogger(__name__)

_NAME = "daily"
_DAILY = timedelta(days=1)
#: How far the clock may be from the last sign of life at the start, and how far it may step from a monotonic clock.
_SLACK = timedelta(days=2)
_JUMP_SECONDS = 60.0
_STEADY_SECONDS = 3600.0
#: Rows per statement, so that no other statement waits long for a lock.
_CHUNK = 500
#: What a disk must have left for changes: the pages of some commands, and of the checkpoint that SQLite makes then.
_ROOM_BYTES = 1_000_000


class Pruned(Struct, frozen=True):
    """The numbers of deleted rows."""

    events: int
    plays: int
    operations: int
    removed_items: int
    run_out: int
    wrong_passwords: int
    guests: int

    def __str__(self) -> str:
        return (
            f"Deleted {self.events} events, {self.plays} plays, {self.operations} operations, "
            f"{self.removed_items} removed items, "
            f"{self.run_out} sessions and tokens, {self.wrong_passwords} records of wrong passwords, "
            f"{self.guests} guests."
        )


class SteadyClock:
    """Judges whether the database's clock can be trusted to call rows old.

    It is trusted while it keeps pace with a monotonic clock and started close to the last event. After a jump, or a
    start far from the last event, it may be wrong; it is trusted again after an hour without a jump.
    """

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        """`ticks`: the seconds of a monotonic clock."""
        self._ticks = ticks
        self._seen: tuple[datetime, float] | None = None
        self._believed_from = 0.0

    def believes(self, now: datetime) -> bool:
        """Whether `now` can be trusted to call rows old. Reads the database the first time."""
        ticks = self._ticks()
        if self._seen is None:
            plausible = abs(now - (_last_sign() or now)) <= _SLACK
        else:
            seen, ticks_then = self._seen
            plausible = abs((now - seen).total_seconds() - (ticks - ticks_then)) <= _JUMP_SECONDS
        self._seen = now, ticks
        if not plausible:
            self._believed_from = ticks + _STEADY_SECONDS
            said = f"{now:%Y-%m-%d %H:%M}"
            logger.warning("The clock says %s and may be wrong: the daily upkeep waits for an hour", said)
        return ticks >= self._believed_from


def _last_sign() -> datetime | None:
    """The time of the last event or upkeep, None if there was neither."""
    event = Event.objects.order_by("-pk").values_list("at", flat=True).first()
    upkeep = Upkeep.objects.filter(name=_NAME).values_list("begun_at", flat=True).first()
    return max((moment for moment in (event, upkeep) if moment is not None), default=None)


def upkeep_if_due(clock: SteadyClock) -> Pruned | None:
    """Run the daily upkeep unless a process began it within a day. None if it is not due or the clock may be wrong."""
    now = database_now()
    if not clock.believes(now) or not _claim(now):
        return None
    for finish in (library.resume, forgetting_resume):
        try:
            finish()
        except Exception:  # tomorrow again; what is old has to go all the same
            logger.exception("What was interrupted cannot be finished")
    return prune()


def _claim(now: datetime) -> bool:
    """Whether the upkeep is due and this process runs it: only one process gets True.

    A last time in the future comes from a wrong clock, and must not postpone the upkeep until then.
    """
    Upkeep.objects.get_or_create(name=_NAME, defaults={"begun_at": datetime(1970, 1, 1, tzinfo=UTC)})
    due = Q(begun_at__lte=now - _DAILY) | Q(begun_at__gt=now + _DAILY)
    return Upkeep.objects.filter(due, name=_NAME).update(begun_at=now) == 1


def commit_something() -> None:
    """Commit a small change, to prove that changes can be committed. Raises DatabaseError, OSError for a lost folder.

    One page still finds its place in SQLite's log when the disk has none left for the pages of a command.
    """
    if connection.vendor == "sqlite":
        folder = Path(connection.settings_dict["NAME"]).parent
        if shutil.disk_usage(folder).free < _ROOM_BYTES:
            raise OperationalError("database or disk is full")
    Upkeep.objects.update_or_create(name="readiness", defaults={"begun_at": database_now()})


def prune() -> Pruned:
    """Delete old rows: see "What is kept" in environment.py for how old."""
    now = database_now()
    _delete_orphans()
    _delete(Boost.objects.filter(at__lt=now - _DAILY))
    _delete(Allowance.objects.filter(began_at_ms__lt=to_ms(now) - PERIOD_MS))
    log_begins = now - timedelta(days=settings.EVENTS_KEPT_DAYS)
    answered = now - timedelta(hours=settings.OPERATIONS_KEPT_HOURS)
    # What is brought back by the log leaves out what was heard, by the history.
    heard = now - timedelta(days=max(settings.HISTORY_KEPT_DAYS, settings.EVENTS_KEPT_DAYS))
    return Pruned(
        events=sum(_cut(playlist_id, first) for playlist_id, first in _beginnings(log_begins, now)),
        plays=_delete(Play.objects.filter(played_at__lt=heard)),
        operations=_delete(Operation.objects.filter(created_at__lt=answered)),
        # They are brought back by what the log says of them.
        removed_items=_delete(RemovedItem.objects.filter(removed_at__lt=log_begins)),
        run_out=_delete(Session.objects.filter(expire_date__lt=now))
        + _delete(AuthToken.objects.filter(expiry__lt=now)),
        # No lockout is longer than a day.
        wrong_passwords=_delete(AccessAttempt.objects.filter(attempt_time__lt=now - _DAILY)),
        guests=sum(_delete(guests) for guests in _lost_guests(now)),
    )


def _delete_orphans() -> None:
    """Delete the rows of what servers of earlier versions deleted without knowing of them."""
    _delete(Favorite.objects.exclude(user__in=User.objects.all()))
    _delete(Favorite.objects.exclude(track__in=Track.objects.all()))
    _delete(RemovedItem.objects.exclude(playlist__in=Playlist.objects.all()))
    _delete(Checkpoint.objects.exclude(playlist__in=Playlist.objects.all()))
    _delete(Blocked.objects.exclude(playlist__in=Playlist.objects.all()))
    _delete(SecretLink.objects.exclude(playlist__in=Playlist.objects.all()))


def _lost_guests(now: datetime) -> tuple[QuerySet[User], ...]:
    """Guests whose credentials have all expired, and guests who never joined a room. Hosts stay."""
    guests = User.objects.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX, hosted_playlists=None)
    seen = Coalesce("last_login", "date_joined")
    unseen_since = guests.annotate(seen_at=seen)
    # A session lasts as long as a token, and both begin when last_login is set.
    gone = unseen_since.filter(seen_at__lt=now - timedelta(seconds=settings.SESSION_COOKIE_AGE))
    roomless = unseen_since.filter(seen_at__lt=now - timedelta(days=settings.GUESTS_KEPT_DAYS), memberships=None)
    return gone, roomless


def _beginnings(before: datetime, now: datetime) -> list[tuple[int, int]]:
    """The playlists with old events, each with the revision at which its log begins once they are deleted.

    The remaining log has no gap, whatever the clock did. An event in the future comes from a wrong clock: it counts as
    old once later events follow it, and as young while it is the last.
    """
    with_old_ones = Event.objects.filter(at__lt=before).order_by().values("playlist").distinct()
    logs = Event.objects.filter(playlist__in=with_old_ones).order_by().values_list("playlist")
    found = logs.annotate(
        Max("revision"),
        young=Min("revision", filter=Q(at__gte=before, at__lte=now)),
        to_come=Min("revision", filter=Q(at__gt=now)),
    )
    return [(playlist, young or to_come or newest + 1) for playlist, newest, young, to_come in found]


def _cut(playlist_id: int, first: int) -> int:
    """Let a playlist's log begin at revision `first`, with a checkpoint of what was before. Returns the deleted events.

    The checkpoint comes first, so that whatever the log still has can be told at any time. If it has to wait for too
    long, the log stays as it is until tomorrow.
    """
    try:
        with checkpoints.turn() as lease:
            checkpoints.checkpoint_at(lease, playlist_id, first - 1)
    except LostTurn:
        logger.warning("The log of playlist %d is not cut today: other processes make checkpoints", playlist_id)
        return 0
    deleted = _delete(Event.objects.filter(playlist=playlist_id, revision__lt=first))
    _delete(Checkpoint.objects.filter(playlist=playlist_id, revision__lt=first - 1))
    return deleted


def _delete(rows: QuerySet[ModelT]) -> int:
    """Delete from the oldest on, so that neither a reader nor a crash in between sees a gap."""
    deleted = 0
    while chunk := list(rows.order_by("pk").values_list("pk", flat=True)[:_CHUNK]):
        deleted += rows.model._default_manager.filter(pk__in=chunk).delete()[0]
    return deleted
