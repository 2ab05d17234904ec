"""What is passed, what fails, and what proves nothing."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from tests.listen import __main__, report, scenario, verdict
from tests.listen.analysis import HOP_SECONDS, Joint, Piece, TimeBase, Window
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
    gap_ms: float | None = 0.1,
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
        [[Joint(starts[3], silence_ms, gap_ms)]] * 2, [*holes], woken_late_ms, 1.0, True,
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


@pytest.mark.parametrize(("silence_ms", "gap_ms"), [(25.0, 0.0), (0.0, 12.0), (0.0, -12.0), (0.0, None)])
def test_a_gap_or_an_overlap_at_a_natural_change_fails(silence_ms: float, gap_ms: float | None) -> None:
    assert judged(heard(silence_ms=silence_ms, gap_ms=gap_ms)) == (False, 0)


def test_a_silence_of_all_at_a_natural_change_is_not_the_machines() -> None:
    change = BEGAN + 12.5 + 8.3
    assert judged(heard(silence_ms=25.0, holes=([(change, 25.0)], [(change + 0.01, 25.0)]))) == (False, 0)


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


# ── One is slow, one is stopped ──────────────────────────────────────────────────────────────────────────────────────


def troubled(noticed_ms: float = 0.0, back_seconds: float = 0.5, joined_seconds: float = 8.0) -> Heard:
    """Three browsers in the scenario of troubles: how far the first moves meanwhile, and how soon the others are in."""
    steps = scenario.trouble().steps
    marks = [Mark(BEGAN + step.at, step) for step in steps]
    at = {step.what: step.at + BEGAN for step in steps if step.what != "press"}
    pressed = {step.browser: step.at + BEGAN for step in steps if step.what == "press"}
    starts = [at["play"] + 0.3, at["next"] + 0.3, at["next"] + 40.3]
    ends = [*starts[1:], at["end"]]
    pieces = [Piece("A", a, b, a, number == 2) for number, (a, b) in enumerate(zip(starts, ends, strict=True))]
    windows = []
    for browser in (1, 2, 3):
        for piece in pieces:
            for when in np.arange(math.ceil(piece.since * 4 + 1) / 4, piece.until - 0.2, HOP_SECONDS):
                joins = joined_seconds if browser == 2 else 0.2
                is_stopped = browser == 3 and at["stop"] < when < at["wake"] + back_seconds
                is_silent = bool(is_stopped or when < pressed[browser] + joins)
                late = noticed_ms if browser == 1 and at["stop"] + 5 < when < at["stop"] + 13 else 0.0
                windows.append(Window(browser, float(when), "A", is_silent, None if is_silent else late))
    joints = [[Joint(starts[2], 0.0, 0.0)]] * 2 + [[Joint(starts[2], 1500.0, None)]]
    return Heard(
        Options("CCC"), BEGAN, TimeBase(BEGAN, 48_000, 0.4, 150.0), pieces, marks, windows,
        joints, [[], [], [(at["stop"], 30_000.0)]], 1.0, 1.0, True,
    )  # fmt: skip


def test_others_that_notice_nothing_pass_and_the_stopped_one_is_not_asked_meanwhile() -> None:
    found = {check.what: check for check in verdict.judge(troubled(), verdict.WEB_AUDIO).checks}
    assert all(check.is_passed for check in found.values()), found
    assert found["1–2 while 3 is stopped: moved by"].figure == 0
    assert found["3 while 2 is narrow: moved, p95"].limit == 1
    assert found["3 woken → in sync"].figure == pytest.approx(0.5, abs=0.3)
    assert "3 natural change, silence" not in found
    assert "2 next → in sync" not in found


@pytest.mark.parametrize(
    ("heard_so", "what"),
    [
        (troubled(noticed_ms=1.5), "1–2 while 3 is stopped: moved by"),
        (troubled(noticed_ms=1.5), "1 while 3 is stopped: moved, p95"),
        (troubled(back_seconds=2.5), "3 woken → in sync"),
        (troubled(back_seconds=20.0), "3 woken → in sync"),
        (troubled(joined_seconds=20.0), "2 join → in sync"),
    ],
    ids=["moved", "moved off the plan", "late", "never", "slow"],
)
def test_others_that_notice_and_speakers_that_are_late_fail(heard_so: Heard, what: str) -> None:
    judged = verdict.judge(heard_so, verdict.WEB_AUDIO)
    assert what in [check.what for check in judged.checks if not check.is_passed]
    assert judged.spoiled == []


# ── The exit status ──────────────────────────────────────────────────────────────────────────────────────────────────

GOOD, BAD, SPOILED = heard(), heard(late=(-10.0, -3.0)), heard(woken_late_ms=40.0)
SPOILED_AND_BAD = heard(late=(-10.0, -3.0), lost=4.0)


@pytest.mark.parametrize(
    ("recordings", "status"),
    [
        ([GOOD], 0),
        ([BAD], 1),
        ([SPOILED, GOOD], 0),
        ([SPOILED, SPOILED, BAD], 1),
        ([SPOILED, SPOILED_AND_BAD, SPOILED], 3),
        ([SPOILED_AND_BAD, BAD], 1),
    ],
    ids=["passes", "fails", "passes again", "fails at last", "proves nothing", "is no failure if spoiled"],
)
def test_only_a_valid_recording_passes_or_fails(recordings: list[Heard], status: int, tmp_path: Path) -> None:
    made = iter(recordings)
    assert __main__.attempt(lambda: next(made), verdict.WEB_AUDIO, tmp_path / "listen.svg") == status
    assert not [*made], "one recording more would have been needed"


def test_a_tool_that_is_missing_is_told_of_and_has_its_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert __main__.main(["--short"]) == 4
    assert "ffmpeg is not installed" in capsys.readouterr().out
