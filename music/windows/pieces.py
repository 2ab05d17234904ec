"""What all formats share: a file to read from, an index to cut with, a piece as it is sent."""

from __future__ import annotations

import os
import time
from abc import ABC, abstractmethod
from math import gcd
from typing import NamedTuple

#: Read at once while a file is indexed.
CHUNK_BYTES = 1024 * 1024
#: The CPU time of one index; files of ten hours take less.
INDEX_SECONDS = 10.0
#: The rate of nearly all music, at which players put it out. What has another one they resample, each piece by itself.
PLAYED_RATE = 44_100
#: What a resampler makes of the first samples lacks those before them; 64 reach far enough for the usual ones.
SETTLING_SAMPLES = 128
#: More is a recording for machines: ten seconds of stereo in 192 kHz and 32 bits have 15 MB.
PIECE_BYTES = 32 * 1024 * 1024


class NotCuttable(Exception):
    """This file has to be taken whole; the message is a sentence that says why."""


class Piece(NamedTuple):
    """Bytes that decode by themselves to `skip` samples that nobody wants, the wanted ones, and perhaps some more."""

    data: bytes
    skip: int
    content_type: str


class File:
    """An open file that is read in pieces. Never mapped into memory: the kernel kills readers of a truncated one."""

    def __init__(self, descriptor: int, size: int) -> None:
        self._descriptor = descriptor
        self.size = size
        self._deadline = time.thread_time() + INDEX_SECONDS

    def read(self, at: int, size: int) -> bytes:
        """Exactly so many bytes. Raises NotCuttable when the file has fewer."""
        data = self.read_up_to(at, size)
        if len(data) < size:
            raise NotCuttable("The file ends in the middle of something.")
        return data

    def read_up_to(self, at: int, size: int) -> bytes:
        if size > PIECE_BYTES:
            raise NotCuttable("So large a part is not read at once.")
        parts, missing = [], size
        while missing > 0:
            part = os.pread(self._descriptor, missing, at)
            if not part:
                break
            parts.append(part)
            at += len(part)
            missing -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def chunk(self, at: int) -> bytes:
        """The next bytes for an index. Raises NotCuttable when that has taken too long."""
        if time.thread_time() > self._deadline:
            raise NotCuttable("It takes too long to find its frames.")
        return self.read_up_to(at, CHUNK_BYTES)

    def after_id3(self) -> int:
        """Where the file begins behind ID3v2 tags (https://id3.org/id3v2.4.0-structure)."""
        at = 0
        while (head := self.read_up_to(at, 10))[:3] == b"ID3" and len(head) == 10:
            size = 0
            for byte in head[6:10]:
                size = size << 7 | byte & 0x7F
            at += 10 + size + (10 if head[5] & 0x10 else 0)
        return at


class Index(ABC):
    """Where the samples of one file are."""

    def __init__(self, rate: int, total: int) -> None:
        if rate <= 0 or total <= 0:
            raise NotCuttable("There is no sound in it.")
        #: Samples a second, of each channel.
        self.rate = rate
        self.total = total
        #: Pieces that begin at multiples of this one are resampled to the same moments, so that they join unheard.
        self.grid = rate // gcd(rate, PLAYED_RATE)
        #: Samples that a piece has at least in front of the wanted ones, for whoever resamples it.
        self.settling = 0 if rate == PLAYED_RATE else SETTLING_SAMPLES

    def frames_on_grid(self, samples: int) -> int:
        """Of how many frames with so many samples each one begins on the grid, counted from the first."""
        return self.grid // gcd(self.grid, samples)

    @property
    @abstractmethod
    def memory_bytes(self) -> int: ...

    @abstractmethod
    def cut(self, file: File, start: int, end: int) -> Piece:
        """The piece with the samples from `start` up to but without `end`; 0 ≤ start < end ≤ total."""


def boundary(milliseconds: int, rate: int) -> int:
    """The first sample at or behind a time: neighbouring windows share no sample and leave none out."""
    return -(-milliseconds * rate // 1000)
