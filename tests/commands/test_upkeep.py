"""The daily upkeep under a clock that may be wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from knox.models import AuthToken

from playlist import forgetting, library, types, upkeep
from playlist.accounts import token_create
from playlist.clock import database_now
from playlist.identity import token_identity
from playlist.lease import LostTurn
from playlist.models import Allowance, Event, Forgetting, Upkeep, User
from playlist.upkeep import SteadyClock, upkeep_if_due
from tests.rooms import Room, person

YEARS = timedelta(days=3660)


class Clocks:
    """The database's clock, which can be set, and one that nobody sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = database_now()
        self.ticks = 1000.0
        monkeypatch.setattr(upkeep, "database_now", lambda: self.now)
        self.steady = SteadyClock(lambda: self.ticks)

    def go(self, **passed: float) -> None:
        """Time passes, for both."""
        step = timedelta(**passed)
        self.now += step
        self.ticks += step.total_seconds()

    def upkeep_is_done(self) -> bool:
        return upkeep_if_due(self.steady) is not None


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    return Clocks(monkeypatch)


def begun_at() -> datetime:
    return Upkeep.objects.get(name="daily").begun_at


def test_it_comes_once_a_day(clocks: Clocks, room: Room) -> None:
    room.add("track-1")
    assert clocks.upkeep_is_done(), "the last event is of now, so the clock is right"
    clocks.go(hours=23)
    assert not clocks.upkeep_is_done()
    clocks.go(hours=1)
    assert clocks.upkeep_is_done()


@pytest.mark.parametrize("unfinished", ["library", "forgetting"])
def test_what_cannot_be_finished_keeps_nothing_from_being_deleted(
    clocks: Clocks, monkeypatch: pytest.MonkeyPatch, unfinished: str
) -> None:
    def fault(*_: object) -> None:
        raise RuntimeError("a fault") if unfinished == "library" else LostTurn

    if unfinished == "library":
        monkeypatch.setattr(library, "resume", fault)
    else:
        monkeypatch.setattr(forgetting, "person_forget", fault)
        Forgetting.objects.create(user_id=1, replacement_id=2)
    Allowance.objects.create(key="rooms:a", used=1, began_at_ms=0)
    assert clocks.upkeep_is_done()
    assert not Allowance.objects.exists()


def test_a_new_server_has_nothing_to_be_wrong_about(clocks: Clocks) -> None:
    Event.objects.all().delete()
    assert clocks.upkeep_is_done()


def test_years_ahead_for_some_seconds_nothing_goes_and_the_next_one_is_not_put_off(clocks: Clocks, room: Room) -> None:
    room.add("track-1")
    assert clocks.upkeep_is_done()
    clocks.go(days=1)
    clocks.now += YEARS
    assert not clocks.upkeep_is_done()
    clocks.go(seconds=4)
    assert not clocks.upkeep_is_done()
    clocks.now -= YEARS
    assert not clocks.upkeep_is_done(), "it jumped again"
    assert Event.objects.filter(playlist=room.id).exists()
    clocks.go(minutes=61)
    assert clocks.upkeep_is_done()
    assert begun_at() == clocks.now


@pytest.mark.parametrize("away", [YEARS, -YEARS])
def test_a_start_far_from_the_last_event_waits_until_the_clock_has_run_steadily(
    clocks: Clocks, room: Room, away: timedelta
) -> None:
    room.add("track-1")
    clocks.now += away
    assert not clocks.upkeep_is_done()
    for _ in range(5):
        clocks.go(minutes=10)
        assert not clocks.upkeep_is_done()
    clocks.go(minutes=10)
    assert clocks.upkeep_is_done()


def test_small_corrections_and_slow_checks_are_no_jump(clocks: Clocks, room: Room) -> None:
    room.add("track-1")
    for _ in range(4):
        clocks.go(days=1)
        clocks.now += timedelta(seconds=59)
        assert clocks.upkeep_is_done()


def test_a_last_time_that_is_still_to_come_puts_nothing_off(clocks: Clocks, room: Room) -> None:
    room.add("track-1")
    assert clocks.upkeep_is_done()
    Upkeep.objects.update(begun_at=clocks.now + YEARS)
    clocks.steady = SteadyClock(lambda: clocks.ticks)
    assert not clocks.upkeep_is_done()
    clocks.go(hours=1)
    assert clocks.upkeep_is_done()


@pytest.mark.parametrize(
    ("ages_in_days", "left"),
    [
        ((40, 35, 31, 3, 2, 1), [4, 5, 6]),
        ((3, 2, 20_000, 2, 1, 0), [1, 2, 3, 4, 5, 6]),  # the clock was decades behind for a while
        ((40, 35, -4000, 3, 2, 1), [4, 5, 6]),  # it was years ahead for a while
        ((40, 35, -1, -2, -3, -4), [3, 4, 5, 6]),  # it is behind now
        ((-1, -2, -3, -4, -5, -6), [1, 2, 3, 4, 5, 6]),
        ((40, 39, 38, 37, 36, 35), []),
    ],
)
def test_nothing_young_goes_whatever_the_clock_did(
    clocks: Clocks, room: Room, ages_in_days: tuple[int, ...], left: list[int]
) -> None:
    item = room.add("track-1")[0]
    for number in range(5):
        room.do(types.TrackVote(id=item, direction=("up", "down")[number % 2]))
    for revision, age in enumerate(ages_in_days, start=1):
        Event.objects.filter(playlist=room.id, revision=revision).update(at=clocks.now - timedelta(days=age))
    upkeep.prune()
    assert list(Event.objects.filter(playlist=room.id).values_list("revision", flat=True)) == left


def test_a_token_that_ran_out_by_a_wrong_clock_is_there_when_it_is_right_again(monkeypatch: pytest.MonkeyPatch) -> None:
    anna = person("Anna")
    user = User.objects.get(pk=anna.user_id or 0)
    token, _ = token_create(user), token_create(user)
    AuthToken.objects.update(expiry=database_now() - timedelta(days=1))
    assert token_identity(token.encode()) is None
    AuthToken.objects.update(expiry=database_now() + timedelta(days=1))
    assert token_identity(token.encode()) is not None
    assert AuthToken.objects.filter(user=user).count() == 2
