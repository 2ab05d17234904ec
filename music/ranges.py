"""What of a file an HTTP request asks for (RFC 9110, sections 13 and 14). Pure.

Stricter and more forgiving than most: a malformed Range is ignored, as the RFC wants it, and of several ranges those
that lie beyond the end are left out while one can be met.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

#: More ranges than any player asks for: such a request gets the whole file.
RANGES_LIMIT = 16
_RANGE = re.compile(r"([0-9]{0,19})\s*-\s*([0-9]{0,19})")
_TAG = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')


class Span(NamedTuple):
    """Bytes of a file, from `start` up to but without `end`."""

    start: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start


class Asked(NamedTuple):
    """The status of the answer, and the bytes in its body: the whole file, one range, or several."""

    status: int
    spans: tuple[Span, ...]


def asked_of(headers: Mapping[str, str], size: int, etag: str) -> Asked:
    """The answer to a GET or HEAD with these headers, by lower-case name, for a file of `size` bytes.

    200, 206, 304 without a body, or 416 where no byte of the file was asked for. `etag` is strong, with its quotes.
    """
    if _names(headers.get("if-none-match", ""), etag):
        return Asked(304, ())
    whole = Asked(200, (Span(0, size),))
    wanted = headers.get("range")
    if wanted is None or headers.get("if-range", etag).strip() != etag:
        return whole
    spans = _spans(wanted, size)
    if spans is None:
        return whole
    return Asked(206, spans) if spans else Asked(416, ())


def _names(if_none_match: str, etag: str) -> bool:
    """Whether the header names this entity tag; weak ones count (section 13.1.2)."""
    if if_none_match.strip() == "*":
        return True
    return any(found[2] == etag for found in _TAG.finditer(if_none_match))


def _spans(header: str, size: int) -> tuple[Span, ...] | None:
    """The satisfiable ranges in the order of the header; None for a header to be ignored."""
    unit, equals, listed = header.partition("=")
    parts = [part for part in (part.strip() for part in listed.split(",")) if part]
    if unit.strip().lower() != "bytes" or not equals or not 0 < len(parts) <= RANGES_LIMIT:
        return None
    spans = []
    for part in parts:
        found = _RANGE.fullmatch(part)
        if found is None:
            return None
        first, last = found.groups()
        if first:
            if last and int(last) < int(first):
                return None
            span = Span(int(first), min(int(last) + 1, size) if last else size)
        elif last:
            span = Span(max(0, size - int(last)), size)
        else:
            return None
        if span.start < span.end:
            spans.append(span)
    if sum(span.size for span in spans) > size:
        return None  # they overlap: nobody needs that, and it would multiply what is sent
    return tuple(spans)


def content_range(span: Span, size: int) -> str:
    return f"bytes {span.start}-{span.end - 1}/{size}"


def multipart(spans: tuple[Span, ...], size: int, content_type: str, boundary: str) -> tuple[list[bytes], bytes]:
    """What stands before each of several ranges, and behind the last one (section 14.6)."""
    opening = f"\r\n--{boundary}\r\ncontent-type: {content_type}\r\ncontent-range: "
    heads = [f"{opening}{content_range(span, size)}\r\n\r\n".encode() for span in spans]
    return heads, f"\r\n--{boundary}--\r\n".encode()
