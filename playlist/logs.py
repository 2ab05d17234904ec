"""Logging, with the request or connection that a line belongs to. Knows no Django."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from contextvars import ContextVar

from pythonjsonlogger.core import RESERVED_ATTRS

#: The request that this thread answers, or the connection that this task serves; empty where there is none.
request_id: ContextVar[str] = ContextVar("request_id", default="")
connection_id: ContextVar[str] = ContextVar("connection_id", default="")

#: A line for each request and each connection that ended.
access = logging.getLogger("playlist.access")


class Origin(logging.Filter):
    """Puts the ids on every record: as fields for machines, as `origin` at the end of a line for people."""

    def filter(self, record: logging.LogRecord) -> bool:
        ids = {"request_id": request_id.get() or None, "connection_id": connection_id.get() or None}
        told = [f"{name}={value}" for name, value in ids.items() if value is not None]
        vars(record).update(ids, origin=f" [{' '.join(told)}]" if told else "")
        return True


class Repeats(logging.Filter):
    """Lets the same warning through once a minute: a lasting fault would fill the disk with one sentence."""

    SECONDS = 60.0
    _REMEMBERED = 256

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno != logging.WARNING:
            return True
        now, said = self._clock(), (record.name, record.getMessage())
        if now - self._said.get(said, -self.SECONDS) < self.SECONDS:
            return False
        if len(self._said) >= self._REMEMBERED:
            self._said.clear()
        self._said[said] = now
        return True


class Refusals(logging.Filter):
    """Drops Django's line for each 503: its cause is logged once for all requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", None) != 503


class Signatures(logging.Filter):
    """Takes the signatures of addresses out of the lines that a server logs for each request."""

    _SIGNATURE = re.compile(r"signature=[^&\s]*")

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                self._SIGNATURE.sub("signature=…", part) if isinstance(part, str) else part for part in record.args
            )
        return True


def configuration(form: str, level: str) -> dict[str, object]:
    """The logging that Django sets up: "text" for people or "json" for machines, with request and connection ids.

    `level` is the least important one that is logged.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "origin": {"()": "playlist.logs.Origin"},
            "repeats": {"()": "playlist.logs.Repeats"},
            "refusals": {"()": "playlist.logs.Refusals"},
        },
        "formatters": {
            "text": {
                "()": "playlist.logs.OneLine",
                "fmt": "{asctime} {levelname} {name}: {message}{origin}",
                "style": "{",
            },
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "fmt": ["levelname", "name", "message", "request_id", "connection_id"],
                "rename_fields": {"levelname": "level", "name": "logger"},
                "timestamp": "time",  # in UTC, and says so
                "reserved_attrs": [*RESERVED_ATTRS, "origin"],
            },
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": form, "filters": ["repeats", "origin"]},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "axes": {"level": "ERROR"},
            # Without Redis it logs a traceback a second; the fan-out logs it once, and counts.
            "channels_redis": {"level": "CRITICAL"},
            # A refusal is an answer, not an incident.
            "django.request": {"level": "ERROR", "filters": ["refusals"]},
        },
    }


class OneLine(logging.Formatter):
    """Escapes line breaks and other control characters in a message, parts of which come from strangers.

    A traceback below the message keeps its lines.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), super().formatMessage(record))


_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
