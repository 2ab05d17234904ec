"""Which format a file has: told by what stands in it. Its name and its Content-Type are hints at most."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from music.exchange import jspf, m3u, table, xspf
from music.exchange.entry import Entry, Unreadable, Written, decoded

FormatName: TypeAlias = Literal["m3u8", "xspf", "jspf", "csv"]


class Format(Struct, frozen=True):
    content_type: str
    write: Callable[[Written], bytes]
    read: Callable[[bytes], list[Entry]]


FORMATS: dict[FormatName, Format] = {
    "m3u8": Format("audio/x-mpegurl", m3u.write, m3u.read),
    "xspf": Format("application/xspf+xml", xspf.write, xspf.read),
    "jspf": Format("application/jspf+json", jspf.write, jspf.read),
    "csv": Format("text/csv", table.write, table.read),
}
assert set(FORMATS) == set(get_args(FormatName))


def read(body: bytes, content_type: str = "") -> list[Entry]:
    """The entries of a playlist file of any format. Raises Unreadable, TooMany."""
    return FORMATS[format_of(body, content_type)].read(body)


def format_of(body: bytes, content_type: str = "") -> FormatName:
    """The format of a file. A list of bare paths is an M3U, too. Raises Unreadable for what is no text."""
    start = decoded(body[:4096]).lstrip("\ufeff \t\r\n")
    if "\0" in start:
        raise Unreadable("This is no playlist: it holds zero bytes.")
    if start.startswith("<"):
        return "xspf"
    if start.startswith("{"):
        return "jspf"
    if start.startswith("#"):
        return "m3u8"
    try:
        table.read(f"{start.splitlines()[0]}\n".encode() if start else b"")
    except Unreadable:
        if not start or "csv" in content_type:
            raise Unreadable("This is no playlist: M3U, XSPF, JSPF and CSV are read.") from None
        return "m3u8"
    return "csv"
