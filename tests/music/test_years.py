"""Years of somebody's tidying up, with a scan now and then: every song stays itself, and keeps its place in queues."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from playlist import types
from tests.music.owner import Owner
from tests.music.shelf import Shelf
from tests.rooms import Room


def queue_of(room: Room) -> list[tuple[Any, ...]]:
    return [(item.id, item.track_id, item.position, item.votes, item.added_by) for item in room.items]


def years(seed: int, deeds: int, between_scans: int, shelf: Shelf, room: Room) -> None:
    owner = Owner(shelf, seed)
    owner.begin(60)
    shelf.scan()
    owner.check()
    for track in sorted(owner.tracks.values())[:20]:
        (item,) = room.add(track)
        room.do(types.TrackVote(id=item, direction="up"))
    queue = queue_of(room)
    for _ in range(deeds // between_scans):
        owner.act(between_scans)
        shelf.scan()
        owner.check()
        assert shelf.scan().changed == 0
        owner.check()
    assert queue_of(room) == queue
    room.check()


@pytest.mark.parametrize("seed", [1])
def test_a_few_hundred_deeds(seed: int, tmp_path: Path, settings: Any, room: Room) -> None:
    settings.MUSIC_DIR = (tmp_path / "music",)
    years(seed, 300, 100, Shelf(tmp_path / "music"), room)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("between_scans", [10, 100])
def test_a_thousand_deeds(seed: int, between_scans: int, tmp_path: Path, settings: Any, room: Room) -> None:
    settings.MUSIC_DIR = (tmp_path / "music",)
    years(seed, 1000, between_scans, Shelf(tmp_path / "music"), room)
