"""What the numbers say: passed, failed, or nothing, because the machine spoiled the recording."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from statistics import median

import numpy as np
from msgspec import Struct

from tests.listen.analysis import WINDOW_SECONDS, Joint, Window
from tests.listen.scenario import What
from tests.listen.stage import Heard, Mark

#: After a command or a join, windows count as settled only after so long.
SETTLE_SECONDS = 3.0
#: In sync: within this of the browser's own median.
IN_SYNC_MS = 25.0
IN_SYNC_WINDOWS = 4
#: A hole that all browsers have at the same time is the machine's.
COMMON_SECONDS = 0.1
CHANGE_SECONDS = 0.5


class Limits(Struct, frozen=True):
    """In ms unless its name says otherwise. Chromium against Chromium, and Firefox about its own median."""

    pair_p95: float = 5
    pair_worst: float = 25
    #: For Firefox, and only at a load below 4.
    spread_p95: float = 30
    #: At a natural change, and the gap or overlap there; None: not asserted.
    silence: float | None = 10
    gap: float = 5
    #: None: not asserted.
    command_seconds: float | None = 1
    join_seconds: float | None = 3
    #: A join over a narrow line.
    narrow_seconds: float = 15
    #: By how much a cut may move the sound.
    moved: float = 5
    #: How much of another one's narrow line or sleep may be heard, and how long it takes to be back from a sleep.
    unnoticed: float = 1
    wake_seconds: float = 2


WEB_AUDIO = Limits()
#: Two media elements; what one of them plays and what it says differ by up to a buffer.
ELEMENTS = Limits(
    pair_p95=40, pair_worst=150, silence=None, command_seconds=None, join_seconds=None, moved=60, unnoticed=60
)
#: With 15 ms of jitter each way, the clock is the limit.
JITTER = Limits(pair_p95=10, pair_worst=40, moved=15, unnoticed=15)

SPREAD_MS, PPM, LOCKED_SHARE, WOKEN_LATE_MS = 3.0, 400.0, 0.95, 10.0


class Check(Struct, frozen=True):
    what: str
    figure: float
    limit: float
    unit: str = "ms"

    @property
    def is_passed(self) -> bool:
        return self.figure <= self.limit  # False for NaN, too: what was not heard at all is not in time


class Verdict(Struct, frozen=True):
    checks: list[Check]
    #: Why the recording proves nothing; empty if it does.
    spoiled: list[str]

    @property
    def is_passed(self) -> bool:
        return all(check.is_passed for check in self.checks)


class Span(Struct, frozen=True):
    """A while in which something is wrong with one browser."""

    browser: int
    since: float
    until: float


class Ears:
    """The windows of one recording, looked at from several sides."""

    def __init__(self, heard: Heard) -> None:
        self.heard = heard
        self.browsers = range(1, len(heard.options.browsers) + 1)
        self._commands = [mark for mark in heard.marks if mark.step.what in ("play", "pause", "seek", "next")]
        self.pressed = {mark.step.browser: mark.at for mark in heard.marks if mark.step.what == "press"}
        self.cuts, self.narrows, self.stops = (
            [*_spans(heard.marks, *ends)] for ends in (("cut", "mend"), ("narrow", "widen"), ("stop", "wake"))
        )
        self.late: dict[int, dict[float, float]] = {number: {} for number in self.browsers}
        for window in heard.windows:
            if window.late_ms is not None:
                self.late[window.browser][window.at] = window.late_ms

    def is_settled(self, browser: int, at: float) -> bool:
        told = [mark.at for mark in self._commands]
        return (
            at > self.pressed[browser] + SETTLE_SECONDS
            and all(not -0.3 <= at - one < SETTLE_SECONDS for one in told)
            and not self.is_troubled(browser, at)
        )

    def is_troubled(self, browser: int, at: float) -> bool:
        """Whether something is wrong with it that it cannot help, or has just been."""
        own = [span for span in (*self.narrows, *self.stops) if span.browser == browser]
        return any(span.since - 0.3 <= at < span.until + SETTLE_SECONDS for span in own)

    def settled(self, browser: int) -> list[float]:
        return [late for at, late in self.late[browser].items() if self.is_settled(browser, at)]

    def between(self, browser: int, since: float, until: float) -> list[float]:
        """What is settled of a while."""
        return [ms for at, ms in self.late[browser].items() if since <= at < until and self.is_settled(browser, at)]

    def apart(self, one: int, two: int) -> list[tuple[float, float]]:
        """(When, ms) by which the second is later than the first."""
        both = self.late[one].keys() & self.late[two].keys()
        return [
            (at, self.late[two][at] - self.late[one][at])
            for at in sorted(both)
            if self.is_settled(one, at) and self.is_settled(two, at)
        ]

    def missed(self, browser: int) -> tuple[float, float]:
        """The share of settled windows that sound and were not found, and the longest silence, in seconds."""
        windows = [w for w in self.heard.windows if w.browser == browser and self.is_settled(browser, w.at)]
        sounding = [window for window in windows if not window.is_silent]
        lost = sum(window.late_ms is None for window in sounding) / max(1, len(sounding))
        return lost, _longest_silence(windows)

    def seconds_to_sync(self, browser: int, since: float) -> float:
        """From a moment until the browser stays in sync; NaN if it never does."""
        later = [mark.at for mark in self._commands if mark.at > since + 0.6]
        until = min([*later, self.heard.marks[-1].at])
        usual = self.settled(browser)
        if not usual:
            return float("nan")
        windows = [w for w in self.heard.windows if w.browser == browser and since <= w.at - WINDOW_SECONDS / 2 < until]
        good = [w.late_ms is not None and abs(w.late_ms - median(usual)) < IN_SYNC_MS for w in windows]
        for number in range(len(windows) - IN_SYNC_WINDOWS + 1):
            if all(good[number : number + IN_SYNC_WINDOWS]):
                return windows[number].at - WINDOW_SECONDS / 2 - since
        return float("nan")

    def joints(self, browser: int) -> list[Joint]:
        return [joint for joint in self.heard.joints[browser - 1] if self.is_settled(browser, joint.at)]

    def starts(self) -> list[Mark]:
        return [mark for mark in self._commands if mark.step.what != "pause"]


def _spans(marks: Sequence[Mark], first: What, last: What) -> Iterator[Span]:
    for mark in marks:
        if mark.step.what == first:
            number = mark.step.browser
            over = (one.at for one in marks if one.at > mark.at and (one.step.what, one.step.browser) == (last, number))
            yield Span(number, mark.at, next(over))


def _longest_silence(windows: Sequence[Window]) -> float:
    longest, since = 0.0, None
    for before, window in pairwise([None, *windows]):
        assert window is not None
        if not window.is_silent:
            since = None
        elif since is None or before is None or window.at - before.at > 1:
            since = window.at
        longest = max(longest, 0.0 if since is None else window.at - since + WINDOW_SECONDS)
    return longest


def judge(heard: Heard, limits: Limits) -> Verdict:
    ears = Ears(heard)
    return Verdict([*_together(ears, limits), *_each(ears, limits)], [*_spoiled(ears)])


def percentile(values: Sequence[float], share: float) -> float:
    return float(np.percentile(values, share)) if len(values) else float("nan")


def _together(ears: Ears, limits: Limits) -> Iterator[Check]:
    kinds = ears.heard.options.browsers
    for one, two in combinations(ears.browsers, 2):
        if kinds[one - 1] == kinds[two - 1] == "C":
            apart = [abs(ms) for _, ms in ears.apart(one, two)]
            yield Check(f"{one}–{two} apart, p95", percentile(apart, 95), limits.pair_p95)
            yield Check(f"{one}–{two} apart, worst", percentile(apart, 100), limits.pair_worst)
        elif ears.heard.load < 4:
            signed = [ms for _, ms in ears.apart(one, two)]
            spread = [abs(ms - median(signed)) for ms in signed]
            yield Check(f"{one}–{two} about their median, p95", percentile(spread, 95), limits.spread_p95)


def _each(ears: Ears, limits: Limits) -> Iterator[Check]:
    heard = ears.heard
    for browser, kind in enumerate(heard.options.browsers, 1):
        _, silent = ears.missed(browser)
        yield Check(f"{browser} silent within the music", silent, 2.0, "s")
        if kind != "C":
            continue
        pressed = ears.pressed[browser]
        if limits.join_seconds is not None:
            slow = limits.narrow_seconds if ears.is_troubled(browser, pressed) else limits.join_seconds
            yield Check(f"{browser} join → in sync", _join(ears, browser), slow, "s")
        for mark in ears.starts():
            is_asked = mark.at > pressed + SETTLE_SECONDS and not ears.is_troubled(browser, mark.at)
            if limits.command_seconds is not None and is_asked:
                seconds = ears.seconds_to_sync(browser, mark.at)
                yield Check(f"{browser} {mark.step.what} → in sync", seconds, limits.command_seconds, "s")
        if limits.silence is not None:
            for joint in ears.joints(browser):
                gap = float("nan") if joint.gap_ms is None else abs(joint.gap_ms)
                yield Check(f"{browser} natural change, silence", joint.silence_ms, limits.silence)
                yield Check(f"{browser} natural change, gap or overlap", gap, limits.gap)
    yield from _cuts(ears, limits)
    yield from _troubles(ears, limits)


def _join(ears: Ears, browser: int) -> float:
    """From the button, or from the first sound there could be, whichever is later."""
    return ears.seconds_to_sync(browser, max(ears.pressed[browser], ears.heard.pieces[0].since))


def _cuts(ears: Ears, limits: Limits) -> Iterator[Check]:
    for cut in ears.cuts:
        if ears.heard.options.browsers[cut.browser - 1] == "C":
            before = ears.between(cut.browser, cut.since - 4, cut.since)
            moved = _moved(before, ears.between(cut.browser, cut.since, cut.until + 4))
            yield Check(f"{cut.browser} cut for {cut.until - cut.since:.0f} s: moved by", moved, limits.moved)


def _troubles(ears: Ears, limits: Limits) -> Iterator[Check]:
    """What the others hear of a browser's trouble, and how soon it is back."""
    for name, spans in (("narrow", ears.narrows), ("stopped", ears.stops)):
        for span in spans:
            others = [n for n in ears.browsers if n != span.browser and ears.heard.options.browsers[n - 1] == "C"]
            while_so, until = f"while {span.browser} is {name}", span.until + 4
            for other in others:
                moved = _moved(ears.settled(other), ears.between(other, span.since, until), 95)
                yield Check(f"{other} {while_so}: moved, p95", moved, limits.unnoticed)
            for one, two in combinations(others, 2):  # what the time base adds is the same for both
                apart = ears.apart(one, two)
                meanwhile = [ms for at, ms in apart if span.since <= at < until]
                moved = _moved([ms for _, ms in apart], meanwhile)
                yield Check(f"{one}–{two} {while_so}: moved by", moved, limits.unnoticed)
    for stop in ears.stops:
        if ears.heard.options.browsers[stop.browser - 1] == "C":
            seconds = ears.seconds_to_sync(stop.browser, stop.until)
            yield Check(f"{stop.browser} woken → in sync", seconds, limits.wake_seconds, "s")


