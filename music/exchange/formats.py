"""Which format a file has: told by what stands in it. Its name and its Content-Type are hints at most."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from music.exchange import jspf, m3u, table, xspf
from music.exchange.entry import Entry, Unreadable, Written, decoded
from music.exchange.others import told_apart

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
    """The format of a file. A list of bare paths is an M3U, too. Raises Unreadable for what is something else."""
    text = decoded(body)
    start = text[:4096].lstrip("\ufeff \t\r\n")
    if other := told_apart(start):
        raise Unreadable(other)
    if start.startswith("<"):
        return "xspf"
    if re.match(r"\{|\[\s*[{\]]", start):
        return "jspf"
    if start.startswith("#"):
        return "m3u8"
    if table.is_table(text):
        return "csv"
    if not start or "csv" in content_type:
        raise Unreadable("This is no playlist: M3U, XSPF, JSPF and CSV are read.")
    return "m3u8"
