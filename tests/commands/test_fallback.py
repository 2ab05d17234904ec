"""Music that does not stop: the server adds a song before nothing is left to play, and people's songs go before it."""

from __future__ import annotations

import threading
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db.models import F
from django.utils import timezone

from playlist import present, types
from playlist.commands import fallback
from playlist.favorites import favorite_add
from playlist.identity import SYSTEM, Actor
from playlist.models import Play, Playlist, Track, User
from playlist.selectors.fallback import finds_song, picks
from playlist.selectors.playback import waits_dry
from playlist.submissions import Submission
from playlist.writer import Writer
from tests.commands.test_one_timeline import ago, dies, last
from tests.rooms import Room, id_of


def has(room: Room, kind: types.Fallback, **rules: Any) -> None:
    room.do(types.PlaylistUpdate(rules=types.RulesChanges(fallback=kind, **rules)))


def added(room: Room) -> types.Item:
    """The waiting item that the server added, which is the only one that waits."""
    (waiting,) = [item for item in room.items if item.played_at is None]
    assert waiting.because is not None
    return waiting


@pytest.fixture
def similar(room: Room) -> Room:
    """A room that goes on with similar songs; its first one plays, and one that the server added waits."""
    with room.proves("playlist.updated"):
        has(room, "similar")  # nobody has started it, so nothing is added
    room.add("track-1")
    with room.proves("track.playing", "track.added"):
        room.do(types.PlaybackPlay(), key="p")
    return room


def test_a_song_is_there_before_it_is_needed_and_says_why(similar: Room, bob: Actor) -> None:
    event, first = similar.events()[-1], added(similar)
    assert (event["actor"], event.get("op_id")) == (None, None)
    assert (first.adder, first.added_by) == (None, "")
    assert first.because == types.Because(kind="similar", track_id="track-1")
    assert first.track.artist == "Artist 1" or first.track.genre == "Rock"

    with similar.proves("track.voted", "track.added"):
        similar.do(types.TrackVote(id=first.id, direction="up"), by=bob)
        similar.add("track-12", by=bob)
    with similar.proves("track.playing"):
        similar.do(types.PlaybackNext())
    assert similar.playing == "track-12", "what somebody adds comes first"
    with similar.proves("track.playing", "track.added"):
        similar.do(types.PlaybackNext())
    assert similar.item(first.track_id).is_playing
    assert added(similar).because in [types.Because(kind="similar", track_id=id_) for id_ in ("track-1", "track-12")], (
        "it goes on from what people chose"
    )


def test_one_that_is_removed_makes_way_for_others_until_none_is_left(similar: Room) -> None:
    gone = [added(similar)]
    for _ in range(10):
        with similar.proves("track.removed", "track.added"):
            similar.do(types.TrackRemove(id=gone[-1].id))
        gone.append(added(similar))
    assert len({item.track_id for item in gone} | {"track-1"}) == 12
    with similar.proves("track.removed"):
        similar.do(types.TrackRemove(id=gone[-1].id))
    with similar.proves("track.added"):
        similar.do(types.TrackRestore(id=gone[0].id))
    assert added(similar) == gone[0]


def test_without_songs_the_room_runs_dry_and_wakes_when_it_gets_the_rule(room: Room) -> None:
    with room.proves():
        room.do(types.PlaybackNext())
    (only,) = room.add("track-1")
    room.do(types.PlaybackPlay())
    with room.proves("track.playing", "track.removed"):
        room.do(types.TrackRemove(id=only))
    assert not waits_dry(room.id)
    with room.proves("playlist.updated", "track.added"):
        has(room, "library")
    assert waits_dry(room.id), "the next look of a process in which somebody listens starts it"
    with room.proves("track.playing", "track.added"):
        room.do(types.PlaybackWake(), by=SYSTEM)
    assert added(room).because == types.Because(kind="library")


def test_play_and_next_start_music_in_an_empty_room(room: Room) -> None:
    has(room, "library")
    with room.proves("track.added", "track.playing", "track.added"):
        room.do(types.PlaybackPlay())
    assert room.playing is not None


