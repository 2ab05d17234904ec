"""Cuts windows out of songs. A song is indexed once, on a thread of its own, and its index is kept while there is room.

Runs on the event loop; files are read on the threads of playlist/disk.py.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from music.windows import flac, mp3, mp4, ogg, wav
from music.windows.pieces import File, Index, NotCuttable, Piece, boundary
from playlist.disk import on_disk

logger = logging.getLogger(__name__)

#: All indexes together. One of an hour of MP3 has 0.8 MB.
INDEXES_BYTES = 32 * 1024 * 1024
#: What a song costs beside its index, also one that has none.
_ENTRY_BYTES = 1000

INDEXERS: dict[str, Callable[[File], Index]] = {
    "mp3": mp3.index,
    "flac": flac.index,
    "wav": wav.index,
    "aiff": wav.index,
    "aac": mp4.index,
    "vorbis": ogg.index,
    "opus": ogg.index,
}


class Beyond(Exception):
    """The window begins behind the end of the song."""


class Window(NamedTuple):
    """A piece as it is answered: `samples` wanted ones behind `skip` others, of which the first one is at `from_ms`."""

    data: bytes
    content_type: str
    from_ms: float
    skip: int
    samples: int
    rate: int


class Song(NamedTuple):
    """An open file of a format; `key` is another one when the file is."""

    key: tuple[object, ...]
    format: str
    descriptor: int
    size: int


class Cutter:
    """Keeps the indexes of the songs that were asked for last."""

    def __init__(self, limit_bytes: int = INDEXES_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._kept: OrderedDict[tuple[object, ...], Index | NotCuttable] = OrderedDict()
        self.kept_bytes = 0
        self._underway: dict[tuple[object, ...], asyncio.Task[Index | NotCuttable]] = {}
        # One: reading frames takes a core, and two would not be faster in Python.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="frames")

    async def window(self, song: Song, from_ms: int, duration_ms: int) -> Window:
        """Raises NotCuttable, Beyond."""
        index = await self._index_of(song)
        start = boundary(from_ms, index.rate)
        end = min(boundary(from_ms + duration_ms, index.rate), index.total)
        if start >= index.total or start >= end:
            raise Beyond
        piece = await on_disk(_cut, index, File(song.descriptor, song.size), start, end)
        at_ms = 1000 * start / index.rate
        return Window(piece.data, piece.content_type, at_ms, piece.skip, end - start, index.rate)

    async def _index_of(self, song: Song) -> Index:
        found = self._kept.get(song.key)
        if found is None:
            building = self._underway.get(song.key)
            if building is None:
                own = os.dup(song.descriptor)  # the request that asks may end, and close its own
                building = self._underway[song.key] = asyncio.create_task(self._build(song, own))
            found = await asyncio.shield(building)  # others may wait for it, too
        else:
            self._kept.move_to_end(song.key)
        if isinstance(found, NotCuttable):
            raise NotCuttable(str(found))
        return found

    async def _build(self, song: Song, own: int) -> Index | NotCuttable:
        """Closes the descriptor."""
        try:
            loop = asyncio.get_running_loop()
            index = await loop.run_in_executor(self._thread, _indexed, song.format, own, song.size)
            self._keep(song.key, index)
            return index
        finally:
            del self._underway[song.key]

    def _keep(self, key: tuple[object, ...], index: Index | NotCuttable) -> None:
        self._kept[key] = index
        self.kept_bytes += _bytes_of(index)
        while self.kept_bytes > self._limit_bytes and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self.kept_bytes -= _bytes_of(oldest)


def _bytes_of(index: Index | NotCuttable) -> int:
    return _ENTRY_BYTES + (index.memory_bytes if isinstance(index, Index) else 0)


def _indexed(form: str, descriptor: int, size: int) -> Index | NotCuttable:
    """The index, or why there is none. Closes the descriptor."""
    try:
        if form not in INDEXERS:
            return NotCuttable("Nothing can be cut out of this format.")
        return INDEXERS[form](File(descriptor, size))
    except NotCuttable as why:
        return why
    except Exception as error:  # a stranger's file: whatever stands in it, it is taken whole
        return _unreadable(error)
    finally:
        os.close(descriptor)


def _cut(index: Index, file: File, start: int, end: int) -> Piece:
    """Raises NotCuttable."""
    try:
        return index.cut(file, start, end)
    except NotCuttable:
        raise
    except Exception as error:
        raise _unreadable(error) from error


def _unreadable(error: Exception) -> NotCuttable:
    # With its traceback: a fault of ours would look the same.
    logger.warning("The frames of a file cannot be read", exc_info=error)
    return NotCuttable("Its frames cannot be read.")
