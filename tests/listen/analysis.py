"""Where in its track each window of a recording is: offsets against the server's plan, and between browsers.

Pure: a recording, its time base and the log in, numbers out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.signal import resample_poly

from tests.listen import tracks
from tests.listen.tracks import Samples

#: Recorded frames a second, and those that are compared.
RECORDED, COMPARED = 48_000, 12_000
WINDOW_SECONDS, HOP_SECONDS = 0.4, 0.25
#: How much is looked at on either side of a change.
JOINT_SECONDS = 0.25
#: How far around the expected place a window is looked for: near first, then far.
REACHES = (0.6, 6.0)
#: Correlation from which a window is found.
LOCKED = 0.5
#: Below this (−48 dBFS) a window is silent; the music is 30 dB louder.
SILENT = 0.004
#: Samples of 16 bits below this, for so many ms, are a hole: noise never has one.
HOLE_LEVEL, HOLE_MS = 8, 4.0


class TimeBase(Struct, frozen=True):
    """Frames of the recording ↔ wall clock, in seconds. `spread_ms` and `ppm` say how good that is."""

    base: float
    rate: float
    spread_ms: float
    ppm: float

    def wall(self, frame: float) -> float:
        return self.base + frame / self.rate

    def frame(self, wall: float) -> int:
        return round((wall - self.base) * self.rate)


class Piece(Struct, frozen=True):
    """A stretch in which one track is to be heard, in seconds of the wall clock."""

    title: str
    since: float
    until: float
    #: When its first sample was, or would have been, due.
    started: float
    #: Whether it follows a track that has played to its end.
    is_natural: bool


class Window(Struct, frozen=True):
    """What one browser is heard to play at one moment: `late_ms` against the plan, None if it was not found."""

    browser: int
    at: float
    title: str
    is_silent: bool
    late_ms: float | None


class Joint(Struct, frozen=True):
    """A natural change of tracks as one browser lets it be heard."""

    at: float
    #: The longest silence around it.
    silence_ms: float
    #: What comes after is so much later than what comes before, where one file holds both; negative: they overlap, or
    #: something is left out. None: one of them was not found.
    gap_ms: float | None


def time_base(stamps: Sequence[tuple[int, float]]) -> TimeBase:
    """From (frames so far, time of arrival): a line under the arrivals, since data can only come late.

    The slope is fitted, too: a null sink rounds each of its steps, and runs some 150 millionths fast.
    """
    frames, arrivals = np.array(stamps, dtype=float).T
    kept = frames > RECORDED
    frames, arrivals = frames[kept], arrivals[kept]
    origin = arrivals[0]
    times = arrivals - origin
    parts = np.array_split(np.arange(frames.size), max(2, int(times[-1] / 5)))
    earliest = np.array([part[np.argmin(times[part] - frames[part] / RECORDED)] for part in parts if part.size])
    for _ in range(3):  # the stretches in which everything came late tell nothing
        slope, base = np.polyfit(frames[earliest], times[earliest], 1)
        over = times[earliest] - slope * frames[earliest] - base
        if len(earliest) > 4:
            earliest = earliest[over < 1.5 * np.std(over) + 1e-4]
    over = times[earliest] - slope * frames[earliest]
    return TimeBase(origin + over.min(), 1 / slope, float(np.ptp(over)) * 1000, (1 / slope / RECORDED - 1) * 1e6)


def compared(sound: Samples, rate: int) -> Samples:
    """The sound at COMPARED frames a second."""
    common = int(np.gcd(rate, COMPARED))
    return np.asarray(resample_poly(sound, COMPARED // common, rate // common), dtype=np.float32)


def place(window: Samples, track: Samples) -> tuple[float, float]:
    """Where a window lies in a longer stretch, in frames and parts of them, and how well it fits there (0–1)."""
    size = 1 << int(np.ceil(np.log2(track.size + window.size)))
    spectrum = np.fft.rfft(track, size) * np.conj(np.fft.rfft(window, size))
    found = np.fft.irfft(spectrum, size)[: track.size - window.size + 1]
    energy = np.concatenate([[0.0], np.cumsum(track.astype(np.float64) ** 2)])
    norm = np.maximum(energy[window.size :] - energy[: -window.size], 1e-9) * float(window.astype(np.float64) @ window)
    fit = found / np.sqrt(np.maximum(norm, 1e-12))
    best = int(np.argmax(fit))
    between = 0.0
    if 0 < best < fit.size - 1:
        before, here, after = fit[best - 1 : best + 2]
        bend = before - 2 * here + after
        between = 0.5 * (before - after) / bend if bend else 0.0
    return best + between, float(fit[best])


class References:
    """The tracks as they are compared, by title."""

    def __init__(self, tunes: Sequence[tracks.Tune]) -> None:
        self.seconds = {tune.title: tune.seconds for tune in tunes}
        self._sounds = {tune.title: compared(tracks.sound_of(tune), tracks.RATE) for tune in tunes}

    def late_ms(self, titles: Sequence[str], window: Samples, expected: float) -> float | None:
        """By how much the window is late against `expected`, its place in one file that holds these tracks, in seconds.

        None: not found.
        """
        file = np.concatenate([self._sounds[title] for title in titles])
        for reach in REACHES:
            first = max(0, int((expected - reach) * COMPARED))
            stretch = file[first : int((expected + reach) * COMPARED) + window.size]
            if stretch.size <= window.size:
                return None
            at, fit = place(window, stretch)
            if fit > LOCKED:
                return (expected - (first + at) / COMPARED) * 1000
        return None


def windows(
    browser: int, sound: Samples, base: TimeBase, pieces: Sequence[Piece], references: References
) -> Iterator[Window]:
    """All windows of one browser; `sound` at RECORDED."""
    slow = compared(sound, RECORDED)
    scale, size = RECORDED // COMPARED, int(WINDOW_SECONDS * COMPARED)
    for piece in pieces:
        # On a common grid, so that browsers are compared at the same moments.
        first = np.ceil((piece.since + WINDOW_SECONDS / 2) / HOP_SECONDS) * HOP_SECONDS
        for at in np.arange(first, piece.until - WINDOW_SECONDS / 2, HOP_SECONDS):
            start = base.frame(at - WINDOW_SECONDS / 2) // scale
            window = slow[max(0, start) : start + size]
            if start < 0 or window.size < size:
                continue
            is_silent = float(np.sqrt(np.mean(window**2))) < SILENT
            expected = base.wall(start * scale) - piece.started
            late = None if is_silent else references.late_ms([piece.title], window, expected)
            yield Window(browser, float(at), piece.title, is_silent, late)


def joint(sound: Samples, base: TimeBase, before: Piece, after: Piece, references: References) -> Joint:
    """How one track is heard to pass into the next, by one file that holds both."""

    def late_ms(since: float, until: float) -> float | None:
        first = base.frame(since)
        window = compared(sound[max(0, first) : base.frame(until)], RECORDED)
        expected = base.wall(first) - after.started + references.seconds[before.title]
        return references.late_ms([before.title, after.title], window, expected)

    at = after.since
    about = late_ms(at - JOINT_SECONDS, at - JOINT_SECONDS / 2) or 0.0
    change = at + about / 1000  # where it is heard
    ends, begins = late_ms(change - JOINT_SECONDS, change - 0.02), late_ms(change + 0.02, change + JOINT_SECONDS)
    gap = None if ends is None or begins is None else begins - ends
    return Joint(at, _silence_ms(sound, base, at), gap)


def _silence_ms(sound: Samples, base: TimeBase, at: float) -> float:
    """The longest silence within a second and a half of a moment, of the level over 2 ms."""
    middle = base.frame(at)
    stretch = sound[max(0, middle - 72_000) : middle + 72_000]
    level = np.sqrt(np.convolve(stretch.astype(np.float64) ** 2, np.ones(96) / 96, "same"))
    return max((length for _, length in _runs(level < SILENT)), default=0) * 1000 / RECORDED


def holes(sound: NDArray[np.int16], base: TimeBase, is_music: Callable[[float], bool]) -> list[tuple[float, float]]:
    """Digital silence within the music, as (when, ms)."""
    quiet = np.abs(sound.astype(np.int32)) < HOLE_LEVEL
    found = [(base.wall(start), length * 1000 / RECORDED) for start, length in _runs(quiet)]
    return [(at, ms) for at, ms in found if ms >= HOLE_MS and is_music(at)]


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where it is true: (first, how many)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.view(np.int8), [0]])))
    return [(int(first), int(end - first)) for first, end in zip(edges[::2], edges[1::2], strict=True)]


def pieces_of(
    events: Sequence[Mapping[str, Any]], titles: Mapping[str, str], seconds: Mapping[str, float]
) -> list[Piece]:
    """What is to be heard when, by the log; `titles` by the id of an item."""
    told = [_Told.of(event) for event in events if event["type"] in ("track.playing", "playback.changed")]
    found: list[Piece] = []
    for one, following in zip(told, [*told[1:], None], strict=True):
        if one.title_id is None or one.started is None:
            continue
        title = titles[one.title_id]
        end = one.started + seconds[title]
        until = end if following is None else min(end, following.since if following.is_natural else following.at)
        found.append(Piece(title, one.since, until, one.started, one.is_natural))
    return found


class _Told(Struct, frozen=True):
    """An event that says what plays."""

    at: float
    title_id: str | None
    started: float | None
    since: float
    is_natural: bool

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> _Told:
        playback = event["playback"]
        at = playback["server_time_ms"] / 1000
        is_playing = playback["state"] == "playing" and playback["started_at_ms"] is not None
        started = playback["started_at_ms"] / 1000 if is_playing else None
        since = at if started is None else started + playback["position_seconds"]
        is_natural = event["type"] == "track.playing" and event["actor"] is None and since <= at
        return cls(at, playback["item_id"], started, since, is_natural)
