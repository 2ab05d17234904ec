"""The log as people read it: who did what, newest first, and what it costs to look at it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from msgspec import UNSET

from playlist import library, types
from playlist.models import Event, Playlist, Track
from playlist.selectors.activity import SCANNED_AT_ONCE, activity
from tests.api.client import Answer, Api, guest
from tests.plans import steps_of
from tests.rooms import Room

pytestmark = pytest.mark.usefixtures("tracks")


def room_of(api: Api) -> str:
    return str(api.post("playlists", {"name": "Friday", "visibility": "public"}).json["slug"])


def before_of(answer: Answer) -> str | None:
    """Where the next page begins, by the Link header."""
    found = re.search(r"[?&]before=(\d+)", answer.headers.get("Link", ""))
    return found and found[1]


def test_an_evening_is_read_newest_first() -> None:
    alice, bob = guest("Alice"), guest("Bob")
    where = f"playlists/{room_of(alice)}"
    first = alice.post(f"{where}/items", {"track_id": "track-1"}).json
    second = bob.post(f"{where}/items", {"track_id": "track-2"}).json
    for direction in ("up", "none", "down"):
        bob.post(f"{where}/items/{first['id']}/vote", {"direction": direction})
    bob.call("PATCH", f"{where}/items/{second['id']}", {"after": None})
    bob.call("DELETE", f"{where}/items/{second['id']}")
    alice.post(f"{where}/playback", {"action": "play"})
    alice.call("PATCH", where, {"name": "Saturday"})

    told = bob.get(f"{where}/activity").json
    assert [entry["type"] for entry in told] == [
        "playlist.updated",
        "track.playing",
        "track.removed",
        "track.moved",
        "track.voted",
        "track.added",
        "track.added",
    ]
    assert [entry["revision"] for entry in told] == [9, 8, 7, 6, 5, 2, 1]
    assert [entry["actor"]["name"] for entry in told] == ["Alice", "Alice", "Bob", "Bob", "Bob", "Bob", "Alice"]
    assert [entry.get("track", {}).get("title") for entry in told] == [
        None, "Song 1", "Song 2", "Song 2", "Song 1", "Song 2", "Song 1"
    ]  # fmt: skip
    settings, playing, removed, moved, voted, added, _ = told
    assert settings["details"] == {"playlist": {"name": "Saturday"}, "before": {"name": "Friday"}}
    assert playing["details"]["id"] == first["id"]
    assert removed["track"] == {"id": "track-2", "title": "Song 2", "artist": "Artist 2"}
    assert moved["details"] == {"id": second["id"], "position": 0.0, "from": 2.0}
    assert voted["details"] == {"id": first["id"], "votes": -1, "from": 0, "to": -1, "revisions": [5, 4, 3]}
    assert added["details"] == {"id": second["id"], "added_by": "Bob"}
    assert not any(entry["automatic"] for entry in told)
    # Bob may undo what is his and can be undone: the song that he moved is gone, and settings are the host's.
    assert [entry["revision"] for entry in told if entry["undoable"]] == [7, 5]
    assert [entry["revision"] for entry in alice.get(f"{where}/activity").json if entry["undoable"]] == [9, 7, 5]
    assert not any(entry["undoable"] for entry in Api().get(f"{where}/activity").json)


def test_a_part_of_it_is_undone_and_shown_before() -> None:
    alice, bob = guest("Alice"), guest("Bob")
    where = f"playlists/{room_of(alice)}"
    items = [alice.post(f"{where}/items", {"track_id": f"track-{number}"}).json for number in (1, 2)]
    for item in items:
        bob.call("DELETE", f"{where}/items/{item['id']}")
    his = bob.get("user/me").json["id"]

    wanted = {"person_id": his, "minutes": 60}
    preview = alice.post(f"{where}/undo", {**wanted, "preview": True}).json
    assert (preview["undone"], preview["left"]) == ([4, 3], [])
    assert [entry["track"]["title"] for entry in preview["entries"]] == ["Song 2", "Song 1"]
    assert alice.get(f"{where}/items").json == []
    assert guest("Carla").post(f"{where}/undo", {**wanted, "preview": True}).code == "FORBIDDEN"
    assert guest("Carla").post(f"{where}/undo", wanted).code == "FORBIDDEN"
    assert Api().post(f"{where}/undo", wanted).code == "AUTH_REQUIRED"

    for _ in range(2):  # the same key has one effect
        answer = alice.post(f"{where}/undo", wanted, Idempotency_Key="once")
        assert (answer.status, answer.json) == (200, {"undone": [4, 3], "left": []})
    assert alice.get(f"{where}/items").json == items
    undone, _, removed, *_ = alice.get(f"{where}/activity").json
    assert (undone["revision"], undone["undoes"], undone["undoable"]) == (6, 3, True)
    assert (removed["revision"], removed["undone_by"], removed["undoable"]) == (4, 5, False)

    refusal = bob.post(f"{where}/undo", {"revisions": [3]})
    assert (refusal.status, refusal.code) == (409, "NOT_UNDOABLE")
    assert refusal.details == {"left": [{"revision": 3, "reason": "superseded"}]}
    assert alice.post(f"{where}/undo", {"revisions": [6]}).json["undone"] == [6], "the undo is undone"
    removed = next(entry for entry in alice.get(f"{where}/activity").json if entry["revision"] == 3)
    assert "undone_by" not in removed, "what it did holds again"
    odd: list[dict[str, object]] = [
        {},
        {"revisions": []},
        {"revisions": [1], **wanted},
        {"person_id": his, "minutes": 0},
    ]
    for body in odd:
        assert alice.post(f"{where}/undo", body).code == "VALIDATION_ERROR", body


def test_pages_and_parts_of_it() -> None:
    alice, bob = guest("Alice"), guest("Bob")
    where = f"playlists/{room_of(alice)}"
    for number in range(1, 6):
        (alice if number % 2 else bob).post(f"{where}/items", {"track_id": f"track-{number}"})
    seen: list[list[int]] = []
    before: str | None = "6"
    while before is not None:
        answer = bob.get(f"{where}/activity?limit=2&before={before}")
        seen.append([entry["revision"] for entry in answer.json])
        before = before_of(answer)
    assert seen == [[5, 4], [3, 2], [1]]
    item = bob.get(f"{where}/items").json[0]["id"]
    for direction in ("up", "down", "none"):
        bob.post(f"{where}/items/{item}/vote", {"direction": direction})
    for query in ("limit=1", "limit=2", "limit=2&type=track.voted"):
        answer = bob.get(f"{where}/activity?{query}")
        assert [entry["details"]["revisions"] for entry in answer.json] == [[8, 7, 6]], "no page ends within a run"
        assert before_of(answer) == (None if "type" in query else "6")
    his = bob.get("user/me").json["id"]
    assert [entry["revision"] for entry in bob.get(f"{where}/activity?person={his}").json] == [8, 4, 2]
    assert [entry["revision"] for entry in bob.get(f"{where}/activity?person={his}&before=4&limit=1").json] == [2]
    assert bob.get(f"{where}/activity?type=track.boosted").json == []
    for query in ("before=x", "before=-1", "limit=0", "person=Bob", "type=track.juggled"):
        assert bob.get(f"{where}/activity?{query}").code == "VALIDATION_ERROR", query
    assert bob.get("playlists/nowhere/activity").code == "PLAYLIST_NOT_FOUND"


def test_it_is_read_by_whoever_may_read_the_room() -> None:
    alice = guest("Alice")
    slug = alice.post("playlists", {"name": "Friday"}).json["slug"]
    assert Api().get(f"playlists/{slug}/activity").code == "AUTH_REQUIRED"
    assert guest("Bob").get(f"playlists/{slug}/activity").code == "FORBIDDEN"
    assert alice.get(f"playlists/{slug}/activity").json == []


def test_a_song_that_the_library_lost_keeps_its_name(room: Room) -> None:
    room.add("track-1")
    library.track_delete("track-1")
    removed, added = activity(room.row, room.host, before=None, limit=9, person=None, kind=None).entries
    assert removed.track == added.track == types.ActivityTrack(id="track-1", title="Song 1", artist="Artist 1")
    assert (removed.automatic, added.automatic) == (True, False)
    assert not removed.undoable, "there is no such track any more"


def test_what_was_blocked_is_named(room: Room) -> None:
    artist = Track.objects.get(pk="track-1").artist_id
    room.do(types.BlockedSet(kind="tracks", id="track-1", blocked=True))
    room.do(types.BlockedSet(kind="artists", id=artist, blocked=True))
    room.do(types.BlockedSet(kind="tracks", id="track-1", blocked=False))

    def told() -> list[types.Activity]:
        return activity(room.row, room.host, before=None, limit=9, person=None, kind="blocked.changed").entries

    lifted, of_artist, of_track = told()
    song = types.ActivityTrack(id="track-1", title="Song 1", artist="Artist 1")
    assert (lifted.track, of_artist.track, of_track.track) == (song, UNSET, song)
    assert of_artist.details == {"kind": "artists", "id": artist, "blocked": True, "artist": "Artist 1"}
    Track.objects.filter(pk="track-1").delete()
    assert told()[0].track is UNSET, "the library has lost it for good"


def a_long_night(room: Room, events: int) -> None:
    """Votes on the first item, as they stand in the log, after those that are there."""
    row = dict(Event.objects.filter(playlist=room.id, type="track.voted").values().latest("revision"))
    first = room.row.revision + 1
    del row["id"]
    Event.objects.bulk_create(
        [Event(**{**row, "revision": revision}) for revision in range(first, first + events)], batch_size=500
    )
    Playlist.objects.filter(pk=room.id).update(revision=first + events - 1)


def test_a_page_costs_the_same_however_long_the_log_is(room: Room) -> None:
    (item,) = room.add("track-1")
    room.do(types.TrackVote(id=item, direction="up"))
    costs = []
    asked: dict[str, Any] = {"before": None, "limit": 50, "person": None, "kind": None}
    for events in (100, 2 * SCANNED_AT_ONCE):
        a_long_night(room, events)
        with CaptureQueriesContext(connection) as queries:
            activity(room.row, room.host, **asked)
            page = activity(room.row, room.host, **{**asked, "person": 1 << 40})
        costs.append([re.sub(r"\d+", "N", query["sql"]) for query in queries])
    assert costs[0] == costs[1]
    assert page.entries == []
    assert page.before == room.row.revision + 1 - SCANNED_AT_ONCE, "it has looked at so much of the log, and no more"
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for query in queries:
        steps = steps_of(query["sql"], ()) if query["sql"].startswith("SELECT") else []
        assert not [step for step in steps if step.startswith(("SCAN", "Seq Scan")) and "event" in step], steps
        if '"actor_key" = ' not in query["sql"]:  # else it sorts the few that it found
            assert not [step for step in steps if step.startswith(("USE TEMP B-TREE", "Sort"))], steps
