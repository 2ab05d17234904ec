"""Passwords are hashed by few threads, a few more wait, and everybody else is told to come back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from playlist.errors import DomainError
from playlist.hashing import PasswordHasher, Turns

pytestmark = pytest.mark.pure


def test_few_work_at_once_and_the_others_are_refused() -> None:
    turns = Turns(at_once=2, waiting=0)
    with turns.turn(), turns.turn(), pytest.raises(DomainError) as refusal, turns.turn():
        pass
    assert (refusal.value.code, refusal.value.headers()["Retry-After"]) == ("RATE_LIMITED", "1")
    with turns.turn():
        pass


def test_a_few_wait_for_their_turn() -> None:
    turns = Turns(at_once=1, waiting=1)
    order: list[str] = []

    def wait() -> None:
        with turns.turn():
            order.append("waited")

    with ThreadPoolExecutor(1) as threads:
        with turns.turn():
            waiting = threads.submit(wait)
            with pytest.raises(DomainError):
                while True:  # until the other thread has the one place for waiting
                    with turns.place():
                        pass
            order.append("first")
        waiting.result()
    assert order == ["first", "waited"]


def test_a_refusal_gives_its_place_back() -> None:
    turns = Turns(at_once=1, waiting=0)
    for _ in range(3):
        with pytest.raises(ValueError, match="fails"), turns.turn():
            raise ValueError("fails")


def test_every_hash_takes_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = Turns(at_once=1, waiting=0)
    monkeypatch.setattr("playlist.hashing.turns", lambda: turns)
    hasher = PasswordHasher()
    encoded = hasher.encode("a", "salt", 1)
    assert hasher.verify("a", encoded)
    with turns.turn(), pytest.raises(DomainError):
        hasher.verify("a", encoded)
