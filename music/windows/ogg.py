"""Ogg: pages with Vorbis or Opus packets in them (https://www.rfc-editor.org/rfc/rfc3533).

A piece is the headers and then whole pages, numbered and timed anew. Packets that begin before the first page are
dropped by decoders, as after a seek.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from music.windows import opus, vorbis
from music.windows.checksums import OGG_PAGE
from music.windows.pieces import CHUNK_BYTES, File, Index, NotCuttable, Piece

_HEAD = struct.Struct("<4sBBqIIIB")
_CONTINUED, _FIRST, _LAST = 1, 2, 4
#: The packets of headers are larger than this only with a picture in the comments, which are left out of pieces.
_HEADER_PACKET_BYTES = 64 * 1024 * 1024
#: A page holds up to 255 segments of up to 255 bytes.
_PAGE_BYTES = 27 + 255 + 255 * 255
_NONE = -1


class Codec(Protocol):
    """What a page's index must know of the packets in it."""

    rate: int
    #: Samples before the first one that is heard.
    pre_skip: int
    #: Samples that are decoded before the wanted ones, until the decoder has caught up with the whole file.
    pre_roll: int
    #: Whether the first packet gives no sound.
    primes: bool
    #: The packets at the beginning of a piece.
    headers: tuple[bytes, ...]

    def samples(self, packet: bytes, before: bytes | None) -> int:
        """What decoding the packet gives, behind another one; both by their first bytes."""


class Page(NamedTuple):
    flags: int
    granule: int
    segments: bytes
    body: bytes

    @property
    def size(self) -> int:
        return 27 + len(self.segments) + len(self.body)

    def packets(self) -> Iterator[tuple[bytes, bool, bool]]:
        """The parts of packets in it, and whether each begins and ends here."""
        at, size = 0, 0
        begins = not self.flags & _CONTINUED
        for segment in self.segments:
            size += segment
            if segment < 255:
                yield self.body[at : at + size], begins, True
                at, size, begins = at + size, 0, True
        if self.segments and self.segments[-1] == 255:
            yield self.body[at : at + size], begins, False


class OggIndex(Index):
    def __init__(self, codec: Codec, pages: _Pages) -> None:
        super().__init__(codec.rate, pages.total - codec.pre_skip)
        self._codec = codec
        self._pages = pages
        self._head = b"".join(_header_pages(codec.headers, pages.serial))
        self._head_pages = 1 + (len(codec.headers) > 1)

    @property
    def memory_bytes(self) -> int:
        return 24 * len(self._pages.offsets) + len(self._head)

    def cut(self, file: File, start: int, end: int) -> Piece:
        first_wanted, behind = start + self._codec.pre_skip, end + self._codec.pre_skip
        pages = self._pages
        first = max(0, bisect_right(pages.begins, max(0, first_wanted - max(self.settling, self._codec.pre_roll))) - 1)
        while first > 0 and pages.begins[first] == pages.begins[first - 1]:
            first -= 1  # of pages without a beginning of their own only the first one has one
        begin = pages.begins[first]
        last = min(bisect_left(pages.ends, behind, first), len(pages.ends) - 1)
        stop = pages.offsets[last + 1]
        data = file.read(pages.offsets[first], stop - pages.offsets[first])
        parts, at, number = [self._head], 0, self._head_pages
        for page in range(first, last + 1):
            size = pages.offsets[page + 1] - pages.offsets[page]
            ends_here = page == first or pages.ends[page] > pages.ends[page - 1]
            parts.append(_retimed(data[at : at + size], number, pages.ends[page] - begin if ends_here else _NONE))
            at += size
            number += 1
        return Piece(b"".join(parts), first_wanted - begin, "audio/ogg")


class _Pages:
    """Where pages are, with which sample what begins in them does, and with which one what ends in them ends."""

    def __init__(self) -> None:
        self.offsets = array("Q")
        #: Rising: a page in which no packet begins has the value of the one before.
        self.begins = array("q")
        self.ends = array("q")
        self.serial = 0
        self.total = 0


def index(file: File) -> Index:
    """Raises NotCuttable."""
    reader = _Reader(file)
    codec, at = _codec(reader)
    return OggIndex(codec, _pages(reader, codec, at))


