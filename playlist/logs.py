"""Which request or connection a line in the log belongs to. Knows no Django."""

from __future__ import annotations

import logging
from contextvars import ContextVar

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
