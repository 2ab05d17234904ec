"""AAC in MP4: its frames, sent as an ADTS stream (ISO/IEC 14496-12, -14 and -3).

Only plain AAC-LC: with spectral band replication the rate of the sound is not the one that its frames tell.
"""

from __future__ import annotations

import re
import struct
from array import array
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from music.windows.pieces import File, Index, NotCuttable, Piece

_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
#: At these rates encoders mean a band above to be made up, without saying so.
_LOW_RATE = 24_000
_SAMPLES = 1024
#: A frame overlaps with the one before it.
_OVERLAP_FRAMES = 2
_MOOV_BYTES = 32 * 1024 * 1024
_PADDING = re.compile(rb"iTunSMPB.{8,40}?data.{8} ?[0-9A-F]{8} ([0-9A-F]{8}) ([0-9A-F]{8}) ([0-9A-F]{16})", re.DOTALL)
#: The length of an ADTS frame has 13 bits.
_FRAME_BYTES = 2**13 - 8


class Mp4Index(Index):
    def __init__(self, config: _Config, offsets: array[int], sizes: array[int], first: int, total: int) -> None:
        """`first`: the samples before the first one that is heard."""
        super().__init__(_RATES[config.rate_index], min(total, len(offsets) * _SAMPLES - first))
        self._config = config
        self._offsets = offsets
        self._sizes = sizes
        self._first = first

    @property
    def memory_bytes(self) -> int:
        return 12 * len(self._offsets)

    def cut(self, file: File, start: int, end: int) -> Piece:
        first = max(0, (start + self._first) // _SAMPLES - _OVERLAP_FRAMES)
        first -= first % self.frames_on_grid(_SAMPLES)
        stop = min(len(self._offsets), (end + self._first - 1) // _SAMPLES + 2)
        frames = range(first, stop)
        begin = min(self._offsets[frame] for frame in frames)
        data = file.read(begin, max(self._offsets[frame] + self._sizes[frame] for frame in frames) - begin)
        parts = []
        for frame in frames:
            at, size = self._offsets[frame] - begin, self._sizes[frame]
            parts += [self._config.adts(size), data[at : at + size]]
        return Piece(b"".join(parts), start + self._first - first * _SAMPLES, "audio/aac")


class _Config(NamedTuple):
    """What a decoder has to know, from the AudioSpecificConfig."""

    rate_index: int
    channels: int

    def adts(self, size: int) -> bytes:
        """The header of a frame of `size` bytes."""
        whole = size + 7
        bits = 0xFFF1 << 40 | 1 << 38 | self.rate_index << 34 | self.channels << 30 | whole << 13 | 0x7FF << 2
        return bits.to_bytes(7, "big")


class _Box(NamedTuple):
    name: bytes
    data: bytes

    def boxes(self, skip: int = 0) -> Iterator[_Box]:
        """The boxes inside, behind `skip` bytes."""
        at = skip
        while at + 8 <= len(self.data):
            size, name = struct.unpack_from(">I4s", self.data, at)
            head = 8
            if size == 1 and at + 16 <= len(self.data):
                size, head = int.from_bytes(self.data[at + 8 : at + 16], "big"), 16
            if size < head:
                return
            yield _Box(name, self.data[at + head : at + size])
            at += size

    def find(self, *path: bytes) -> _Box | None:
        box: _Box | None = self
        for name in path:
            box = next((inner for inner in box.boxes() if inner.name == name), None) if box else None
        return box

    def get(self, *path: bytes) -> _Box:
        box = self.find(*path)
        if box is None:
            raise NotCuttable("Its tables are not complete.")
        return box


def index(file: File) -> Index:
    """Raises NotCuttable."""
    moov = _moov(file)
    if moov.find(b"mvex") is not None:
        raise NotCuttable("It is in fragments.")
    tracks = [box for box in moov.boxes() if box.name == b"trak"]
    sounds = [track for track in tracks if track.get(b"mdia", b"hdlr").data[8:12] == b"soun"]
    if len(sounds) != 1:
        raise NotCuttable("There are several tracks in it.")
    media = sounds[0].get(b"mdia")
    table = media.get(b"minf", b"stbl")
    config = _config(table.get(b"stsd"))
    if _timescale(media.get(b"mdhd")) != _RATES[config.rate_index]:
        raise NotCuttable("It counts its time in its own way.")
    sizes = _sizes(table.get(b"stsz"))
    if sizes and max(sizes) > _FRAME_BYTES:
        raise NotCuttable("Its frames are too large.")
    first, total = _heard(moov, sounds[0], _duration(table.get(b"stts"), len(sizes)))
    return Mp4Index(config, _offsets(table, sizes), sizes, first, total)


def _moov(file: File) -> _Box:
    at = 0
    for _ in range(1000):
        head = file.read_up_to(at, 16)
        if len(head) < 8:
            break
        size, name = struct.unpack_from(">I4s", head)
        begin = 8
        if size == 1:
            size, begin = int.from_bytes(head[8:16], "big"), 16
        if name == b"moov" and begin <= size <= _MOOV_BYTES:
            return _Box(name, file.read(at + begin, size - begin))
        if size < begin:
            break
        at += size
    raise NotCuttable("Its tables are not complete.")


def _config(descriptions: _Box) -> _Config:
    """From the sample description. Raises NotCuttable for all but AAC-LC."""
    entries = list(descriptions.boxes(skip=8))
    if len(entries) != 1 or entries[0].name != b"mp4a":
        raise NotCuttable("This is no AAC.")
    version = int.from_bytes(entries[0].data[8:10], "big")
    described = next((box for box in entries[0].boxes(skip=28 if version == 0 else 44) if box.name == b"esds"), None)
    found = _specific(described.data if described else b"")
    kind, rate_index, channels = found[0] >> 3, (found[0] & 7) << 1 | found[1] >> 7, found[1] >> 3 & 15
    if kind != 2 or rate_index >= len(_RATES) or not 1 <= channels <= 7 or found[1] & 4:
        raise NotCuttable("This is no plain AAC-LC.")
    # Behind it an extension may say that the band above is to be made up.
    extended = len(found) >= 5 and found[2:4] in (b"\x56\xe5", b"\x2b\x7c") and found[4] & 0x80
    if extended or _RATES[rate_index] <= _LOW_RATE:
        raise NotCuttable("The upper part of its sound is made up.")
    return _Config(rate_index, channels)


def _specific(descriptor: bytes) -> bytes:
    """The AudioSpecificConfig in an ES descriptor, at least two bytes."""
    at = descriptor.find(b"\x05", 4)
    while 0 <= at < len(descriptor) - 3:
        place, size = at + 1, 0
        for _ in range(4):
            byte = descriptor[place]
            size, place = size << 7 | byte & 0x7F, place + 1
            if byte < 0x80:
                break
        if 2 <= size <= 64 and place + size <= len(descriptor):
            return descriptor[place : place + size]
        at = descriptor.find(b"\x05", at + 1)
    raise NotCuttable("Its tables are not complete.")


def _timescale(header: _Box) -> int:
    at = 20 if header.data[0] == 1 else 12
    return int.from_bytes(header.data[at : at + 4], "big")


def _table(box: _Box, form: str, skip: int) -> array[int]:
    """The numbers of a table behind its count, as many as there are."""
    numbers = array(form)
    content = box.data[skip:]
    numbers.frombytes(content[: len(content) // numbers.itemsize * numbers.itemsize])
    numbers.byteswap()
    return numbers


def _sizes(box: _Box) -> array[int]:
    same, count = struct.unpack_from(">II", box.data, 4)
    sizes: array[int]
    if not same:
        sizes = _table(box, "I", 12)
        del sizes[count:]
        return sizes
    if count > 10**7:
        raise NotCuttable("Its tables are damaged.")
    sizes = array("I", [same]) * count
    return sizes


def _duration(box: _Box, count: int) -> int:
    """All samples. Raises NotCuttable where a frame in the middle lasts longer or shorter than others."""
    entries = _table(box, "I", 8)
    pairs = list(zip(entries[::2], entries[1::2], strict=False))
    if any(length != _SAMPLES for _, length in pairs[:-1]) or (pairs and pairs[-1][0] > 1 and pairs[-1][1] != _SAMPLES):
        raise NotCuttable("Its frames do not have the same length.")
    if sum(number for number, _ in pairs) != count:
        raise NotCuttable("Its tables are damaged.")
    return sum(number * length for number, length in pairs)


def _offsets(table: _Box, sizes: array[int]) -> array[int]:
    """Where each frame is."""
    wide = table.find(b"co64")
    chunks = _table(wide, "Q", 8) if wide else _table(table.get(b"stco"), "I", 8)
    runs = _table(table.get(b"stsc"), "I", 8)
    offsets, at = array("Q"), 0
    for run in range(0, len(runs), 3):
        last = runs[run + 3] - 1 if run + 3 < len(runs) else len(chunks)
        for chunk in range(runs[run] - 1, min(last, len(chunks))):
            inside = sizes[at : at + runs[run + 1]]
            offsets.extend(accumulate(inside[:-1], initial=chunks[chunk]) if inside else ())
            at += len(inside)
    if len(offsets) != len(sizes):
        raise NotCuttable("Its tables are damaged.")
    return offsets


def _heard(moov: _Box, track: _Box, samples: int) -> tuple[int, int]:
    """The samples that encoders put in front, and how many are heard: by the edit list, else by what iTunes noted."""
    edits = track.find(b"edts", b"elst")
    if edits is not None:
        wide, count = edits.data[0] == 1, int.from_bytes(edits.data[4:8], "big")
        if count != 1:
            raise NotCuttable("It is made of several parts.")
        length, first = struct.unpack_from(">Qq" if wide else ">Ii", edits.data, 8)
        seconds = length / _timescale(moov.get(b"mvhd"))
        heard = round(seconds * _timescale(track.get(b"mdia", b"mdhd")))
        return max(0, first), min(heard, samples - first) if heard else samples - first
    noted = _PADDING.search(moov.data)
    if noted is not None:
        first, _, heard = (int(number, 16) for number in noted.groups())
        return first, min(heard, samples - first)
    return 0, samples
