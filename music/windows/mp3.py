"""MPEG audio, layer III: frames, with the bit reservoir that they share.

A frame's data may begin in the frames before it (`main_data_begin`), and its sound overlaps with theirs. So a piece
begins as many frames earlier as the first wanted frame needs; the decoder has nothing for those, and they are skipped.
(ISO/IEC 11172-3, 2.4; the tag of LAME: http://gabriel.mp3-tech.org/mp3infotag.html)
"""

from __future__ import annotations

from array import array

from music.windows.pieces import File, Index, NotCuttable, Piece

#: kbit/s by index, for MPEG 1 and for MPEG 2 and 2.5.
_RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
_RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
_SAMPLE_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
#: Samples by which every decoder is late; encoders' own delay comes on top.
_DECODER_DELAY = 529
#: Frames before the first wanted one that must be decoded rightly: their sound overlaps with it.
_OVERLAP_FRAMES = 2
#: Where to look for the first frame behind the tags.
_SEARCH_BYTES = 64 * 1024


class _Layout:
    """What is the same in all frames of one file."""

    def __init__(self, head: bytes) -> None:
        """`head`: the first bytes of a frame. Raises NotCuttable."""
        version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
        rate_index = head[2] >> 2 & 3
        if head[0] != 0xFF or head[1] < 0xE0 or version == 1 or layer != 1 or rate_index == 3:
            raise NotCuttable("This is no MPEG audio of layer III.")
        self.second = head[1]
        self.rate_bits = head[2] & 0x0C
        self.is_mono = head[3] >> 6 == 3
        self.rate = _SAMPLE_RATES[version][rate_index]
        self.is_first_version = version == 3
        self.samples = 1152 if self.is_first_version else 576
        checksum = 0 if head[1] & 1 else 2
        side = (17 if self.is_mono else 32) if self.is_first_version else (9 if self.is_mono else 17)
        self.side_at = 4 + checksum
        #: Bytes of a frame that are not its main data.
        self.overhead = 4 + checksum + side
        #: Where the tag of an encoder stands in the first frame, with no regard to a checksum.
        self.tag_at = 4 + side
        rates = _RATES_1 if self.is_first_version else _RATES_2
        #: A frame's length by its third byte; 0 for bytes that no frame of this file has.
        self.lengths = [
            self.samples // 8 * 1000 * rates[byte >> 4] // self.rate + (byte >> 1 & 1)
            if rates[byte >> 4] and byte & 0x0C == self.rate_bits
            else 0
            for byte in range(256)
        ]

    def length_at(self, data: bytes, at: int) -> int:
        """The length of the frame there; 0 if there is none of this file."""
        if data[at] != 0xFF or data[at + 1] != self.second or (data[at + 3] >> 6 == 3) is not self.is_mono:
            return 0
        return self.lengths[data[at + 2]]


class Mp3Index(Index):
    def __init__(
        self, layout: _Layout, offsets: array[int], begins: array[int], end: int, trim: tuple[int, int]
    ) -> None:
        super().__init__(layout.rate, len(offsets) * layout.samples - sum(trim))
        self._layout = layout
        self._offsets = offsets
        self._begins = begins
        self._end = end
        self._first = trim[0]

    @property
    def memory_bytes(self) -> int:
        return 6 * len(self._offsets)

    def cut(self, file: File, start: int, end: int) -> Piece:
        samples = self._layout.samples
        wanted = (start + self._first) // samples
        behind = (end + self._first - 1) // samples + 2  # one frame more: some parsers want to see the next one
        first = self._first_needed(max(0, wanted - _OVERLAP_FRAMES))
        first -= first % self.frames_on_grid(samples)
        stop = self._offsets[behind] if behind < len(self._offsets) else self._end
        data = file.read(self._offsets[first], stop - self._offsets[first])
        return Piece(data, start + self._first - first * samples, "audio/mpeg")

    def _first_needed(self, frame: int) -> int:
        """The frame in which the data of this one begins."""
        missing = self._begins[frame]
        while missing > 0 and frame > 0:
            frame -= 1
            missing -= self._offsets[frame + 1] - self._offsets[frame] - self._layout.overhead
        return frame


