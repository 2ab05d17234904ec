"""A short selection of the faults of people, strangers and sound in every run, and the harness itself held to account.

All of them, and longer, by `python3 run.py faults`.
"""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from bench._servers import TUTORIAL
from tests.faults import people, sound, strangers
from tests.faults.crowd import Crowd, Person
from tests.faults.in_ci import MARKS, SEED, chosen, nothing_is_lost, skipped_without_programs
from tests.faults.invariants import answers_hold
from tests.faults.scenarios import run_passers_by
from tests.faults.world import World, complaints
from tests.servers import PRODUCT

pytestmark = MARKS


@pytest.mark.parametrize("name", chosen(people.SCENARIOS, strangers.SCENARIOS, sound.SCENARIOS))
async def test_nothing_is_lost(name: str) -> None:
    await nothing_is_lost(name)


async def on_single_playlist(command: tuple[str, ...], settings: str, *, with_fault: bool = True) -> None:
    environment = {"DJANGO_SETTINGS_MODULE": settings}
    with skipped_without_programs():
        world = await asyncio.to_thread(
            lambda: World(servers=2, database="postgresql", redis=True, environment=environment, command=command)
        )
    try:
        await run_passers_by(SEED, world, with_fault=with_fault)
    finally:
        await asyncio.to_thread(world.close)


async def test_who_knows_only_the_single_playlist_loses_nothing_either() -> None:
    await on_single_playlist(PRODUCT, "playlist_backend.settings")


async def test_answers_that_do_not_hold_are_found() -> None:
    """An acknowledged song that is not in the log, one that is there twice, and one that nobody asked for."""
    world = World.__new__(World)
    crowd = Crowd(world, SEED)
    person = Person(world, "", random.Random(SEED), crowd)
    crowd.people.append(person)
    person.asked["a"], person.sent["a"] = {"command": "track.add", "track_id": "track-1"}, 1
    person.asked["v"], person.sent["v"] = {"command": "track.vote", "id": "x", "direction": "up"}, 1
    person.client.answers = {"a": {"type": "ack", "revision": 1}, "v": {"type": "ack", "revision": 2}}
    added: dict[str, Any] = {"type": "track.added", "revision": 1, "op_id": "a"}
    voted: dict[str, Any] = {"type": "track.voted", "revision": 2, "op_id": "v"}
    unasked = {**added, "op_id": "z"}
    assert answers_hold(crowd, [added, voted]) == 2
    for wrong in ([voted], [added], [added, voted, voted], [added, added, voted], [added, voted, unasked]):
        with pytest.raises(AssertionError, match="I4"):
            answers_hold(crowd, wrong)


def test_a_complaint_is_told_whole_and_once() -> None:
    one = (
        "ERROR asyncio: Task exception was never retrieved\nTraceback (most recent call last):\n  File x\nValueError: y"
    )
    log = "".join(f"2026-07-0{day} 10:00:00,123 {text}\n" for day in (1, 2) for text in ("INFO root: fine", one))
    uncaught = "Traceback (most recent call last):\n  File z\nKeyError"
    assert complaints(f"{uncaught}\n{log}") == [uncaught, f"(2 times) {one}"]


async def test_the_harness_bites() -> None:
    """The tutorials' pattern does well as long as nothing breaks, and not when something does."""
    await on_single_playlist(TUTORIAL, "bench._tutorial_settings", with_fault=False)
    with pytest.raises(AssertionError, match=r"I3|I4|I8"):
        await on_single_playlist(TUTORIAL, "bench._tutorial_settings")
