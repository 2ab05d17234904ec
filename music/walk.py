"""Walks the music folders. Paths are bytes: names that are not UTF-8 are names all the same. Knows no Django."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from music import beside

#: Only a filter, so that pictures and texts are not opened: what a file is, its content tells.
SUFFIXES = frozenset(b"aac aif aifc aiff alac flac m4a m4b mka mp2 mp3 mp4 oga ogg opus spx wav wave webm wma".split())


class Found(NamedTuple):
    """A file that may be music."""

    path: bytes
    size: int
    mtime_ns: int
    #: Of what lies beside it, by beside.mark.
    beside: int = 0


class Unreadable(NamedTuple):
    """A folder or a file that cannot be looked at, and why."""

    path: bytes
    reason: str


def walk(root: bytes, skipped: Collection[bytes] = ()) -> Iterator[Found | Unreadable]:
    """Everything below a folder that may be music, folder by folder.

    Links to folders are not followed, so no loop of them is endless; links to files are. Hidden files and folders, and
    the `._` files of macOS, are skipped, and so is whatever is no file: opening a pipe would wait for ever. `skipped`:
    folders that are left out, too.
    """
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        if folder in skipped:
            continue
        contents = _Contents()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    contents.take(entry)
        except OSError as error:
            yield Unreadable(folder, _reason(error))
        for entry in contents.music:
            yield from _file(entry, contents)
        waiting += sorted(contents.below, reverse=True)


class _Contents:
    """What one folder holds."""

    def __init__(self) -> None:
        self.below: list[bytes] = []
        self.music: list[os.DirEntry[bytes]] = []
        self._pictures: dict[bytes, os.DirEntry[bytes]] = {}
        self._lyrics: dict[bytes, os.DirEntry[bytes]] = {}
        self._picture_ns: int | None = None

    def take(self, entry: os.DirEntry[bytes]) -> None:
        if entry.name.startswith(b"."):
            return
        ending = entry.name.rpartition(b".")[2].lower()
        if entry.is_dir(follow_symlinks=False):
            self.below.append(entry.path)
        elif ending in SUFFIXES:
            self.music.append(entry)
        elif ending == beside.LYRICS[1:]:
            self._lyrics[entry.name] = entry
        elif beside.is_picture(entry.name):
            self._pictures[entry.name] = entry

    def beside(self, name: bytes) -> int:
        """The mark of what lies beside the music file of this name."""
        if self._picture_ns is None:
            picture = beside.picture_among(self._pictures)
            self._picture_ns = 0 if picture is None else _changed_ns(self._pictures[picture])
        lyrics = self._lyrics.get(beside.lyrics_name(name))
        return beside.mark(self._picture_ns, 0 if lyrics is None else _changed_ns(lyrics))


def _changed_ns(entry: os.DirEntry[bytes]) -> int:
    """Never 0 for a file that is there, also not for one with the time 0."""
    try:
        return entry.stat().st_mtime_ns or 1
    except OSError:
        return 0


def _file(entry: os.DirEntry[bytes], contents: _Contents) -> Iterator[Found | Unreadable]:
    try:
        found = entry.stat()
    except FileNotFoundError:  # it went while we looked, or is a link to nothing
        return
    except OSError as error:
        yield Unreadable(entry.path, _reason(error))
        return
    if stat.S_ISREG(found.st_mode):
        yield Found(entry.path, found.st_size, found.st_mtime_ns, contents.beside(entry.name))


def is_gone(path: bytes) -> bool:
    """Whether there is certainly no such file. A disk that cannot be read proves nothing."""
    try:
        Path(os.fsdecode(path)).stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def distinct(folders: Iterable[bytes]) -> list[bytes]:
    """The folders as absolute paths, without those that lie in another one."""
    real = sorted({os.path.realpath(folder) for folder in folders})
    kept: list[bytes] = []
    for folder in real:
        if not any(folder.startswith(above.rstrip(b"/") + b"/") for above in kept):
            kept.append(folder)
    return kept


def _reason(error: OSError) -> str:
    return f"It cannot be read: {error.strerror or type(error).__name__}."
