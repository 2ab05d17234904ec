"""The clock is set while a song plays: it has lasted as long as it has, by every command and answer that tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection

from playlist import clock, types
from playlist.identity import SYSTEM
from playlist.selectors.playback import playback_now, running
from tests.api.client import Api
from tests.rooms import Room

HOUR = 3600.0

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="no test can set PostgreSQL's clock")


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the machine's clock by so many seconds."""
    real = clock.machine_now
    offset = timedelta()

    def moved() -> datetime:
        return real() + offset

    def set_by(seconds: float) -> None:
        nonlocal offset
        offset += timedelta(seconds=seconds)

    monkeypatch.setattr(clock, "machine_now", moved)
    clock.database_now()
    return set_by


@pytest.fixture
def playing(room: Room) -> Room:
    """A room where something has played for a moment."""
    room.add("track-1", "track-2")
    room.do(types.PlaybackPlay())
    return room


def started_at_ms(room: Room) -> int:
    started = room.row.playback_started_at_ms
    assert started is not None
    return started


@pytest.mark.parametrize("seconds", [HOUR, -HOUR, 20, -20, 10 * 366 * 24 * HOUR])
def test_somebody_pauses_right_after_the_clock_was_set(
    playing: Room, set_clock: Callable[[float], None], seconds: float
) -> None:
    set_clock(seconds)
    with playing.proves("playback.changed", "playback.changed"):
        paused = playing.answer(types.PlaybackPause())
    assert 0 <= paused["position_seconds"] < 5
    playing.do(types.PlaybackPlay())
    assert playback_now(playing.row).position_seconds < 5


@pytest.mark.parametrize("seconds", [HOUR, -HOUR])
def test_every_command_comes_after_the_clock_is_followed(
    playing: Room, set_clock: Callable[[float], None], seconds: float
) -> None:
    before = started_at_ms(playing)
    set_clock(seconds)
    revision = playing.row.revision
    playing.do(types.PlaylistUpdate(name="Another"))
    event, _ = playing.events(since=revision)
    assert (event["type"], event["actor"]) == ("playback.changed", None)
    assert event["playback"]["started_at_ms"] == pytest.approx(before + 1000 * seconds, abs=50)
    assert started_at_ms(playing) == event["playback"]["started_at_ms"]
    with playing.proves("playlist.updated"):  # it is followed once
        playing.do(types.PlaylistUpdate(name="A third"))


@pytest.mark.parametrize("seconds", [HOUR, -HOUR])
def test_what_is_told_is_how_long_it_has_lasted(
    playing: Room, set_clock: Callable[[float], None], seconds: float
) -> None:
    set_clock(seconds)
    now = running(playing.id)
    assert now is not None
    assert now.is_behind
    assert 100 < now.ends_in_seconds <= 182
    told = Api().get(f"playlists/{playing.slug}/playback").json
    assert 0 <= told["position_seconds"] < 5


def test_the_clock_is_set_forward_and_the_song_does_not_end(playing: Room, set_clock: Callable[[float], None]) -> None:
    item = playing.items[0].id
    before = started_at_ms(playing)
    set_clock(HOUR)
    playing.do(types.PlaybackEnded(item_id=item, started_at_ms=before), by=SYSTEM)
    assert playing.items[0].is_playing


def test_a_seek_counts_from_where_it_is(playing: Room, set_clock: Callable[[float], None]) -> None:
    set_clock(-HOUR)
    assert playing.answer(types.PlaybackSeek(position_seconds=30))["position_seconds"] == 30
    assert 30 <= playback_now(playing.row).position_seconds < 35
