"""What plays: one item at most, and the log tells when it changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.conf import settings

from playlist import types
from playlist.commands.table import SOCKET_COMMANDS
from playlist.errors import DomainError
from playlist.identity import SYSTEM
from playlist.models import Playlist
from playlist.parsing import parse_command
from playlist.selectors.playback import waits_dry
from tests.rooms import Room


def test_play_starts_the_queue(room: Room) -> None:
    first, _ = room.add("track-1", "track-2")
    with room.proves("track.playing"):
        answer = room.answer(types.PlaybackPlay())
    assert (answer["state"], answer["item_id"], answer["position_seconds"]) == ("playing", str(first), 0.0)
    assert answer["started_at_ms"] == answer["server_time_ms"] + settings.START_LEAD_MS
    event = room.events()[-1]
    assert room.snapshot()["items"][0]["played_at"] == event["at"]


def test_play_with_nothing_to_play_changes_nothing(room: Room) -> None:
    with room.proves():
        assert room.answer(types.PlaybackPlay())["state"] == "stopped"


def test_play_an_item_out_of_turn(room: Room) -> None:
    _, _, third = room.add("track-1", "track-2", "track-3")
    with room.proves("track.playing"):
        room.do(types.PlaybackPlay(item_id=third))
    with room.proves():
        room.do(types.PlaybackPlay(item_id=third))
    with room.proves(), pytest.raises(DomainError, match="no longer in the queue"):
        room.do(types.PlaybackPlay(item_id=UUID(int=5)))
    assert room.playing == "track-3"


def test_pause_keeps_the_item_current_and_play_goes_on(room: Room) -> None:
    (only,) = room.add("track-1")
    room.do(types.PlaybackPlay())
    room.do(types.PlaybackSeek(position_seconds=30))
    with room.proves("playback.changed"):
        paused = room.answer(types.PlaybackPause())
    assert paused["state"] == "paused"
    assert paused["position_seconds"] >= 30
    assert paused["started_at_ms"] is None
    assert room.playing == "track-1"
    with room.proves():
        room.do(types.PlaybackPause())
    with room.proves("playback.changed"):
        going_on = room.answer(types.PlaybackPlay(item_id=only))
    assert going_on["position_seconds"] == paused["position_seconds"]


def test_pausing_an_item_that_does_not_play_changes_nothing(room: Room) -> None:
    _, second = room.add("track-1", "track-2")
    with room.proves():
        room.do(types.PlaybackPause())
    room.do(types.PlaybackPlay())
    with room.proves():
        room.do(types.PlaybackPause(item_id=second))


def test_next_goes_through_the_queue_and_stops_at_its_end(room: Room) -> None:
    room.add("track-1", "track-2")
    for expected in ("track-1", "track-2", None):
        with room.proves("track.playing"):
            room.do(types.PlaybackNext())
        assert room.playing == expected
    assert room.row.playback_state == Playlist.State.STOPPED
    assert room.events()[-1]["id"] is None
    with room.proves():
        room.do(types.PlaybackNext())


def test_next_skips_what_was_played(room: Room) -> None:
    room.add("track-1", "track-2", "track-3")
    room.do(types.PlaybackPlay(item_id=room.item("track-2").id))
    room.do(types.PlaybackPlay(item_id=room.item("track-1").id))
    room.do(types.PlaybackNext())
    assert room.playing == "track-3"


def test_next_comes_back_to_what_was_passed_over(room: Room) -> None:
    room.add("track-1", "track-2", "track-3")
    room.do(types.PlaybackPlay(item_id=room.item("track-2").id))
    for expected in ("track-3", "track-1", None):
        with room.proves("track.playing"):
            room.do(types.PlaybackNext())
        assert room.playing == expected


def test_removing_the_current_item_moves_on_to_what_was_passed_over(room: Room) -> None:
    _, second = room.add("track-1", "track-2")
    room.do(types.PlaybackPlay(item_id=second))
    with room.proves("track.playing", "track.removed"):
        room.do(types.TrackRemove(id=second))
    assert room.playing == "track-1"


def test_two_people_who_press_next_skip_one_track(room: Room) -> None:
    first, second, _ = room.add("track-1", "track-2", "track-3")
    room.do(types.PlaybackPlay())
    room.do(types.PlaybackNext(expect_item_id=first))
    with room.proves(), pytest.raises(DomainError) as refusal:
        room.do(types.PlaybackNext(expect_item_id=first))
    assert (refusal.value.code, refusal.value.details) == ("CONFLICT", {"item_id": str(second)})
    with room.proves(), pytest.raises(DomainError):
        room.do(types.PlaybackNext(expect_item_id=None))


PLAYBACK: dict[str, dict[str, Any]] = {
    "play": {},
    "pause": {},
    "next": {},
    "previous": {},
    "seek": {"position_seconds": 5},
    "volume": {"volume": 30},
    "skip": {"want": True},
}


@pytest.mark.parametrize("name", sorted(name for name in SOCKET_COMMANDS if name.startswith("playback.")))
def test_every_playback_command_may_expect_what_is_current(room: Room, name: str) -> None:
    def expecting(item: UUID | None) -> types.AnyCommand:
        about = {"item_id": second} if name == "playback.skip" else {}
        given = {"expect_item_id": item, **about, **PLAYBACK[name.removeprefix("playback.")]}
        return parse_command(msgspec.to_builtins(given), SOCKET_COMMANDS[name])

    first, second = room.add("track-1", "track-2")
    room.do(types.PlaylistUpdate(rules=types.RulesChanges(skip_share=1)))
    room.do(types.PlaybackPlay(item_id=second))
    for expected in (first, None):
        with room.proves(), pytest.raises(DomainError) as refusal:
            room.do(expecting(expected))
        assert (refusal.value.code, refusal.value.details) == ("CONFLICT", {"item_id": str(second)})
    room.do(expecting(second))


def test_votes_decide_what_is_next(room: Room) -> None:
    room.do(types.PlaylistUpdate(order="votes"))
    room.add("track-1", "track-2", "track-3")
    room.do(types.PlaybackPlay())
    room.do(types.TrackVote(id=room.item("track-3").id, direction="up"))
    assert room.track_ids == ["track-1", "track-3", "track-2"]
    for expected in ("track-3", "track-2", None):
        with room.proves("track.playing"):
            room.do(types.PlaybackNext())
        assert room.playing == expected


def test_previous_goes_back_and_then_starts_over(room: Room) -> None:
    room.add("track-1", "track-2")
    room.do(types.PlaybackPlay())
    room.do(types.PlaybackNext())
    with room.proves("track.playing"):
        room.do(types.PlaybackPrevious())
    assert room.playing == "track-1"
    room.do(types.PlaybackSeek(position_seconds=60))
    with room.proves("playback.changed"):
        assert room.answer(types.PlaybackPrevious())["position_seconds"] == 0


def test_previous_after_the_end_plays_the_last_one_again(room: Room) -> None:
    with room.proves():
        room.do(types.PlaybackPrevious())
    room.add("track-1", "track-2")
    for _ in range(3):
        room.do(types.PlaybackNext())
    with room.proves("track.playing"):
        room.do(types.PlaybackPrevious())
    assert room.playing == "track-2"


def test_previous_in_votes_order_is_what_played_before(room: Room) -> None:
    room.do(types.PlaylistUpdate(order="votes"))
    room.add("track-1", "track-2", "track-3")
    room.do(types.TrackVote(id=room.item("track-2").id, direction="up"))
    room.do(types.PlaybackPlay())
    room.do(types.PlaybackNext())
    with room.proves("track.playing"):
        room.do(types.PlaybackPrevious())
    assert room.playing == "track-2"


def test_previous_in_votes_order_goes_back_further_each_time(room: Room) -> None:
    room.do(types.PlaylistUpdate(order="votes"))
    room.add("track-1", "track-2", "track-3")
    for _ in range(3):
        room.do(types.PlaybackNext())
    for expected in ("track-2", "track-1"):
        with room.proves("track.playing"):
            room.do(types.PlaybackPrevious())
        assert room.playing == expected


def started_long_ago(room: Room) -> None:
    Playlist.objects.filter(pk=room.id).update(playback_started_at_ms=1)


def test_what_is_over_goes_on_once(room: Room) -> None:
    first, _ = room.add("track-1", "track-2")
    room.do(types.PlaybackPlay())
    early = types.PlaybackEnded(item_id=first, started_at_ms=room.row.playback_started_at_ms or 0)
    with room.proves():
        room.do(early, by=SYSTEM)
    started_long_ago(room)
    with room.proves():
        room.do(early, by=SYSTEM)
    over = types.PlaybackEnded(item_id=first, started_at_ms=1)
    with room.proves("track.playing"):
        room.do(over, by=SYSTEM)
    assert room.playing == "track-2"
    with room.proves():
        room.do(over, by=SYSTEM)
    assert room.events()[-1]["actor"] is None


def test_a_track_does_not_run_over_its_end(room: Room) -> None:
    room.add("track-1")
    room.do(types.PlaybackPlay())
    started_long_ago(room)
    assert room.answer(types.PlaybackPlay())["position_seconds"] == 181
    assert room.answer(types.PlaybackPause())["position_seconds"] == 181


def test_an_answer_tells_how_it_stands_now(room: Room) -> None:
    room.add("track-1")
    room.do(types.PlaybackPlay())
    Playlist.objects.filter(pk=room.id).update(playback_changed_at_ms=5)
    assert room.answer(types.PlaybackPlay())["server_time_ms"] > 5


def test_seek_moves_within_the_item(room: Room) -> None:
    with room.proves(), pytest.raises(DomainError) as refusal:
        room.do(types.PlaybackSeek(position_seconds=1))
    assert refusal.value.code == "CONFLICT"
    room.add("track-1")
    room.do(types.PlaybackPlay())
    with room.proves("playback.changed"):
        answer = room.answer(types.PlaybackSeek(position_seconds=60.5))
    assert answer["started_at_ms"] == answer["server_time_ms"] + settings.START_LEAD_MS - 60_500
    with room.proves(), pytest.raises(DomainError) as refusal:
        room.do(types.PlaybackSeek(position_seconds=181.5))
    assert refusal.value.code == "VALIDATION_ERROR"
    room.do(types.PlaybackPause())
    with room.proves("playback.changed"):
        assert room.answer(types.PlaybackSeek(position_seconds=5))["state"] == "paused"
    with room.proves():
        room.do(types.PlaybackSeek(position_seconds=5))


def test_what_is_added_to_a_room_that_ran_dry_is_started_by_the_server_once(room: Room) -> None:
    room.add("track-1")
    room.do(types.PlaybackPlay())
    with room.proves("track.playing"):
        room.do(types.PlaybackNext())
    assert not waits_dry(room.id)
    room.add("track-2", "track-3")
    assert waits_dry(room.id)
    with room.proves("track.playing"):
        room.do(types.PlaybackWake(), by=SYSTEM)
    assert room.playing == "track-2"
    assert not waits_dry(room.id)
    with room.proves():
        room.do(types.PlaybackWake(), by=SYSTEM)


def test_a_room_that_nobody_ever_started_is_not_dry(room: Room) -> None:
    room.add("track-1")
    assert not waits_dry(room.id)
    with room.proves():
        room.do(types.PlaybackWake(), by=SYSTEM)
    assert room.playing is None


def test_a_room_whose_last_song_is_removed_while_it_plays_ran_dry(room: Room) -> None:
    (only,) = room.add("track-1")
    room.do(types.PlaybackPlay())
    room.do(types.TrackRemove(id=only))
    room.add("track-2")
    assert waits_dry(room.id)


def test_a_refused_submission_leaves_a_room_as_dry_as_it_was(room: Room) -> None:
    first, *_ = room.add("track-1")
    room.do(types.PlaybackPlay())
    with pytest.raises(DomainError):
        room.do(types.PlaybackNext(), types.TrackRemove(id=UUID(int=1)))
    room.add("track-2")
    assert not waits_dry(room.id)
    assert room.item("track-1").id == first
