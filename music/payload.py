"""Where the sound lies in a file, apart from tags: by container, found by content and never by name."""

from __future__ import annotations

from struct import unpack_from
from typing import BinaryIO, Literal, NamedTuple

from music import mpeg

Container = Literal["mpeg", "adts", "flac", "ogg", "mp4", "riff", "aiff", "asf"]

_ASF_HEADER = bytes.fromhex("3026B2758E66CF11A6D900AA0062CE6C")
_ASF_DATA = bytes.fromhex("3626B2758E66CF11A6D900AA0062CE6C")
#: Several ID3v2 tags in a row are a fault of some programs; more than that is no music.
_TAGS_IN_A_ROW = 8


class Payload(NamedTuple):
    """The bytes of the sound. A container that is cut off has fewer than it says."""

    container: Container
    start: int
    length: int
    #: The first one of MPEG and ADTS.
    frame: mpeg.Frame | None = None

    @property
    def end(self) -> int:
        return self.start + self.length


def find(file: BinaryIO, size: int) -> Payload | None:
    """The sound of this file of `size` bytes; None where its content is none that the server knows."""
    start = behind_id3v2(file, size)
    file.seek(start)
    head = file.read(16)
    if head.startswith(b"fLaC"):
        return _between("flac", _behind_flac_blocks(file, start + 4, size), _before_trailing_tags(file, size))
    if head.startswith(b"OggS"):
        return _between("ogg", start, size)
    if head[4:8] == b"ftyp":
        return _between("mp4", *_largest_mdat(file, size))
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return _between("riff", *_chunk(file, size, b"data", "<I"))
    if head.startswith(b"FORM") and head[8:12] in (b"AIFF", b"AIFC"):
        return _between("aiff", *_chunk(file, size, b"SSND", ">I"))
    if head.startswith(_ASF_HEADER):
        return _between("asf", *_asf_data(file, size))
    end = _before_trailing_tags(file, size)
    first = mpeg.first_frame(file, start, end)
    if first is None:
        return None
    place, frame = first
    return Payload("adts" if frame.is_adts else "mpeg", place, max(0, end - place), frame)


def _between(container: Container, start: int, end: int) -> Payload:
    return Payload(container, start, max(0, end - start))


def behind_id3v2(file: BinaryIO, size: int) -> int:
    """Where the ID3v2 tags at the beginning of the file end: 0 without any."""
    place = 0
    for _ in range(_TAGS_IN_A_ROW):
        file.seek(place)
        head = file.read(10)
        if len(head) < 10 or not head.startswith(b"ID3"):
            break
        footer = 10 if head[5] & 0x10 else 0
        place += 10 + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]) + footer
    return min(place, size)


def _before_trailing_tags(file: BinaryIO, size: int) -> int:
    """Where ID3v1, APE and Lyrics3 tags begin at the end of the file, in whatever order they stand."""
    end, before = size, -1
    while end != before:
        before = end
        file.seek(max(0, end - 160))
        tail = file.read(end - max(0, end - 160))
        if len(tail) >= 128 and tail[-128:-125] == b"TAG":
            end -= 128
        elif len(tail) >= 32 and tail[-32:-24] == b"APETAGEX":
            length, _, flags = unpack_from("<III", tail, len(tail) - 20)
            end -= length + (32 if flags & 0x80000000 else 0)
        elif tail[-9:] == b"LYRICS200" and tail[-15:-9].isdigit():
            end -= int(tail[-15:-9]) + 15
        if not 0 <= end < before:
            return before
    return end


def _behind_flac_blocks(file: BinaryIO, place: int, size: int) -> int:
    while place < size:
        file.seek(place)
        head = file.read(4)
        if len(head) < 4:
            break
        place += 4 + int.from_bytes(head[1:], "big")
        if head[0] & 0x80:
            break
    return place


def _chunk(file: BinaryIO, size: int, wanted: bytes, layout: str) -> tuple[int, int]:
    """The chunk of this name in a RIFF or an IFF file, from and to; 0, 0 without one."""
    place = 12
    while place + 8 <= size:
        file.seek(place)
        head = file.read(8)
        (length,) = unpack_from(layout, head, 4)
        if head[:4] == wanted:
            return place + 8, min(size, place + 8 + length)
        place += 8 + length + length % 2
    return 0, 0


def _largest_mdat(file: BinaryIO, size: int) -> tuple[int, int]:
    place, found = 0, (0, 0)
    while place + 8 <= size:
        file.seek(place)
        head = file.read(16)
        (length,), header = unpack_from(">I", head), 8
        if length == 1 and len(head) == 16:
            (length,), header = unpack_from(">Q", head, 8), 16
        elif length == 0:  # to the end of the file
            length = size - place
        if length < header:
            break
        end = min(size, place + length)
        if head[4:8] == b"mdat" and end - place - header > found[1] - found[0]:
            found = (place + header, end)
        place += length
    return found


def _asf_data(file: BinaryIO, size: int) -> tuple[int, int]:
    place = 0
    while place + 24 <= size:
        file.seek(place)
        head = file.read(24)
        (length,) = unpack_from("<Q", head, 16)
        if head.startswith(_ASF_DATA):
            return place + 24, min(size, place + max(24, length))
        if length < 24:
            break
        place += length
    return 0, 0
