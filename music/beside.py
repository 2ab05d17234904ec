"""What lies beside a music file and belongs to it: the folder's picture, and a text with its times.

A scan notices when they come, change or go, although the music file stays as it is. Knows no Django.
"""

from __future__ import annotations

from collections.abc import Iterable

#: In this order, in whatever case.
_PICTURES = tuple(
    f"{name}.{ending}".encode() for name in ("cover", "folder", "front") for ending in ("jpg", "jpeg", "png", "webp")
)
LYRICS = b".lrc"


def is_picture(name: bytes) -> bool:
    """Whether a file of this name may be the folder's picture."""
    return name.lower() in _PICTURES


def picture_among(names: Iterable[bytes]) -> bytes | None:
    """The name of the picture that counts; None without any."""
    found = {name.lower(): name for name in names}
    return next((found[wanted] for wanted in _PICTURES if wanted in found), None)


def lyrics_name(name: bytes) -> bytes:
    """The name of the text beside a music file, `Song.lrc` for `Song.mp3`; also of paths."""
    return name.rpartition(b".")[0] + LYRICS


def mark(picture_ns: int, lyrics_ns: int) -> int:
    """One number of the times of both, 0 for what is not there; it changes when one of them does."""
    return (31 * picture_ns + lyrics_ns) % 2**62
