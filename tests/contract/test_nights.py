"""Random nights: server and client agree on every order, and in fair order nobody is far ahead of anybody.

nights.json holds a hundred of them for the client; the long run compares ten thousand, as the client replays them.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
from pathlib import Path

import pytest

from playlist.ordering.explain import explain
from playlist.ordering.turns import current_of, waits
from tests.contract.test_fixtures import Playing
from tests.nights import Night, Turns, steps_of, told

pytestmark = pytest.mark.pure

NIGHTS = Path(__file__).parent / "nights.json"
CLIENT = Path(__file__).parent.parent.parent / "frontend"


def test_a_hundred_nights_are_as_they_were_told_to_the_client(request: pytest.FixtureRequest) -> None:
    nights = [told(seed) for seed in range(100)]
    if request.config.getoption("--record"):
        lines = ",\n".join("  " + json.dumps(night) for night in nights)
        NIGHTS.write_text(f"[\n{lines}\n]\n")
    assert nights == json.loads(NIGHTS.read_text())


@pytest.mark.long
def test_server_and_client_agree_on_every_order_of_ten_thousand_nights(tmp_path: Path) -> None:
    nights = tmp_path / "nights.json"
    nights.write_text(json.dumps([told(seed) for seed in range(10_000)]))
    client = ["npx", "vitest", "run", "--config", "vitest.config.ts", "test/nights.test.ts"]
    done = subprocess.run(client, cwd=CLIENT, env={**os.environ, "NIGHTS": str(nights)}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("seeds", [range(100), pytest.param(range(100, 10_100), marks=pytest.mark.long)], ids=str)
def test_the_turns_of_two_who_always_have_songs_waiting_differ_by_two_at_most(seeds: range) -> None:
    widest = 0
    for seed in seeds:
        widest = max(widest, _widest_gap(seed))
    assert widest == 2


def _widest_gap(seed: int) -> int:
    night, counted = Night(), Turns()
    for step in steps_of(night, random.Random(seed), 120, in_turn=True):
        night.do(step)
        what, id, *_ = step.split()
        adder = night.songs[id].adder if what in ("start", "back") else None
        waiting = [song.adder for song in night.songs.values() if song.adder is not None and waits(song)]
        counted.count(waiting, adder, {"start": 1, "back": -1}.get(what, 0))
    return counted.widest


def test_songs_start_when_they_were_told_to() -> None:
    """Whatever has happened in a night: from then on nobody changes anything, and every told time is exact."""
    for seed in range(100):
        night, choose = Night(), random.Random(seed)
        for step in steps_of(night, choose, choose.randint(5, 60)):
            night.do(step)
        current = current_of(night.songs.values())
        told = explain(night.songs.values(), night.ordering, Playing("playing", 0.0, 1_000), is_heard=False)
        starts_at_ms = 1_000
        while current is not None and told:
            each, *told = told
            starts_at_ms += current.duration_ms
            current = night.waiting()[0]
            night.do(f"start {current.id} {90_000 + starts_at_ms // 1000}")
            assert (each.item.id, each.plays_at_ms) == (current.id, starts_at_ms), seed
        assert current is None or not night.waiting()
