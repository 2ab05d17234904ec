"""seed_tracks and prune."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import QuerySet

from playlist import types
from playlist.management import sample
from playlist.models import Artist, Event, Operation, PlaylistTrack, Track
from playlist.selectors.library import tracks
from playlist.selectors.log import events_since
from tests.rooms import Room


def run(*arguments: Any, **options: Any) -> str:
    output = StringIO()
    call_command(*arguments, stdout=output, **options)
    return output.getvalue()


def silent() -> QuerySet[Track]:
    """The samples, which have no file."""
    return Track.objects.filter(audio_url=None)


def test_an_empty_server_gets_a_library_and_a_queue() -> None:
    assert "Added 40 tracks" in run("seed_tracks")
    main = Room.main()
    assert {f"track-{number}" for number in range(1, 41)} == set(silent().values_list("pk", flat=True))
    assert Track.objects.count() == 40 + 6, "the tunes are there to be heard"
    assert Artist.objects.count() < 40, "some are by the same artist"
    votes = [item.votes for item in main.items]
    assert len(votes) == 15
    assert (min(votes), max(votes)) == (-2, 10)
    assert sum(item.is_playing for item in main.items) == 1
    main.check()


def test_the_first_track_of_the_library_is_not_queued() -> None:
    """Public front ends' smoke tests add it."""
    run("seed_tracks")
    (first,) = tracks(limit=1, cursor=None).rows
    assert first.pk not in {item.track_id for item in Room.main().items}


def test_seeding_again_changes_nothing() -> None:
    run("seed_tracks")
    revision = Room.main().row.revision
    assert "Added 0 tracks" in run("seed_tracks")
    assert run("seed_tracks", "--if-empty") == ""
    assert Room.main().row.revision == revision


def test_what_people_did_is_left_alone(tracks: list[str]) -> None:
    main = Room.main()
    main.add("track-1")
    assert run("seed_tracks", "--if-empty") == ""
    with main.proves():
        run("seed_tracks")
    assert Track.objects.get(pk="track-1").title == "Song 1"
    assert silent().count() == 40


def test_a_large_library_is_made_up() -> None:
    run("seed_tracks", "--tracks", "1200")
    assert silent().count() == 1200
    assert sample.made_up_track(77) == sample.made_up_track(77) != sample.made_up_track(78)
    assert tracks(query="bohemian", limit=5, cursor=None).rows
    run("seed_tracks", "--tracks", "1201")
    assert silent().count() == 1201
    with pytest.raises(CommandError):
        run("seed_tracks", "--tracks", "-1")


def test_prune_forgets_what_is_old_and_leaves_no_hole(room: Room) -> None:
    items = room.add("track-1", "track-2", "track-3")
    for number, item in enumerate(items):
        room.do(types.TrackVote(id=item, direction="up"), key=f"k{number}")
    month = timedelta(days=31)
    for event in Event.objects.filter(playlist=room.id, revision__in=(1, 2, 4)):
        # The clock went back in between: 3 is younger than 4.
        Event.objects.filter(pk=event.pk).update(at=event.at - month)
    Operation.objects.filter(key__in=("k0", "k1")).update(created_at=event.at - timedelta(hours=25))
    assert "Deleted 2 events, 0 plays, 2 operations" in run("prune")
    assert [event["revision"] for event in room.events()] == [3, 4, 5, 6], "and nothing young goes"
    assert [operation.key for operation in Operation.objects.all()] == ["k2"]
    page = events_since(room.row, 1, 100)
    assert (page.from_, page.revision, len(page.events)) == (2, 6, 4), "a reader sees that the log begins later"
    assert PlaylistTrack.objects.count() == 3
