"""What is passed, what fails, and what proves nothing."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from tests.listen import report, scenario, verdict
from tests.listen.analysis import HOP_SECONDS, Piece, TimeBase, Window
from tests.listen.stage import Heard, Mark, Options

pytestmark = pytest.mark.pure

BEGAN = 1000.0


def heard(
    late: tuple[float, float] = (-10.0, -9.5),
    silent: tuple[float, float] = (0, 0),
    lost: float = 0.0,
    woken_late_ms: float = 1.0,
    holes: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], []),
    silence_ms: float = 0.0,
) -> Heard:
    """The short scenario as two browsers could play it; the second is silent for a while, or lost at the end."""
    steps = scenario.short().steps
    marks = [Mark(BEGAN + step.at, step) for step in steps]
    at = {step.what: step.at + BEGAN for step in steps}
    starts = [at["play"] - 9.0 + 0.3, at["play"] + 0.3, at["seek"] + 0.3, at["seek"] + 8.3, at["next"] + 0.3]
    ends = [at["pause"], at["seek"], starts[3], at["next"], at["end"]]
    pieces = [Piece("A", a, b, a, number == 3) for number, (a, b) in enumerate(zip(starts, ends, strict=True))]
    windows = []
    for browser, ms in enumerate(late, 1):
        for piece in pieces:
            for when in np.arange(math.ceil(piece.since * 4 + 1) / 4, piece.until - 0.2, HOP_SECONDS):
                is_there = browser == 1 or when > BEGAN + 4.4
                is_silent = not is_there or bool(browser == 2 and silent[0] < when - BEGAN < silent[1])
                is_lost = browser == 2 and when - BEGAN > 37 - lost
                windows.append(Window(browser, float(when), "A", is_silent, None if is_silent or is_lost else ms))
    return Heard(
        Options("CC"), BEGAN, TimeBase(BEGAN, 48_000, 0.4, 150.0), pieces, marks, windows,
        [[(starts[3], silence_ms)]] * 2, [*holes], woken_late_ms, 1.0, True,
    )  # fmt: skip


def judged(played: Heard) -> tuple[bool, int]:
    """Whether it passed, and how many reasons make it prove nothing."""
    found = verdict.judge(played, verdict.WEB_AUDIO)
    return found.is_passed, len(found.spoiled)


def test_two_browsers_in_time_pass(tmp_path: Path) -> None:
    played = heard()
    assert judged(played) == (True, 0)
    text = report.table(played, verdict.judge(played, verdict.WEB_AUDIO))
    assert "1–2 apart, p95                         0.50 ms ≤ 5 ms  ok" in text
    assert "FAILED" not in text
    report.picture(played, tmp_path / "offsets.svg")
    assert (tmp_path / "offsets.svg").read_text().count("h0") > 100


def test_two_browsers_apart_fail() -> None:
    assert judged(heard(late=(-10.0, -3.0))) == (False, 0)


def test_a_gap_at_a_natural_change_fails() -> None:
    assert judged(heard(silence_ms=25.0)) == (False, 0)


@pytest.mark.parametrize("silent", [(20.0, 24.0), (4.0, 9.0), (0.0, 99.0)])
def test_silence_of_one_browser_fails_and_never_counts_as_the_machines(silent: tuple[float, float]) -> None:
    assert judged(heard(silent=silent)) == (False, 0)


@pytest.mark.parametrize(
    "spoiled",
    [
        heard(woken_late_ms=40.0),
        heard(lost=4.0),
        heard(holes=([(1020.0, 8.0)], [(1020.02, 9.0)])),
    ],
    ids=["busy", "lost", "holes"],
)
def test_a_spoiled_recording_proves_nothing(spoiled: Heard) -> None:
    _, reasons = judged(spoiled)
    assert reasons == 1


def test_the_full_scenario_has_every_command_and_ends_with_the_last_round() -> None:
    full = scenario.full(10, 3)
    assert full.seconds == pytest.approx(600, abs=40)
    assert {step.what for step in full.steps} == {
        "press", "play", "pause", "seek", "next", "add", "cut", "mend", "burn", "end",
    }  # fmt: skip
    assert scenario.full(1, 1).steps[-1].what == "end"
