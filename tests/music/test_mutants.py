"""Real files of every format with hostile tags, whose bytes were changed at random: whatever is read of them is fit for
the domain, or there is a reason."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from music.inspection import LONGEST_MS, inspect
from music.reading import Ask, Reading
from music.tags import LYRICS_CHARACTERS
from music.texts import GENRE_CHARACTERS, TITLE_CHARACTERS
from tests.music import taggers

pytestmark = pytest.mark.pure

#: Of each format.
_MUTANTS = 12
_TEXTS = (
    "\0", "a" * 5000, "\u202e\0x", "\ufeff", "\x1b[31m", "\u00e9" * 600, "\U0001f600" * 300, "1e999", "-nan", "inf",
    "9" * 400, "[00:01.00]x\0\n" * 9000, "\u00b2", "\u0663\u0664", "\n\r", "\u2028", "A/B;C",
)  # fmt: skip
_GAINS = ("replaygain_track_gain", "replaygain_track_peak", "r128_track_gain", "musicbrainz_trackid", "compilation")
_FRAMES = ("TIT2", "TPE1", "TALB", "TPE2", "TRCK", "TPOS", "TCON", "TDRC", "USLT", "UFID", *_GAINS)
_COMMENTS = ("title", "artist", "album", "albumartist", "tracknumber", "discnumber", "genre", "date", "lyrics", *_GAINS)
_ATOMS = ("\xa9nam", "\xa9ART", "\xa9alb", "aART", "\xa9gen", "\xa9day", *_GAINS)
_NUMBERS = (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0", bytes(4), b"\0\0\0\1", b"\xff\xff\xff\x7f")
_MARKS = (
    b"ID3\x04\0\0\x7f\x7f\x7f\x7f", b"OggS", b"fLaC", b"moov", b"\xff\xfb\x90\x64", b"TAG", b"APETAGEX",
    b"\0\0\0\x08free", b"ilst", b"data",
)  # fmt: skip
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def tagged(name: str, sound: bytes, chance: random.Random) -> bytes:
    def some(names: tuple[str, ...]) -> dict[str, str]:
        return {name: chance.choice(_TEXTS) for name in chance.sample(names, 6)}

    match name:
        case "wav":
            return taggers.riff(sound, taggers.id3(some(_FRAMES)))
        case "aiff":
            return taggers.aiff(sound, taggers.id3(some(_FRAMES), version=3, encoding="utf-16"))
        case "flac":
            return taggers.flac(sound, some(_COMMENTS))
        case "vorbis" | "opus":
            return taggers.ogg(sound, some(_COMMENTS))
        case "aac" | "alac":
            return taggers.mp4(sound, {**some(_ATOMS)})
        case "wma":
            return taggers.asf(sound, {name: chance.choice(_TEXTS)[:9000] for name in ("Title", "WM/Genre", "WM/Year")})
    return taggers.mp3(sound, taggers.id3(some(_FRAMES)))


def mutated(content: bytes, chance: random.Random) -> bytes:
    mutant = bytearray(content)
    for _ in range(chance.choice((0, 1, 1, 2, 5))):
        place = int(chance.random() ** chance.choice((1, 4, 8)) * len(mutant))  # mostly where the headers are
        match chance.randrange(6):
            case 0:
                mutant[place : place + 1] = bytes([chance.randrange(256)])
            case 1 | 2:
                mutant[place : place + 4] = chance.choice(_NUMBERS)
            case 3:
                mutant[place:place] = chance.choice(_MARKS) * chance.choice((1, 1, 500))
            case 4:
                del mutant[place : place + chance.randrange(400)]
            case 5:
                del mutant[max(place, 1) :]
    return bytes(mutant)


def unfit(reading: Reading) -> Iterator[str]:
    """What the domain, or a database, would refuse."""
    for text in (reading.title, reading.artist, reading.album, reading.album_artist, *reading.artists):
        if len(text) > TITLE_CHARACTERS or _UNFIT.search(text) or text != text.strip():
            yield text
    yield from (genre for genre in reading.genres if len(genre) > GENRE_CHARACTERS or _UNFIT.search(genre))
    if len(reading.lyrics) > LYRICS_CHARACTERS or "\0" in reading.lyrics:
        yield "lyrics"
    if not (reading.title and reading.artist and reading.format and 1 <= reading.duration_ms <= LONGEST_MS):
        yield "names, format or length"
    numbers = (reading.gain_db, 100), (reading.peak, 100), (reading.year, 2999), (reading.track_number, 9999)
    yield from (f"{number}" for number, most in numbers if number is not None and not abs(number) <= most)
    if reading.peak is not None and not (math.isfinite(reading.peak) and reading.peak > 0):
        yield "peak"


@pytest.mark.parametrize(
    "name",
    [
        "mp3_vbr",
        "mp3_cbr_bare",
        "mp2",
        "flac",
        "vorbis",
        "opus",
        "aac",
        "alac",
        "adts",
        "wav",
        "aiff",
        "wma",
    ],
)
def test_what_is_read_of_a_mutant_is_fit_for_the_domain(
    name: str, sounds: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("music.ffmpeg.program", lambda name: None)  # asking it each time takes long
    sound, chance = sounds[name].read_bytes(), random.Random(name)
    path = tmp_path / "a"
    read = 0
    for number in range(_MUTANTS):
        content = mutated(tagged(name, sound, chance), chance)
        path.write_bytes(content)
        reading = inspect(Ask(bytes(path)), None)
        read += not reading.reason
        assert reading.reason or not list(unfit(reading)), (number, reading)
    assert read > 0