def index(file: File) -> Index:
    """Raises NotCuttable."""
    if file.size >= 2**32:
        raise NotCuttable("The file is larger than 4 GiB.")
    layout, at = _first_frame(file)
    head = file.read_up_to(at, 1024)
    length = layout.length_at(head, 0)
    trim = _trim_of(layout, head)
    if trim is not None:
        at += length  # that frame holds the tag and no sound
    offsets, begins, end = _walk(file, layout, at)
    return Mp3Index(layout, offsets, begins, end, trim or (0, 0))


def _first_frame(file: File) -> tuple[_Layout, int]:
    """The first frame that another one follows at its end, and where it is."""
    begin = file.after_id3()
    data = file.read_up_to(begin, _SEARCH_BYTES)
    at = data.find(b"\xff")
    while 0 <= at < len(data) - 4:
        try:
            layout = _Layout(data[at : at + 4])
        except NotCuttable:
            pass
        else:
            length = layout.length_at(data, at)
            following = file.read_up_to(begin + at + length, 4) if length else b""
            if len(following) == 4 and layout.length_at(following, 0):
                return layout, begin + at
        at = data.find(b"\xff", at + 1)
    raise NotCuttable("No frames were found in it.")


def _trim_of(layout: _Layout, frame: bytes) -> tuple[int, int] | None:
    """The samples to be left out at the beginning and the end, if this frame is an encoder's tag; None if it is not."""
    tag = frame[layout.tag_at :]
    if frame[36:40] == b"VBRI":
        return 0, 0
    if tag[:4] not in (b"Xing", b"Info"):
        return None
    flags = int.from_bytes(tag[4:8], "big")
    encoder = tag[8 + 4 * (flags & 1) + 4 * (flags >> 1 & 1) + 100 * (flags >> 2 & 1) + 4 * (flags >> 3 & 1) :]
    if encoder[:4] not in (b"LAME", b"Lavf", b"Lavc") or len(encoder) < 24:
        return 0, 0
    delays = int.from_bytes(encoder[21:24], "big")
    return (delays >> 12) + _DECODER_DELAY, max(0, (delays & 0xFFF) - _DECODER_DELAY)


def _walk(file: File, layout: _Layout, at: int) -> tuple[array[int], array[int], int]:
    """Where each frame begins, how far before it its data does, and where the last one ends."""
    offsets, begins = array("I"), array("H")
    lengths, second, side_at = layout.lengths, layout.second, layout.side_at
    shift = 7 if layout.is_first_version else 8
    while data := file.chunk(at):
        position, last = 0, len(data) - layout.overhead
        while position < last:
            length = lengths[data[position + 2]]
            if not length or data[position] != 0xFF or data[position + 1] != second:
                break
            side = position + side_at
            offsets.append(at + position)
            begins.append((data[side] << 8 | data[side + 1]) >> shift)
            position += length
        at += position
        if position < last or at >= file.size - layout.overhead:
            break
    if len(offsets) and at > file.size:  # cut off in the middle of a frame
        at = offsets.pop()
        begins.pop()
    _check_end(file, layout, at)
    return offsets, begins, at


def _check_end(file: File, layout: _Layout, at: int) -> None:
    """Behind the last frame only tags may stand. Raises NotCuttable if music goes on there."""
    rest = file.read_up_to(at, _SEARCH_BYTES)
    found = rest.find(bytes((0xFF, layout.second)))
    while 0 <= found < len(rest) - 4:
        length = layout.length_at(rest, found)
        following = file.read_up_to(at + found + length, 4) if length else b""
        if len(following) == 4 and layout.length_at(following, 0):
            raise NotCuttable("Something stands between its frames.")
        found = rest.find(bytes((0xFF, layout.second)), found + 1)
