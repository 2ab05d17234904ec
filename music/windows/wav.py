"""WAV and AIFF: samples one after another. AIFF is sent as WAV, which every browser decodes."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from music.windows.pieces import File, Index, NotCuttable, Piece

#: PCM, floating point, A-law, µ-law.
_CODINGS = {1, 3, 6, 7}
_EXTENSIBLE = 0xFFFE
#: The compressions of AIFF-C that only name an order of bytes.
_ORDERS = {b"NONE": "big", b"twos": "big", b"in24": "big", b"in32": "big", b"sowt": "little"}


class WavIndex(Index):
    def __init__(
        self, form: bytes, rate: int, frame_bytes: int, data_at: int, data_bytes: int, order: Callable[[bytes], bytes]
    ) -> None:
        """`form`: the content of the fmt chunk; `order`: brings samples into the order of WAV."""
        if frame_bytes <= 0:
            raise NotCuttable("There is no sound in it.")
        super().__init__(rate, data_bytes // frame_bytes)
        self._form = form
        self._frame_bytes = frame_bytes
        self._data_at = data_at
        self._order = order

    @property
    def memory_bytes(self) -> int:
        return 200

    def cut(self, file: File, start: int, end: int) -> Piece:
        first = max(0, start - self.settling) // self.grid * self.grid
        data = file.read(self._data_at + first * self._frame_bytes, (end - first) * self._frame_bytes)
        data = self._order(data) + bytes(len(data) & 1)
        chunks = _chunk(b"fmt ", self._form) + _chunk(b"data", data)
        return Piece(b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks, start - first, "audio/wav")


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) & 1)


def index(file: File) -> Index:
    """Raises NotCuttable."""
    kind = file.read(0, 12)
    if kind[:4] in (b"RIFF", b"RF64") and kind[8:] == b"WAVE":
        return _wav(file)
    if kind[:4] == b"FORM" and kind[8:] in (b"AIFF", b"AIFC"):
        return _aiff(file)
    raise NotCuttable("This is neither WAV nor AIFF.")


def _chunks(file: File, order: str) -> Iterator[tuple[bytes, int, int]]:
    """Name, place and size of each chunk."""
    at = 12
    for _ in range(1000):
        head = file.read_up_to(at, 8)
        if len(head) < 8:
            return
        size = int.from_bytes(head[4:], "little" if order == "little" else "big")
        yield head[:4], at + 8, size
        at += 8 + size + (size & 1)


def _wav(file: File) -> Index:
    form = b""
    for name, at, size in _chunks(file, "little"):
        if name == b"fmt ":
            form = file.read(at, min(size, 64))
        elif name == b"data" and len(form) >= 16:
            coding, channels, rate, _, frame_bytes, bits = struct.unpack("<HHIIHH", form[:16])
            if coding == _EXTENSIBLE and len(form) >= 26:
                coding = int.from_bytes(form[24:26], "little")
            if coding not in _CODINGS or bits % 8 or frame_bytes != channels * bits // 8:
                raise NotCuttable("Its samples are packed.")
            there = max(0, file.size - at)
            return WavIndex(form, rate, frame_bytes, at, min(size, there) if size else there, bytes)
    raise NotCuttable("There is no sound in it.")


def _aiff(file: File) -> Index:
    common = b""
    for name, at, size in _chunks(file, "big"):
        if name == b"COMM":
            common = file.read(at, min(size, 64))
        elif name == b"SSND" and len(common) >= 18:
            channels, frames, bits = struct.unpack(">HIH", common[:8])
            rate, order = _extended(common[8:18]), _ORDERS.get(common[18:22] or b"NONE")
            sample_bytes = (bits + 7) // 8
            if order is None or not 1 <= sample_bytes <= 4:
                raise NotCuttable("Its samples are packed.")
            frame_bytes = channels * sample_bytes
            begin = at + 8 + int.from_bytes(file.read(at, 4), "big")
            there = max(0, min(frames * frame_bytes, file.size - begin))
            form = struct.pack("<HHIIHH", 1, channels, rate, rate * frame_bytes, frame_bytes, 8 * sample_bytes)
            return WavIndex(form, rate, frame_bytes, begin, there, _reordering(sample_bytes, order))
    raise NotCuttable("There is no sound in it.")


def _extended(number: bytes) -> int:
    """A whole number as an IEEE 754 number of 80 bits."""
    exponent, mantissa = struct.unpack(">HQ", number)
    shift = 63 - (exponent - 16383)
    return mantissa >> shift if 0 <= shift < 64 else 0


def _reordering(sample_bytes: int, order: str) -> Callable[[bytes], bytes]:
    """From the order of AIFF to that of WAV, whose samples of one byte have no sign."""
    if sample_bytes == 1:
        return lambda data: data.translate(bytes(byte ^ 0x80 for byte in range(256)))
    return bytes if order == "little" else lambda data: _turned(data, sample_bytes)


def _turned(data: bytes, sample_bytes: int) -> bytes:
    turned = bytearray(len(data))
    for place in range(sample_bytes):
        turned[place::sample_bytes] = data[sample_bytes - 1 - place :: sample_bytes]
    return bytes(turned)
