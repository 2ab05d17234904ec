"""Steps of the clock, seen by a clock that takes none.

`started_at_ms` is a time of the database's clock, which an operator, NTP or a machine that was suspended may set while
a song plays. What a song has lasted must not be the difference of two such times: each process watches the clock
against its own monotonic one, and knows how far the clock has stepped since it first saw that a song had started.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import NamedTuple

#: What differs by more than this is a step; less than that is drift, and what a slow query costs.
STEP_MS = 1_000
#: Songs whose start is remembered, one a playlist; the longest unseen are forgotten first.
STARTS_KEPT = 10_000


class Reading(NamedTuple):
    """The clock in Unix milliseconds, and the monotonic seconds between which it was read."""

    clock_ms: int
    earliest: float
    latest: float


class Start(NamedTuple):
    """When a song started by the clock, and how far the clock had stepped when that was first seen."""

    started_at_ms: int
    stepped_ms: int


class Timeline:
    """What one process knows of the clock. Safe to use from any thread."""

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
                    return  # it waited, for a lock perhaps: too vague to compare the next one with
            self._last = reading

    def note(self, playlist_id: int, started_at_ms: int | None) -> None:
        """Remember that what plays there started then (None: nothing plays), unless that is known already."""
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
        """How far the clock has stepped since that start; 0 where this process has not seen it."""
        with self._lock:
            known = self._starts.get(playlist_id)
            if known is None or known.started_at_ms != started_at_ms:
                return 0
            return self._stepped_ms - known.stepped_ms


#: Of this process.
timeline = Timeline()
