"""Opus in Ogg: what a packet's first bytes tell (https://www.rfc-editor.org/rfc/rfc7845, rfc6716 section 3.1)."""

from __future__ import annotations

from music.windows.pieces import NotCuttable

_COMMENTS = b"OpusTags" + bytes(8)
#: Samples of a frame at 48 kHz by the configuration: SILK, hybrid, CELT.
_FRAME = tuple(
    [samples for _ in range(3) for samples in (480, 960, 1920, 2880)]
    + [samples for _ in range(2) for samples in (480, 960)]
    + [samples for _ in range(4) for samples in (120, 240, 480, 960)]
)


class Opus:
    """A decoder that begins in the middle has caught up after 80 ms (RFC 7845, section 4.6); this gives it 160."""

    rate = 48_000
    pre_roll = 160 * 48
    primes = False

    def __init__(self, head: bytes) -> None:
        """Raises NotCuttable."""
        if len(head) < 19:
            raise NotCuttable("Its headers are damaged.")
        self.pre_skip = int.from_bytes(head[10:12], "little")
        # Nothing is left out by the decoder: what nobody wants is counted once, in front of the window.
        self.headers: tuple[bytes, ...] = (head[:10] + bytes(2) + head[12:], _COMMENTS)

    def samples(self, packet: bytes, before: bytes | None) -> int:
        if not packet:
            return 0
        code = packet[0] & 3
        frames = 1 if code == 0 else 2 if code < 3 else packet[1] & 63 if len(packet) > 1 else 0
        return frames * _FRAME[packet[0] >> 3]
