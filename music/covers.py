"""Covers: the picture in the file, else the one beside it, as JPEGs of three sizes in a folder of their own.

They are named by their source's bytes, so an album's picture is made once however many songs carry it, and what a
browser keeps under a name is never out of date. Runs in the child process: pictures are the most hostile of bytes.
"""

from __future__ import annotations

import contextlib
import io
import os
import secrets
import warnings
from collections.abc import Callable
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple, NoReturn

from PIL import Image, ImageOps
from tinytag import TinyTag

from music.beside import picture_among
from music.limits import open_regular
from music.reading import Ask

#: Pixels of the longer side, the largest first: each is made from the one before it.
SIZES = (640, 320, 96)
QUALITY = 82
SOURCE_BYTES = 16 * 1024 * 1024
SOURCE_PIXELS = 36_000_000
#: Of a JPEG, which go over all of its pixels again, and may be empty. Encoders make ten.
SOURCE_SCANS = 100
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
#: Folders and pictures that are remembered, so that the songs of an album share the work.
_REMEMBERED = 64


class Cover(NamedTuple):
    """The key of a file's cover; else "", and why a picture that is there was not used.

    `is_unwritten`: nothing is wrong with the picture, but the disk did not take it.
    """

    key: str
    reason: str = ""
    is_unwritten: bool = False


NO_COVER = Cover("")


class NoCover(Exception):
    """A picture that cannot be used; the message says why."""


class _Unwritten(NoCover):
    """One that the disk did not take."""


class Covers:
    """Makes covers in one folder. `of` is for one thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._beside: dict[tuple[bytes, int], bytes | None] = {}
        self._refused: dict[str, str] = {}
        Image.MAX_IMAGE_PIXELS = SOURCE_PIXELS
        # Pillow only warns up to twice the limit.
        warnings.simplefilter("error", Image.DecompressionBombWarning)

    def of(self, ask: Ask, tag: TinyTag) -> Cover:
        """The cover of this file, made if it is not there yet."""
        embedded = self._attempt(partial(_embedded, tag))
        if embedded.key or embedded.is_unwritten or not ask.beside:
            return embedded
        neighbour = self._attempt(partial(self._neighbour, ask.path))
        return neighbour if neighbour.key or neighbour.reason else embedded

    def _attempt(self, read: Callable[[], bytes | None]) -> Cover:
        try:
            source = read()
            return Cover(self._made(source)) if source else NO_COVER
        except NoCover as error:
            return Cover("", str(error), isinstance(error, _Unwritten))

    def _neighbour(self, path: bytes) -> bytes | None:
        folder = os.path.dirname(path)  # noqa: PTH120 - bytes
        try:
            key = folder, os.stat(folder).st_mtime_ns  # noqa: PTH116 - bytes
        except OSError:
            return None
        if key not in self._beside:
            if len(self._beside) >= _REMEMBERED:
                self._beside.clear()
            self._beside[key] = _picture_in(folder)
        found = self._beside[key]
        return _read(found) if found is not None else None

    def _made(self, source: bytes) -> str:
        """The key of the cover with these bytes, whose files are there then. Raises NoCover."""
        key = blake2b(source, digest_size=16).hexdigest()
        if key in self._refused:
            raise NoCover(self._refused[key])
        if all(_is_filled(self._folder / file_name(key, size)) for size in SIZES):
            return key
        try:
            self._write(key, source)
        except OSError as error:
            if error.errno is None:  # Pillow's own, for a picture that is cut off
                self._refuse(key, error)
            raise _Unwritten(f"The cover cannot be written: {error.strerror}.") from None
        except Exception as error:  # Pillow raises whatever a damaged picture leads its decoders to
            self._refuse(key, error)
        return key

    def _refuse(self, key: str, error: Exception) -> NoReturn:
        if len(self._refused) >= _REMEMBERED:
            self._refused.clear()
        why = "it is too large" if isinstance(error, _BOMBS) else "it is damaged, or no picture"
        self._refused[key] = f"The picture cannot be used: {why}."
        raise NoCover(self._refused[key]) from None

    def _write(self, key: str, source: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if source.startswith(_JPEG) and source.count(_JPEG_SCAN) > SOURCE_SCANS:
            raise Image.DecompressionBombError
        with Image.open(io.BytesIO(source), formats=_FORMATS) as opened:
            opened.draft("RGB", (SIZES[0], SIZES[0]))  # a JPEG is decoded no larger than needed
            picture = _opaque(ImageOps.exif_transpose(opened))
        for size in SIZES:
            picture.thumbnail((size, size), Image.Resampling.LANCZOS, reducing_gap=2.0)
            jpeg = io.BytesIO()
            picture.save(jpeg, "JPEG", quality=QUALITY)
            _write_whole(self._folder / file_name(key, size), jpeg.getvalue())


_JPEG, _JPEG_SCAN = b"\xff\xd8", b"\xff\xda"
_BOMBS = (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError)


def file_name(key: str, size: int) -> str:
    """Of the cover with this key in one of SIZES."""
    return f"{key}-{size}.jpg"


def _embedded(tag: TinyTag) -> bytes | None:
    image = tag.images.front_cover or tag.images.any
    if image is None or not image.data:
        return None
    if len(image.data) > SOURCE_BYTES:
        raise NoCover(f"The picture is larger than {SOURCE_BYTES // 1024**2} MB.")
    return image.data


def _picture_in(folder: bytes) -> bytes | None:
    """The path of the folder's picture."""
    try:
        name = picture_among(os.listdir(folder))  # noqa: PTH208 - bytes
    except OSError:
        return None
    return os.path.join(folder, name) if name is not None else None  # noqa: PTH118 - bytes


def _read(path: bytes) -> bytes | None:
    try:
        with open_regular(path) as file:
            if os.fstat(file.fileno()).st_size > SOURCE_BYTES:
                raise NoCover(f"The picture is larger than {SOURCE_BYTES // 1024**2} MB.")
            return file.read(SOURCE_BYTES)
    except OSError as error:
        raise NoCover(f"The picture beside it cannot be read: {error.strerror}.") from None


def _opaque(picture: Image.Image) -> Image.Image:
    """The picture in RGB; what is see-through becomes white."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        with picture.convert("RGBA") as layered:
            white = Image.new("RGB", layered.size, "white")
            white.paste(layered, mask=layered.getchannel("A"))
            return white
    return picture.convert("RGB")


def _is_filled(path: Path) -> bool:
    """Whether it is there; a crash of the machine may have left an empty file."""
    with contextlib.suppress(OSError):
        return path.stat().st_size > 0
    return False


def _write_whole(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
