"""Checksums of frames and pages whose headers are rewritten, without looking at their contents again.

A CRC that begins at 0 is linear: the checksum of a changed header and the same content differs from the old one by the
checksum of the header's change, moved to its place. Moving is a multiplication by x^(8·bytes) modulo the polynomial.
"""

from __future__ import annotations

from collections.abc import Iterable


class Crc:
    """One CRC, most significant bit first, that begins at 0 and is sent as it is."""

    def __init__(self, width: int, polynomial: int) -> None:
        self._width = width
        self._polynomial = polynomial
        self._mask = (1 << width) - 1
        self._table = [self._reduced(byte << (width - 8), 8) for byte in range(256)]
        #: x^(8·2^n): what moves a checksum by 2^n bytes.
        self._moves = [self._reduced(1, 8)]
        while len(self._moves) < 32:
            self._moves.append(self._times(self._moves[-1], self._moves[-1]))

    def of(self, data: Iterable[int], before: int = 0) -> int:
        """The checksum of the bytes, behind what has the checksum `before`."""
        crc, table, mask, shift = before, self._table, self._mask, self._width - 8
        for byte in data:
            crc = (crc << 8) & mask ^ table[crc >> shift ^ byte]
        return crc

    def moved(self, crc: int, count: int) -> int:
        """The checksum after `count` more bytes, all zero."""
        for bit in range(count.bit_length()):
            if count >> bit & 1:
                crc = self._times(crc, self._moves[bit])
        return crc

    def _reduced(self, crc: int, shifts: int) -> int:
        for _ in range(shifts):
            crc = crc << 1 ^ (self._polynomial if crc >> (self._width - 1) & 1 else 0)
            crc &= self._mask
        return crc

    def _times(self, one: int, other: int) -> int:
        product = 0
        while other:
            if other & 1:
                product ^= one
            one = self._reduced(one, 1)
            other >>= 1
        return product


FLAC_HEADER = Crc(8, 0x07)
FLAC_FRAME = Crc(16, 0x8005)
OGG_PAGE = Crc(32, 0x04C11DB7)
