"""A batch in which something breaks: a command, the write, or the line to the database during the commit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import OperationalError, connection

from playlist import commit, types
from playlist.change import Change
from playlist.commands.table import ENTRIES
from playlist.errors import DomainError
from playlist.submissions import Outcome, Submission
from playlist.timeline import timeline
from tests.rooms import Room
from tests.writer.batches import codes, execute


def test_a_commit_whose_answer_was_lost_is_found_in_the_log(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = (types.TrackAdd(track_id="track-1"), types.TrackAdd(track_id="track-2"), types.PlaybackPlay())
    as_always = type(connection._connections[connection._alias]).commit  # type: ignore[attr-defined]

    def cut_after(self: Any) -> None:
        as_always(self)
        monkeypatch.undo()
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(type(connection._connections[connection._alias]), "commit", cut_after)  # type: ignore[attr-defined]
    lines: list[types.LogLine] = []
    with room.proves("track.added", "track.added", "track.playing"):
        (result,) = commit.execute(room.id, [Submission(room.host, commands)], lines)
    assert isinstance(result, Outcome)
    assert [line.type for line in lines] == ["track.added", "track.added", "track.playing"]
    assert timeline.knows(room.id, room.row.playback_started_at_ms), "else the song would stand still in a while"


def test_a_commit_that_did_not_happen_is_unavailable(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_before(self: Any) -> None:
        monkeypatch.undo()
        raise OperationalError("could not send data to server")

    monkeypatch.setattr(type(connection._connections[connection._alias]), "commit", cut_before)  # type: ignore[attr-defined]
    with room.proves(), pytest.raises(DomainError) as refusal:
        execute(room.id, [Submission(room.host, (types.TrackAdd(track_id="track-1"),))])
    assert refusal.value.code == "UNAVAILABLE"
    room.add("track-1")


def test_a_deletion_that_did_not_happen_is_not_found_in_the_old_log(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.add("track-1")

    def cut_before(self: Any) -> None:
        monkeypatch.undo()
        raise OperationalError("could not send data to server")

    monkeypatch.setattr(type(connection._connections[connection._alias]), "commit", cut_before)  # type: ignore[attr-defined]
    both = [
        Submission(room.host, (types.TrackAdd(track_id="track-2"),)),
        Submission(room.host, (types.PlaylistDelete(),)),
    ]
    with room.proves(), pytest.raises(DomainError) as refusal:
        execute(room.id, both)
    assert refusal.value.outcome_unknown


def fault(*_: Any) -> Any:
    raise RuntimeError("a fault")


@pytest.mark.parametrize("kind", [types.PlaybackNext, types.TrackVote])
def test_a_fault_in_a_command_is_not_its_neighbours_and_not_worth_a_retry(
    room: Room, monkeypatch: pytest.MonkeyPatch, kind: type[types.Command]
) -> None:
    """A fault that comes again each time must not say "try again". One or many at a time makes no difference."""
    (item,) = room.add("track-3")
    row = ENTRIES[kind]
    monkeypatch.setitem(ENTRIES, kind, replace(row, run=row.run and fault, many=row.many and fault))
    bad = types.TrackVote(id=item, direction="up") if kind is types.TrackVote else types.PlaybackNext()
    submissions = [
        Submission(room.host, (command,))
        for command in (types.TrackAdd(track_id="track-1"), bad, types.TrackAdd(track_id="track-2"))
    ]
    with room.proves("track.added", "track.added"):
        assert codes(execute(room.id, submissions)) == ["ok", "INTERNAL", "ok"]


def test_an_answer_that_cannot_be_encoded_takes_nothing_else_with_it(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind: type[types.Command] = types.PlaybackNext
    monkeypatch.setitem(ENTRIES, kind, replace(ENTRIES[kind], run=lambda *_: object()))
    submissions = [Submission(room.host, (types.PlaybackNext(),)), Submission(room.host, (types.PlaybackPlay(),))]
    assert codes(execute(room.id, submissions)) == ["INTERNAL", "ok"]


def test_a_fault_while_the_batch_is_written_changed_nothing(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Change, "write", fault)
    with room.proves():
        (result,) = execute(room.id, [Submission(room.host, (types.TrackAdd(track_id="track-1"),))])
    assert isinstance(result, DomainError)
    assert (result.code, result.outcome_unknown) == ("INTERNAL", False)
