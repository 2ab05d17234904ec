"""One file, read whole: container, tags, length, mark, cover. Runs in the child process; nothing here knows Django."""

from __future__ import annotations

import errno
import os
import re
from contextlib import suppress

import msgspec
from tinytag import ParseError, TinyTag, UnsupportedFormatError

from music import beside, ffmpeg, mpeg, payload
from music.covers import NO_COVER, Covers
from music.fingerprint import fingerprint, last_granule
from music.formats import Format, format_of
from music.limits import Bounded, Budget, TooMuch, budget, open_regular
from music.names import NAMELESS, names_of
from music.payload import Payload
from music.reading import UNKNOWN_ARTIST, Ask, Reading
from music.tags import LYRICS_CHARACTERS, Tags, tags_of, timed_lyrics

#: What the domain's limits allow.
LONGEST_MS = 24 * 60 * 60 * 1000
_PROBE_SECONDS = 10.0
_SEPARATOR = os.fsencode(os.sep)

UNKNOWN = "Its content is no audio that the server knows."
DAMAGED = "It is damaged or cut off."
ENDLESS = "It holds no sound, or nothing tells how long it is."


class NoTrack(Exception):
    """The file is no track; the message says why."""


def inspect(ask: Ask, covers: Covers | None) -> Reading:
    """Read this file. Whatever is wrong with it is the reading's `reason`; covers are written where `covers` says.

    What is wrong with the disk or the network leaves size and time at 0, so that the next scan reads the file again.
    """
    size = mtime_ns = 0
    try:
        with open_regular(ask.path) as raw:
            found = os.fstat(raw.fileno())
            size, mtime_ns = found.st_size, found.st_mtime_ns
            return _read(ask, Bounded(raw), found, covers)
    except (NoTrack, TooMuch) as error:
        reason = str(error)
    except OSError as error:
        reason = f"It cannot be read: {error.strerror or error}."
        if error.errno != errno.EINVAL:  # to which the file's own numbers lead
            size = mtime_ns = 0
    except MemoryError:
        reason = "Reading it takes too much memory."
    return Reading(path=ask.path, size=size, mtime_ns=mtime_ns, beside=ask.beside, reason=reason)


def _read(ask: Ask, file: Bounded, found: os.stat_result, covers: Covers | None) -> Reading:
    if found.st_size == 0:
        raise NoTrack("The file is empty.")
    with budget() as spent:
        reading, tag = _told(ask, file, found, spent, with_image=covers is not None)
    cover = covers.of(ask, tag) if covers is not None else NO_COVER
    if cover is NO_COVER:
        return reading
    return msgspec.structs.replace(
        reading, cover_key=cover.key, cover_reason=cover.reason, cover_unwritten=cover.is_unwritten
    )


def _told(
    ask: Ask, file: Bounded, found: os.stat_result, spent: Budget, *, with_image: bool
) -> tuple[Reading, TinyTag]:
    """All but the cover, and the tags in which that is."""
    sound = payload.find(file, found.st_size)
    if sound is None:
        raise NoTrack(UNKNOWN)
    tag = _tinytag(file, spent, with_image=with_image)
    kind = format_of(sound, tag)
    if kind is None:
        raise NoTrack(UNKNOWN)
    duration_ms = 1000 * (_duration(file, sound, tag) or _probed_duration(ask.path, kind))
    if sound.length == 0 or not duration_ms >= 1:
        raise NoTrack(ENDLESS)
    if duration_ms > LONGEST_MS:
        raise NoTrack("It is longer than a day.")
    tags = tags_of(tag, sound.container)
    return _described(ask, found, tags, kind, round(duration_ms), fingerprint(file, sound)), tag


def _tinytag(file: Bounded, spent: Budget, *, with_image: bool) -> TinyTag:
    """The tags. By content: a name would choose the parser, and a zip named .mp3 would play for 0.1 s."""
    file.seek(0)
    try:
        return TinyTag.get(file_obj=file, image=with_image)
    except UnsupportedFormatError:
        raise NoTrack(UNKNOWN) from None
    except ParseError as error:
        spent.check()
        if isinstance(error.__cause__, OSError) and error.__cause__.errno != errno.EINVAL:
            raise error.__cause__ from None
        if not with_image:
            raise NoTrack(DAMAGED) from None
    return _tinytag(file, spent, with_image=False)  # perhaps only the picture is damaged, or as large as a film


def _duration(file: Bounded, sound: Payload, tag: TinyTag) -> float:
    """Seconds as the file itself tells; 0 where it does not."""
    if sound.container == "adts":
        return mpeg.adts_duration(file, sound.start, sound.end)
    if sound.frame is not None:
        exact = mpeg.xing_duration(file, sound.start, sound.frame, sound.length)
        if exact is not None:
            return exact
    if sound.container == "ogg" and not tag.duration and tag.samplerate:  # FLAC in Ogg
        return last_granule(file, sound) / tag.samplerate
    if sound.container in ("riff", "aiff") and tag.is_lossless and tag.bitrate:
        # Its header may promise more than there is: in a file that is cut off, or was written into a pipe.
        return min(tag.duration or 0.0, sound.length * 8 / (tag.bitrate * 1000))
    return tag.duration or 0.0


def _probed_duration(path: bytes, kind: Format) -> float:
    """Seconds by ffprobe: of an M4A in fragments nothing else knows. 0 where ffprobe does not know either."""
    asked = ["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", *ffmpeg.source(path, kind.demuxer)]
    with suppress(ffmpeg.Failed):
        found = re.search(r"^\d+(\.\d+)?$", ffmpeg.run("ffprobe", asked, seconds=_PROBE_SECONDS), re.MULTILINE)
        return float(found[0]) if found else 0.0
    return 0.0


def _described(ask: Ask, found: os.stat_result, tags: Tags, kind: Format, duration_ms: int, mark: str) -> Reading:
    """The reading by the tags, and by the names of file and folders where there are none."""
    is_tagged = tags.title and tags.artist and tags.track_number and tags.disc_number
    names = NAMELESS if is_tagged else names_of(ask.name or ask.path.rpartition(_SEPARATOR)[2])
    nothing = not (tags.title or tags.artist or tags.album)
    artist = tags.artist or names.artist
    return Reading(
        path=ask.path,
        size=found.st_size,
        mtime_ns=found.st_mtime_ns,
        beside=ask.beside,
        title=tags.title or names.title,
        artist=artist or UNKNOWN_ARTIST,
        artists=tags.artists or ((artist,) if artist else ()),
        album=names.album if nothing else tags.album,
        album_artist=tags.album_artist,
        compilation=tags.compilation,
        track_number=tags.track_number or names.track_number,
        disc_number=tags.disc_number or names.disc_number,
        year=tags.year or (names.year if nothing else None),
        genres=tags.genres,
        mb_recording=tags.mb_recording,
        lyrics=(_lyrics_beside(ask.path) if ask.beside else "") or tags.lyrics,
        fingerprint=mark,
        duration_ms=duration_ms,
        format=kind.name,
        content_type=kind.content_type,
        plays=kind.plays,
        gain_db=tags.gain_db,
        peak=tags.peak,
    )


def _lyrics_beside(path: bytes) -> str:
    """The text of `Song.lrc` beside `Song.mp3`; "" without one that can be read."""
    try:
        with open_regular(beside.lyrics_name(path)) as file:
            content = file.read(4 * LYRICS_CHARACTERS) or b""
    except OSError:
        return ""
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        with suppress(UnicodeError):
            return timed_lyrics([content.decode(encoding)])
    return ""
