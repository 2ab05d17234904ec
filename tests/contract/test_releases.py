"""What earlier releases left in the log and in checkpoints is read as if this one had written it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from playlist import types
from playlist.fold import fold
from playlist.identity import SYSTEM, adder_of
from playlist.models import Checkpoint, Event, Playlist, PlaylistTrack
from playlist.past import deflated
from playlist.selectors.log import resume
from playlist.stored import event_stored, line_published, past_unpacked, track_stored
from tests.api.client import guest
from tests.rooms import Room

#: Never recorded again: each was made by that release, by the same commands.
RELEASES: list[dict[str, Any]] = msgspec.json.decode((Path(__file__).parent / "releases.json").read_bytes())
each_release = pytest.mark.parametrize("release", RELEASES, ids=lambda release: release["release"])
_strictly = msgspec.json.Decoder(types.AnyEvent)


def text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def line_of(told: dict[str, Any]) -> types.LogLine:
    body = told["body"]
    return types.LogLine(body["revision"], told.get("stamp", ""), body["type"], told["actor_key"], text(body))


def snapshot_of(told: dict[str, Any]) -> types.Snapshot:
    return past_unpacked(deflated(msgspec.json.encode({"snapshot": told, "keys": {}}))).snapshot


def without_adders(snapshot: types.Snapshot) -> types.Snapshot:
    """A snapshot of an earlier release does not say who added what; its events do."""
    return replace(snapshot, items=[replace(item, adder=None) for item in snapshot.items])


@pytest.mark.pure
@each_release
def test_its_log_leads_from_its_first_snapshot_to_its_last(release: dict[str, Any]) -> None:
    before, after = snapshot_of(release["checkpoint"]["snapshot"]), snapshot_of(release["snapshot"])
    room, lines = before.playlist.id, release["lines"]
    events = [event_stored(text(line["body"]), room, line["actor_key"]) for line in lines]
    assert without_adders(fold(before, events, lines[-1]["stamp"])) == without_adders(after)
    for line, event in zip(lines, events, strict=True):
        if isinstance(event, types.TrackAdded):
            assert event.item.adder == adder_of(room, line["actor_key"])
        published = line_published(line_of(line), room)
        assert _strictly.decode(published.body) == event
        assert line_published(published, room) is published, "what is whole is not touched"
    unknown = line_of({"actor_key": "user:1", "body": {"type": "wall.painted", "revision": 9}})
    assert line_published(unknown, room) is unknown, "of a later release"


@pytest.mark.pure
def test_what_was_silent_meant_this() -> None:
    first = RELEASES[0]
    changed = next(line["body"] for line in first["lines"] if "policy" in line["body"].get("playlist", {}))
    event = event_stored(text(changed), 1, "user:1")
    assert isinstance(event, types.PlaylistUpdated)
    assert event.playlist.rules == replace(types.NO_RULES, guests=types.PRESETS["hosted"])
    now = datetime.fromisoformat("2026-01-02T03:04:05Z")
    track = track_stored(text(first["lines"][0]["body"]["item"]["track"]), now)
    assert (track.duration_ms, track.missing, track.added_at, track.year) == (181_000, False, now, None)


def moved_in(release: dict[str, Any], room: Room) -> None:
    """Let the room be the one that this release left behind."""
    lines = release["lines"]
    Event.objects.filter(playlist=room.id).delete()
    for line in lines:
        kept = {**line, "body": text(line["body"])}
        Event.objects.create(playlist_id=room.id, **kept)
    Playlist.objects.filter(pk=room.id).update(revision=len(lines), stamp=lines[-1]["stamp"])
    adders = {line["body"]["item"]["id"]: line["actor_key"] for line in lines if line["type"] == "track.added"}
    for item in release["snapshot"]["items"]:
        names = ("id", "track_id", "position", "votes", "added_by", "added_at", "is_playing", "played_at")
        fields = {name: item[name] for name in names}
        PlaylistTrack.objects.create(playlist_id=room.id, added_by_key=adders[item["id"]], **fields)
    Checkpoint.objects.filter(playlist=room.id).delete()
    body = deflated(msgspec.json.encode(release["checkpoint"]))
    Checkpoint.objects.create(playlist_id=room.id, revision=0, at=lines[0]["at"], body=body)


@pytest.mark.once
@each_release
def test_its_room_tells_its_past_and_undoes_it(release: dict[str, Any], tracks: list[str]) -> None:
    api = guest("Hanna")
    room = Room(Playlist.objects.get(slug=api.post("playlists", {"name": "Old"}).json["slug"]), SYSTEM)
    moved_in(release, room)
    path, head = f"playlists/{room.slug}", len(release["lines"])
    told = api.get(f"{path}/activity?limit=200").json
    assert {entry["type"] for entry in told} == {line["type"] for line in release["lines"]}
    for revision in range(head + 1):
        answer = api.get(f"{path}/at?revision={revision}")
        if release is RELEASES[0] and 12 <= revision < head:  # it did not log whose votes came back with a song
            assert answer.details == {"earliest": head}
        else:
            assert (answer.status, answer.json["revision"]) == (200, revision)
    events = api.get(f"{path}/events?since=0&limit=200").json["events"]
    assert [_strictly.decode(msgspec.json.encode(event)).revision for event in events] == list(range(1, head + 1))
    missed = resume(room.id, 1, release["lines"][0]["stamp"], 500)
    assert [_strictly.decode(line.body).revision for line in missed.lines] == list(range(2, head + 1))
    waiting = {entry["details"]["id"] for entry in told if entry["type"] == "track.added" and entry["undoable"]}
    undone = api.post(f"{path}/undo", {"person_id": 2, "since_revision": 0})
    assert (undone.status, len(waiting)) == (200, 1)
    assert not {str(item.id) for item in room.items} & waiting
    # A later release wrote on, and was taken back.
    Event.objects.filter(playlist=room.id, revision=head).update(type="wall.painted", body='{"type":"wall.painted"}')
    told = api.get(f"{path}/activity?limit=1&before={head + 1}")
    assert (told.json, 'rel="next"' in told.headers.get("Link", "")) == ([], True)
    assert api.get(f"{path}/at?revision={head}").code == "NOT_FOUND"
