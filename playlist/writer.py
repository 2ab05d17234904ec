"""The one door for writes. `submit` returns a future; a few threads of the writer commit the submissions.

Natural batching: the submissions that arrive for a playlist while a batch commits form its next batch. There is no
timer: a lone submission is committed at once, and the busier the playlist, the more submissions share a commit.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, deque
from concurrent.futures import Future, InvalidStateError
from concurrent.futures import TimeoutError as FutureTimeout
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from msgspec.structs import replace

from playlist import commit, metrics, nudge, present
from playlist.errors import DomainError, unavailable
from playlist.reading import release_connection
from playlist.submissions import Outcome, Result, Submission
from playlist.types import LogLine, PlaybackSkip

__all__ = ["Outcome", "Submission", "Writer", "get_writer"]

logger = logging.getLogger(__name__)


class Waiting(NamedTuple):
    submission: Submission
    future: Future[Outcome]


class Writer:
    """Queues of submissions, one per playlist, and the threads that commit them.

    One thread at a time works on a playlist. A submission is either withdrawn (its future cancelled) or claimed by a
    batch, never both.
    """

    def __init__(self, threads: int, batch_limit: int, queue_limit: int) -> None:
        self._threads_wanted = threads
        self._batch_limit = batch_limit
        self._queue_limit = queue_limit
        self._queues: dict[int, deque[Waiting]] = {}
        self._ready: deque[int] = deque()
        self._queued = 0
        self._threads: list[threading.Thread] = []
        self._closing = False
        self._changed = threading.Condition()

    def submit(self, playlist_id: int, submission: Submission) -> Future[Outcome]:
        """Queue a submission. The future returns its Outcome or raises its DomainError.

        Never blocks. Raises UNAVAILABLE at once if the queue is full, the writer closed, or no thread can be had.
        """
        if any(isinstance(command, PlaybackSkip) for command in submission.commands):
            submission = replace(submission, present=present.people_in(playlist_id))
        future: Future[Outcome] = Future()
        with self._changed:
            if self._closing or self._queued >= self._queue_limit:
                raise unavailable()
            if playlist_id in self._queues:
                self._queues[playlist_id].append(Waiting(submission, future))
            else:
                self._start_thread()
                self._queues[playlist_id] = deque([Waiting(submission, future)])
                self._ready.append(playlist_id)
                self._changed.notify()
            self._queued += 1
            metrics.WRITER_QUEUE.set(self._queued)
        return future

    def submit_and_wait(self, playlist_id: int, submission: Submission) -> Outcome:
        """Submit and wait for the outcome, on a thread that may block. Raises its DomainError, or UNAVAILABLE.

        Returns this thread's database connection to the pool first: the writer needs one while callers wait.
        """
        release_connection()
        future = self.submit(playlist_id, submission)
        try:
            return future.result(timeout=settings.WRITE_TIMEOUT_SECONDS)
        except FutureTimeout:
            future.cancel()
            raise unavailable() from None

    def close(self) -> None:
        """Refuse new submissions, commit the queued ones, and end the threads."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            threads = list(self._threads)
        for thread in threads:
            thread.join()

    def _start_thread(self) -> None:
        """Start a thread for one more queue, so that a process that only reads has none. Called under the lock.

        Raises UNAVAILABLE where the system has no thread left and none is there yet.
        """
        if len(self._threads) < min(self._threads_wanted, len(self._queues) + 1):
            name = f"writer-{len(self._threads)}"
            # Daemon threads do not delay the end of the process; acknowledged submissions are committed.
            thread = threading.Thread(target=self._work, name=name, daemon=True)
            try:
                thread.start()
            except RuntimeError as error:
                logger.warning("The writer goes on with %d threads: %s", len(self._threads), error)
                if not self._threads:
                    raise unavailable() from error
            else:
                self._threads.append(thread)

    def _work(self) -> None:
        while True:
            if not self._ready:
                # Only an idle thread returns its connection: fetching one costs a sixth of a small batch.
                _release_connection()
            with self._changed:
                while not self._ready:
                    if self._closing:
                        return
                    self._changed.wait()
                playlist_id = self._ready.popleft()
                claimed = self._claim(self._queues[playlist_id])
            try:
                self._commit(playlist_id, claimed)
            except Exception:
                # If the thread ended here, no other could ever work on its playlist.
                logger.exception("Playlist %d: a batch was left without answers", playlist_id)
                for waiting in claimed:
                    if not waiting.future.done():
                        _resolve(waiting.future, unavailable(outcome_unknown=True))
            with self._changed:
                # Back to the end of the line: a busy playlist must not starve the others.
                if self._queues[playlist_id]:
                    self._ready.append(playlist_id)
                    self._changed.notify()
                else:
                    del self._queues[playlist_id]

    def _claim(self, queue: deque[Waiting]) -> list[Waiting]:
        """Claim the next batch: its submissions can no longer be withdrawn. Called under the lock."""
        claimed: list[Waiting] = []
        while queue and len(claimed) < self._batch_limit:
            waiting = queue.popleft()
            self._queued -= 1
            try:
                if waiting.future.set_running_or_notify_cancel():
                    claimed.append(waiting)
            except RuntimeError:
                logger.exception("Another thread resolved a waiting submission")
        metrics.WRITER_QUEUE.set(self._queued)
        return claimed

    def _commit(self, playlist_id: int, claimed: list[Waiting]) -> None:
        if not claimed:
            return
        started_at = time.perf_counter()
        lines: list[LogLine] = []
        results = self._execute(playlist_id, [waiting.submission for waiting in claimed], lines)
        try:
            # Before the answers, so that the fan-out is under way when a caller reads its answer. The lines are not
            # only those of what was asked: time may have passed, and a song may have been added.
            revisions = [result.revision for result in results if isinstance(result, Outcome)]
            nudge.tell(playlist_id, max([*revisions, *(line.revision for line in lines)], default=0), lines)
            metrics.BATCH_SIZE.observe(len(claimed))
            metrics.BATCH_SECONDS.observe(time.perf_counter() - started_at)
            for outcome, count in Counter(_outcome(result) for result in results).items():
                metrics.SUBMISSIONS.labels(outcome).inc(count)
        finally:
            for waiting, result in zip(claimed, results, strict=True):
                _resolve(waiting.future, result)

    def _execute(self, playlist_id: int, submissions: list[Submission], lines: list[LogLine]) -> list[Result]:
        """Commit a batch and return one result for each submission. Never raises."""
        try:
            results = commit.execute(playlist_id, submissions, lines)
            if len(results) != len(submissions):
                raise RuntimeError(f"{len(submissions)} submissions got {len(results)} results")
        except DomainError as error:
            return [error] * len(submissions)
        except Exception:
            logger.exception("A batch of %d for playlist %d failed", len(submissions), playlist_id)
            connection.close()
            return [unavailable(outcome_unknown=True) for _ in submissions]
        return results


def _release_connection() -> None:
    try:
        release_connection()
    except Exception:
        logger.exception("An idle writer could not return its connection")


def _outcome(result: Result) -> str:
    return result.code if isinstance(result, DomainError) else "committed"


def _resolve(future: Future[Outcome], result: Result) -> None:
    try:
        if isinstance(result, DomainError):
            future.set_exception(result)
        else:
            future.set_result(result)
    except InvalidStateError:
        logger.exception("Another thread resolved a claimed submission")


_writer: Writer | None = None
_writer_lock = threading.Lock()


def get_writer() -> Writer:
    """The writer of this process."""
    global _writer
    with _writer_lock:
        if _writer is None:
            _writer = Writer(settings.WRITER_THREADS, settings.WRITER_BATCH_LIMIT, settings.WRITER_QUEUE_LIMIT)
        return _writer
