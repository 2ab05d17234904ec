"""Steps of the clock: seen when there are any, and never made up, however slow a query was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlist.timeline import STARTS_KEPT, STEP_MS, Reading, Timeline

pytestmark = pytest.mark.pure

NOON = 1_700_000_000_000


class Watch:
    """A monotonic clock, and one that is set."""

    def __init__(self) -> None:
        self.seconds = 100.0
        self.set_by_ms = 0
        self.timeline = Timeline()

    def look(self, *, waits: float = 0.001) -> None:
        """Read the clock by a query that takes so long; the clock is read somewhere within."""
        asked_at, self.seconds = self.seconds, self.seconds + waits
        read_at = asked_at + waits / 2
        clock_ms = NOON + self.set_by_ms + round(1000 * read_at)
        self.timeline.observe(Reading(clock_ms, asked_at, self.seconds))

    def passes(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.mark.parametrize("step_ms", [-3_600_000, -20_000, -1_500, 1_500, 20_000, 3_600_000, 10 * 365 * 86_400_000])
def test_a_step_is_seen_with_its_size(step_ms: int) -> None:
    watch = Watch()
    watch.look()
    watch.timeline.note(1, NOON)
    watch.passes(2)
    watch.set_by_ms += step_ms
    watch.look()
    assert watch.timeline.stepped_ms == pytest.approx(step_ms, abs=10)
    assert watch.timeline.shift_ms(1, NOON) == watch.timeline.stepped_ms
    assert watch.timeline.shift_ms(1, NOON + 1) == 0, "that start was not seen"
    assert watch.timeline.shift_ms(2, NOON) == 0


def test_a_start_after_the_step_is_by_the_clock_as_it_is_now() -> None:
    watch = Watch()
    watch.look()
    watch.set_by_ms = 60_000
    watch.look()
    watch.timeline.note(1, NOON)
    assert watch.timeline.shift_ms(1, NOON) == 0


def test_what_was_seen_before_the_step_is_not_forgotten_by_seeing_it_again() -> None:
    watch = Watch()
    watch.look()
    watch.timeline.note(1, NOON)
    watch.set_by_ms = 60_000
    watch.look()
    watch.timeline.note(1, NOON)
    assert watch.timeline.shift_ms(1, NOON) == pytest.approx(60_000, abs=10)
    watch.timeline.note(1, None)
    assert watch.timeline.shift_ms(1, NOON) == 0


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("passes"), st.floats(0, 86_400)),
            st.tuples(st.just("look"), st.floats(0, 60)),
            st.tuples(st.just("drift"), st.integers(-200, 200)),
        )
    )
)
def test_slow_queries_and_drift_are_no_steps(happenings: list[tuple[str, float]]) -> None:
    watch = Watch()
    for what, amount in happenings:
        if what == "passes":
            watch.passes(amount)
        elif what == "look":
            watch.look(waits=amount)
        else:
            watch.look()
            watch.set_by_ms += int(amount)
            watch.look()
    assert watch.timeline.stepped_ms == 0


def test_less_than_a_step_is_none() -> None:
    watch = Watch()
    watch.look()
    watch.set_by_ms = STEP_MS - 50
    watch.look()
    assert watch.timeline.stepped_ms == 0


def test_starts_are_bounded() -> None:
    watch = Watch()
    watch.look()
    for playlist_id in range(STARTS_KEPT + 1):
        watch.timeline.note(playlist_id, NOON)
    watch.set_by_ms = 60_000
    watch.look()
    assert watch.timeline.shift_ms(0, NOON) == 0
    assert watch.timeline.shift_ms(1, NOON) > 0


# ── The clock as it is told ──────────────────────────────────────────────────────────────────────────────────────────


def settle(watch: Watch, clock: int) -> None:
    watch.timeline.settle(clock, watch.timeline.stepped_ms)


def assert_told(watch: Watch, *, ahead_ms: int = 0, clock: int = 0) -> None:
    told_ms, count = watch.timeline.told(watch.seconds)
    assert told_ms == pytest.approx(NOON + 1000 * watch.seconds + ahead_ms, abs=2)
    assert count == clock


def test_it_is_told_as_it_was_read_and_a_slow_reading_changes_nothing() -> None:
    watch = Watch()
    watch.look()
    settle(watch, 4)
    told_ms, _ = watch.timeline.told(watch.seconds)
    assert_told(watch, clock=4)
    watch.look(waits=0.9)
    assert watch.timeline.told(watch.seconds)[0] == pytest.approx(told_ms + 900, abs=1)


def test_drift_is_followed() -> None:
    watch = Watch()
    watch.look()
    settle(watch, 0)
    watch.set_by_ms = 40
    watch.look()
    assert_told(watch, ahead_ms=40)


def test_until_a_step_is_settled_it_is_the_clock_of_before() -> None:
    watch = Watch()
    watch.look()
    settle(watch, 0)
    watch.set_by_ms = 60_000
    watch.look()
    watch.look()
    assert not watch.timeline.is_settled
    assert_told(watch)
    settle(watch, 1)
    assert watch.timeline.is_settled
    assert_told(watch, ahead_ms=60_000, clock=1)


def test_a_step_while_another_is_settled_is_settled_after_it() -> None:
    watch = Watch()
    watch.look()
    seen_ms = watch.timeline.stepped_ms
    watch.set_by_ms = 60_000
    watch.look()
    watch.timeline.settle(1, seen_ms)
    assert not watch.timeline.is_settled
    settle(watch, 2)
    assert watch.timeline.clock == 2


def test_what_started_before_the_step_is_known() -> None:
    watch = Watch()
    watch.look()
    watch.timeline.note(1, NOON)
    assert watch.timeline.known_before_step() == []
    watch.set_by_ms = 60_000
    watch.look()
    watch.timeline.note(2, NOON)
    assert (watch.timeline.known(), watch.timeline.known_before_step()) == ([1, 2], [1])
    assert watch.timeline.knows(1, NOON)
    assert not watch.timeline.knows(1, NOON + 1)
