"""The library: an edit or a deletion reaches every playlist that holds the track, also after a crash."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.utils import timezone

from playlist import library, types
from playlist.change import Change
from playlist.commands import library as library_commands
from playlist.commands.table import ENTRIES
from playlist.errors import DomainError
from playlist.identity import SYSTEM, Actor
from playlist.models import Artist, Play, PlaylistTrack, SearchEntry, Track
from playlist.selectors.library import genres, track_by_id, track_from_model, tracks
from playlist.selectors.log import history, played_resource
from tests.rooms import Room, person


def found(query: str) -> list[str]:
    page = tracks(query=query, limit=500, cursor=None)
    return [track.title for track in page.rows]


def test_an_edit_is_told_to_every_playlist_that_holds_the_track(room: Room) -> None:
    main = Room.main()
    other = Room.open()
    room.add("track-1", "track-2")
    main.add("track-1")
    with room.proves("track.updated"), main.proves("track.updated"), other.proves():
        library.track_update("track-1", types.TrackChanges(title="A new title", artist="Somebody", album=""))
    assert room.item("track-1").track.title == "A new title"
    assert room.item("track-1").track.album == ""
    assert found("new title") == ["A new title"]
    assert found("song 12") == ["Song 12"]
    with room.proves():
        library.track_update("track-1", types.TrackChanges(title="A new title"))


def test_deleting_a_track_takes_it_out_of_every_playlist(room: Room) -> None:
    main = Room.main()
    room.add("track-1", "track-2")
    main.add("track-1")
    room.do(types.PlaybackPlay())
    with room.proves("track.playing", "track.removed"), main.proves("track.removed"):
        library.track_delete("track-1")
    assert not Track.objects.filter(pk="track-1").exists()
    assert not SearchEntry.objects.filter(track_id="track-1").exists()
    with pytest.raises(DomainError, match="no such track"):
        library.track_delete("track-1")
    (played,) = [
        played_resource(play) for play in history(room.row, 10, None).rows if play.item_id != room.item("track-2").id
    ]
    assert played.track.title == "Song 1"


def test_a_track_that_is_being_deleted_cannot_be_added(room: Room) -> None:
    Track.objects.filter(pk="track-1").update(deleted_at=timezone.now())
    with room.proves(), pytest.raises(DomainError) as refusal:
        room.add("track-1")
    assert refusal.value.code == "TRACK_NOT_FOUND"
    assert "Song 1" not in found("song")


def test_what_a_crash_left_undone_is_finished(room: Room) -> None:
    """The library row changed, and then the process was killed: the playlists had not heard of it."""
    room.add("track-1", "track-2")
    with room.proves("track.updated", "track.removed"):
        # A snapshot shows the library as it is; the log catches up.
        Track.objects.filter(pk="track-2").update(deleted_at=timezone.now())
        Track.objects.filter(pk="track-1").update(version=2)
        assert library.resume() == 2
    assert room.track_ids == ["track-1"]
    assert library.resume() == 0
    assert PlaylistTrack.objects.get().track_version == 2
    room.do(types.TrackRefresh(track_id="track-1"), by=SYSTEM)
    room.do(types.TrackPurge(track_id="track-9"), by=SYSTEM)


def test_a_room_that_cannot_hear_of_a_change_keeps_no_other_from_it(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that starts finishes what it can, and starts."""
    main = Room.main()
    kind: type[types.Command] = types.TrackRefresh
    for there in (main, room):
        there.add("track-1", "track-2")

    def fault(change: Change, actor: Actor, command: types.TrackRefresh) -> None:
        if (change.playlist.pk, command.track_id) == (main.id, "track-1"):
            raise RuntimeError("a fault")
        library_commands.track_refresh(change, actor, command)

    monkeypatch.setitem(ENTRIES, kind, replace(ENTRIES[kind], run=fault))
    Track.objects.filter(pk__in=["track-1", "track-2"]).update(version=2)
    with room.proves("track.updated", "track.updated", differs=False), main.proves("track.updated", differs=False):
        assert library.resume() == 1
    monkeypatch.undo()
    with room.proves(), main.proves("track.updated", differs=False):
        assert library.resume() == 1


def test_guests_cannot_reach_the_commands_of_the_library(room: Room) -> None:
    room.add("track-1")
    with room.proves(), pytest.raises(DomainError) as refusal:
        room.do(types.TrackPurge(track_id="track-1"), by=person("Eve"))
    assert refusal.value.code == "FORBIDDEN"


def test_importing_twice_adds_once() -> None:
    entries = [("a", types.NewTrack(title="A", artist="B", duration_seconds=1))]
    assert library.tracks_import(entries) == 1
    assert library.tracks_import(entries) == 0


def test_what_an_older_server_wrote_lasts_as_long_as_it_says() -> None:
    """It knows whole seconds only: it writes no milliseconds, and leaves those of others as they were."""
    library.tracks_import([("a", types.NewTrack(title="A", artist="B", duration_seconds=61.4))])
    track = Track.objects.get()
    assert (track.duration_seconds, track.exact_duration_ms) == (61, 61_400)
    Track.objects.update(duration_seconds=90)
    assert track_by_id("a").exact_duration_ms == 90_000
    Track.objects.update(duration_seconds=1, duration_ms=0)
    assert track_from_model(track_by_id("a")).duration_ms == 1000


def test_the_history_of_an_earlier_version_is_read_with_todays_fields(room: Room) -> None:
    room.add("track-1")
    room.do(types.PlaybackPlay())
    kept = ("id", "title", "artist", "album", "duration_seconds", "genre", "cover_url", "audio_url")
    play = Play.objects.get()
    whole = json.loads(play.track_json)
    play.track_json = json.dumps({field: whole[field] for field in kept})
    told = played_resource(play).track
    assert (told.duration_ms, told.artist_id, told.missing, told.added_at) == (181_000, None, False, play.played_at)


def test_an_edit_is_remembered_and_leaves_the_album_of_several_artists() -> None:
    library.tracks_import([("a", types.NewTrack(title="A", artist="Various", album="Hits", duration_seconds=9))])
    Track.objects.update(artist=Artist.objects.create(name="Zoë", folded="zoe"))
    edited = library.track_update("a", types.TrackChanges(title="Aa", genre="Pop"))
    library.track_update("a", types.TrackChanges(title="Aa", album="More hits"))
    track = track_by_id("a")
    assert track.edited.split() == ["album", "genre", "title"]
    assert track.album is not None
    assert (edited.title, edited.album, track.album.title, track.album.artist.name) == (
        "Aa", "Hits", "More hits", "Various",
    )  # fmt: skip


def test_a_track_whose_file_has_vanished_stays_in_queues_and_cannot_be_added(room: Room) -> None:
    room.add("track-1")
    genre = room.item("track-1").track.genre
    Track.objects.filter(genre=genre).update(missing_since=timezone.now())
    with room.proves(), pytest.raises(DomainError) as refusal:
        room.add("track-3")
    assert refusal.value.code == "NO_AUDIO"
    assert "Song 1" not in found("song")
    assert "Song 2" in found("song")
    assert genre not in genres()
    assert track_from_model(track_by_id("track-1")).missing
    assert room.item("track-1").track.missing
