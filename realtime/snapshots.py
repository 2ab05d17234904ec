"""Shared snapshots of one playlist: read once and encoded once for all readers that come within a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from playlist import links, metrics, types
from playlist.clock import database_now
from playlist.reading import read
from playlist.selectors.snapshot import snapshot
from playlist.types import SnapshotReason
from realtime import encoding
from realtime.encoding import EncodedPages, Singles

#: Encoded snapshots that are kept at most.
PAGES_KEPT = 8
#: How long a snapshot is kept while nothing happens: no event tells that somebody has another name, or none.
KEPT_SECONDS = 60.0


class Taken(NamedTuple):
    """A snapshot, and when it was read by the database's clock."""

    snapshot: types.Snapshot
    at: datetime


def take(playlist_id: int) -> Taken:
    """Read the whole playlist at one revision. Raises PLAYLIST_NOT_FOUND."""
    return Taken(snapshot(playlist_id), database_now())


class Snapshots:
    """The newest snapshot of a playlist, with its encoded pages and its encoded whole list."""

    def __init__(self, playlist_id: int, leads_on: Callable[[int], bool]) -> None:
        """`leads_on(revision)`: whether all changes after a revision are in memory."""
        self._playlist_id = playlist_id
        self._leads_on = leads_on
        self._task: asyncio.Task[Taken] | None = None
        self._taken_at = 0.0
        self._pages: dict[tuple[str, SnapshotReason, str], EncodedPages] = {}
        self._whole_list: Singles | None = None

    async def get(self, revision: int, at_least: int) -> Taken:
        """A snapshot at `revision`, or one that is at most SNAPSHOT_WINDOW_SECONDS old.

        It is never older than the revision `at_least`: a reader must not go back.
        """
        loop = asyncio.get_running_loop()
        while True:
            task = self._task
            if task is None or (task.done() and not self._is_usable(task, revision, loop.time())):
                self.clear()
                metrics.SNAPSHOTS.inc()
                self._taken_at = loop.time()
                task = self._task = loop.create_task(read(take, self._playlist_id))
                task.add_done_callback(_look_at)
            taken = await asyncio.shield(task)
            if taken.snapshot.revision >= at_least:
                return taken
            if self._task is task:
                self.clear()

    def clear(self) -> None:
        """Forget the snapshot: the log does not go on from there, or a reader needs a newer one."""
        self._task, self._whole_list = None, None
        self._pages.clear()

    def _is_usable(self, task: asyncio.Task[Taken], revision: int, now: float) -> bool:
        if task.cancelled() or task.exception() is not None:
            return False
        taken = task.result().snapshot.revision
        age = now - self._taken_at
        if taken == revision:
            return age < KEPT_SECONDS
        return age < settings.SNAPSHOT_WINDOW_SECONDS and self._leads_on(taken)

    def pages(self, taken: Taken, reason: SnapshotReason, own_origin: str) -> EncodedPages:
        """The snapshot's pages, encoded once for all readers with the same reason and address."""
        whole = taken.snapshot
        key = (whole.stamp, reason, own_origin)
        pages = self._pages.get(key)
        if pages is None:
            if len(self._pages) >= PAGES_KEPT:
                self._pages.clear()  # callers choose the origin, and may invent many
            playlist = links.playlist_shown(whole.playlist, settings.PUBLIC_URL, own_origin)
            made = encoding.pages_of(whole, playlist, reason, settings.FRAME_OUT_BYTES)
            pages = self._pages[key] = EncodedPages(made)
        return pages

    def whole_list(self, taken: Taken) -> Singles:
        """The snapshot as one `playlist.reordered`, encoded once for all readers."""
        if self._whole_list is None or self._whole_list.revision != taken.snapshot.revision:
            self._whole_list = encoding.singles([encoding.whole_list_line(taken.snapshot, taken.at)], {})
        return self._whole_list


def _look_at(task: asyncio.Task[Taken]) -> None:
    """Callers of `get` raise the error; without one left, asyncio must not log it."""
    if not task.cancelled():
        task.exception()
