"""Which of the files that a scan reads are ones that are gone from elsewhere."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from music.identity import Mark, is_still, mark_of, matches
from music.reading import Reading
from music.store import Arrival


class Matching:
    """The files that are gone, or whose bytes are others by now, and the new ones that may be one of them.

    A new file waits while it shares a mark with one that is gone. Whatever shares none can be written at once, so a
    first import keeps nothing in memory.
    """

    def __init__(self, gone: Iterable[Mark], changed: dict[bytes, int]) -> None:
        """`changed`: path → id of the files that lie where they lay, with other bytes; they are among the gone, too."""
        self._gone = {each.key: each for each in gone}
        self._changed = changed
        self._keys = {key for each in self._gone.values() for key in _keys(each)}
        self._waiting: list[Reading] = []

    def arrival(self, reading: Reading) -> Arrival | None:
        """How this file is to be written; None if that is not clear before all are read."""
        before = self._before(reading)
        if before is None:
            if reading.reason or not self._keys or not self._concerns(reading):
                return Arrival(reading)
        elif not reading.reason and reading.fingerprint and before.fingerprint == reading.fingerprint:
            del self._gone[before.key]
            return Arrival(reading, int(str(before.key)))
        self._waiting.append(reading)
        return None

    def rest(self) -> list[Arrival]:
        """How the files that waited are to be written: known ones first, since others may be copies of them."""
        known: list[Arrival] = []
        new: dict[bytes, Mark] = {}
        sounds = {each.fingerprint for each in self._gone.values()}
        for reading in self._waiting:
            mark, before = mark_of(reading.path, reading), self._before(reading)
            if before is not None and mark.fingerprint not in sounds and _is_still(before, reading, mark):
                known.append(self._taken(before, reading))
            elif not reading.reason:
                new[reading.path] = mark
        readings = {reading.path: reading for reading in self._waiting}
        for before, mark in matches(self._gone.values(), new.values()):
            known.append(self._taken(before, readings[mark.key]))  # type: ignore[index]  # its key is a path
            del new[mark.key]  # type: ignore[arg-type]
        for reading in self._waiting:
            before = self._before(reading)
            if before is not None and reading.path in new and _is_still(before, reading, new[reading.path]):
                known.append(self._taken(before, reading))
        written = {each.reading.path for each in known}
        return [*known, *(Arrival(reading) for reading in self._waiting if reading.path not in written)]

    def _before(self, reading: Reading) -> Mark | None:
        """The file that lay at this path, unless another path has it by now."""
        return self._gone.get(self._changed.get(reading.path))

    def _taken(self, before: Mark, reading: Reading) -> Arrival:
        del self._gone[before.key]
        return Arrival(reading, int(str(before.key)))

    def _concerns(self, reading: Reading) -> bool:
        if reading.fingerprint in self._keys or reading.mb_recording in self._keys:
            return True
        return not self._keys.isdisjoint(_keys(mark_of(None, reading)))


def _is_still(before: Mark, reading: Reading, mark: Mark) -> bool:
    return not reading.reason and is_still(before, mark)


def _keys(mark: Mark) -> set[Hashable]:
    """What two files have in common if they can be one."""
    names = (mark.artist, mark.title) if mark.is_named else ""
    return {key for key in (mark.fingerprint, mark.mb_recording, names) if key}
