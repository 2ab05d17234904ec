"""What happens while it is listened to: steps at seconds after the beginning."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from tests.listen.tracks import Tune

What = Literal[
    "play", "pause", "seek", "next", "add", "press", "cut", "mend", "narrow", "widen", "stop", "wake", "burn", "end"
]

BURN_SECONDS = 5.0
#: What a narrow line carries in a second: three times the music.
NARROW_BYTES = 64_000


class Step(Struct, frozen=True):
    """`browser` is a number from 1, for what one of them does; `seconds` where in the track is sought."""

    at: float
    what: What
    browser: int = 0
    seconds: float = 0.0


class Scenario(Struct, frozen=True):
    tunes: tuple[Tune, ...]
    steps: tuple[Step, ...]

    @property
    def seconds(self) -> float:
        return self.steps[-1].at


def short() -> Scenario:
    """What continuous integration asserts, in 37 s: a join, a pause, a seek, a natural change within a cut, a skip."""
    tunes = (Tune("Noise A", 40, "mp3", 1), Tune("Noise B", 30, "flac", 2), Tune("Noise C", 30, "ogg", 3))
    steps = (
        Step(0, "press", browser=1),
        Step(0.5, "play"),
        Step(4, "press", browser=2),
        Step(8, "pause"),
        Step(9.5, "play"),
        Step(12.5, "seek", seconds=32),
        Step(17, "cut", browser=2),
        Step(27, "mend", browser=2),
        Step(31, "next"),
        Step(37, "end"),
    )
    return Scenario(tunes, steps)


def full(minutes: float, browsers: int) -> Scenario:
    """Rounds of 78 s: every command, a cut over a natural change, a burst of load. The last browser joins late."""
    tunes = (Tune("Noise A", 60, "mp3", 1), Tune("Noise B", 20, "flac", 2), Tune("Noise C", 60, "ogg", 3))
    rounds = max(1, round(minutes * 60 / 78))
    steps = [Step(0, "press", browser=number) for number in range(1, max(2, browsers))]
    steps += [Step(0.5, "play")]
    if browsers > 1:
        steps.append(Step(8, "press", browser=browsers))
    for number in range(rounds):
        at = 78.0 * number
        steps += [Step(at, "next"), Step(at + 2, "add")] if number else []
        steps += [
            Step(at + 14, "pause"),
            Step(at + 17, "play"),
            Step(at + 22, "seek", seconds=40),
            Step(at + 30, "next"),
        ]
        steps += [Step(at + 45, "cut", browser=2), Step(at + 55, "mend", browser=2)] if browsers > 1 else []
        steps += [Step(at + 60, "add"), Step(at + 62, "burn")]
    steps.append(Step(78.0 * rounds, "end"))
    return Scenario(tunes, tuple(sorted(steps, key=lambda step: step.at)))


def trouble() -> Scenario:
    """90 s: the second browser joins on a narrow line, over which a skip comes, and the third is stopped for 30 s.

    The music fits through the narrow line, and changes by itself while the third browser stands still.
    """
    tunes = (Tune("Noise A", 60, "mp3", 1), Tune("Noise B", 40, "ogg", 2), Tune("Noise C", 60, "mp3", 3))
    steps = (
        Step(0, "press", browser=1),
        Step(0, "press", browser=3),
        Step(0.5, "play"),
        Step(8, "narrow", browser=2),
        Step(8.5, "press", browser=2),
        Step(24, "next"),
        Step(44, "widen", browser=2),
        Step(50, "stop", browser=3),
        Step(80, "wake", browser=3),
        Step(90, "end"),
    )
    return Scenario(tunes, steps)
