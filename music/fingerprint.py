"""A mark of the sound alone: it stays when tags or covers change, and costs one read of 64 KiB.

It tells "this is the file that lay elsewhere", no more: the same song from another encoder has another one.
"""

from __future__ import annotations

from hashlib import blake2b
from struct import pack, unpack_from
from typing import BinaryIO

from music.payload import Payload, behind_id3v2

WINDOW_BYTES = 64 * 1024
_UNFINISHED = -1  # the granule position of a page on which no packet ends


def fingerprint(file: BinaryIO, payload: Payload) -> str:
    """32 hexadecimal digits; "" where there is no sound to read."""
    if payload.length == 0:
        return ""
    if payload.container == "flac":
        decoded = _streaminfo(file, payload)
        if decoded is not None:
            return _digest(b"flac", decoded)
    if payload.container == "ogg":
        pages = _last_pages(file, payload)
        return _digest(b"ogg", pages) if pages is not None else ""
    file.seek(payload.start + max(0, payload.length - WINDOW_BYTES) // 2)
    middle = file.read(min(WINDOW_BYTES, payload.length))
    return _digest(payload.container.encode(), pack("<Q", payload.length) + middle)


def last_granule(file: BinaryIO, payload: Payload) -> int:
    """The position that the last page of an Ogg stream ends at, in samples; 0 unknown."""
    found = [granule for granule, _ in _pages(file, payload) if granule > 0]
    return found[-1] if found else 0


def _digest(kind: bytes, what: bytes) -> str:
    return blake2b(kind + b"\0" + what, digest_size=16).hexdigest()


def _streaminfo(file: BinaryIO, payload: Payload) -> bytes | None:
    """The number of samples and the MD5 of the decoded sound, which FLAC's header has; None where it lacks them."""
    file.seek(behind_id3v2(file, payload.start))
    head = file.read(42)
    info = head[8:] if head.startswith(b"fLaC\x00\x00\x00\x22") and len(head) == 42 else b""
    return info[13:] if any(info[18:]) else None


def _last_pages(file: BinaryIO, payload: Payload) -> bytes | None:
    """The bodies of the pages at the end, and the position of the last one.

    A longer comment renumbers all pages, so their headers do not count; and in a short file the window reaches back to
    the comment itself, so everything up to the last page of headers (position 0) is left out.
    """
    pages = _pages(file, payload)
    headers = max((number for number, (granule, _) in enumerate(pages) if granule == 0), default=-1)
    sound = pages[headers + 1 :]
    positions = [granule for granule, _ in sound if granule != _UNFINISHED]
    if not positions:
        return None
    return pack("<q", positions[-1]) + b"".join(body for _, body in sound)


def _pages(file: BinaryIO, payload: Payload) -> list[tuple[int, bytes]]:
    """(position, body) of the pages that lie wholly in the last 64 KiB."""
    file.seek(max(payload.start, payload.end - WINDOW_BYTES))
    window = file.read(min(WINDOW_BYTES, payload.length))
    place = window.find(b"OggS\x00")
    pages: list[tuple[int, bytes]] = []
    while 0 <= place <= len(window) - 27:
        segments = window[place + 26]
        start = place + 27 + segments
        end = start + sum(window[place + 27 : start])
        if end <= len(window):
            pages.append((unpack_from("<q", window, place + 6)[0], window[start:end]))
        place = window.find(b"OggS\x00", end if end <= len(window) else place + 1)
    return pages