def test_a_room_that_runs_dry_in_two_processes_at_once_gets_one_song(room: Room) -> None:
    last(room, 2_345)
    room.add("track-1")
    room.do(types.PlaybackPlay())
    has(room, "similar")
    waiting = added(room)
    started_at_ms = ago(room, 3_000)
    ended = types.PlaybackEnded(item_id=room.item("track-1").id, started_at_ms=started_at_ms)
    writers, together = [Writer(threads=1, batch_limit=128, queue_limit=4096) for _ in range(2)], threading.Barrier(2)

    def submit(own: Writer) -> None:
        together.wait()
        own.submit(room.id, Submission(SYSTEM, (ended,))).result(60)

    with room.proves("track.playing", "track.added"):
        threads = [threading.Thread(target=submit, args=(own,)) for own in writers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert room.item(waiting.track_id).is_playing
    assert added(room).because is not None
    for own in writers:
        own.close()


def test_what_was_heard_while_the_server_was_dead_is_told_before_it_goes_on(room: Room) -> None:
    last(room, 2_345)
    room.add("track-1")
    room.do(types.PlaybackPlay())
    has(room, "library")
    ago(room, 60_000, speaker=True)
    dies(room)
    # What was added ahead was heard to its end, then silence: nobody knew of another one.
    with room.proves("track.playing", "track.playing", "track.voted", "track.added"):
        room.do(types.TrackVote(id=room.item("track-1").id, direction="up"))
    assert room.row.playback_state == "stopped"
    assert waits_dry(room.id)


def test_the_rules_hold_for_it(room: Room) -> None:
    def found(kind: types.Fallback, present: tuple[int, ...] = ()) -> set[str]:
        some = picks(room.row, kind, present, timezone.now(), Random(1))
        return {pick.track_id for pick in some}

    everything = {f"track-{number}" for number in range(1, 13)}
    assert found("library") == everything
    has(room, "library", max_track_seconds=185)
    assert found("library") == {f"track-{number}" for number in range(1, 6)}
    Track.objects.filter(pk__in=["track-2", "track-3", "track-4"]).update(audio_url="/a")
    assert found("library") == {"track-2", "track-3", "track-4"}, "where anything sounds, only what sounds"
    Track.objects.filter(pk="track-4").update(missing_since=timezone.now())
    assert found("similar") == {"track-2", "track-3"}, "nothing to be similar to"

    (item,) = room.add("track-2")
    room.do(types.PlaybackPlay(), types.PlaybackNext())
    assert room.playing == "track-3"
    room.do(types.TrackRemove(id=room.item("track-3").id))
    assert room.playing == "track-2", "what was played comes again, where nothing else is left"
    assert item not in [item.id for item in room.items]
    room.do(types.PlaybackPause())
    has(room, "off")
    room.do(types.PlaybackNext())
    assert found("library") == {"track-2"}
    has(room, "library", repeat_after_minutes=60)
    assert found("library") == set()
    assert room.row.playback_state == "stopped"
    assert finds_song(room.id) is False
    Play.objects.update(played_at=F("played_at") - timedelta(hours=1))
    assert finds_song(room.id) is True
    with room.proves("track.removed", "track.added", "track.playing"):
        room.do(types.PlaybackWake(), by=SYSTEM)
    assert finds_song(room.id) is None, "it plays"
    has(room, "off")
    room.do(types.PlaybackNext())
    assert (room.row.ran_dry, finds_song(room.id)) == (True, None)


def test_favorites_need_two_who_are_here_and_else_give_way(room: Room, bob: Actor) -> None:
    room.add("track-1")
    favorite_add(User.objects.get(pk=id_of(bob)), "track-6")
    has(room, "favorites")
    room.do(types.PlaybackPlay())
    because = added(room).because
    assert because is not None
    assert because.kind == "similar"
    present.saw(room.id, [id_of(bob), id_of(room.host)])
    room.do(types.PlaybackNext())
    assert added(room).because == types.Because(kind="favorite")
    assert added(room).track_id == "track-6"
    present.forget(room.id)


def test_a_fault_in_the_choice_keeps_nobody_from_playing_on(
    similar: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        similar.row.items.create(pk=UUID(int=1))  # half of it is done
        raise KeyError("x")

    monkeypatch.setattr(fallback, "picks", fails)
    with similar.proves("track.playing"):
        similar.do(types.PlaybackNext())
    assert "No song could be added" in caplog.text
    assert Playlist.objects.get(pk=similar.id).playback_state == "playing"