def _moved(usual: Sequence[float], since: Sequence[float], share: float = 100) -> float:
    """How far from what was usual; the largest distance, or that of so many in a hundred. NaN: not heard."""
    return percentile([abs(ms - median(usual)) for ms in since], share) if usual else float("nan")


def _spoiled(ears: Ears) -> Iterator[str]:
    heard = ears.heard
    if heard.base.spread_ms > SPREAD_MS:
        yield f"the recording's time base scatters by {heard.base.spread_ms:.1f} ms"
    if abs(heard.base.ppm) > PPM:
        yield f"the sink runs {heard.base.ppm:+.0f} millionths fast"
    if heard.woken_late_ms > WOKEN_LATE_MS:
        yield f"the machine is too busy: threads were woken {heard.woken_late_ms:.0f} ms late"
    for browser in ears.browsers:
        lost, _ = ears.missed(browser)
        if lost > 1 - LOCKED_SHARE:
            yield f"browser {browser} cannot be followed: {100 * lost:.0f} % of its windows were not found"
    # At a change of tracks all of them may fall silent of themselves, and fail by it.
    changes = [joint.at for joint in heard.joints[0]]
    first, *others = (
        [at for at, _ in holes if all(abs(at - c) > CHANGE_SECONDS for c in changes)] for holes in heard.holes
    )
    common = [at for at in first if others and all(any(abs(at - b) < COMMON_SECONDS for b in o) for o in others)]
    if common:
        yield f"all browsers fell silent at the same moment, {len(common)} times"
