"""Frames of MPEG audio and of ADTS: where the sound begins, and how long it lasts without the encoder's padding."""

from __future__ import annotations

from struct import unpack_from
from typing import BinaryIO, NamedTuple

#: Where the first frame may begin behind the tags: some files have padding or rubbish there.
SEARCHED_BYTES = 64 * 1024

_V1, _V2, _V25 = 3, 2, 0
_RATES = {_V1: (44100, 48000, 32000), _V2: (22050, 24000, 16000), _V25: (11025, 12000, 8000)}
_LAYER_3, _LAYER_2, _LAYER_1 = 1, 2, 3
#: The version of an ADTS frame is the byte that holds it, which is never as small as those above.
_ADTS = 0xF0
_KBPS_V1 = {
    _LAYER_1: (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    _LAYER_2: (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    _LAYER_3: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
}
_KBPS_V2 = {
    _LAYER_1: (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    _LAYER_2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    _LAYER_3: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_ADTS_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)


class Frame(NamedTuple):
    """The header of one frame. `length` in bytes, with the header; `samples` for each channel."""

    kind: tuple[int, int, int]  # version, layer, rate: the same in every frame of a stream
    length: int
    samples: int

    @property
    def rate(self) -> int:
        return self.kind[2]

    @property
    def is_adts(self) -> bool:
        return self.kind[0] >= _ADTS

    @property
    def is_layer_3(self) -> bool:
        return self.kind[1] == _LAYER_3


def mpeg_frame(header: bytes) -> Frame | None:
    """The frame whose first four bytes these are; None where they are no header."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    index, rate_index, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if version == 1 or layer == 0 or rate_index == 3 or not 1 <= index <= 14:
        return None
    rate = _RATES[version][rate_index]
    bits = (_KBPS_V1 if version == _V1 else _KBPS_V2)[layer][index - 1] * 1000
    if layer == _LAYER_1:
        return Frame((version, layer, rate), (12 * bits // rate + padding) * 4, 384)
    samples = 576 if layer == _LAYER_3 and version != _V1 else 1152
    return Frame((version, layer, rate), samples // 8 * bits // rate + padding, samples)


def adts_frame(header: bytes) -> Frame | None:
    """The ADTS frame whose first seven bytes these are; None where they are no header."""
    if len(header) < 7 or header[0] != 0xFF or header[1] & 0xF6 != 0xF0:
        return None
    rate_index = header[2] >> 2 & 15
    length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    if rate_index >= len(_ADTS_RATES) or length < 7:
        return None
    samples = 1024 * ((header[6] & 3) + 1)
    return Frame((header[1] & 0xF9, header[2] >> 6, _ADTS_RATES[rate_index]), length, samples)


def first_frame(file: BinaryIO, start: int, end: int) -> tuple[int, Frame] | None:
    """The first frame behind `start`: its place, and its header.

    Two bytes look like a header in any text in UTF-16; so a second frame must follow, or the end of the sound.
    """
    file.seek(start)
    piece = file.read(min(SEARCHED_BYTES, end - start))
    place = piece.find(b"\xff")
    while place >= 0:
        for parse in (mpeg_frame, adts_frame):
            frame = parse(piece[place : place + 7])
            if frame is not None and _is_followed(frame, parse(piece[place + frame.length :][:7]), place, end - start):
                return start + place, frame
        place = piece.find(b"\xff", place + 1)
    return None


def _is_followed(frame: Frame, following: Frame | None, place: int, size: int) -> bool:
    if following is not None:
        return following.kind == frame.kind
    return place + frame.length == size


def xing_duration(file: BinaryIO, place: int, frame: Frame, length: int) -> float | None:
    """Seconds by the Xing or Info header in the first frame, without LAME's delay and padding; None without one.

    LAME and ffmpeg note how many samples the encoder added; players leave those out, and 50 ms of silence between
    two songs of one concert would be heard. `length`: the bytes that there are; a file that is cut off promises more.
    """
    file.seek(place)
    content = file.read(min(frame.length, 400))
    offset = max(content.find(b"Xing", 0, 50), content.find(b"Info", 0, 50))
    if offset < 0 or len(content) < offset + 12:
        return None
    flags, frames = unpack_from(">II", content, offset + 4)
    if not flags & 1 or not frames:
        return None
    samples = int(frames) * frame.samples
    promised = unpack_from(">I", content, offset + 12)[0] if flags & 2 and len(content) >= offset + 16 else 0
    if length < promised:
        return samples / frame.rate * length / promised
    encoder = offset + 8 + sum(size for bit, size in ((1, 4), (2, 4), (4, 100), (8, 4)) if flags & bit)
    trim = content[encoder + 21 : encoder + 24]
    if len(trim) == 3 and content[encoder : encoder + 4].isalnum():
        added = (trim[0] << 4 | trim[1] >> 4) + ((trim[1] & 15) << 8 | trim[2])
        samples -= added if added < samples else 0
    return samples / frame.rate


def adts_duration(file: BinaryIO, place: int, end: int) -> float:
    """Seconds, by counting the frames: nothing in an ADTS stream says how long it is."""
    samples, rate = 0, 1
    while place < end:
        file.seek(place)
        frame = adts_frame(file.read(7))
        if frame is None or place + frame.length > end:
            break
        samples, rate, place = samples + frame.samples, frame.rate, place + frame.length
    return samples / rate
