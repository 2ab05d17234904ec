"""Reads that many share: who is answered, by which read, and with what."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping

import pytest

from playlist.batched_read import BatchedRead
from playlist.errors import DomainError
from tests.servers import DEADLINE

pytestmark = pytest.mark.pure


class Answers:
    """Answers with the number of the read, and can be held up."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.go_on = threading.Event()
        self.go_on.set()
        self.tasks: list[asyncio.Task[None]] = []
        self.read = BatchedRead[str, int](self._ask, lambda work: self.tasks.append(asyncio.create_task(work)))

    def _ask(self, keys: list[str]) -> Mapping[str, int | Exception]:
        self.asked.append(keys)
        number, go_on = len(self.asked), self.go_on
        assert go_on.wait(DEADLINE)
        if "fire" in keys:
            raise DomainError("UNAVAILABLE", "It burns.")
        return {key: KeyError(key) if key == "bad" else number for key in keys}


async def test_who_asks_meanwhile_is_answered_by_the_next_read() -> None:
    answers = Answers()
    answers.go_on.clear()
    first = asyncio.create_task(answers.read("a"))
    while not answers.asked:
        await asyncio.sleep(0)
    later = [asyncio.create_task(answers.read(key)) for key in ("b", "c", "a", "a")]
    await asyncio.sleep(0)
    answers.go_on.set()
    assert await first == 1
    assert await asyncio.gather(*later) == [2, 2, 2, 2], "an answer is never older than its question"
    assert answers.asked == [["a"], ["b", "c", "a"]]
    assert await answers.read("a") == 3


async def test_a_read_that_hangs_does_not_hold_up_the_next() -> None:
    answers = Answers()
    answers.go_on.clear()
    slow = asyncio.create_task(answers.read("slow"))
    while not answers.asked:
        await asyncio.sleep(0)
    answers.go_on, held = threading.Event(), answers.go_on
    answers.go_on.set()
    assert await answers.read("quick") == 2
    assert not slow.done()
    held.set()
    assert await slow == 1


async def test_a_refusal_is_for_one_and_a_failure_for_all() -> None:
    answers = Answers()
    found = await asyncio.gather(answers.read("good"), answers.read("bad"), return_exceptions=True)
    assert found[0] == 1
    assert isinstance(found[1], KeyError)
    failed = await asyncio.gather(answers.read("fire"), answers.read("x"), return_exceptions=True)
    assert [type(each) for each in failed] == [DomainError, DomainError]
    assert await answers.read("x") == len(answers.asked), "it goes on"


async def test_who_goes_away_harms_nobody() -> None:
    answers = Answers()
    answers.go_on.clear()
    gone, stays = asyncio.create_task(answers.read("a")), asyncio.create_task(answers.read("a"))
    while not answers.asked:
        await asyncio.sleep(0)
    gone.cancel()
    answers.go_on.set()
    assert await stays == 1
    with pytest.raises(asyncio.CancelledError):
        await gone
