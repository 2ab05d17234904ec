"""The ears themselves: recordings with known offsets give those offsets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.listen import analysis, tracks
from tests.listen.analysis import RECORDED, Piece, References, TimeBase
from tests.listen.tracks import Samples, Tune

pytestmark = pytest.mark.pure

TUNES = (Tune("A", 6.0, "mp3", 1), Tune("B", 6.0, "flac", 2))
BASE = TimeBase(1000.0, RECORDED, 0.0, 0.0)
PIECES = [Piece("A", 1001.0, 1007.0, 1001.0, False), Piece("B", 1007.0, 1013.0, 1007.0, True)]


def recorded(late_ms: float, silence_ms: float = 0.0, ppm: float = 0.0, gap_ms: float = 0.0) -> Samples:
    """Sixteen seconds in which both tunes play one after the other, late by so much.

    The second one's beginning is silent for a while, and it comes with a gap, or with an overlap if that is negative.
    """
    whole = np.zeros(16 * RECORDED, dtype=np.float32)
    for tune, starts in zip(TUNES, (1.0, 7.0), strict=True):
        sound = tracks.sound_of(tune)
        heard = (np.arange(int(tune.seconds * RECORDED)) / RECORDED) * (1 + ppm / 1e6)
        again = np.interp(heard, np.arange(sound.size) / tracks.RATE, sound).astype(np.float32)
        is_second = tune.title == "B"
        first = round((starts + (late_ms + gap_ms * is_second) / 1000) * RECORDED)
        cut = round(silence_ms / 1000 * RECORDED) * is_second
        whole[first + cut : first + again.size] += again[cut:]
    return whole


@pytest.fixture(scope="module")
def references() -> References:
    return References(TUNES)


@pytest.mark.parametrize("late_ms", [-37.5, 0.0, 0.25, 4.0, 260.0, 900.0])
def test_a_known_offset_is_found(references: References, late_ms: float) -> None:
    found = list(analysis.windows(1, recorded(late_ms), BASE, PIECES, references))
    settled = [w.late_ms for w in found if w.late_ms is not None and not _is_near_a_change(w.at, late_ms)]
    assert len(settled) >= 12
    # A recording moves by whole frames, 0.02 ms, and a place is found to a part of the compared ones.
    assert max(abs(late - late_ms) for late in settled) < 0.05


def _is_near_a_change(at: float, late_ms: float) -> bool:
    margin = 0.3 + abs(late_ms) / 1000
    return any(abs(at - change) < margin for change in (1001, 1007, 1013))


def test_two_recordings_are_as_far_apart_as_they_were_made(references: References) -> None:
    one, two = (
        {window.at: window.late_ms for window in analysis.windows(n, recorded(late), BASE, PIECES, references)}
        for n, late in ((1, 10.0), (2, 13.5))
    )
    apart = [b - a for at, a in one.items() if a is not None and (b := two[at]) is not None]
    assert np.median(apart) == pytest.approx(3.5, abs=0.03)


def test_a_pace_shows(references: References) -> None:
    found = [
        w for w in analysis.windows(1, recorded(0.0, ppm=5000), BASE, PIECES[:1], references) if w.late_ms is not None
    ]
    moved = (found[-1].late_ms or 0) - (found[0].late_ms or 0)
    assert moved / (found[-1].at - found[0].at) == pytest.approx(-5.0, abs=0.5), "5 ms a second early"


@pytest.mark.parametrize(
    ("silence_ms", "gap_ms"),
    [(0.0, 0.0), (7.0, 0.0), (120.0, 0.0), (0.0, -9.0), (0.0, 4.0), (15.0, 40.0), (0.0, -200.0)],
)
@pytest.mark.parametrize("late_ms", [3.0, -30.0])
def test_a_change_has_the_silence_and_the_overlap_that_it_was_made_with(
    references: References, silence_ms: float, gap_ms: float, late_ms: float
) -> None:
    sound = recorded(late_ms, silence_ms, gap_ms=gap_ms)
    before, after = PIECES
    joint = analysis.joint(sound, BASE, before, after, references)
    assert joint.gap_ms == pytest.approx(gap_ms, abs=0.1)
    assert joint.silence_ms == pytest.approx(silence_ms + max(0.0, gap_ms), abs=3.0)


def test_a_change_to_something_else_has_no_gap_that_could_be_told(references: References) -> None:
    again = Piece("A", 1007.0, 1013.0, 1007.0, True)
    assert analysis.joint(recorded(0.0), BASE, PIECES[0], again, references).gap_ms is None


def test_what_is_silent_or_another_tune_is_not_found(references: References) -> None:
    mute = list(analysis.windows(1, np.zeros(14 * RECORDED, dtype=np.float32), BASE, PIECES, references))
    assert all(window.is_silent and window.late_ms is None for window in mute)
    swapped = [Piece("B", 1001.0, 1007.0, 1001.0, False)]
    wrong = list(analysis.windows(1, recorded(0.0), BASE, swapped, references))
    assert wrong
    assert all(not window.is_silent and window.late_ms is None for window in wrong)


def test_holes_are_found() -> None:
    sound = (recorded(0.0) * 32767).astype(np.int16)
    sound[3 * RECORDED : 3 * RECORDED + 480] = 0
    ((at, ms),) = analysis.holes(sound, BASE, lambda at: 1001.5 < at < 1006.5)
    assert at == pytest.approx(1003.0, abs=0.001)
    assert ms == pytest.approx(10.0, abs=0.5)


def test_a_time_base_follows_the_earliest_arrivals_and_the_sinks_own_pace() -> None:
    choice = np.random.default_rng(3)
    frames = np.arange(1, 3000) * 480
    arrivals = 500.0 + frames / (RECORDED * (1 + 160e-6)) + choice.exponential(0.004, frames.size)
    base = analysis.time_base(list(zip(frames.tolist(), arrivals.tolist(), strict=True)))
    assert base.ppm == pytest.approx(160, abs=15)
    assert base.wall(1_000_000) == pytest.approx(500.0 + 1_000_000 / (RECORDED * (1 + 160e-6)), abs=0.0005)
    assert base.spread_ms < 0.5


def test_the_log_says_what_is_to_be_heard() -> None:
    def playing(
        at: float, item: str | None, started: float | None, position: float = 0.0, **event: object
    ) -> dict[str, Any]:
        playback = {
            "state": "playing" if started is not None else "paused",
            "item_id": item,
            "position_seconds": position,
            "started_at_ms": None if started is None else started * 1000,
            "server_time_ms": at * 1000,
        }
        return {"type": "track.playing", "actor": {"id": 1}, **event, "playback": playback}

    log: list[dict[str, Any]] = [
        {"type": "track.added"},
        playing(10, "a", 10.3),
        playing(14, "a", None, 3.7, type="playback.changed"),
        playing(15, "a", 11.6, 3.7, type="playback.changed"),
        playing(17.65, "b", 17.6, actor=None),
        playing(20, "a", 20.3),
    ]
    found = analysis.pieces_of(log, {"a": "A", "b": "B"}, {"A": 6.0, "B": 6.0})
    assert [(p.title, round(p.since, 3), round(p.until, 3), round(p.started, 3), p.is_natural) for p in found] == [
        ("A", 10.3, 14.0, 10.3, False),
        ("A", 15.3, 17.6, 11.6, False),
        ("B", 17.6, 20.0, 17.6, True),
        ("A", 20.3, 26.3, 20.3, False),
    ]
