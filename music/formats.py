"""The formats by the names the product gives them: what clients are told of each, and what browsers play."""

from __future__ import annotations

from typing import NamedTuple

from tinytag import TinyTag

from music.payload import Payload


class Format(NamedTuple):
    name: str
    content_type: str
    #: Whether the browsers of today play it. Those that only Safari plays count as not played.
    plays: bool
    #: The name of ffmpeg's reader. Naming it keeps ffmpeg from taking a file for a list of other files.
    demuxer: str


FORMATS = {
    each.name: each
    for each in (
        Format("mp3", "audio/mpeg", True, "mp3"),
        Format("mp2", "audio/mpeg", False, "mp3"),
        Format("flac", "audio/flac", True, "flac"),
        Format("oggflac", "audio/ogg", False, "ogg"),
        Format("vorbis", "audio/ogg", True, "ogg"),
        Format("opus", "audio/ogg", True, "ogg"),
        Format("speex", "audio/ogg", False, "ogg"),
        Format("aac", "audio/mp4", True, "mov"),
        Format("alac", "audio/mp4", False, "mov"),
        Format("adts", "audio/aac", True, "aac"),
        Format("wav", "audio/wav", True, "wav"),
        Format("wavx", "audio/wav", False, "wav"),
        Format("aiff", "audio/aiff", False, "aiff"),
        Format("wma", "audio/x-ms-wma", False, "asf"),
    )
}

#: The names of those that browsers do not play.
UNPLAYED = tuple(each.name for each in FORMATS.values() if not each.plays)

#: WAV's codes of PCM, whole numbers and floating point. Whatever else a WAV holds is "wavx".
_PCM = ("1", "3")


def format_of(sound: Payload, tag: TinyTag) -> Format | None:
    """The format of a file with this sound, as tinytag describes it; None for a codec that nobody knows."""
    codec = (tag.mime_type or "").partition('codecs="')[2].rstrip('"')
    match sound.container:
        case "mpeg":
            name = "mp3" if sound.frame is not None and sound.frame.is_layer_3 else "mp2"
        case "ogg":
            name = "oggflac" if codec == "flac" else codec
        case "mp4":
            name = "alac" if codec == "alac" else "aac" if codec.startswith("mp4a") else ""
        case "riff":
            name = "wav" if codec in _PCM else "wavx"
        case "asf":
            name = "wma"
        case "adts" | "flac" | "aiff":
            name = sound.container
    return FORMATS.get(name)
