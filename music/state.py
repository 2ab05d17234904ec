"""The row of a scan tells that it is wanted, which process runs it, and how far it is. All processes read it.

One scan runs at a time, which a constraint sees to. Its process shows a sign of life every second; when that is old,
the process has died, and the next one takes the scan over. So nothing has to be cleaned up after a crash.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import msgspec
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Q
from msgspec import Struct

from music.models import Scan
from playlist import bulk, sql
from playlist.clock import database_now

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
BEAT_SECONDS = 1.0
#: The failures that are kept with their reasons.
FAILURES_KEPT = 100
#: Scans of the past that are kept.
_KEPT = 20


class Overtaken(Exception):
    """Another process runs this scan by now, since this one was silent for too long."""


class Failure(Struct, frozen=True):
    """A file or folder that is no music, or could not be read."""

    path: str
    reason: str


class Progress:
    """How far a scan is. One thread counts, another one keeps it in the row."""

    def __init__(self) -> None:
        self.found = self.done = self.added = self.changed = self.missing = self.failures = 0
        self.failed: list[Failure] = []
        self.is_lost = False

    def __str__(self) -> str:
        return (
            f"{self.found} files; {self.added} new tracks, {self.changed} files changed, "
            f"{self.missing} tracks missing, {self.failures} without music"
        )

    @property
    def has_news(self) -> bool:
        """Whether the library is another one now."""
        return bool(self.added or self.changed or self.missing)

    def so_far(self) -> tuple[int, int]:
        return self.done, self.found

    def fail(self, path: bytes, reason: str) -> None:
        self.failures += 1
        if len(self.failed) < FAILURES_KEPT:
            self.failed.append(Failure(path.decode("utf-8", "replace"), reason))

    def columns(self) -> dict[str, object]:
        counted = {name: getattr(self, name) for name in ("found", "done", "added", "changed", "missing", "failures")}
        return {**counted, "failed_json": msgspec.json.encode(self.failed).decode()}


def request(folders: Iterable[bytes] = ()) -> Scan:
    """Ask for a scan, of these folders beside those of MUSIC_DIR; one that waits already serves everybody."""
    wanted = b"\0".join(folders)
    with bulk.turn(), transaction.atomic():
        waiting = Scan.objects.filter(state=Scan.State.REQUESTED, folders=wanted).first()
        return waiting or Scan.objects.create(requested_at=database_now(), folders=wanted)


def folders_of(scan: Scan) -> list[bytes]:
    return [folder for folder in bytes(scan.folders).split(b"\0") if folder]


def claim() -> Scan | None:
    """The oldest scan that is asked for or was left behind, which this thread is to run; None if there is none to run.

    Only one process gets it.
    """
    now = database_now()
    _take_from_the_dead(now)
    waiting = Scan.objects.filter(state=Scan.State.REQUESTED).order_by("pk").first()
    if waiting is None or is_running():
        return None
    runner = secrets.token_hex(16)
    begun = {"state": Scan.State.SCANNING, "runner": runner, "heartbeat": now, "started_at": now}
    try:
        with bulk.turn(), transaction.atomic():
            mine = Scan.objects.filter(pk=waiting.pk, state=Scan.State.REQUESTED).update(**begun)
    except IntegrityError:  # another one began just now
        return None
    return Scan.objects.get(pk=waiting.pk) if mine else None


def is_running() -> bool:
    """Whether a process runs a scan, and gives signs of life."""
    return Scan.objects.filter(state=Scan.State.SCANNING).exclude(_dead(database_now())).exists()


def is_wanted() -> bool:
    """Whether there is anything for `claim`."""
    return Scan.objects.filter(Q(state=Scan.State.REQUESTED) | _dead(database_now())).exists()


def _dead(now: datetime) -> Q:
    """A sign of life in the future comes from a clock that was wrong."""
    return Q(state=Scan.State.SCANNING) & ~Q(heartbeat__range=(now - LEASE, now + LEASE))


def _take_from_the_dead(now: datetime) -> None:
    dead = Scan.objects.filter(_dead(now))
    if dead.exists():
        with bulk.turn():
            dead.update(state=Scan.State.REQUESTED, runner="")


def hold(scan: Scan) -> None:
    """Within a transaction: see to it that this scan is still ours until the commit. Raises Overtaken."""
    if sql.rows(Scan, ("runner",), f"id = %s{sql.locking()}", [scan.pk]) != [(scan.runner,)]:
        raise Overtaken


@contextmanager
def heartbeat(scan: Scan, progress: Progress) -> Iterator[None]:
    """Keep the row up to date while the scan runs, on a thread of its own: reading one file may take long."""
    done = threading.Event()
    thread = threading.Thread(target=_beat, args=(scan, progress, done), name="scan-heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _beat(scan: Scan, progress: Progress, done: threading.Event) -> None:
    try:
        while not done.wait(BEAT_SECONDS):
            try:
                progress.is_lost = not _update(scan, heartbeat=database_now(), **progress.columns())
            except DatabaseError as error:
                logger.warning("The scan could not tell how far it is: %s", error)
                connection.close()
    finally:
        connection.close()


def finish(scan: Scan, progress: Progress, reason: str = "") -> None:
    """The scan is over; a `reason` says why it failed. Forgets the scans of long ago."""
    state = Scan.State.FAILED if reason else Scan.State.DONE
    _update(scan, state=state, finished_at=database_now(), reason=reason[:500], **progress.columns())
    kept = Scan.objects.order_by("-pk").values_list("pk", flat=True)[:_KEPT]
    Scan.objects.filter(pk__lt=min(kept), state__in=(Scan.State.DONE, Scan.State.FAILED)).delete()


def give_back(scan: Scan) -> None:
    """The process stops: the next one that starts goes on with this scan."""
    _update(scan, state=Scan.State.REQUESTED, runner="")


def _update(scan: Scan, **columns: object) -> bool:
    with bulk.turn():
        return Scan.objects.filter(pk=scan.pk, runner=scan.runner).update(**columns) == 1
