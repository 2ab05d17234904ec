"""CSV, and the other tables that players and exporters write: a line of column names, then one line a song."""

from __future__ import annotations

import csv
import io
import re
from typing import NamedTuple

from music.exchange.entry import (
    MAX_ENTRIES,
    MAX_TEXT,
    Entry,
    TooMany,
    Unreadable,
    Written,
    decoded,
    recording_in,
    shown,
)
from playlist.text import fold

COLUMNS = ("title", "artist", "album", "duration_ms", "added_by", "votes", "played_at", "recording", "location")

#: What others call the columns, in the languages that players have, folded to letters and digits.
_NAMES = {
    "title": (
        *("title", "name", "trackname", "tracktitle", "song", "songname", "songtitle", "track"),
        *("titel", "titelname", "songtitel", "lied", "titre", "nom", "titulo", "cancion", "nombre"),
    ),
    "artist": (
        *("artist", "artists", "artistname", "artistnames", "artistname1", "creator", "performer", "trackartist"),
        *("albumartist", "interpret", "interpreten", "kunstler", "kunstlernamen", "artiste", "artistes", "artista"),
    ),
    "album": ("album", "albumname", "albumtitle", "albumtitel", "release"),
    "duration": (
        *("durationms", "trackdurationms", "titeldauerms", "duration", "durationseconds", "time", "length"),
        *("totaltime", "dauer", "lange", "duree", "duracion"),
    ),
    "location": ("location", "url", "address", "path", "file", "filename", "filepath", "ort", "dateipfad"),
    "recording": ("recording", "musicbrainzrecording", "recordingmbid", "mbid", "musicbrainzid"),
}
#: Lines that may stand above the names: "sep=;" of spreadsheets, or what the list is called.
_ABOVE = 2
#: Characters of the line of names that are looked at.
_HEAD = 65_536

#: Spreadsheets take a cell that begins so for a formula; a leading apostrophe says that it is text.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def write(playlist: Written) -> bytes:
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for song in playlist.songs:
        cells = [getattr(song, name) for name in COLUMNS]
        table.writerow([cell if isinstance(cell, int) else _as_text(cell) for cell in cells])
    return b"\xef\xbb\xbf" + text.getvalue().encode()  # without the mark, Excel takes UTF-8 for something else


def read(body: bytes) -> list[Entry]:
    """The entries of a table. Raises Unreadable if no column is known."""
    text = decoded(body)
    head = _head_of(text)
    if head is None:
        raise Unreadable("The table has no column that is called title.")
    table = csv.reader(io.StringIO(text, newline=""), delimiter=head.delimiter, strict=False)
    entries: list[Entry] = []
    try:
        for row in filter(None, table):
            cells = {name: row[index] for name, index in head.columns.items() if index < len(row)}
            if table.line_num <= head.line or not any(cell.strip() for cell in cells.values()):
                continue
            if len(entries) == MAX_ENTRIES:
                raise TooMany
            entries.append(_entry(table.line_num, cells))
    except csv.Error:  # a field of more than 128 KiB
        raise Unreadable("The table cannot be read: a quotation mark opens a field that never ends.") from None
    return entries


def is_table(text: str) -> bool:
    """Whether a line of column names begins the text."""
    return _head_of(text) is not None


class _Head(NamedTuple):
    """The line of column names, from 1, what parts its cells, and where the known columns are."""

    line: int
    delimiter: str
    columns: dict[str, int]


def _head_of(text: str) -> _Head | None:
    lines = re.split(r"\r\n|\r|\n", text.lstrip("\ufeff"), maxsplit=_ABOVE + 1)[: _ABOVE + 1]
    is_first = True
    for number, line in enumerate(lines, start=1):
        delimiter = max(",;\t", key=line.count)
        columns = _columns(next(csv.reader([line[:_HEAD]], delimiter=delimiter), []))
        # A song may be called "Title", too: below another line it takes two names to make a table.
        if len(columns) > (0 if is_first else 1) and ("title" in columns or "location" in columns):
            return _Head(number, delimiter, columns)
        is_first = is_first and not line.strip()
    return None


def _columns(header: list[str]) -> dict[str, int]:
    """Where the known columns are: for each field, the first of its names that the table has."""
    names = [re.sub(r"[^a-z0-9]", "", fold(shown(name))) for name in header]
    columns = {
        field: names.index(known[0])
        for field, aliases in _NAMES.items()
        if (known := [alias for alias in aliases if alias in names])
    }
    # How long a song lasts is told in milliseconds, seconds, or minutes:seconds, which the name shows.
    if "duration" in columns and names[columns["duration"]].endswith("ms"):
        columns["milliseconds"] = columns.pop("duration")
    return columns


def _entry(line: int, cells: dict[str, str]) -> Entry:
    texts = {name: shown(_from_text(cell)) for name, cell in cells.items()}
    milliseconds = _number(texts.get("milliseconds", ""))
    return Entry(
        line=line,
        title=texts.get("title", ""),
        artist=texts.get("artist", ""),
        album=texts.get("album", ""),
        duration_ms=round(milliseconds) if milliseconds else _clock_ms(texts.get("duration", "")),
        location=texts.get("location", ""),
        recording=recording_in(texts.get("recording", "")),
    )


def _clock_ms(text: str) -> int | None:
    """The milliseconds that "213", "213.4", "3:33" or "1:03:33" say."""
    parts = [_number(part) for part in text.split(":")[-3:]]
    if not text or None in parts:
        return None
    seconds = 0.0
    for part in parts:
        seconds = seconds * 60 + (part or 0)
    return round(seconds * 1000) or None


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text) else None


def _as_text(cell: object) -> str:
    text = "" if cell is None else shown(str(cell))
    return f"'{text}" if _FORMULA.match(text) else text


def _from_text(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell[:MAX_TEXT]
