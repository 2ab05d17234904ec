"""Keeps connections within the descriptors that a process may have; files and the database need some of them, too."""

from __future__ import annotations

import logging
from functools import cache
from typing import Protocol

try:
    import resource
except ImportError:  # Windows: sockets are no descriptors there
    resource = None  # type: ignore[assignment]

logger = logging.getLogger(__name__)

#: More descriptors than any machine of this kind needs.
_ENOUGH = 1_048_576
#: The real limit on macOS where it says "unlimited".
_MACOS = 10_240
#: A process with fewer descriptors logs a warning at its start.
_COMFORTABLE = 4096
#: The share of descriptors kept for the database, files and connections not yet counted: a quarter, but at most 1024.
_RESERVED_SHARE = 4
_RESERVED_AT_MOST = 1024


class Connection(Protocol):
    """A transport."""

    def abort(self) -> None: ...


def raise_limit() -> None:
    """Raise the limit of descriptors to the most that the system allows, and warn when that is low."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in (_ENOUGH if hard == resource.RLIM_INFINITY else min(hard, _ENOUGH), _MACOS):
        if soft != resource.RLIM_INFINITY and soft < wanted:
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            except (OSError, ValueError):
                continue
            soft = wanted
    if soft != resource.RLIM_INFINITY and soft < _COMFORTABLE:
        logger.warning(
            "This process may open %d files and connections, which is enough for about %d people: "
            "docs/operations.md says how to allow more",
            soft,
            _for_connections(soft),
        )


def _for_connections(limit: int) -> int:
    return limit - min(limit // _RESERVED_SHARE, _RESERVED_AT_MOST)


class Crowd:
    """The connections of a process. When there are too many, connections without any request are closed first.

    Then connections that rest between two requests are closed, the oldest first, and at last the newcomers themselves.
    Sockets, streams and requests under way are never touched.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._silent: dict[Connection, None] = {}
        self._resting: dict[Connection, None] = {}

    def came(self, connection: Connection, count: int) -> None:
        """A connection was accepted, and there are `count` now."""
        if count > self._most:
            logger.warning("There are as many connections as this process may hold: idle ones are closed")
            if not self._let_one_go():
                connection.abort()
                return
        self._silent[connection] = None

    def asks(self, connection: Connection) -> None:
        """A request has begun."""
        self._silent.pop(connection, None)
        self._resting.pop(connection, None)

    def rests(self, connection: Connection) -> None:
        """The request was answered, and the connection waits for the next one."""
        self._resting[connection] = None

    #: The connection is gone.
    left = asks

    def _let_one_go(self) -> bool:
        for waiting in (self._silent, self._resting):
            for oldest in waiting:
                del waiting[oldest]
                oldest.abort()
                return True
        return False


@cache
def crowd() -> Crowd:
    """The crowd of this process, sized by its limit when the first connection comes."""
    limit = _ENOUGH if resource is None else resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    unlimited = resource is not None and limit == resource.RLIM_INFINITY
    return Crowd(_for_connections(_ENOUGH if unlimited else limit))
