"""Starts the next track of a watched playlist when the current one ends, and music where there was none for a while.

Every process with readers sets a timer and submits the same command. The playlist's lock lets one of them take
effect, and the database's clock decides whether it is time: no leader, no double skip.
"""

from __future__ import annotations

import asyncio
import logging

from django.db import DatabaseError

from playlist import types
from playlist.clock import clock_settle
from playlist.errors import DomainError
from playlist.identity import SYSTEM
from playlist.life import LIFE_SECONDS, life_mark
from playlist.reading import read
from playlist.selectors.fallback import finds_song
from playlist.selectors.playback import Running, running, waits_dry
from playlist.timeline import timeline
from playlist.types import LogLine
from playlist.writer import Submission, get_writer
from realtime.fanout import Fanout
from realtime.feed import Feed
from realtime.regularly import regularly

logger = logging.getLogger(__name__)

#: Events that may change when the current track ends, or whether there is a song for a dry playlist.
_RELEVANT = {
    "track.playing",
    "playback.changed",
    "track.updated",
    "track.removed",
    "playlist.updated",
    "blocked.changed",
}
#: The pause after asking too early, as the clocks disagree, and while the database is away.
_RETRY_SECONDS, _TROUBLE_SECONDS = 0.25, 1.0
#: How often a song is looked for where none fitted: one may be old enough, or new in the library, by then.
_DRY_SECONDS = 10.0
#: How often the clock is read.
_CLOCK_SECONDS = 2.0
#: How long a new process lets people wait for its first reading.
_FIRST_CLOCK_SECONDS = 10.0


