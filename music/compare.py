"""What a scan has to do: what lies in the folders, against what the tables know."""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple

from django.db import connection
from msgspec import Struct, field

from music.models import VACATED, AudioFile
from music.reading import Ask
from music.state import Progress
from music.walk import Found, Unreadable, is_gone, walk

logger = logging.getLogger(__name__)


class _Known(NamedTuple):
    row_id: int
    size: int
    mtime_ns: int
    is_missing: bool
    beside: int
    #: Whether its cover is to be made again.
    lacks_cover: bool


class Difference(Struct):
    """What has to be read or written; ids are those of AudioFile."""

    asks: list[Ask] = field(default_factory=list)
    #: Of the asks, those of files that are known: path → id.
    changed: dict[bytes, int] = field(default_factory=dict)
    #: Files that are where they were, and were missing.
    returned: list[int] = field(default_factory=list)
    #: Files that were there at the last scan.
    vanished: list[int] = field(default_factory=list)
    #: Files that have been missing for longer.
    missing: list[int] = field(default_factory=list)


def difference(
    roots: Iterable[bytes], skipped: Collection[bytes], progress: Progress, covers: Collection[str]
) -> Difference:
    """Walk the folders, and compare sizes and times with those of the last scan.

    `skipped`: folders to leave out. `covers`: the keys of those that are on the disk.
    """
    known, missing = _known(covers)
    found = Difference(missing=missing)
    for root in roots:
        for each in walk(root, skipped):
            if isinstance(each, Unreadable):
                progress.fail(each.path, each.reason)
                if each.path == root:
                    logger.warning("The music folder %s is left out. %s", os.fsdecode(root), each.reason)
            else:
                progress.found += 1
                _compare(each, root, known.pop(each.path, None), found)
    progress.done = progress.found - len(found.asks)
    # A file that no walk met may lie in no folder of today, or in one that could not be read.
    for path, row in known.items():
        if row.is_missing:
            found.missing.append(row.row_id)
        elif is_gone(path):
            found.vanished.append(row.row_id)
    return found


def cover_keys(folder: Path) -> set[str]:
    """The keys of the covers in this folder; the smallest size is written last."""
    return {path.name.removesuffix("-96.jpg") for path in folder.iterdir() if path.name.endswith("-96.jpg")}


def _compare(each: Found, root: bytes, row: _Known | None, found: Difference) -> None:
    is_as_it_was = row is not None and (row.size, row.mtime_ns, row.beside) == (each.size, each.mtime_ns, each.beside)
    if row is not None and is_as_it_was and not row.lacks_cover:
        if row.is_missing:
            found.returned.append(row.row_id)
        return
    if row is not None:
        found.changed[each.path] = row.row_id
    found.asks.append(Ask(each.path, each.path[len(root) :].lstrip(b"/"), each.beside))


def _known(covers: Collection[str]) -> tuple[dict[bytes, _Known], list[int]]:
    """The files by path, and the ids of those that have no path any more.

    Without the ORM, which would take longer to make a hundred thousand rows than the walk takes to meet the files.
    """
    known: dict[bytes, _Known] = {}
    vacated = []
    columns = "id, path, size, mtime_ns, missing_since IS NOT NULL, path_digest, beside, cover_unwritten, cover_key"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {AudioFile._meta.db_table}")  # noqa: S608 - names from the code
        while rows := cursor.fetchmany(2000):
            for row_id, path, size, mtime_ns, is_missing, digest, beside, is_unwritten, key in rows:
                if digest.startswith(VACATED):
                    vacated.append(row_id)
                else:
                    lacks_cover = bool(is_unwritten) or (key != "" and key not in covers)
                    known[bytes(path)] = _Known(row_id, size, mtime_ns, bool(is_missing), beside, lacks_cover)
    return known, vacated
