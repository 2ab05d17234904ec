"""Steps of the clock, measured against a monotonic clock.

`started_at_ms` is a time of the database's clock, which an operator, NTP or a machine that was suspended may set while
a song plays. The time that a song has played must not be the difference of two such times: each process watches the
clock against its own monotonic one, and knows how far it has stepped since the process first saw the song's start.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import NamedTuple

#: A larger difference is a step; a smaller one is drift or a slow query.
STEP_MS = 1_000
#: Remembered song starts, one per playlist; the longest unseen are forgotten first.
STARTS_KEPT = 10_000


class Reading(NamedTuple):
    """The clock in Unix milliseconds, and the monotonic seconds between which it was read."""

    clock_ms: int
    earliest: float
    latest: float


class Start(NamedTuple):
    """A song's start by the clock, and the total step of the clock when the start was first seen."""

    started_at_ms: int
    stepped_ms: int


class Timeline:
    """One process's view of the clock. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: Reading | None = None
        self._stepped_ms = 0
        self._starts: OrderedDict[int, Start] = OrderedDict()

    @property
    def stepped_ms(self) -> int:
        """How far the clock has stepped in all since this process first looked at it."""
        return self._stepped_ms

    def observe(self, reading: Reading) -> None:
        """Compare a reading of the clock with the last one."""
        with self._lock:
            last = self._last
            if last is not None:
                least = last.clock_ms + 1000 * (reading.earliest - last.latest) - STEP_MS
                most = last.clock_ms + 1000 * (reading.latest - last.earliest) + STEP_MS
                if reading.clock_ms < least:
                    self._stepped_ms += round(reading.clock_ms - least - STEP_MS)
                elif reading.clock_ms > most:
                    self._stepped_ms += round(reading.clock_ms - most + STEP_MS)
                elif reading.latest - reading.earliest > STEP_MS / 1000:
                    return  # the query waited, perhaps for a lock: too imprecise to compare the next reading with
            self._last = reading

    def note(self, playlist_id: int, started_at_ms: int | None) -> None:
        """Remember the start of the playlist's current song (None: nothing plays), unless it is known already."""
        with self._lock:
            known = self._starts.pop(playlist_id, None)
            if started_at_ms is None:
                return
            if known is None or known.started_at_ms != started_at_ms:
                known = Start(started_at_ms, self._stepped_ms)
            self._starts[playlist_id] = known
            if len(self._starts) > STARTS_KEPT:
                self._starts.popitem(last=False)

    def shift_ms(self, playlist_id: int, started_at_ms: int | None) -> int:
        """How far the clock has stepped since that start; 0 if this process has not seen the start."""
        with self._lock:
            known = self._starts.get(playlist_id)
            if known is None or known.started_at_ms != started_at_ms:
                return 0
            return self._stepped_ms - known.stepped_ms


#: The timeline of this process.
timeline = Timeline()
