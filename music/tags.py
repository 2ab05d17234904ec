"""Tags of every format, mapped once to the same fields.

tinytag reads them; what it leaves to its callers is done here: lists, years, gains, MusicBrainz ids, and texts in the
wrong encoding.
"""

from __future__ import annotations

import math
import re

from msgspec import Struct
from tinytag import TinyTag

from music.gain import limited
from music.payload import Container
from music.texts import GENRE_CHARACTERS, repaired, tidy
from playlist.text import fold

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)([12]\d{3})(?!\d)")
_NUMBER = re.compile(r"[-+]?\d*[.,]?\d+")
_WITH_GUESTS = re.compile(r"\s[(\[]?(?:feat\.?|ft\.?|featuring)\s\S", re.IGNORECASE)
_TIMED = re.compile(r"^\s*\[\d{1,3}:\d{2}", re.MULTILINE)

VARIOUS_ARTISTS = "Various Artists"
_VARIOUS = fold(VARIOUS_ARTISTS)
#: ID3 stands in these, and with it the text encodings that programs got wrong.
_WITH_ID3: tuple[Container, ...] = ("mpeg", "adts", "riff", "aiff")
#: Values of one field, beyond which nobody means a list.
_VALUES = 32
_TRACK_NUMBERS, _DISC_NUMBERS = 9999, 999
LYRICS_CHARACTERS = 100_000
#: ReplayGain is relative to −18 LUFS, R128 to −23; clients play at −16.
_REPLAYGAIN_TO_TARGET, _R128_TO_TARGET = 2.0, 7.0
#: Decibels. Beyond it a tag is a mistake.
_LARGEST_GAIN = 60.0


class Tags(Struct, frozen=True, kw_only=True):
    """As in Reading; "" and None where no tag tells."""

    title: str
    artist: str
    artists: tuple[str, ...]
    album: str
    album_artist: str
    compilation: bool
    track_number: int | None
    disc_number: int | None
    year: int | None
    genres: tuple[str, ...]
    mb_recording: str
    lyrics: str
    gain_db: float | None
    peak: float | None


def tags_of(tag: TinyTag, container: Container) -> Tags:
    """What these tags say. Raises nothing, whatever stands in them."""
    source = _Source(tag, repair=container in _WITH_ID3)
    artist, artists = _artists(source)
    album_artist = tidy(source.text("albumartist"))
    is_compilation = _is_compilation(source, album_artist)
    gain_db, peak = _gain(source)
    return Tags(
        title=tidy(source.text("title")),
        artist=artist or album_artist,
        artists=artists or ((album_artist,) if album_artist else ()),
        album=tidy(source.text("album")),
        # Else it would be an album for each of its artists, and one for each of their guests.
        album_artist=album_artist or (VARIOUS_ARTISTS if is_compilation else _host_of_guests(artist)),
        compilation=is_compilation,
        track_number=_within(tag.track, _TRACK_NUMBERS),
        disc_number=_within(tag.disc, _DISC_NUMBERS),
        year=_year(source.text("year")),
        genres=_genres(source),
        mb_recording=_mb_recording(source),
        lyrics=timed_lyrics(source.other("lyrics")),
        gain_db=gain_db,
        peak=peak,
    )


def timed_lyrics(texts: list[str]) -> str:
    """The first of these in the LRC format; "" without one."""
    for text in texts:
        if _TIMED.search(text[:LYRICS_CHARACTERS]):
            return text[:LYRICS_CHARACTERS].replace("\r\n", "\n").replace("\x00", "")
    return ""


class _Source:
    """The fields of one file, as texts in the right encoding."""

    def __init__(self, tag: TinyTag, *, repair: bool) -> None:
        self._tag = tag
        self._others = tag.other
        self._repair = repair

    def text(self, name: str) -> str:
        value = getattr(self._tag, name)
        return self._right(value) if isinstance(value, str) else ""

    def other(self, *names: str) -> list[str]:
        """The values under the first of these names that there is."""
        for name in names:
            if found := self._others.get(name):
                return [self._right(value) for value in found[:_VALUES]]
        return []

    def all(self, name: str) -> list[str]:
        values = [value for value in (self.text(name), *self.other(name)) if value]
        return [part for value in values for part in value.split("\0") if part]  # ID3v2.4 parts values by NUL

    def _right(self, text: str) -> str:
        return repaired(text) if self._repair else text


