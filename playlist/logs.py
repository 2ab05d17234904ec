"""Which request or connection a line in the log belongs to. Knows no Django."""

from __future__ import annotations

import logging
import re
from contextvars import ContextVar
from typing import Any

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


def configuration(form: str, level: str) -> dict[str, Any]:
    """The logging that Django sets up: "text" for people or "json" for machines, with request and connection ids.

    `level` is the least important one that is logged.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"origin": {"()": "playlist.logs.Origin"}},
        "formatters": {
            "text": {
                "()": "playlist.logs.OneLine",
                "fmt": "{asctime} {levelname} {name}: {message}{origin}",
                "style": "{",
            },
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "fmt": ["asctime", "levelname", "name", "message", "request_id", "connection_id"],
                "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
                "reserved_attrs": [*RESERVED_ATTRS, "origin"],
            },
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form, "filters": ["origin"]}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "axes": {"level": "ERROR"},
            # Without Redis it logs a traceback a second; the fan-out says it once, and counts.
            "channels_redis": {"level": "CRITICAL"},
            # A refusal is an answer, not an incident.
            "django.request": {"level": "ERROR"},
        },
    }


class OneLine(logging.Formatter):
    """Escapes line breaks and other control characters in a message, of which parts come from strangers.

    A traceback below the message keeps its lines.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), super().formatMessage(record))


_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
