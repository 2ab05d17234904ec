"""FLAC: frames that each decode by themselves (https://www.rfc-editor.org/rfc/rfc9639).

Frames have no length: they are found by their first bytes, their number and the checksum of their header. In a piece
they are numbered from 0, as in a file of its own.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import NamedTuple

from music.windows.checksums import FLAC_FRAME, FLAC_HEADER
from music.windows.pieces import CHUNK_BYTES, File, Index, NotCuttable, Piece

#: How many frames earlier a piece may begin for the grid: what encoders write needs four.
_BACK_FRAMES = 8
#: The longest header of a frame.
_HEADER_BYTES = 16
_ID3V1_BYTES = 128


class _Header(NamedTuple):
    """The header of a frame: its number (of the frame, or of its first sample), its samples, its length in bytes."""

    number: int
    number_bytes: int
    samples: int
    length: int


class FlacIndex(Index):
    def __init__(self, info: bytes, offsets: array[int], starts: array[int], by_sample: bool) -> None:
        """`offsets` and `starts` have one entry more than there are frames: the end."""
        super().__init__(int.from_bytes(info[10:13], "big") >> 4, min(starts[-1], _total(info) or starts[-1]))
        self._info = info
        self._offsets = offsets
        self._starts = starts
        self._by_sample = by_sample

    @property
    def memory_bytes(self) -> int:
        return 16 * len(self._offsets)

    def cut(self, file: File, start: int, end: int) -> Piece:
        first = self._first_for(max(0, start - self.settling))
        stop = bisect_right(self._starts, end - 1)
        begin = self._offsets[first]
        data = file.read(begin, self._offsets[stop] - begin)
        info = bytearray(self._info)
        info[4:10] = bytes(6)  # the sizes of frames, unknown
        samples = self._starts[stop] - self._starts[first]
        info[13:18] = (int.from_bytes(info[13:18], "big") >> 36 << 36 | samples).to_bytes(5, "big")
        info[18:34] = bytes(16)  # the checksum of the samples, unknown
        parts = [b"fLaC\x80\x00\x00\x22", bytes(info)]
        for frame in range(first, stop):
            number = self._starts[frame] - self._starts[first] if self._by_sample else frame - first
            parts += _renumbered(data[self._offsets[frame] - begin : self._offsets[frame + 1] - begin], number)
        return Piece(b"".join(parts), start - self._starts[first], "audio/flac")

    def _first_for(self, sample: int) -> int:
        """The frame that holds the sample, or one a little before it that is on the grid."""
        frame = bisect_right(self._starts, sample) - 1
        near = range(frame, max(-1, frame - _BACK_FRAMES), -1)
        return next((one for one in near if self._starts[one] % self.grid == 0), frame)


def _total(info: bytes) -> int:
    """The samples of the file; 0 for unknown."""
    return int.from_bytes(info[13:18], "big") & (1 << 36) - 1


def _renumbered(frame: bytes, number: int) -> tuple[bytes, bytes, bytes]:
    header = _header_at(frame, 0)
    if header is None:
        raise NotCuttable("The file has changed.")
    old = frame[: header.length]
    new = old[:4] + _coded(number) + old[4 + header.number_bytes : -1]
    new += bytes((FLAC_HEADER.of(new),))
    content = frame[header.length : -2]
    change = FLAC_FRAME.of(old) ^ FLAC_FRAME.of(new)
    checksum = int.from_bytes(frame[-2:], "big") ^ FLAC_FRAME.moved(change, len(content))
    return new, content, checksum.to_bytes(2, "big")


def _coded(number: int) -> bytes:
    """A number of up to 36 bits, as UTF-8 would have it."""
    if number < 0x80:
        return bytes((number,))
    count = 2
    while number >> (5 * count + 1):
        count += 1
    tail = [0x80 | number >> 6 * place & 0x3F for place in range(count - 2, -1, -1)]
    return bytes(((0xFF00 >> count) & 0xFF | number >> 6 * (count - 1), *tail))


def index(file: File) -> Index:
    """Raises NotCuttable."""
    info, at = _stream_info(file)
    first = file.read_up_to(at, _HEADER_BYTES)
    if len(first) < _HEADER_BYTES or first[:2] not in (b"\xff\xf8", b"\xff\xf9"):
        raise NotCuttable("No frames were found in it.")
    by_sample = first[1] & 1 == 1
    offsets, starts = _scan(file, at, first[:2], max(_HEADER_BYTES, int.from_bytes(info[4:7], "big")))
    _close(file, offsets, starts)
    return FlacIndex(info, offsets, starts, by_sample)


def _stream_info(file: File) -> tuple[bytes, int]:
    """The STREAMINFO block, and where the frames begin."""
    at = file.after_id3()
    if file.read(at, 4) != b"fLaC":
        raise NotCuttable("This is no FLAC.")
    at += 4
    info = b""
    for _ in range(1000):
        head = file.read(at, 4)
        size = int.from_bytes(head[1:], "big")
        if head[0] & 0x7F == 0 and size == 34:
            info = file.read(at + 4, 34)
        at += 4 + size
        if head[0] & 0x80:
            break
    if not info:
        raise NotCuttable("This is no FLAC.")
    return info, at


def _scan(file: File, at: int, sync: bytes, least: int) -> tuple[array[int], array[int]]:
    """Where each frame begins, and with which sample; the latter has the end, too. `least`: bytes of a frame."""
    offsets, starts = array("Q"), array("Q", [0])
    by_sample = sync[1] & 1 == 1
    search_from = 0
    while len(data := file.chunk(at)) > _HEADER_BYTES:
        found = data.find(sync, search_from)
        while 0 <= found <= len(data) - _HEADER_BYTES:
            header = _header_at(data, found)
            if header is None or header.number != (starts[-1] if by_sample else len(offsets)):
                found = data.find(sync, found + 1)
                continue
            offsets.append(at + found)
            starts.append(starts[-1] + header.samples)
            found = data.find(sync, found + least)
        # The next chunk begins early enough for a header that this one has only in part, and behind the last frame.
        begin = max(len(data) - _HEADER_BYTES + 1, 0)
        search_from = max(0, offsets[-1] + least - at - begin) if offsets else 0
        at += begin
        if len(data) < CHUNK_BYTES:
            break
    return offsets, starts


def _close(file: File, offsets: array[int], starts: array[int]) -> None:
    """Add where the last frame ends; without it, if that cannot be found out."""
    if not offsets:
        raise NotCuttable("No frames were found in it.")
    last = file.read_up_to(offsets[-1], CHUNK_BYTES)
    for tail in (0, _ID3V1_BYTES):
        if FLAC_FRAME.of(last[: len(last) - tail]) == 0 and len(last) < CHUNK_BYTES:
            offsets.append(offsets[-1] + len(last) - tail)
            return
    starts.pop()


def _header_at(data: bytes, at: int) -> _Header | None:
    """The header of the frame there; None if there is none."""
    head = data[at : at + _HEADER_BYTES]
    block, rate = head[2] >> 4, head[2] & 15
    if block == 0 or rate == 15 or head[3] >> 4 > 10 or head[3] & 1:
        return None
    first = head[4]
    count = 1 if first < 0x80 else 8 - (first ^ 0xFF).bit_length()
    if count > 7 or 0x80 <= first < 0xC0:
        return None
    number = first if count == 1 else first & (0x7F >> count)
    for byte in head[5 : 4 + count]:
        number = number << 6 | byte & 0x3F
    end = 4 + count
    if block in (6, 7):
        size = block - 5
        samples = int.from_bytes(head[end : end + size], "big") + 1
        end += size
    else:
        samples = 192 if block == 1 else 576 << block - 2 if block < 6 else 256 << block - 8
    end += 1 if rate == 12 else 2 if rate in (13, 14) else 0
    if end >= len(head) or FLAC_HEADER.of(head[:end]) != head[end]:
        return None
    return _Header(number, count, samples, end + 1)