def _artists(source: _Source) -> tuple[str, tuple[str, ...]]:
    """The artist as shown, and each by their own name.

    Taggers write "A feat. B" beside a list of A and B: then the first is shown. A slash parts names in ID3v2.3, and
    is part of one in "AC/DC": only as many MusicBrainz ids as parts tell the two apart.
    """
    values = list(dict.fromkeys(filter(None, (tidy(value) for value in source.all("artist")))))
    if not values:
        return "", ()
    first, *others = values
    each = [part for other in others for part in _parts_standing_in(other, first)]
    if each and all(_stands_in(other, first) for other in each):
        return first, tuple(dict.fromkeys(each))
    if not others and "/" in first:
        ids = _UUID.findall(" ".join(source.other("musicbrainz artist id", "musicbrainz_artistid")))
        parts = [part.strip() for part in first.split("/")]
        if len(ids) == len(parts) and all(parts):
            values = parts
    return tidy(", ".join(values)), tuple(values)


def _host_of_guests(artist: str) -> str:
    """Whose song it is, in "A feat. B"; "" where nobody is a guest."""
    found = _WITH_GUESTS.search(artist)
    return artist[: found.start()] if found else ""


def _parts_standing_in(names: str, credit: str) -> list[str]:
    """ID3v2.3 has no lists: taggers join the names by a slash or a semicolon."""
    parts = [part.strip() for part in re.split("[/;]", names)]
    is_list = not _stands_in(names, credit) and all(part and _stands_in(part, credit) for part in parts)
    return parts if is_list else [names]


def _stands_in(name: str, credit: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", credit) is not None


def _genres(source: _Source) -> tuple[str, ...]:
    parts = [part for value in source.all("genre") for part in value[:1000].split(";")]
    return tuple(dict.fromkeys(filter(None, (tidy(part, GENRE_CHARACTERS) for part in parts))))[:_VALUES]


def _is_compilation(source: _Source, album_artist: str) -> bool:
    said = source.other("tcmp", "compilation", "cpil", "iscompilation", "itunescompilation")
    if said:
        return said[0].strip().casefold() in ("1", "true", "yes")
    return fold(album_artist) == _VARIOUS


def _mb_recording(source: _Source) -> str:
    marked = [text for text in source.other("ufid") if "musicbrainz.org" in text]
    named = source.other("musicbrainz_trackid", "musicbrainz track id", "musicbrainz/track id")
    found = _UUID.search(" ".join((*marked, *named))) if marked or named else None
    return found[0].lower() if found else ""


def _gain(source: _Source) -> tuple[float | None, float | None]:
    """Decibels to the target, limited by the peak; and the peak."""
    for kind in ("track", "album"):
        peak = _number(source.other(f"replaygain_{kind}_peak"))
        peak = peak if peak is not None and peak > 0 else None
        gain = _number(source.other(f"replaygain_{kind}_gain"))
        if gain is not None:
            return limited(gain + _REPLAYGAIN_TO_TARGET, peak), peak
        r128 = _number(source.other(f"r128_{kind}_gain"), largest=2**15)
        if r128 is not None:
            return limited(r128 / 256 + _R128_TO_TARGET, peak), peak
    return None, None


def _number(texts: list[str], largest: float = _LARGEST_GAIN) -> float | None:
    found = _NUMBER.search(texts[0][:100]) if texts else None
    value = float(found[0].replace(",", ".")) if found else math.nan
    return value if abs(value) <= largest else None


def _year(text: str) -> int | None:
    found = _YEAR.search(text[:100])
    return int(found[1]) if found else None


def _within(number: int | None, largest: int) -> int | None:
    return number if number is not None and 1 <= number <= largest else None
