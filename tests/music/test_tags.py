"""Every field in every format, as it was written."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from music.covers import Covers
from music.inspection import inspect
from music.reading import Ask, Reading
from tests.music import taggers

pytestmark = pytest.mark.pure

RECORDING = "b1a9c0e9-d987-4042-ae91-78d6a3267d69"
LYRICS = "[00:01.00]Über den Wolken\n[00:02.50]☁"
TITLE, ALBUM = "Días & Nächte ☕ \u05e9\u05dc\u05d5\u05dd", "Größte Hits"
ARTISTS = ["Émilie Simon", "Björk"]
GENRES = ["Trip-Hop", "Art Pop"]

ID3 = {
    "TIT2": TITLE,
    "TPE1": ARTISTS,
    "TALB": ALBUM,
    "TPE2": "Various Artists",
    "TRCK": "3/12",
    "TPOS": "2/2",
    "TDRC": "1997-05-12",
    "TCON": GENRES,
    "TCMP": "1",
    "UFID": RECORDING,
    "USLT": LYRICS,
    "REPLAYGAIN_TRACK_GAIN": "-7.25 dB",
    "REPLAYGAIN_TRACK_PEAK": "0.987654",
}
VORBIS = {
    "TITLE": TITLE,
    "ARTIST": ARTISTS,
    "ALBUM": ALBUM,
    "ALBUMARTIST": "Various Artists",
    "TRACKNUMBER": "3",
    "DISCNUMBER": "2/2",
    "DATE": "1997-05-12",
    "GENRE": GENRES,
    "COMPILATION": "1",
    "MUSICBRAINZ_TRACKID": RECORDING,
    "LYRICS": LYRICS,
    "replaygain_track_gain": "-7.25 dB",
    "replaygain_track_peak": "0.987654",
}
MP4: dict[str, taggers.Values | tuple[int, int]] = {
    "©nam": TITLE,
    "©ART": ARTISTS,
    "©alb": ALBUM,
    "aART": "Various Artists",
    "trkn": (3, 12),
    "disk": (2, 2),
    "©day": "1997-05-12",
    "©gen": GENRES,
    "cpil": "1",
    "MusicBrainz Track Id": RECORDING,
    "©lyr": LYRICS,
    "replaygain_track_gain": "-7.25 dB",
    "replaygain_track_peak": "0.987654",
}
ASF = {
    "Title": TITLE,
    "Author": ARTISTS,
    "WM/AlbumTitle": ALBUM,
    "WM/AlbumArtist": "Various Artists",
    "WM/TrackNumber": "3",
    "WM/PartOfSet": "2",
    "WM/Year": "1997",
    "WM/Genre": GENRES,
    "WM/IsCompilation": "1",
    "MusicBrainz/Track Id": RECORDING,
    "WM/Lyrics": LYRICS,
    "replaygain_track_gain": "-7.25 dB",
    "replaygain_track_peak": "0.987654",
}


def _picture(size: tuple[int, int] = (700, 400), mode: str = "RGB") -> bytes:
    content = io.BytesIO()
    Image.new(mode, size, "orange").save(content, "PNG")
    return content.getvalue()


PICTURE = _picture()

Tagger = Callable[[bytes, bytes], bytes]
TAGGERS: dict[str, Tagger] = {
    "mp3_cbr": lambda sound, picture: taggers.mp3(sound, taggers.id3(ID3, picture=picture)),
    "mp3_vbr": lambda sound, picture: taggers.mp3(sound, taggers.id3(ID3, encoding="utf-16", picture=picture)),
    "adts": lambda sound, picture: taggers.mp3(sound, taggers.id3(ID3, picture=picture)),
    "wav": lambda sound, picture: taggers.riff(sound, taggers.id3(ID3, picture=picture)),
    "aiff": lambda sound, picture: taggers.aiff(sound, taggers.id3(ID3, picture=picture)),
    "flac": lambda sound, picture: taggers.flac(sound, VORBIS, picture),
    "vorbis": lambda sound, picture: taggers.ogg(sound, VORBIS, picture),
    "opus": lambda sound, picture: taggers.ogg(sound, VORBIS, picture),
    "oggflac": lambda sound, picture: taggers.ogg(sound, VORBIS, picture),
    "aac": lambda sound, picture: taggers.mp4(sound, MP4, picture),
    "alac": lambda sound, picture: taggers.mp4(sound, MP4, picture),
    "wma": lambda sound, picture: taggers.asf(sound, ASF),
}


@pytest.mark.parametrize("name", TAGGERS)
def test_every_field_is_what_was_written(name: str, sounds: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / f"01 - other{sounds[name].suffix}"
    path.write_bytes(TAGGERS[name](sounds[name].read_bytes(), PICTURE))
    reading = inspect(Ask(bytes(path)), Covers(tmp_path / "covers"))

    assert reading.reason == ""
    assert (reading.title, reading.album, reading.album_artist) == (TITLE, ALBUM, "Various Artists")
    assert (reading.artist, reading.artists) == ("Émilie Simon, Björk", tuple(ARTISTS))
    assert (reading.track_number, reading.disc_number, reading.year) == (3, 2, 1997)
    assert reading.genres == tuple(GENRES)
    assert reading.compilation
    assert reading.mb_recording == RECORDING
    assert reading.lyrics == LYRICS
    assert (reading.gain_db, reading.peak) == (-5.25, 0.987654)
    assert (reading.size, reading.mtime_ns) == (path.stat().st_size, path.stat().st_mtime_ns)
    has_picture = name != "wma"  # tinytag reads none there
    assert bool(reading.cover_key) == has_picture
    assert reading.cover_reason == ""


@pytest.mark.parametrize("name", TAGGERS)
def test_tags_and_covers_leave_the_mark_of_the_sound_alone(name: str, sounds: dict[str, Path], tmp_path: Path) -> None:
    sound = sounds[name].read_bytes()
    marks = set()
    for number, content in enumerate((sound, TAGGERS[name](sound, b""), TAGGERS[name](sound, _picture(mode="L")))):
        path = tmp_path / str(number)
        path.write_bytes(content)
        marks.add(inspect(Ask(bytes(path)), None).fingerprint)
    assert len(marks) == 1
    assert "" not in marks


def read_mp3(sounds: dict[str, Path], folder: Path, tag: bytes, name: str = "song.mp3") -> Reading:
    path = folder / name
    path.write_bytes(tag + sounds["mp3_cbr"].read_bytes())
    return inspect(Ask(bytes(path), beside=1), None)


def test_utf8_that_was_declared_latin1_is_put_right_and_latin1_is_left(sounds: dict[str, Path], tmp_path: Path) -> None:
    tag = taggers.id3({"TIT2": "Für Elise – 雨"}, version=3, declared="latin-1")
    assert read_mp3(sounds, tmp_path, tag).title == "Für Elise – 雨"
    tag = taggers.id3({"TIT2": "Für Elise"}, version=3, encoding="latin-1")
    assert read_mp3(sounds, tmp_path, tag).title == "Für Elise"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("🎷 Sax \U0001f468\u200d\U0001f469\u200d\U0001f467", "🎷 Sax \U0001f468\u200d\U0001f469\u200d\U0001f467"),
        ("\u202eشب\u202c", "شب"),
        ("x" * 4000, "x" * 500),
        ("👩\u200d" * 1500, None),
        ("a\r\nb\x07c", "a b c"),
        ("   ", "song"),
        ("\u200b", "song"),
    ],
)
def test_odd_titles_fit_the_domain(written: str, shown: str | None, sounds: dict[str, Path], tmp_path: Path) -> None:
    title = read_mp3(sounds, tmp_path, taggers.id3({"TIT2": written})).title
    assert shown is None or title == shown
    assert 1 <= len(title) <= 500


def test_nul_in_a_damaged_wav_is_left_out(sounds: dict[str, Path], tmp_path: Path) -> None:
    sound = sounds["wav"].read_bytes()
    field = b"INAM" + (12).to_bytes(4, "little") + b"First\x00Second"
    chunk = b"LIST" + (4 + len(field)).to_bytes(4, "little") + b"INFO" + field
    path = tmp_path / "a.wav"
    path.write_bytes(sound + chunk)
    assert inspect(Ask(bytes(path)), None).title == "First Second"


@pytest.mark.parametrize(
    ("frames", "artist", "artists"),
    [
        ({"TPE1": "AC/DC"}, "AC/DC", ("AC/DC",)),
        ({"TPE1": "A/B", "MusicBrainz Artist Id": f"{RECORDING}/{RECORDING}"}, "A, B", ("A", "B")),
        ({"TPE1": "A feat. B", "ARTISTS": ["A", "B"]}, "A feat. B", ("A", "B")),
        ({"TPE1": "A feat. B", "ARTISTS": "A/B"}, "A feat. B", ("A", "B")),
        ({"TPE1": "AC/DC feat. B", "ARTISTS": ["AC/DC", "B"]}, "AC/DC feat. B", ("AC/DC", "B")),
        ({"TPE1": ["Anna", "Ann"]}, "Anna, Ann", ("Anna", "Ann")),
        ({"TPE2": "Album's"}, "Album's", ("Album's",)),
        ({}, "Unknown artist", ()),
    ],
)
def test_several_artists(
    frames: dict[str, str], artist: str, artists: tuple[str, ...], sounds: dict[str, Path], tmp_path: Path
) -> None:
    reading = read_mp3(sounds, tmp_path, taggers.id3(frames, version=4))
    assert (reading.artist, reading.artists) == (artist, artists)


@pytest.mark.parametrize(
    ("frames", "album_artist", "compilation"),
    [
        ({"TPE1": "A", "TCMP": "1"}, "Various Artists", True),
        ({"TPE1": "A", "TCMP": "0"}, "", False),
        ({"TPE1": "A", "TPE2": "B", "TCMP": "1"}, "B", True),
        ({"TPE1": "A", "TPE2": "various artists"}, "various artists", True),
        ({"TCMP": "1"}, "Various Artists", True),
        ({"TPE1": "A feat. B"}, "A", False),
        ({"TPE1": "A & C (ft B)"}, "A & C", False),
        ({"TPE1": "A featuring B", "TPE2": "D"}, "D", False),
        ({"TPE1": "Little Feat"}, "", False),
        ({"TPE1": "Feat. B"}, "", False),
    ],
)
def test_compilations_and_guests_leave_an_album_one(
    frames: dict[str, str], album_artist: str, compilation: bool, sounds: dict[str, Path], tmp_path: Path
) -> None:
    reading = read_mp3(sounds, tmp_path, taggers.id3(frames))
    assert (reading.album_artist, reading.compilation) == (album_artist, compilation)
    assert reading.artist == frames.get("TPE1", "Unknown artist")


@pytest.mark.parametrize(
    ("comments", "gain_db"),
    [
        ({"R128_TRACK_GAIN": "-1856"}, -0.25),  # −7.25 dB to −23 LUFS
        ({"R128_TRACK_GAIN": "256"}, 0.0),  # nothing tells the peak, so nothing is raised
        ({"replaygain_track_gain": "+3,5 dB", "replaygain_track_peak": "0.4"}, 5.5),
        ({"replaygain_track_gain": "+30 dB", "replaygain_track_peak": "0.5"}, 5.02),  # 6.02 below full scale
        ({"replaygain_track_gain": "+30 dB", "replaygain_track_peak": "0.95"}, 0.0),
        ({"replaygain_track_gain": "+30 dB", "replaygain_track_peak": "2"}, -6.02),
        ({"replaygain_album_gain": "-3 dB"}, -1.0),
        ({"replaygain_track_gain": "nan"}, None),
        ({"replaygain_track_gain": "-99999 dB"}, None),
        ({}, None),
    ],
)
def test_gains_never_clip(
    comments: dict[str, str], gain_db: float | None, sounds: dict[str, Path], tmp_path: Path
) -> None:
    path = tmp_path / "a.opus"
    path.write_bytes(taggers.ogg(sounds["opus"].read_bytes(), comments))
    assert inspect(Ask(bytes(path)), None).gain_db == gain_db


def test_lyrics_beside_the_file_come_before_those_in_it(sounds: dict[str, Path], tmp_path: Path) -> None:
    tag = taggers.id3({"USLT": LYRICS})
    assert read_mp3(sounds, tmp_path, tag).lyrics == LYRICS
    (tmp_path / "song.lrc").write_bytes("\ufeff[00:01.00]beside".encode())
    assert read_mp3(sounds, tmp_path, tag).lyrics == "[00:01.00]beside"
    (tmp_path / "song.lrc").write_bytes(b"[00:01.00]caf\xe9")
    assert read_mp3(sounds, tmp_path, tag).lyrics == "[00:01.00]café"
    (tmp_path / "song.lrc").write_bytes(b"no times")
    assert read_mp3(sounds, tmp_path, tag).lyrics == LYRICS
    assert read_mp3(sounds, tmp_path, taggers.id3({"USLT": "no times"}), "other.mp3").lyrics == ""
