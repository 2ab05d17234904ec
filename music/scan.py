"""One scan: walk, compare, read, match, write. What a killed scan has written stands, and the next one goes on."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from django.db import DataError, IntegrityError, OperationalError, connection
from django.db.models import Q

from music.compare import Difference, difference
from music.files import settle
from music.identity import Mark
from music.matching import Matching
from music.models import AudioFile, Scan
from music.reading import Ask, Reading
from music.state import FAILURES_KEPT, Failure, Overtaken, Progress, hold
from music.store import Arrival, Written, mark_of_file, prepared, write
from music.walk import is_gone
from playlist import library
from playlist.bulk import BulkWriter
from playlist.clock import database_now

logger = logging.getLogger(__name__)

T = TypeVar("T")

_REFUSED = "The database refuses what stands in its tags."

_READ_AT_ONCE = 1000
#: Seconds after which a transaction is tried again that found the database locked, or was too slow for it.
_AGAIN_SECONDS = (1.0, 5.0, 20.0)


class Reader(Protocol):
    def read(self, asks: Iterable[Ask]) -> Iterator[Reading]: ...


class Stopped(Exception):
    """The process is to stop; the scan is not over."""


class Scanning:
    """A scan that this thread runs."""

    def __init__(
        self,
        scan: Scan,
        readers: Reader,
        writer: BulkWriter,
        progress: Progress,
        *,
        is_stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._scan = scan
        self._readers = readers
        self._writer = writer
        self._progress = progress
        self._is_stopping = is_stopping

    def run(self, roots: Iterable[bytes], skipped: Collection[bytes], covers: Collection[str]) -> None:
        """Bring the library to what lies in these folders. Raises Stopped or Overtaken; what is written then stands."""
        self._in_batches(_deleted_by_people(), _hide)
        found = difference(roots, skipped, self._progress, covers)
        unreadable = list(self._progress.failed), self._progress.failures
        self._in_batches(found.returned, _come_back)
        if found.asks:
            self._read(found)
        self._in_batches(found.vanished, _vanish)
        self._tell_failures(*unreadable)

    def _read(self, found: Difference) -> None:
        matching = Matching(_gone(found), found.changed)
        ready: list[Arrival] = []
        for reading in self._readers.read(found.asks):
            self._go_on()
            self._progress.done += 1
            if reading.reason:
                self._progress.fail(reading.path, reading.reason)
            arrival = matching.arrival(reading)
            if arrival is not None:
                ready.append(arrival)
            if len(ready) >= self._writer.rows:
                self._write(ready)
                ready = []
        for lot in self._lots([*ready, *matching.rest()]):
            self._write(lot)

    def _write(self, arrivals: Sequence[Arrival]) -> None:
        """Write these files; one that the database refuses, whatever stands in it, costs only itself."""
        try:
            self._commit(prepared(arrivals), write)
        except (DataError, IntegrityError, ValueError) as error:
            if len(arrivals) > 1:
                for each in arrivals:
                    self._write([each])
                return
            (refused,) = (each.reading for each in arrivals)
            if refused.reason:
                raise
            logger.warning("%r is left out: %s", refused.path, error)
            self._progress.fail(refused.path, _REFUSED)
            nameless = Reading(path=refused.path, size=refused.size, mtime_ns=refused.mtime_ns, reason=_REFUSED)
            self._commit(prepared([Arrival(nameless)]), write)

    def _in_batches(self, what: Sequence[T], work: Callable[[Sequence[T], datetime], Written]) -> None:
        for lot in self._lots(what):
            self._commit(lot, work)

    def _lots(self, what: Sequence[T]) -> Iterator[Sequence[T]]:
        """As many of these at a time as a transaction may have."""
        start = 0
        while start < len(what):
            lot = what[start : start + self._writer.rows]
            yield lot
            start += len(lot)

    def _commit(self, what: Sequence[T], work: Callable[[Sequence[T], datetime], Written]) -> None:
        written = self._patiently(lambda: self._transaction(what, work))
        self._progress.added += written.added
        self._progress.changed += written.changed
        self._progress.missing += written.missing
        library.tell_holders(written.track_ids)

    def _transaction(self, what: Sequence[T], work: Callable[[Sequence[T], datetime], Written]) -> Written:
        self._go_on()
        with self._writer.transaction(len(what)):
            hold(self._scan)
            return work(what, database_now())

    def _patiently(self, work: Callable[[], Written]) -> Written:
        """Do it, again after a while where the database was too busy for it, which must not end an hour's scan.

        Not where the connection is gone: then nobody knows whether the commit was made.
        """
        for seconds in _AGAIN_SECONDS:
            try:
                return work()
            except OperationalError as error:
                if not connection.is_usable():
                    raise
                logger.warning("The scan writes again in %.0f seconds: %s", seconds, error)
                self._wait(seconds)
        return work()

    def _wait(self, seconds: float) -> None:
        """Raises Stopped or Overtaken, as soon as it should."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._go_on()
            time.sleep(min(left, 0.5))

    def _go_on(self) -> None:
        """Raises Stopped or Overtaken."""
        if self._is_stopping():
            raise Stopped
        if self._progress.is_lost:
            raise Overtaken

    def _tell_failures(self, unreadable: list[Failure], count: int) -> None:
        """Count what is no music by now, also what earlier scans found."""
        files = AudioFile.objects.filter(missing_since__isnull=True).exclude(reason="")
        self._progress.failures = count + files.count()
        shown = [Failure(file.shown_path, file.reason) for file in files.order_by("pk")[:FAILURES_KEPT]]
        self._progress.failed = [*unreadable, *shown][:FAILURES_KEPT]


def _deleted_by_people() -> list[int]:
    """The files of tracks that were deleted since the last scan: a deletion takes the track away from its files."""
    files = AudioFile.objects.filter(track__isnull=True, reason="", hidden=False)
    return list(files.values_list("pk", flat=True))


def _hide(ids: Sequence[int], now: datetime) -> Written:
    AudioFile.objects.filter(pk__in=ids, track__isnull=True).update(hidden=True)
    return Written()


def _come_back(ids: Sequence[int], now: datetime) -> Written:
    """These files lie where they lay, and are as they were."""
    files = AudioFile.objects.filter(pk__in=ids)
    files.update(missing_since=None)
    tracks = set(files.exclude(track=None).values_list("track_id", flat=True))
    settle(tracks, now)
    return Written(changed=len(tracks), track_ids=tracks)


def _vanish(ids: Sequence[int], now: datetime) -> Written:
    """These files are gone from their paths, but for those that the scan has found elsewhere by now."""
    gone = [file for file in AudioFile.objects.filter(pk__in=ids) if is_gone(bytes(file.path))]
    AudioFile.objects.filter(pk__in=[file.pk for file in gone if file.track_id is None and not file.hidden]).delete()
    AudioFile.objects.filter(pk__in=[file.pk for file in gone]).update(missing_since=now)
    tracks = {file.track_id for file in gone if file.track_id is not None}
    return Written(missing=settle(tracks, now), track_ids=tracks)


def _gone(found: Difference) -> Iterator[tuple[Mark, str]]:
    """The files that are not where they were, and those that may be others by now, and of which track they are."""
    ids = [*found.missing, *found.vanished, *found.changed.values()]
    for start in range(0, len(ids), _READ_AT_ONCE):
        files = AudioFile.objects.filter(pk__in=ids[start : start + _READ_AT_ONCE])
        for file in files.filter(Q(track__isnull=False) | Q(hidden=True)).order_by("pk"):
            yield mark_of_file(file), file.track_id or f"hidden {file.pk}"