class _Reader:
    """Reads pages one after another, a chunk of the file at a time."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._data = b""
        self._begin = 0
        self.serial: int | None = None

    def page(self, at: int) -> Page | None:
        """The page there; None at the end of the file. Raises NotCuttable for other streams in between."""
        place = at - self._begin
        if not 0 <= place <= len(self._data) - _PAGE_BYTES:
            self._data, self._begin, place = self._file.chunk(at), at, 0
        head = self._data[place : place + 27]
        if len(head) < 27 or head[:4] != b"OggS":
            if head and len(head) == 27:
                raise NotCuttable("Something stands between its pages.")
            return None
        _, _, flags, granule, serial, _, _, count = _HEAD.unpack(head)
        segments = self._data[place + 27 : place + 27 + count]
        body_at = place + 27 + count
        body = self._data[body_at : body_at + sum(segments)]
        if len(segments) < count or len(body) < sum(segments):
            return None  # cut off
        if self.serial is None:
            self.serial = serial
        if serial != self.serial or (flags & _FIRST and at > 0):
            raise NotCuttable("There are several streams in it.")
        return Page(flags, granule, segments, body)


def _codec(reader: _Reader) -> tuple[Codec, int]:
    """What the header packets tell, and where the sound begins."""
    packets: list[bytes] = []
    parts: list[bytes] = []
    at, needed = 0, 1
    while len(packets) < needed:
        page = reader.page(at)
        if page is None:
            raise NotCuttable("Its headers are not complete.")
        for part, _, ends in page.packets():
            parts.append(part)
            if sum(map(len, parts)) > _HEADER_PACKET_BYTES:
                raise NotCuttable("Its headers are too large.")
            if ends:
                packets.append(b"".join(parts))
                parts.clear()
        at += page.size
        if packets:
            needed = 3 if packets[0][:7] == b"\x01vorbis" else 2
    if packets[0][:7] == b"\x01vorbis":
        return vorbis.Vorbis(packets[0], packets[2]), at
    if packets[0][:8] == b"OpusHead":
        return opus.Opus(packets[0]), at
    raise NotCuttable("This is neither Vorbis nor Opus.")


def _pages(reader: _Reader, codec: Codec, at: int) -> _Pages:
    pages = _Pages()
    position, before, open_packet = 0, None, b""
    last_granule = 0
    while (page := reader.page(at)) is not None:
        begin = None
        for part, begins, ends in page.packets():
            first_bytes = part[:2] if begins else open_packet
            if begins:
                # What this packet gives is heard only behind a packet that primes the decoder.
                gives = codec.samples(first_bytes, before)
                begin = begin if begin is not None else position + (gives if codec.primes else 0)
            open_packet = first_bytes
            if ends and first_bytes:
                position += codec.samples(first_bytes, before)
                before = first_bytes
        pages.offsets.append(at)
        pages.begins.append(begin if begin is not None else pages.begins[-1] if pages.begins else 0)
        pages.ends.append(position)
        if page.granule != _NONE:
            _check(page, position, last=bool(page.flags & _LAST))
            last_granule = page.granule
        at += page.size
    pages.offsets.append(at)
    pages.serial = reader.serial or 0
    pages.total = min(position, last_granule)
    return pages


def _check(page: Page, position: int, *, last: bool) -> None:
    """The page's own count must be ours; only the last one may be shorter. Raises NotCuttable."""
    if page.granule != position and not (last and page.granule < position):
        raise NotCuttable("Its pages do not begin at the beginning.")


def _retimed(page: bytes, number: int, end: int) -> bytes:
    """The same page with this number, whose last packet ends with the sample `end`; negative: none ends in it.

    No page is the last one, at which decoders leave samples out, each in its own way. The caller knows which to leave.
    """
    serial, checksum = page[14:18], int.from_bytes(page[22:26], "little")
    head = page[:5] + bytes((page[5] & ~_LAST,)) + struct.pack("<q", max(end, _NONE)) + serial
    head += number.to_bytes(4, "little")
    change = OGG_PAGE.of(old ^ new for old, new in zip(page[:22], head, strict=True))
    checksum ^= OGG_PAGE.moved(change, len(page) - 22)
    return head + checksum.to_bytes(4, "little") + page[26:]


def _header_pages(packets: tuple[bytes, ...], serial: int) -> Iterator[bytes]:
    """The first packet on a page of its own, the others together, as both codecs want it."""
    yield _page(packets[:1], _FIRST, 0, serial)
    if len(packets) > 1:
        yield _page(packets[1:], 0, 1, serial)


def _page(packets: tuple[bytes, ...], flags: int, number: int, serial: int) -> bytes:
    segments = b"".join(b"\xff" * (len(packet) // 255) + bytes((len(packet) % 255,)) for packet in packets)
    if len(segments) > 255:
        raise NotCuttable("Its headers do not fit on a page.")
    head = _HEAD.pack(b"OggS", 0, flags, 0, serial, number, 0, len(segments)) + segments
    page = head + b"".join(packets)
    return page[:22] + struct.pack("<I", OGG_PAGE.of(page)) + page[26:]


assert CHUNK_BYTES > _PAGE_BYTES
