"""The newest lines of a playlist's log in memory, for readers that reconnect."""

from __future__ import annotations

from collections import deque

from playlist.types import LogLine


class Recent:
    """Lines without a gap, up to a number of bytes; the oldest go first."""

    def __init__(self, limit_bytes: int) -> None:
        self._lines: deque[LogLine] = deque()
        self._bytes = 0
        self._limit_bytes = limit_bytes

    def add(self, lines: list[LogLine]) -> None:
        """Add lines that follow the newest one."""
        self._lines.extend(lines)
        self._bytes += sum(len(line.body) for line in lines)
        while self._bytes > self._limit_bytes and self._lines:
            self._bytes -= len(self._lines.popleft().body)

    def clear(self) -> None:
        self._lines.clear()
        self._bytes = 0

    def after(self, revision: int) -> list[LogLine] | None:
        """The lines after a revision; None unless all of them are still here."""
        if not self._lines or revision < self._lines[0].revision - 1:
            return None
        return [line for line in self._lines if line.revision > revision]

    def stamp_at(self, revision: int) -> str | None:
        """The stamp of a revision; None if it is no longer here."""
        if not self._lines or not self._lines[0].revision <= revision <= self._lines[-1].revision:
            return None
        return self._lines[revision - self._lines[0].revision].stamp
