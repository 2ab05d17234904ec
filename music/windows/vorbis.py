"""Vorbis in Ogg: what a packet's first byte tells (https://xiph.org/vorbis/doc/Vorbis_I_spec.html)."""

from __future__ import annotations

from music.windows.pieces import NotCuttable

_COMMENTS = b"\x03vorbis" + bytes(8) + b"\x01"
#: A mode in the setup header: long or short, window, transform, mapping.
_MODE_BITS = 1 + 16 + 16 + 8


class Vorbis:
    """A packet overlaps with the one before it, so the first one gives nothing."""

    pre_skip = 0
    pre_roll = 0
    primes = True

    def __init__(self, identification: bytes, setup: bytes) -> None:
        """Raises NotCuttable."""
        if len(identification) < 30 or setup[:7] != b"\x05vorbis":
            raise NotCuttable("Its headers are damaged.")
        self.rate = int.from_bytes(identification[12:16], "little")
        self.headers: tuple[bytes, ...] = (identification, _COMMENTS, setup)
        short, long = 1 << (identification[28] & 15), 1 << (identification[28] >> 4)
        modes = _long_modes(setup)
        self._sizes = [long if is_long else short for is_long in modes]
        self._mode_mask = (1 << (len(modes) - 1).bit_length()) - 1

    def samples(self, packet: bytes, before: bytes | None) -> int:
        if before is None or not packet or packet[0] & 1:
            return 0
        return (self._size(before) + self._size(packet)) // 4

    def _size(self, packet: bytes) -> int:
        mode = packet[0] >> 1 & self._mode_mask
        return self._sizes[mode] if mode < len(self._sizes) else 0


def _long_modes(setup: bytes) -> list[bool]:
    """Whether each mode has long blocks.

    The modes are the last part of the header, whose other parts are long to read. So they are read from its end: all
    that look like modes, as many as the number in front of them says.
    """
    bits = int.from_bytes(setup, "little")
    top = bits.bit_length() - 1  # the bit that ends the header
    found: list[bool] = []
    count = 0
    at = top - _MODE_BITS
    while at > 6 and len(found) < 64:
        mode = bits >> at & (1 << _MODE_BITS) - 1
        if mode >> 33 > 63 or mode >> 1 & 0xFFFFFFFF:
            break
        found.append(bool(mode & 1))
        if (bits >> at - 6 & 63) + 1 == len(found):
            count = len(found)
        at -= _MODE_BITS
    if not count:
        raise NotCuttable("Its headers are damaged.")
    return found[:count][::-1]
