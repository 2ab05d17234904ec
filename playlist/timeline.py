"""The clock of the timeline, and its steps, measured against a monotonic clock.

`started_at_ms` is a time of the database's clock, which an operator, NTP or a machine that was suspended may set while
a song plays. The time that a song has played must not be the difference of two such times: each process watches the
clock against its own monotonic one, and knows how far it has stepped since the process first saw the song's start.

All processes count the steps together (clock.py), so that nobody takes a time from before a step for one from after it.
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

    clock_ms: float
    earliest: float
    latest: float


class Start(NamedTuple):
    """A song's start by the clock, and the total step of the clock when the start was first seen."""

    started_at_ms: int
    stepped_ms: int


class Told(NamedTuple):
    """The clock as clients are told it: Unix milliseconds minus monotonic ones, and the count of its steps."""

    offset_ms: float
    clock: int


class Timeline:
    """One process's view of the clock. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: Reading | None = None
        self._stepped_ms = 0
        self._starts: OrderedDict[int, Start] = OrderedDict()
        self._offset_ms: float | None = None
        self._told: Told | None = None
        self._is_settled = False

    @property
    def stepped_ms(self) -> int:
        """How far the clock has stepped in all since this process first looked at it."""
        return self._stepped_ms

    @property
    def clock(self) -> int | None:
        """The count of the clock's steps, of all processes, as of the last time it was settled; None before."""
        return self._told.clock if self._told is not None else None

    @property
    def is_settled(self) -> bool:
        """Whether no step was seen since the count was last settled."""
        return self._is_settled

    def settle(self, clock: int, stepped_ms: int) -> None:
        """From now on tell the clock under this count, which is right unless it has stepped further than that."""
        with self._lock:
            if self._offset_ms is not None and self._stepped_ms == stepped_ms:
                self._told = Told(self._offset_ms, clock)
                self._is_settled = True

    def told(self, at: float) -> tuple[int, int]:
        """The clock at a monotonic second, in Unix milliseconds, and its count.

        Until a step is settled, it is the clock of before the step. Needs no query; `settle` must have been called.
        """
        told = self._told
        assert told is not None
        return round(1000 * at + told.offset_ms), told.clock

    def observe(self, reading: Reading) -> None:
        """Compare a reading of the clock with the last one."""
        with self._lock:
            last = self._last
            if last is not None:
                least = last.clock_ms + 1000 * (reading.earliest - last.latest) - STEP_MS
                most = last.clock_ms + 1000 * (reading.latest - last.earliest) + STEP_MS
                if reading.clock_ms < least:
                    self._stepped(reading.clock_ms - least - STEP_MS)
                elif reading.clock_ms > most:
                    self._stepped(reading.clock_ms - most + STEP_MS)
                elif reading.latest - reading.earliest > STEP_MS / 1000:
                    return  # the query waited, perhaps for a lock: too imprecise to compare the next reading with
            self._last = reading
            self._narrow(reading)

    def _stepped(self, by_ms: float) -> None:
        self._stepped_ms += round(by_ms)
        self._offset_ms = None
        self._is_settled = False

    def _narrow(self, reading: Reading) -> None:
        """Correct the offset as far as this reading proves it wrong: a slow query proves little."""
        least = reading.clock_ms - 1000 * reading.latest
        most = reading.clock_ms - 1000 * reading.earliest
        guess = self._offset_ms if self._offset_ms is not None else (least + most) / 2
        self._offset_ms = min(max(guess, least), most)
        if self._is_settled and self._told is not None:
            self._told = Told(self._offset_ms, self._told.clock)

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

    def knows(self, playlist_id: int, started_at_ms: int | None) -> bool:
        """Whether this process has seen that start."""
        known = self._starts.get(playlist_id)
        return known is not None and known.started_at_ms == started_at_ms

    def known(self) -> list[int]:
        """The ids of the playlists of which this process has seen the start of the current song."""
        with self._lock:
            return list(self._starts)

    def known_before_step(self) -> list[int]:
        """Those of them that started before the clock was last set."""
        with self._lock:
            return [pk for pk, start in self._starts.items() if start.stepped_ms != self._stepped_ms]


#: The timeline of this process.
timeline = Timeline()
