"""Which lines reach the log."""

from __future__ import annotations

import logging

import pytest

from playlist.logs import Refusals, Repeats

pytestmark = pytest.mark.pure


def line(message: str, level: int = logging.WARNING, **extra: object) -> logging.LogRecord:
    return logging.makeLogRecord({"name": "playlist", "levelno": level, "msg": message, **extra})


def test_the_same_warning_comes_once_a_minute() -> None:
    now = 0.0
    repeats = Repeats(lambda: now)
    assert [repeats.filter(line("The disk is full")) for _ in range(3)] == [True, False, False]
    assert repeats.filter(line("Redis is away"))
    assert all(repeats.filter(line("Something else", level)) for level in (logging.INFO, logging.ERROR) for _ in "ab")
    now = 59.9
    assert not repeats.filter(line("The disk is full"))
    now = 60.0
    assert repeats.filter(line("The disk is full"))


def test_it_remembers_no_more_than_it_must() -> None:
    repeats = Repeats(lambda: 0.0)
    assert all(repeats.filter(line(f"{number}")) for number in range(10_000))
    assert len(repeats._said) <= 256


def test_a_refusal_has_no_second_line() -> None:
    refusals = Refusals()
    assert not refusals.filter(line("Service Unavailable: /api/guests", logging.ERROR, status_code=503))
    assert refusals.filter(line("Internal Server Error: /api/guests", logging.ERROR, status_code=500))
    assert refusals.filter(line("anything", logging.ERROR))
