"""Which of the files that a scan reads are ones that are gone from elsewhere."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import cast

from music.identity import Mark, is_still, mark_of, matches
from music.reading import Reading
from music.store import Arrival


class Matching:
    """The files that are gone, or whose bytes are others by now, and the new ones that may be one of them.

    A new file waits while it shares a mark with one that is gone. Whatever shares none can be written at once, so a
    first import keeps nothing in memory.
    """

    def __init__(self, gone: Iterable[tuple[Mark, str]], changed: dict[bytes, int]) -> None:
        """`gone`: the files by their ids, and whose they are, those first that have been gone for longest.

        `changed`: path → id of the files that lie where they lay, with other bytes; they are among the gone, too.
        """
        self._gone: dict[Hashable, Mark] = {}
        self._owners: dict[Hashable, str] = {}
        for mark, owner in gone:
            self._gone[mark.key], self._owners[mark.key] = mark, owner
        self._changed = changed
        self._keys = {key for each in self._gone.values() for key in _keys(each)}
        self._waiting: dict[bytes, Reading] = {}

    def arrival(self, reading: Reading) -> Arrival | None:
        """How this file is to be written; None if that is not clear before all are read."""
        before = self._gone.get(self._changed.get(reading.path))
        if before is None:
            if reading.reason or not self._keys or not self._concerns(reading):
                return Arrival(reading)
        elif not reading.reason and reading.fingerprint and before.fingerprint == reading.fingerprint:
            del self._gone[before.key]
            return Arrival(reading, int(str(before.key)))
        self._waiting[reading.path] = reading
        return None

    def rest(self) -> list[Arrival]:
        """How the files that waited are to be written: known ones first, since others may be copies of them."""
        new = {path: mark_of(path, reading) for path, reading in self._waiting.items() if not reading.reason}
        sounds = {each.fingerprint for each in self._gone.values()}
        known = self._unmoved({path: mark for path, mark in new.items() if mark.fingerprint not in sounds})
        known += self._matched(self._gone.values(), self._of(new))
        # Of what is left, one file for each track, and one of each lot of copies: which one does not matter.
        gone = {self._owners[key]: mark for key, mark in self._gone.items()}
        came = {(mark.fingerprint or path, mark.artist, mark.title): mark for path, mark in self._of(new).items()}
        known += self._matched(gone.values(), {cast(bytes, mark.key): mark for mark in came.values()})
        known += self._unmoved(self._of(new))
        return [*known, *map(Arrival, self._waiting.values())]

    def _of(self, new: dict[bytes, Mark]) -> dict[bytes, Mark]:
        """Those that still wait."""
        return {path: mark for path, mark in new.items() if path in self._waiting}

    def _unmoved(self, new: dict[bytes, Mark]) -> list[Arrival]:
        """Those that are the song that lay at their path."""
        before = {path: self._gone.get(self._changed.get(path)) for path in new}
        return [self._taken(was, path) for path, was in before.items() if was is not None and is_still(was, new[path])]

    def _matched(self, gone: Iterable[Mark], new: dict[bytes, Mark]) -> list[Arrival]:
        return [self._taken(before, cast(bytes, mark.key)) for before, mark in matches(gone, new.values())]

    def _taken(self, before: Mark, path: bytes) -> Arrival:
        del self._gone[before.key]
        return Arrival(self._waiting.pop(path), int(str(before.key)))

    def _concerns(self, reading: Reading) -> bool:
        if reading.fingerprint in self._keys or reading.mb_recording in self._keys:
            return True
        return not self._keys.isdisjoint(_keys(mark_of(None, reading)))


def _keys(mark: Mark) -> set[Hashable]:
    """What two files have in common if they can be one."""
    names = (mark.artist, mark.title) if mark.is_named else ""
    return {key for key in (mark.fingerprint, mark.mb_recording, names) if key}
