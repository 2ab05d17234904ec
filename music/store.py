"""Writes what was read of files into the tables, a few files in each transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from msgspec import Struct, field

from music.files import playable, settle, track_of
from music.identity import Mark, is_copy, mark, mark_of
from music.models import VACATED, AudioFile, digest_of
from music.reading import Reading
from playlist import catalog, sql
from playlist.entries import new_track_id

_REASON_WIDTH = 200
#: The columns of a new row, all but the id. Without the ORM, which would take a third of a first import.
_NEW = {each.attname: each.get_default() for each in AudioFile._meta.concrete_fields if not each.primary_key}


class Arrival(Struct, frozen=True):
    """A file that was read, and the row that it is known by; None for a new one."""

    reading: Reading
    row_id: int | None = None
    #: The account that uploaded it.
    uploaded_by: int | None = None


class Prepared(Struct, frozen=True):
    """An arrival with all that follows from it alone: made before the transaction, which others wait for."""

    arrival: Arrival
    #: The columns of its row that the reading tells.
    told: dict[str, sql.Value]
    #: The track that it is, should it be a new one; None for a file that is no track.
    draft: catalog.Draft | None


def prepared(arrivals: Iterable[Arrival]) -> list[Prepared]:
    return [Prepared(each, _told(each.reading), _draft(each.reading)) for each in arrivals]


def _draft(reading: Reading) -> catalog.Draft | None:
    return None if reading.reason else catalog.draft(track_of(new_track_id(), reading))


def mark_of_file(file: AudioFile) -> Mark:
    """The mark of a file as it was read last."""
    return mark(
        file.pk,
        fingerprint=file.fingerprint,
        mb_recording=str(file.mb_recording or ""),
        title=file.title,
        artist=file.artist,
        album=file.album,
        track_number=file.track_number,
        disc_number=file.disc_number,
        duration_ms=file.duration_ms,
    )


class Written(Struct):
    """What a transaction changed."""

    added: int = 0
    changed: int = 0
    missing: int = 0
    #: The tracks that playlists may have to hear of.
    track_ids: set[str] = field(default_factory=set)


def write(files: Sequence[Prepared], now: datetime) -> Written:
    """Keep these files and their tracks, in the caller's transaction.

    A new file is a copy of one that is there, or a track of its own.
    """
    written = Written()
    row_ids = [each.arrival.row_id for each in files]
    known = AudioFile.objects.in_bulk([row_id for row_id in row_ids if row_id is not None])
    _vacate([each.arrival for each in files], now, written)
    for each, row_id in zip(files, row_ids, strict=True):
        if row_id in known:
            row = _fill(known[row_id], each)
            row.save()
            written.changed += 1
            written.track_ids |= {row.track_id} if row.track_id else set()
    # Only now, since a new file may be a copy of one that has just got other names.
    _add([each for each, row_id in zip(files, row_ids, strict=True) if row_id not in known], now, written)
    written.missing += settle(written.track_ids, now)
    return written


def _add(files: Sequence[Prepared], now: datetime, written: Written) -> None:
    copies = _Copies(each.arrival.reading for each in files)
    rows: list[tuple[sql.Value, ...]] = []
    drafts: list[catalog.Draft] = []
    for each in files:
        track_id = None
        if each.draft is not None:
            track_id = copies.track_of(each.arrival.reading)
            if track_id is not None:
                written.track_ids.add(track_id)
            else:
                track_id = each.draft.file.id
                drafts.append(each.draft)
                copies.remember(track_id, each.arrival.reading)
        row = {**_NEW, **each.told, "track_id": track_id, "uploaded_by_id": each.arrival.uploaded_by}
        rows.append(tuple(row.values()))
    catalog.add_tracks(drafts, now)
    sql.fill(AudioFile, tuple(_NEW), rows)
    written.added += len(drafts)


def _told(reading: Reading) -> dict[str, sql.Value]:
    """The columns that a reading tells; what was measured or made of other bytes is forgotten."""
    told: dict[str, sql.Value] = {
        "path": reading.path,
        "path_digest": digest_of(reading.path),
        "size": reading.size,
        "mtime_ns": reading.mtime_ns,
        "missing_since": None,
        "reason": reading.reason[:_REASON_WIDTH],
        "beside": reading.beside,
        "cover_unwritten": reading.cover_unwritten,
        "conversion_reason": "",
    }
    if reading.reason:
        return told
    return {
        **told,
        "converted": "",
        "gain_db": reading.gain_db,
        "peak": reading.peak,
        "loudness_from": "" if reading.gain_db is None else "tags",
        "title": reading.title,
        "artist": reading.artist,
        "album": reading.album,
        "album_artist": reading.album_artist,
        "genre": reading.genre,
        "year": reading.year,
        "track_number": reading.track_number,
        "disc_number": reading.disc_number,
        "fingerprint": reading.fingerprint,
        "mb_recording": UUID(reading.mb_recording) if reading.mb_recording else None,
        "format": reading.format,
        "content_type": reading.content_type,
        "duration_ms": reading.duration_ms,
        "cover_key": reading.cover_key,
        "lyrics": reading.lyrics,
    }


def _fill(row: AudioFile, file: Prepared) -> AudioFile:
    """Set the columns that the reading tells; the same sound keeps what was measured and made of it."""
    reading, told = file.arrival.reading, dict(file.told)
    if not reading.reason and reading.fingerprint and row.fingerprint == reading.fingerprint:
        del told["converted"]
        if reading.gain_db is None and row.loudness_from == "measured":
            del told["gain_db"], told["peak"], told["loudness_from"]
    for column, value in told.items():
        setattr(row, column, value)
    return row


def _vacate(arrivals: Iterable[Arrival], now: datetime, written: Written) -> None:
    """Let go of the paths that these files take, where other rows have them."""
    taken = {digest_of(each.reading.path): each.row_id for each in arrivals}
    found = sql.rows(AudioFile, ("id",), sql.any_of("path_digest"), [sql.array(taken)])
    for other in AudioFile.objects.filter(pk__in=[row_id for (row_id,) in found]) if found else ():
        if other.pk != taken[other.path_digest]:
            vacate(other, now, written)


def vacate(row: AudioFile, now: datetime, written: Written) -> None:
    """A file that is gone while another one has its path. Files that were no tracks are forgotten."""
    if row.track_id is None and not row.hidden:
        row.delete()
        return
    AudioFile.objects.filter(pk=row.pk).update(path_digest=f"{VACATED}{row.pk}", missing_since=now)
    if row.track_id:
        written.track_ids.add(row.track_id)


def copy_of(reading: Reading) -> str | None:
    """The track that a file which is read is a copy of."""
    return _Copies([reading]).track_of(reading)


class _Copies:
    """The tracks that are there already of what arrives."""

    def __init__(self, new: Iterable[Reading]) -> None:
        self._there: dict[str, list[tuple[str, AudioFile | Reading]]] = defaultdict(list)
        sounds = {reading.fingerprint for reading in new} - {""}
        found = sql.rows(AudioFile, ("id",), sql.any_of("fingerprint"), [sql.array(sounds)])
        for file in playable().filter(pk__in=[row_id for (row_id,) in found]).order_by("pk") if found else ():
            self._there[file.fingerprint].append((cast(str, file.track_id), file))

    def track_of(self, reading: Reading) -> str | None:
        """The track that this file is a copy of."""
        there = self._there.get(reading.fingerprint)
        if not there:
            return None
        mine = mark_of(None, reading)
        return next((track_id for track_id, file in there if is_copy(_mark(file), mine)), None)

    def remember(self, track_id: str, reading: Reading) -> None:
        if reading.fingerprint:
            self._there[reading.fingerprint].append((track_id, reading))


def _mark(file: AudioFile | Reading) -> Mark:
    return mark_of_file(file) if isinstance(file, AudioFile) else mark_of(None, file)
