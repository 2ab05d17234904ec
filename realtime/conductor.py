"""Plays on by itself: when the current track of a watched playlist ends, the next one starts.

Every process that watches sets a timer and submits the same command; the playlist's lock lets one of them have its
effect, and the database's clock decides whether it is time. No leader, no double skip.
"""

from __future__ import annotations

import asyncio
import logging

from django.db import DatabaseError

from playlist import types
from playlist.errors import DomainError
from playlist.identity import SYSTEM
from playlist.reading import read
from playlist.selectors import playback
from playlist.selectors.playback import Running
from playlist.types import LogLine
from playlist.writer import Submission, get_writer
from realtime.fanout import Fanout
from realtime.room import Room

logger = logging.getLogger(__name__)

#: What may change when the current track ends.
_RELEVANT = {"track.playing", "playback.changed", "track.updated", "track.removed"}
#: After asking too early (the clocks disagree) or in vain (the database is away).
_RETRY_SECONDS = 0.25


class Conductor:
    """One timer for each watched playlist that plays."""

    def __init__(self, fanout: Fanout) -> None:
        self._fanout = fanout
        self._timers: dict[int, asyncio.Task[None]] = {}
        fanout.on_room_opened.append(self._watch)
        fanout.on_delivered.append(self._delivered)
        fanout.on_members_changed.append(self._left)

    def _delivered(self, room: Room, lines: list[LogLine]) -> None:
        # A room that was left may still read on, while the playlist has got another one.
        if self._is_watched(room) and any(line.type in _RELEVANT for line in lines):
            self._watch(room)

    def _left(self, room: Room) -> None:
        """Nobody is there any more: then nobody waits for the end of a track, either."""
        if not room.members and self._is_watched(room):
            self._forget(room)

    def _is_watched(self, room: Room) -> bool:
        return self._fanout.rooms.get(room.playlist_id) is room

    def _forget(self, room: Room) -> None:
        timer = self._timers.pop(room.playlist_id, None)
        if timer is not None:
            timer.cancel()

    def _watch(self, room: Room) -> None:
        """Look at the playlist anew and wait for its end."""
        self._forget(room)
        self._timers[room.playlist_id] = self._fanout.spawn(self._conduct(room))

    async def _conduct(self, room: Room) -> None:
        """Until nothing plays, somebody listens no more, or the log tells of something new (then `_watch` again)."""
        while self._is_watched(room):
            try:
                running = await read(playback.running, room.playlist_id)
                if running is None:
                    return
                if running.ends_in_seconds <= 0:
                    await self._end(room, running)
                    await asyncio.sleep(_RETRY_SECONDS)
                else:
                    await asyncio.sleep(running.ends_in_seconds)
            except (DatabaseError, DomainError) as error:
                logger.warning("Playlist %d could not be played on: %s", room.playlist_id, error)
                await asyncio.sleep(4 * _RETRY_SECONDS)

    async def _end(self, room: Room, running: Running) -> None:
        command = types.PlaybackEnded(item_id=running.item_id, started_at_ms=running.started_at_ms)
        await asyncio.wrap_future(get_writer().submit(room.playlist_id, Submission(SYSTEM, (command,))))
