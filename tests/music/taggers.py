"""Writes tags into files that have none, by the formats' specifications and without the library that reads them.

A value is a text or a list of them; each function gives the bytes of the tagged file.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from itertools import pairwise
from struct import pack, unpack_from

Values = str | Sequence[str]


def id3(
    frames: Mapping[str, Values],
    *,
    version: int = 4,
    encoding: str = "utf-8",
    declared: str = "",
    picture: bytes = b"",
) -> bytes:
    """An ID3v2 tag. Names of four letters are text frames, others TXXX; "UFID" is MusicBrainz'.

    `declared` is the encoding that the tag claims, if not the one that it is in.
    """
    code = {"latin-1": b"\0", "utf-16": b"\1", "utf-8": b"\3"}
    mark, nul = code[declared or encoding], b"\0\0" if encoding == "utf-16" else b"\0"
    body = b""
    for name, value in frames.items():
        texts = nul.join(text.encode(encoding) for text in _several(value))
        if name == "UFID":
            content = b"http://musicbrainz.org\0" + texts.replace(b"\0", b"").lstrip(b"\xff\xfe")
        elif name == "USLT":
            content = mark + b"eng" + ("".encode(encoding) + nul) + texts
        elif len(name) == 4 and name.isupper():
            content = mark + texts
        else:
            content = mark + name.encode(encoding) + nul + texts
            name = "TXXX"
        body += _frame(name, content, version)
    if picture:
        body += _frame("APIC", b"\0image/png\0\x03\0" + picture, version)
    return b"ID3" + bytes([version, 0, 0]) + _synchsafe(len(body)) + body


def mp3(sound: bytes, tag: bytes) -> bytes:
    return tag + sound


def riff(sound: bytes, tag: bytes) -> bytes:
    """A WAV with the tag in a chunk behind the sound."""
    content = sound[8:] + b"id3 " + pack("<I", len(tag)) + tag + b"\0" * (len(tag) % 2)
    return b"RIFF" + pack("<I", len(content)) + content


def aiff(sound: bytes, tag: bytes) -> bytes:
    content = sound[8:] + b"ID3 " + pack(">I", len(tag)) + tag + b"\0" * (len(tag) % 2)
    return b"FORM" + pack(">I", len(content)) + content


def flac(sound: bytes, comments: Mapping[str, Values], picture: bytes = b"") -> bytes:
    """Streaminfo, which comes first, stays; comments and picture take the place of the other blocks."""
    place = 4
    while not sound[place] & 0x80:
        place += 4 + int.from_bytes(sound[place + 1 : place + 4], "big")
    frames = place + 4 + int.from_bytes(sound[place + 1 : place + 4], "big")
    blocks = [(0, sound[8:42]), (4, _comments(comments))] + ([(6, _flac_picture(picture))] if picture else [])
    blocks[-1] = (blocks[-1][0] | 0x80, blocks[-1][1])
    return (
        b"fLaC"
        + b"".join(bytes([kind]) + len(body).to_bytes(3, "big") + body for kind, body in blocks)
        + (sound[frames:])
    )


def ogg(sound: bytes, comments: Mapping[str, Values], picture: bytes = b"") -> bytes:
    """The second packet is replaced, and the pages are numbered anew."""
    if picture:
        comments = {**comments, "METADATA_BLOCK_PICTURE": base64.b64encode(_flac_picture(picture)).decode()}
    pages = _pages(sound)
    first, headers, rest = pages[0], pages[1], pages[2:]
    while not rest[0][1]:  # the headers end where the position first moves
        headers = (headers[0], 0, headers[2] + rest[0][2], headers[3] + rest[0][3])
        rest = rest[1:]
    packets = _packets(headers[2], headers[3])
    body = _comments(comments)
    start = {b"Opus": b"OpusTags", b"\x03vor": b"\x03vorbis"}.get(packets[0][:4], b"")
    if start:
        packets[0] = start + body + (b"\1" if start != b"OpusTags" else b"")
    else:  # FLAC: a metadata block, of the same type and possibly the last one
        packets[0] = packets[0][:1] + len(body).to_bytes(3, "big") + body
    laced, joined = b"".join(map(_lacing, packets)), b"".join(packets)
    new = [(first[0], 0, first[2], first[3])]
    for start_at in range(0, len(laced), 255):
        lacing = laced[start_at : start_at + 255]
        taken, joined = joined[: sum(lacing)], joined[sum(lacing) :]
        new.append((0 if start_at == 0 else 1, 0 if lacing[-1] < 255 else -1, lacing, taken))
    serial = unpack_from("<I", sound, 14)[0]
    return b"".join(_page(*page, serial, number) for number, page in enumerate(new + rest))


def mp4(sound: bytes, atoms: Mapping[str, Values | tuple[int, int]], picture: bytes = b"") -> bytes:
    """The list in `moov`, which lies behind the sound; a pair of numbers is (track, of how many)."""
    place = 0
    while sound[place + 4 : place + 8] != b"moov":
        place += unpack_from(">I", sound, place)[0]
    end = place + unpack_from(">I", sound, place)[0]
    inner, kept = place + 8, b""
    while inner < end:
        length = unpack_from(">I", sound, inner)[0]
        kept += sound[inner : inner + length] if sound[inner + 4 : inner + 8] != b"udta" else b""
        inner += length
    listed = b"".join(_item(name, value) for name, value in atoms.items())
    if picture:
        listed += _atom(b"covr", _atom(b"data", pack(">II", 14, 0) + picture))
    handler = _atom(b"hdlr", bytes(8) + b"mdirappl" + bytes(9))
    meta = _atom(b"meta", bytes(4) + handler + _atom(b"ilst", listed))
    return sound[:place] + _atom(b"moov", kept + _atom(b"udta", meta)) + sound[end:]


def asf(sound: bytes, attributes: Mapping[str, Values]) -> bytes:
    """A WMA with an object of attributes at the end of its header."""
    count, body = 0, b""
    for name, value in attributes.items():
        for text in _several(value):
            key, content = (part.encode("utf-16le") + b"\0\0" for part in (name, text))
            body += pack("<H", len(key)) + key + pack("<HH", 0, len(content)) + content
            count += 1
    attributes_object = bytes.fromhex("40A4D0D207E3D21197F000A0C95EA850") + pack("<QH", len(body) + 26, count) + body
    size, objects = unpack_from("<QI", sound, 16)
    head = sound[:16] + pack("<QI", size + len(attributes_object), objects + 1) + sound[28:size]
    return head + attributes_object + sound[size:]


def _several(value: Values) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def _frame(name: str, content: bytes, version: int) -> bytes:
    size = _synchsafe(len(content)) if version == 4 else pack(">I", len(content))
    return name.encode() + size + b"\0\0" + content


def _synchsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def _comments(comments: Mapping[str, Values]) -> bytes:
    lines = [f"{name}={text}".encode() for name, value in comments.items() for text in _several(value)]
    return pack("<I", 4) + b"test" + pack("<I", len(lines)) + b"".join(pack("<I", len(one)) + one for one in lines)


def _flac_picture(picture: bytes) -> bytes:
    kind = b"image/png"
    head = pack(">II", 3, len(kind)) + kind + pack(">I", 0) + pack(">IIII", 0, 0, 24, 0)
    return head + pack(">I", len(picture)) + picture


def _pages(sound: bytes) -> list[tuple[int, int, bytes, bytes]]:
    """(type, position, lacing, body) of each page."""
    pages, place = [], 0
    while place < len(sound):
        start = place + 27 + sound[place + 26]
        lacing = sound[place + 27 : start]
        body = sound[start : start + sum(lacing)]
        pages.append((sound[place + 5], unpack_from("<q", sound, place + 6)[0], lacing, body))
        place = start + len(body)
    return pages


def _packets(lacing: bytes, body: bytes) -> list[bytes]:
    ends, place = [0], 0
    for size in lacing:
        place += size
        if size < 255:
            ends.append(place)
    return [body[start:end] for start, end in pairwise(ends)]


def _lacing(packet: bytes) -> bytes:
    return b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255])


def _page(kind: int, position: int, lacing: bytes, body: bytes, serial: int, number: int) -> bytes:
    head = b"OggS\0" + bytes([kind]) + pack("<qII", position, serial, number)
    tail = bytes([len(lacing)]) + lacing + body
    return head + pack("<I", _crc(head + bytes(4) + tail)) + tail


def _crc(content: bytes) -> int:
    crc = 0
    for byte in content:
        crc = (crc << 8 & 0xFFFFFFFF) ^ _CRC[crc >> 24 ^ byte]
    return crc


def _crc_of(index: int) -> int:
    crc = index << 24
    for _ in range(8):
        crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
    return crc


_CRC = [_crc_of(index) for index in range(256)]


def _atom(name: bytes, content: bytes) -> bytes:
    return pack(">I", len(content) + 8) + name + content


def _item(name: str, value: Values | tuple[int, int]) -> bytes:
    """`©nam` and the like; "trkn" and "disk" hold numbers, "cpil" a flag, and other names are free."""
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], int):
        return _atom(name.encode("latin-1"), _atom(b"data", pack(">II", 0, 0) + pack(">HHHH", 0, *value, 0)))
    assert not isinstance(value, tuple)
    if name == "cpil":
        return _atom(b"cpil", _atom(b"data", pack(">II", 21, 0) + bytes([int(value == "1")])))
    datas = b"".join(_atom(b"data", pack(">II", 1, 0) + text.encode()) for text in _several(value))
    if len(name) == 4:
        return _atom(name.encode("latin-1"), datas)
    mean = _atom(b"mean", bytes(4) + b"com.apple.iTunes")
    return _atom(b"----", mean + _atom(b"name", bytes(4) + name.encode()) + datas)
