"""A folder of music becomes the library, and stays it, whatever its owner does to the files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DataError, OperationalError, connection
from msgspec import json

from music import state
from music.child import Readers
from music.models import AudioFile, Scan
from music.reading import Ask, Reading
from playlist import bulk, catalog, library, types
from playlist.errors import DomainError
from playlist.models import Track
from playlist.selectors.library import track_by_id, track_from_model, tracks
from tests.music.shelf import Shelf
from tests.rooms import Room


@pytest.fixture
def shelf(tmp_path: Path, settings: Any) -> Shelf:
    settings.MUSIC_DIR = (tmp_path / "music",)
    return Shelf(tmp_path / "music")


def titles() -> list[str]:
    page = tracks(limit=500, cursor=None)
    return [track.title for track in page.rows]


def failed(scan: Scan) -> dict[str, str]:
    failures = json.decode(scan.failed_json, type=list[state.Failure])
    return {Path(failure.path).name: failure.reason for failure in failures}


def test_files_become_tracks_with_what_their_tags_say(shelf: Shelf) -> None:
    tags = {"title": "Sound and Vision", "artist": "David Bowie", "album": "Low", "number": "4/11", "year": "1977"}
    shelf.put("Bowie/Low/04.wav", 1, **tags, genre="Rock")
    shelf.put("Nobody - Untagged.wav", 2)
    scan = shelf.scan()
    assert (scan.found, scan.done, scan.added, scan.failures) == (2, 2, 2, 0)
    assert titles() == ["Sound and Vision", "Untagged"]
    track = track_from_model(Track.objects.select_related("artist", "album").get(title="Sound and Vision"))
    told = (track.artist, track.album, track.genre, track.track_number, track.year, track.duration_ms, track.missing)
    assert told == ("David Bowie", "Low", "Rock", 4, 1977, 50, False)
    assert track.audio_url == f"/media/audio/{track.id}"
    assert track.audio_version is not None
    again = shelf.scan()
    assert (again.found, again.done, again.added, again.changed, again.missing) == (2, 2, 0, 0, 0)


def test_a_song_stays_itself_when_it_is_moved_retagged_or_both(shelf: Shelf, room: Room) -> None:
    for number in range(4):
        shelf.put(f"a/{number}.wav", number, title=f"Song {number}", artist="Anna")
    shelf.scan()
    ids = [shelf.track_at(f"a/{number}.wav") for number in range(4)]
    room.add(*[str(track) for track in ids])
    shelf.move("a/1.wav", "b/renamed.wav")
    shelf.put("a/2.wav", 2, title="Another name", artist="Anna", genre="Jazz")
    (shelf.root / "a/3.wav").unlink()
    shelf.put("c/3.wav", 3, title="Both", artist="Zoë")
    with room.proves("track.updated", "track.updated", "track.updated"):
        scan = shelf.scan()
    assert [shelf.track_at(name) for name in ("a/0.wav", "b/renamed.wav", "a/2.wav", "c/3.wav")] == ids
    assert (scan.added, scan.changed, scan.missing) == (0, 3, 0)
    assert [room.item(str(track)).track.title for track in ids] == ["Song 0", "Song 1", "Another name", "Both"]
    assert Track.objects.count() == 4 + 12


def test_what_vanishes_is_missing_and_comes_back_as_itself_wherever_it_lies(shelf: Shelf, room: Room) -> None:
    shelf.put("a/1.wav", 1, title="One", artist="Anna")
    shelf.put("a/2.wav", 2, title="Two", artist="Anna")
    shelf.scan()
    one, two = str(shelf.track_at("a/1.wav")), str(shelf.track_at("a/2.wav"))
    room.add(one, two)
    away = shelf.root.parent / "away"
    (shelf.root / "a").rename(away)
    with room.proves("track.updated", "track.updated"):
        assert shelf.scan().missing == 2
    assert room.item(one).track.missing
    assert "One" not in titles()
    room.do(types.TrackRemove(id=room.item(two).id))
    with room.proves(), pytest.raises(DomainError, match="no file"):
        room.add(two)
    (away / "1.wav").rename(shelf.root / "somewhere else.wav")
    (shelf.root / "a").mkdir()
    (away / "2.wav").rename(shelf.root / "a/2.wav")
    with room.proves("track.updated"):
        scan = shelf.scan()
    assert (scan.added, scan.missing) == (0, 0)
    assert [shelf.track_at("somewhere else.wav"), shelf.track_at("a/2.wav")] == [one, two]
    assert not room.item(one).track.missing
    assert {"One", "Two"} <= set(titles())


def test_two_files_that_swap_their_names_swap_their_paths_only(shelf: Shelf) -> None:
    shelf.put("a.wav", 1, title="One", artist="Anna")
    shelf.put("b.wav", 2, title="Two", artist="Anna")
    shelf.scan()
    one, two = shelf.track_at("a.wav"), shelf.track_at("b.wav")
    shelf.put("a.wav", 2, title="Two", artist="Anna")
    shelf.put("b.wav", 1, title="One", artist="Anna")
    assert shelf.scan().added == 0
    assert (shelf.track_at("b.wav"), shelf.track_at("a.wav")) == (one, two)
    assert AudioFile.objects.count() == 2


def test_another_song_at_the_path_of_one_is_another_track(shelf: Shelf) -> None:
    shelf.put("a.wav", 1, title="One", artist="Anna")
    shelf.scan()
    one = shelf.track_at("a.wav")
    shelf.put("a.wav", 2, title="Two", artist="Zoë")
    scan = shelf.scan()
    assert (scan.added, scan.missing) == (1, 1)
    assert shelf.track_at("a.wav") not in (one, None)
    shelf.put("elsewhere.wav", 1, title="One", artist="Anna")
    assert shelf.scan().added == 0
    assert shelf.track_at("elsewhere.wav") == one


def test_a_copy_is_the_same_track_unless_it_has_another_name(shelf: Shelf) -> None:
    shelf.put("a.wav", 1, title="One", artist="Anna")
    shelf.scan()
    one = shelf.track_at("a.wav")
    shelf.copy("a.wav", "copy.wav")
    shelf.put("single.wav", 1, title="One (single)", artist="Anna")
    assert shelf.scan().added == 1
    assert shelf.track_at("copy.wav") == one
    assert shelf.track_at("single.wav") not in (one, None)
    version = Track.objects.get(pk=one).audio_version
    (shelf.root / "a.wav").unlink()
    assert shelf.scan().missing == 0
    assert shelf.track_at("copy.wav") == one
    assert Track.objects.get(pk=one).audio_version != version


def test_what_people_edited_wins_over_later_tags(shelf: Shelf) -> None:
    shelf.put("a.wav", 1, title="One", artist="Anna", album="First", genre="Rock")
    shelf.scan()
    one = str(shelf.track_at("a.wav"))
    library.track_update(one, types.TrackChanges(title="Mine", cover_url="/mine.png"))
    shelf.put("a.wav", 1, title="Two", artist="Zoë", album="Second", genre="Jazz")
    shelf.scan()
    track = track_from_model(track_by_id(one))
    assert (track.title, track.artist, track.album, track.genre) == ("Mine", "Zoë", "Second", "Jazz")
    assert track.cover_url == "/mine.png"
    shelf.copy("a.wav", "b.wav")
    assert shelf.scan().added == 0


def test_a_deleted_track_hides_its_file_from_later_scans(shelf: Shelf) -> None:
    shelf.put("a.wav", 1, title="One", artist="Anna")
    shelf.scan()
    library.track_delete(str(shelf.track_at("a.wav")))
    assert shelf.scan().added == 0
    shelf.move("a.wav", "b.wav")
    assert shelf.scan().added == 0
    os.utime(shelf.root / "b.wav", ns=(10**18, 10**18))
    assert shelf.scan().added == 0
    assert titles() == []


def test_odd_files_cost_a_line_each(shelf: Shelf) -> None:
    shelf.put("good.wav", 1, title="One", artist="Anna")
    shelf.write("empty.mp3", b"")
    shelf.write("text.mp3", b"This is a text.\n" * 200)
    shelf.write("cover.jpg", b"\xff\xd8\xff")
    shelf.write(".hidden.wav", b"")
    shelf.write("._good.wav", b"")
    os.mkfifo(shelf.root / "pipe.mp3")
    (shelf.root / "loop").symlink_to(shelf.root)
    (shelf.root / "broken.mp3").symlink_to(shelf.root / "nothing")
    scan = shelf.scan()
    assert (scan.found, scan.added) == (3, 1)
    assert failed(scan).keys() == {"empty.mp3", "text.mp3"}
    again = shelf.scan()
    assert failed(again) == failed(scan)
    shelf.put("text.mp3", 2, title="Two", artist="Anna")
    (shelf.root / "empty.mp3").unlink()
    last = shelf.scan()
    assert (last.added, last.failures) == (1, 0)
    assert AudioFile.objects.count() == 2


def test_a_file_that_is_half_written_does_not_lose_its_track(shelf: Shelf) -> None:
    whole = shelf.put("a.wav", 1, title="One", artist="Anna").read_bytes()
    shelf.scan()
    one = shelf.track_at("a.wav")
    shelf.write("a.wav", whole[:20])
    scan = shelf.scan()
    assert (scan.missing, scan.failures) == (1, 1)
    shelf.write("a.wav", whole)
    scan = shelf.scan()
    assert (scan.added, scan.failures) == (0, 0)
    assert shelf.track_at("a.wav") == one
    assert titles() == ["One"]


def test_a_file_that_the_database_refuses_costs_only_itself(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, title in enumerate(("One", "Bad", "Two")):
        shelf.put(f"{title}.wav", number, title=title, artist="Anna")
    add_tracks = catalog.add_tracks

    def refusing(drafts: Sequence[catalog.Draft], now: datetime) -> None:
        add_tracks(drafts, now)
        if "Bad" in [draft.file.title for draft in drafts]:
            raise DataError("value out of range")

    monkeypatch.setattr(catalog, "add_tracks", refusing)
    scan = shelf.scan()
    assert (scan.added, failed(scan)) == (2, {"Bad.wav": "The database refuses what stands in its tags."})
    assert titles() == ["One", "Two"]


def test_a_database_that_is_busy_for_a_while_costs_nothing(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.put("One.wav", 1, title="One", artist="Anna")
    refusals = [OperationalError("database is locked"), OperationalError("canceling statement due to timeout")]
    add_tracks = catalog.add_tracks

    def busy(drafts: Sequence[catalog.Draft], now: datetime) -> None:
        add_tracks(drafts, now)
        if refusals:
            raise refusals.pop()

    monkeypatch.setattr(catalog, "add_tracks", busy)
    monkeypatch.setattr("music.scan._AGAIN_SECONDS", (0.0, 0.0))
    scan = shelf.scan()
    assert (scan.state, scan.added, scan.failures) == (Scan.State.DONE, 1, 0)
    assert titles() == ["One"]


def test_names_that_are_no_text_are_names(shelf: Shelf) -> None:
    odd = os.fsdecode(os.fsencode(shelf.root) + b"/\xff\xfe \xe9.wav")
    shelf.put("a.wav", 1, title="One", artist="Anna")
    (shelf.root / "a.wav").rename(odd)
    assert shelf.scan().added == 1
    assert shelf.scan().added == 0
    file = AudioFile.objects.get()
    assert file.local_path == odd
    assert file.shown_path.endswith("\ufffd\ufffd \ufffd.wav")


def test_what_the_disk_did_not_give_is_read_again(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that stalls, or fails while a file is open, says nothing of the file."""

    def away(self: Readers, asks: Iterable[Ask]) -> Iterator[Reading]:
        for ask in asks:
            yield Reading(path=ask.path, reason="It cannot be read: Stale file handle.")

    shelf.put("a.wav", 1, title="One", artist="Anna")
    shelf.scan()
    one = shelf.track_at("a.wav")
    shelf.put("a.wav", 1, title="One", artist="Anna", genre="Jazz")
    shelf.put("b.wav", 2, title="Two", artist="Anna")
    with monkeypatch.context() as patch:
        patch.setattr(Readers, "read", away)
        assert shelf.scan().failures == 2
    scan = shelf.scan()
    assert (scan.added, scan.failures) == (1, 0)
    assert shelf.track_at("a.wav") == one
    assert titles() == ["One", "Two"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_left_as_it_is(shelf: Shelf) -> None:
    shelf.put("a/1.wav", 1, title="One", artist="Anna")
    shelf.scan()
    (shelf.root / "a").chmod(0)
    try:
        scan = shelf.scan()
    finally:
        (shelf.root / "a").chmod(0o755)
    assert (scan.missing, failed(scan)) == (0, {"a": "It cannot be read: Permission denied."})


def test_a_music_folder_that_is_not_there_is_named_in_the_log(
    shelf: Shelf, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """By a typing error, or since its disk is not mounted; the others are read all the same."""
    settings.MUSIC_DIR = (shelf.root, shelf.root.parent / "gone")
    shelf.put("a.wav", 1, title="One", artist="Anna")
    assert shelf.scan().added == 1
    (warning,) = (each.getMessage() for each in caplog.records if each.levelname == "WARNING")
    gone = settings.MUSIC_DIR[1]
    assert warning == f"The music folder {gone} is left out. It cannot be read: No such file or directory."


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL merges nothing")
def test_the_search_index_has_its_ordinary_settings_afterwards(shelf: Shelf) -> None:
    shelf.put("a.wav", 1, title="One", artist="Anna")
    shelf.scan()
    with connection.cursor() as cursor:
        cursor.execute("SELECT k, v FROM playlist_search_index_config WHERE k IN ('automerge', 'crisismerge')")
        assert dict(cursor.fetchall()) == {"automerge": 4, "crisismerge": 16}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL lets others write meanwhile")
def test_transactions_are_short_while_people_write(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = [1000.0]
    clock = SimpleNamespace(monotonic=lambda: seconds[0], sleep=lambda _: None)
    monkeypatch.setattr(bulk, "time", clock)

    def rows_after_a_vote(quiet: float) -> int:
        """The rows of the next transaction, where so many take 20 ms."""
        with bulk.turn(is_awaited=True):
            pass
        seconds[0] += quiet
        writer = bulk.BulkWriter()
        writer.rows = 400
        with writer.transaction(400):
            seconds[0] += 0.02
        return writer.rows

    assert rows_after_a_vote(quiet=3) == 200
    assert rows_after_a_vote(quiet=11) == 800
