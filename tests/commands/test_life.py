"""Signs of life: of what plays and is kept by this process, and of speakers; nobody waits for them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal

import pytest
from django.db import connection, transaction

from playlist import types
from playlist.clock import database_now, to_ms
from playlist.life import life_mark
from playlist.models import Playlist
from playlist.timeline import timeline
from tests.rooms import Room


@pytest.fixture
def playing(room: Room) -> Room:
    room.add("track-1", "track-2")
    room.do(types.PlaybackPlay())
    forget(room)
    return room


def forget(room: Room) -> None:
    Playlist.objects.filter(pk=room.id).update(alive_at_ms=1, speaker_at_ms=0)


def marks(room: Room) -> tuple[bool, bool]:
    """Whether it was marked as alive, and as heard."""
    row = room.row
    return row.alive_at_ms > 1, row.speaker_at_ms > 1


def test_what_plays_is_marked(playing: Room) -> None:
    life_mark(set())
    assert marks(playing) == (True, False)


def test_what_was_started_elsewhere_and_never_looked_at_is_not(playing: Room) -> None:
    timeline.note(playing.id, None)
    life_mark(set())
    assert marks(playing) == (False, False)


def test_what_is_paused_is_not(playing: Room) -> None:
    playing.do(types.PlaybackPause())
    forget(playing)
    life_mark(set())
    assert marks(playing) == (False, False)


def test_what_is_over_is_marked_a_few_times_more_and_then_left_alone(playing: Room) -> None:
    for over_by_ms, expected in ((5_000, True), (20_000, True), (60_000, False)):
        forget(playing)
        started_at_ms = to_ms(database_now()) - 181_000 - over_by_ms
        Playlist.objects.filter(pk=playing.id).update(playback_started_at_ms=started_at_ms)
        life_mark(set())
        assert marks(playing) == (expected, False)


def test_a_speaker_is_marked_whatever_plays(room: Room, playing: Room) -> None:
    other = Room.open()
    life_mark({other.id})
    assert (marks(other), marks(playing)) == ((True, True), (True, False))


def test_every_change_is_a_sign_of_life(playing: Room) -> None:
    with playing.proves("track.voted"):
        playing.do(types.TrackVote(id=playing.items[0].id, direction="up"))
    assert marks(playing) == (True, False)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no locks of rows")
def test_a_row_that_a_commit_holds_is_left_out(playing: Room) -> None:
    held, done = Signal(), Signal()

    def hold() -> None:
        with transaction.atomic():
            Playlist.objects.select_for_update().get(pk=playing.id)
            held.set()
            done.wait(60)
        connection.close()

    with ThreadPoolExecutor() as threads:
        holding = threads.submit(hold)
        held.wait(60)
        life_mark({playing.id})
        assert marks(playing) == (False, False)
        done.set()
        holding.result()
    life_mark({playing.id})
    assert marks(playing) == (True, True)
