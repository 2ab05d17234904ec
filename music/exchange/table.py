"""CSV, and the other tables that players and exporters write: a line of column names, then one line a song."""

from __future__ import annotations

import csv
import io
import re

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

COLUMNS = ("title", "artist", "album", "duration_ms", "added_by", "votes", "played_at", "recording", "location")

#: What others call the columns, folded to letters and digits.
_NAMES = {
    "title": ("title", "name", "trackname", "tracktitle", "song", "songname", "songtitle", "track"),
    "artist": ("artist", "artists", "artistname", "artistnames", "creator", "performer", "trackartist", "albumartist"),
    "album": ("album", "albumname", "albumtitle", "release"),
    "duration": ("durationms", "trackdurationms", "duration", "durationseconds", "time", "length", "totaltime"),
    "location": ("location", "url", "address", "path", "file", "filename", "filepath"),
    "recording": ("recording", "musicbrainzrecording", "recordingmbid", "mbid", "musicbrainzid"),
}

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
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    entries: list[Entry] = []
    try:
        columns = _columns(next(table, []))
        for row in table:
            cells = {name: row[index] for name, index in columns.items() if index < len(row)}
            if not any(cell.strip() for cell in cells.values()):
                continue
            if len(entries) == MAX_ENTRIES:
                raise TooMany
            entries.append(_entry(table.line_num, cells, columns))
    except csv.Error:  # a field of more than 128 KiB, or a NUL
        raise Unreadable("The table cannot be read.") from None
    return entries


def _columns(header: list[str]) -> dict[str, int]:
    """Where the known columns are: for each field, the first of its names that the table has."""
    names = [re.sub(r"[^a-z0-9]", "", shown(name).lower()) for name in header]
    columns = {
        field: names.index(known[0])
        for field, aliases in _NAMES.items()
        if (known := [alias for alias in aliases if alias in names])
    }
    if "title" not in columns and "location" not in columns:
        raise Unreadable("The table has no column that is called title.")
    # How long a song lasts is told in milliseconds, seconds, or minutes:seconds, which the name shows.
    if "duration" in columns and names[columns["duration"]].endswith("ms"):
        columns["milliseconds"] = columns.pop("duration")
    return columns


def _entry(line: int, cells: dict[str, str], columns: dict[str, int]) -> Entry:
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
