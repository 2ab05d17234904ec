"""Which lines reach the log."""

from __future__ import annotations

import io
import json
import logging
from datetime import datetime, timedelta
from logging.config import DictConfigurator
from typing import Any

import pytest

from playlist.logs import Refusals, Repeats, configuration

pytestmark = pytest.mark.pure


def line(message: str, level: int = logging.WARNING, **extra: object) -> logging.LogRecord:
    return logging.makeLogRecord(
        {"name": "playlist", "levelno": level, "levelname": logging.getLevelName(level), "msg": message, **extra}
    )


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


def test_a_line_for_machines_says_when_it_was_in_any_time_zone() -> None:
    described: Any = configuration("json", "INFO")
    written = logging.StreamHandler(io.StringIO())
    written.setFormatter(DictConfigurator(described).configure_formatter(described["formatters"]["json"]))
    written.handle(line("The disk is full", created=1_790_000_000.5))
    said = json.loads(written.stream.getvalue())
    assert (said["message"], said["level"]) == ("The disk is full", "WARNING")
    said_at = datetime.fromisoformat(said["time"])
    assert (said_at.timestamp(), said_at.utcoffset()) == (1_790_000_000.5, timedelta(0))