class Conductor:
    """One timer for each watched playlist that plays."""

    def __init__(self, fanout: Fanout) -> None:
        self._fanout = fanout
        self._timers: dict[int, asyncio.Task[None]] = {}
        #: Playlists in which nothing plays, and for which no song is looked for before somebody listens.
        self._unheard: set[int] = set()
        #: Set once the clock has been read.
        self._knows_clock = asyncio.Event()
        fanout.on_opened.append(self._watch)
        fanout.on_delivered.append(self._delivered)
        fanout.on_readers_changed.append(self._readers_changed)
        fanout.on_speaker_changed.append(self._speaker_changed)
        fanout.on_closed.append(self._forget)
        self._seen_step_ms = timeline.stepped_ms
        fanout.spawn(regularly(self._watch_clock, _CLOCK_SECONDS, "The clock cannot be read"))
        fanout.spawn(regularly(self._mark, LIFE_SECONDS, "What plays cannot be marked as alive"))

    async def clock_known(self) -> None:
        """Wait for the first reading of the clock: before, nobody can be told the time. Raises UNAVAILABLE."""
        if self._knows_clock.is_set():
            return
        try:
            async with asyncio.timeout(_FIRST_CLOCK_SECONDS):
                await self._knows_clock.wait()
        except TimeoutError:
            raise DomainError("UNAVAILABLE", "The database does not tell the time.") from None

    async def _watch_clock(self) -> None:
        """Read the clock. Once it was set, move the start of everything that plays along."""
        await read(clock_settle)
        self._knows_clock.set()
        if timeline.stepped_ms != self._seen_step_ms:
            logger.warning("The clock was set by %+.1f s.", (timeline.stepped_ms - self._seen_step_ms) / 1000)
            self._seen_step_ms = timeline.stepped_ms
            for playlist_id in {*self._fanout.feeds, *timeline.known_before_step()}:
                self._fanout.spawn(self._look(playlist_id))

    async def _mark(self) -> None:
        """Leave a sign of life of what plays, by which it is found again after a crash."""
        heard = {playlist_id for playlist_id, feed in self._fanout.feeds.items() if feed.speakers}
        try:
            await read(life_mark, heard)
        except DatabaseError as error:
            logger.warning("What plays could not be marked as alive: %s", error)

    def _speaker_changed(self, feed: Feed) -> None:
        if len(feed.speakers) == 1:
            self._fanout.spawn(self._heard(feed))

    def _readers_changed(self, feed: Feed) -> None:
        if feed.playlist_id in self._unheard and feed.has_listeners:
            self._watch(feed)

    async def _heard(self, feed: Feed) -> None:
        """The first speaker is on: from now on silence is passed over."""
        await self._mark()
        if self._is_watched(feed):
            self._watch(feed)

    async def _look(self, playlist_id: int) -> None:
        """Bring a playlist to where it is by the clock, also if nobody listens."""
        try:
            current = await read(running, playlist_id)
            if current is not None and current.is_behind:
                await _end(playlist_id, current)
        except (DatabaseError, DomainError) as error:
            logger.warning("Playlist %d does not follow the clock: %s", playlist_id, error)

    def _delivered(self, feed: Feed, lines: list[LogLine]) -> None:
        # A feed without readers may still be reading while the playlist has a new one.
        if self._is_watched(feed) and any(line.type in _RELEVANT for line in lines):
            self._watch(feed)
        if self._is_watched(feed) and feed.has_listeners and any(line.type == "track.added" for line in lines):
            self._fanout.spawn(self._wake(feed))

    async def _wake(self, feed: Feed) -> None:
        """Play what was added to a playlist that ran dry, as somebody listens here."""
        try:
            if await read(waits_dry, feed.playlist_id):
                await _submit(feed.playlist_id, types.PlaybackWake())
        except (DatabaseError, DomainError) as error:
            logger.warning("Playlist %d could not be woken: %s", feed.playlist_id, error)

    def _is_watched(self, feed: Feed) -> bool:
        return self._fanout.feeds.get(feed.playlist_id) is feed

    def _forget(self, feed: Feed) -> None:
        self._unheard.discard(feed.playlist_id)
        timer = self._timers.pop(feed.playlist_id, None)
        if timer is not None:
            timer.cancel()

    def _watch(self, feed: Feed) -> None:
        """Look at the playlist again and wait for the end of its track."""
        self._forget(feed)
        self._timers[feed.playlist_id] = self._fanout.spawn(self._conduct(feed))

    async def _conduct(self, feed: Feed) -> None:
        """Play on until nothing is to play or the feed is closed; `_watch` replaces this when there is news."""
        while self._is_watched(feed):
            try:
                wait_seconds = await self._play_on(feed)
            except (DatabaseError, DomainError) as error:
                logger.warning("Playlist %d could not be played on: %s", feed.playlist_id, error)
                wait_seconds = _TROUBLE_SECONDS
            except Exception:
                logger.exception("Playlist %d could not be played on", feed.playlist_id)
                wait_seconds = _TROUBLE_SECONDS
            if wait_seconds is None:
                return
            await asyncio.sleep(wait_seconds)

    async def _play_on(self, feed: Feed) -> float | None:
        """Start what follows if it is time.

        Returns the seconds until the next look; None if the log will tell, or the first listener.
        """
        current = await read(running, feed.playlist_id)
        if current is None and not feed.has_listeners:
            self._unheard.add(feed.playlist_id)
            return None
        if current is None:
            has_found = await read(finds_song, feed.playlist_id)
            if has_found is None:
                return None
            if has_found and feed.has_listeners:
                await _submit(feed.playlist_id, types.PlaybackWake())
            return _DRY_SECONDS
        if current.ends_in_seconds <= 0 or current.is_behind:
            await _end(feed.playlist_id, current)
            return _RETRY_SECONDS
        return current.ends_in_seconds


async def _end(playlist_id: int, current: Running) -> None:
    """Any submission first follows the clock and the plan; this one starts what follows, if the item is over."""
    await _submit(playlist_id, types.PlaybackEnded(item_id=current.item_id, started_at_ms=current.started_at_ms))


async def _submit(playlist_id: int, command: types.PlaybackEnded | types.PlaybackWake) -> None:
    await asyncio.wrap_future(get_writer().submit(playlist_id, Submission(SYSTEM, (command,))))
