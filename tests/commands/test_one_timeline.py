"""A room is one timeline: what follows by itself starts where its predecessor ended, whatever the server does."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings

from playlist import types
from playlist.clock import database_now, to_ms
from playlist.errors import DomainError
from playlist.identity import SYSTEM
from playlist.models import Play, Playlist, Track
from playlist.selectors.playback import running
from playlist.timeline import timeline
from tests.rooms import Room

LONG_AGO_MS = 60_000


@pytest.fixture
def tunes(room: Room) -> Room:
    """A room with five tunes of two seconds and a bit, of which the first plays."""
    last(room, 2_345)
    room.add("track-1", "track-2", "track-3", "track-4", "track-5")
    room.do(types.PlaybackPlay())
    return room


def last(room: Room, duration_ms: int) -> None:
    """Let every track last that long, and sound."""
    Track.objects.update(duration_ms=duration_ms, duration_seconds=round(duration_ms / 1000), audio_url="/a")


def ago(room: Room, by_ms: int, *, speaker: bool = False) -> int:
    """Let the playing item have started so much earlier, and be all that this process has seen; when it started."""
    row = room.row
    assert row.playback_started_at_ms is not None
    started_at_ms, changed_at_ms = row.playback_started_at_ms - by_ms, row.playback_changed_at_ms - by_ms
    Playlist.objects.filter(pk=room.id).update(
        playback_started_at_ms=started_at_ms,
        playback_changed_at_ms=changed_at_ms,
        alive_at_ms=changed_at_ms,
        speaker_at_ms=changed_at_ms if speaker else 0,
    )
    timeline.note(room.id, started_at_ms)
    return started_at_ms


def dies(room: Room) -> None:
    """Another process is there now, which has not seen the item start."""
    timeline.note(room.id, None)


def ended(room: Room) -> None:
    row = room.row
    current = next(item for item in room.items if item.is_playing)
    assert row.playback_started_at_ms is not None
    room.do(types.PlaybackEnded(item_id=current.id, started_at_ms=row.playback_started_at_ms), by=SYSTEM)


def starts(events: list[dict[str, Any]]) -> list[int]:
    return [event["playback"]["started_at_ms"] for event in events if event["type"] == "track.playing"]


def test_what_follows_starts_where_the_one_before_ended(tunes: Room, settings: LazySettings) -> None:
    settings.CHAIN_LIMIT_MS = 10 * LONG_AGO_MS
    first_ms = ago(tunes, LONG_AGO_MS)
    revision = tunes.row.revision
    for _ in range(4):
        with tunes.proves("track.playing"):
            ended(tunes)
    told = tunes.events(since=revision)
    assert starts(told) == [first_ms + 2_345 * number for number in range(1, 5)]
    assert all(event["playback"]["position_seconds"] == 0 for event in told)
    # The events themselves are as late as they are.
    assert all(event["playback"]["server_time_ms"] > first_ms + 5 * 2_345 for event in told)


def test_a_server_that_is_too_late_starts_now(tunes: Room, settings: LazySettings) -> None:
    late = settings.CHAIN_LIMIT_MS + 1
    ago(tunes, LONG_AGO_MS + late)
    ended(tunes)
    playback = tunes.events()[-1]["playback"]
    assert playback["started_at_ms"] == playback["server_time_ms"]


def test_an_item_ends_to_the_millisecond(tunes: Room) -> None:
    now = running(tunes.id)
    assert now is not None
    row = tunes.row
    assert row.playback_started_at_ms is not None
    ends_at_ms = row.playback_started_at_ms + 2_345
    assert now.ends_in_seconds <= (ends_at_ms - row.playback_changed_at_ms) / 1000
    with pytest.raises(DomainError, match=r"2\.345 seconds"):
        tunes.do(types.PlaybackSeek(position_seconds=2.346))
    assert tunes.answer(types.PlaybackSeek(position_seconds=2.345))["position_seconds"] == 2.345


def test_whatever_a_person_starts_begins_after_the_lead(tunes: Room, settings: LazySettings) -> None:
    settings.START_LEAD_MS = LONG_AGO_MS
    for command in (
        types.PlaybackNext(),
        types.PlaybackSeek(position_seconds=1.5),
        types.PlaybackPrevious(),
        types.PlaybackPlay(item_id=tunes.item("track-4").id),
        types.TrackRemove(id=tunes.item("track-4").id),
    ):
        tunes.do(command)
        playback = next(event for event in reversed(tunes.events()) if "playback" in event)["playback"]
        began = playback["started_at_ms"] + round(1000 * playback["position_seconds"])
        assert began == playback["server_time_ms"] + LONG_AGO_MS
    with tunes.proves("playback.changed"):
        assert tunes.answer(types.PlaybackPause())["position_seconds"] == 0
    tunes.do(types.PlaybackSeek(position_seconds=1.5))
    tunes.do(types.PlaybackPlay())
    with tunes.proves("playback.changed"):  # within the lead: where it would have started from
        assert tunes.answer(types.PlaybackPause())["position_seconds"] == 1.5


def test_within_the_lead_it_is_not_over(tunes: Room, settings: LazySettings) -> None:
    settings.START_LEAD_MS = LONG_AGO_MS
    tunes.do(types.PlaybackSeek(position_seconds=2.345))
    with tunes.proves():
        ended(tunes)


def test_the_volume_is_the_rooms(tunes: Room) -> None:
    with tunes.proves("playback.changed"):
        assert tunes.answer(types.PlaybackVolume(volume=40))["volume"] == 40
    with tunes.proves():
        tunes.do(types.PlaybackVolume(volume=40))
    for command in (types.PlaybackPause(), types.PlaybackNext(), types.PlaybackPlay()):
        assert tunes.answer(command)["volume"] == 40
    before = tunes.snapshot()["playback"]
    tunes.do(types.PlaybackVolume(volume=0))
    after = tunes.snapshot()["playback"]
    assert (after["started_at_ms"], after["position_seconds"]) == (before["started_at_ms"], before["position_seconds"])


# ── The server was away ──────────────────────────────────────────────────────────────────────────────────────────────


def test_speakers_that_played_on_are_followed(tunes: Room) -> None:
    """Two tunes have passed, and a third one is playing: each start is recorded at its time."""
    first_ms = ago(tunes, LONG_AGO_MS, speaker=True)
    Track.objects.filter(pk="track-4").update(duration_ms=LONG_AGO_MS * 10, duration_seconds=LONG_AGO_MS // 100)
    dies(tunes)
    revision = tunes.row.revision
    with tunes.proves("track.playing", "track.playing", "track.playing", "track.voted"):
        tunes.do(types.TrackVote(id=tunes.item("track-5").id, direction="up"))
    told = tunes.events(since=revision)[:3]
    expected = [first_ms + 2_345 * number for number in (1, 2, 3)]
    assert starts(told) == expected
    assert [event["playback"]["server_time_ms"] for event in told] == expected
    assert {event["actor"] for event in told} == {None}
    assert [to_ms(play.played_at) for play in Play.objects.filter(playlist=tunes.id).order_by("id")][1:] == expected
    assert tunes.playing == "track-4"
    with tunes.proves():
        ended(tunes)


def test_speakers_that_played_to_the_end_are_followed_there(tunes: Room) -> None:
    ago(tunes, LONG_AGO_MS, speaker=True)
    dies(tunes)
    with tunes.proves(*["track.playing"] * 5, "playlist.updated"):
        tunes.do(types.PlaylistUpdate(name="Another"))
    assert tunes.playing is None
    assert tunes.row.ran_dry


def test_a_person_meets_what_speakers_play_by_now(tunes: Room) -> None:
    ago(tunes, LONG_AGO_MS, speaker=True)
    Track.objects.filter(pk="track-4").update(duration_ms=LONG_AGO_MS * 10, duration_seconds=LONG_AGO_MS // 100)
    dies(tunes)
    with pytest.raises(DomainError) as refusal:
        tunes.do(types.PlaybackNext(expect_item_id=tunes.item("track-1").id))
    assert refusal.value.details == {"item_id": str(tunes.item("track-4").id)}


def test_where_nobody_played_on_it_goes_on_where_it_was(tunes: Room) -> None:
    last(tunes, 10 * LONG_AGO_MS)
    before = tunes.row
    ago(tunes, LONG_AGO_MS)
    Playlist.objects.filter(pk=tunes.id).update(alive_at_ms=before.alive_at_ms - LONG_AGO_MS + 5_000)
    dies(tunes)
    assert running(tunes.id).is_behind  # type: ignore[union-attr]
    with tunes.proves("playback.changed", "track.voted"):
        tunes.do(types.TrackVote(id=tunes.item("track-5").id, direction="up"))
    playback = tunes.events()[-2]["playback"]
    assert playback["position_seconds"] == pytest.approx(4.7)  # the lead was part of its life
    with tunes.proves("track.voted"):
        tunes.do(types.TrackVote(id=tunes.item("track-5").id, direction="none"))


def test_a_speaker_that_went_off_long_before_does_not_count(tunes: Room) -> None:
    ago(tunes, LONG_AGO_MS, speaker=True)
    died_at_ms = tunes.row.alive_at_ms + 20_000
    Playlist.objects.filter(pk=tunes.id).update(alive_at_ms=died_at_ms)
    dies(tunes)
    with tunes.proves("playlist.updated"):  # the first tune was over while the server lived
        tunes.do(types.PlaylistUpdate(name="Another"))
    ended(tunes)
    playback = tunes.events()[-1]["playback"]
    assert playback["started_at_ms"] == playback["server_time_ms"]


def test_speakers_are_followed_for_so_long_only(tunes: Room, settings: LazySettings) -> None:
    settings.FOLLOW_LIMIT_SECONDS = 6
    first_ms = ago(tunes, LONG_AGO_MS, speaker=True)
    dies(tunes)
    revision = tunes.row.revision
    with tunes.proves("track.playing", "track.playing", "playback.changed", "playlist.updated"):
        tunes.do(types.PlaylistUpdate(name="Another"))
    told = tunes.events(since=revision)
    assert starts(told) == [first_ms + 2_345, first_ms + 4_690]
    # The limit counts from the last sign of life, the tunes from their start, which was a lead later.
    assert told[2]["playback"]["position_seconds"] == pytest.approx(6 - 0.3 - 4.69)


def test_a_server_that_only_hung_follows_its_speakers(tunes: Room) -> None:
    """It was never away, but late by more than the limit; its speakers have gone on."""
    ago(tunes, LONG_AGO_MS)
    Playlist.objects.filter(pk=tunes.id).update(speaker_at_ms=to_ms(database_now()))
    with tunes.proves(*["track.playing"] * 5):
        ended(tunes)


def test_while_the_database_is_away_speakers_play_on(tunes: Room) -> None:
    """This process kept the time all along, but could neither record what followed nor mark anything as alive."""
    first_ms = ago(tunes, LONG_AGO_MS, speaker=True)
    revision = tunes.row.revision
    with tunes.proves(*["track.playing"] * 5):
        ended(tunes)
    assert starts(tunes.events(since=revision)) == [*(first_ms + 2_345 * number for number in range(1, 5)), None]


def test_a_speaker_that_left_before_the_end_is_not_followed(tunes: Room) -> None:
    """Nobody was there any more when the tune ended, so nothing followed; somebody comes a minute later."""
    ago(tunes, LONG_AGO_MS, speaker=True)
    alive_at_ms = tunes.row.alive_at_ms + 2_345 + 16_000  # the last mark, as test_life.py has it
    Playlist.objects.filter(pk=tunes.id).update(alive_at_ms=alive_at_ms)
    with tunes.proves("track.playing"):
        ended(tunes)
    playback = tunes.events()[-1]["playback"]
    assert playback["started_at_ms"] == playback["server_time_ms"]


def test_a_process_that_kept_the_time_sees_no_gap(tunes: Room) -> None:
    ago(tunes, LONG_AGO_MS, speaker=True)
    with tunes.proves("playlist.updated"):
        tunes.do(types.PlaylistUpdate(name="Another"))


def test_silence_is_passed_over_while_a_speaker_is_on(tunes: Room) -> None:
    last(tunes, 10 * LONG_AGO_MS)
    Track.objects.filter(pk="track-1").update(audio_url=None)
    first_ms = ago(tunes, 5_500)
    with tunes.proves():
        ended(tunes)
    Playlist.objects.filter(pk=tunes.id).update(speaker_at_ms=to_ms(database_now()))
    with tunes.proves("track.playing"):
        ended(tunes)
    assert tunes.events()[-1]["playback"]["started_at_ms"] == first_ms + 5_000


# ── The clock ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_times_of_another_clock_are_told_anew(tunes: Room) -> None:
    """Another process has counted a step that this one did not see."""
    assert timeline.clock is not None
    counted = tunes.row.playback_clock + 1
    Playlist.objects.filter(pk=tunes.id).update(playback_clock=counted)
    with tunes.proves("playlist.updated"):
        tunes.do(types.PlaylistUpdate(name="Another"))
    assert timeline.clock == counted
    Playlist.objects.filter(pk=tunes.id).update(playback_clock=counted - 1)
    started_at_ms = tunes.row.playback_started_at_ms
    with tunes.proves("playback.changed", "playlist.updated"):
        tunes.do(types.PlaylistUpdate(name="A third"))
    assert (tunes.row.playback_clock, tunes.row.playback_started_at_ms) == (counted, started_at_ms)
