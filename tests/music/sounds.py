"""Short sounds in every format, made by ffmpeg, without tags."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import NamedTuple

#: Seconds; no whole number of frames in any format.
SECONDS = 2.345


class Sound(NamedTuple):
    """How one kind of file is made: ffmpeg's arguments, and what a reading of it says."""

    ending: str
    arguments: str
    format: str
    plays: bool = True


SOUNDS = {
    "mp3_cbr": Sound("mp3", "-c:a libmp3lame -b:a 128k", "mp3"),
    "mp3_vbr": Sound("mp3", "-c:a libmp3lame -q:a 4", "mp3"),
    "mp3_cbr_bare": Sound("mp3", "-c:a libmp3lame -b:a 128k -write_xing 0", "mp3"),
    "mp3_vbr_bare": Sound("mp3", "-c:a libmp3lame -q:a 4 -write_xing 0", "mp3"),
    "mp3_low": Sound("mp3", "-c:a libmp3lame -b:a 32k -ar 16000 -ac 1", "mp3"),
    "mp2": Sound("mp2", "-c:a mp2 -b:a 192k", "mp2", plays=False),
    "flac": Sound("flac", "-c:a flac", "flac"),
    "vorbis": Sound("ogg", "-c:a libvorbis", "vorbis"),
    "opus": Sound("opus", "-c:a libopus", "opus"),
    "oggflac": Sound("oga", "-c:a flac -f ogg", "oggflac", plays=False),
    "aac": Sound("m4a", "-c:a aac", "aac"),
    "aac_fast": Sound("m4a", "-c:a aac -movflags faststart", "aac"),
    "aac_fragments": Sound("m4a", "-c:a aac -movflags frag_keyframe+empty_moov", "aac"),
    "alac": Sound("m4a", "-c:a alac", "alac", plays=False),
    "adts": Sound("aac", "-c:a aac -f adts", "adts"),
    "wav": Sound("wav", "-c:a pcm_s16le", "wav"),
    "wav_float": Sound("wav", "-c:a pcm_f32le", "wav"),
    "wav_adpcm": Sound("wav", "-c:a adpcm_ms", "wavx", plays=False),
    "aiff": Sound("aiff", "-c:a pcm_s16be", "aiff", plays=False),
    "wma": Sound("wma", "-c:a wmav2", "wma", plays=False),
}


def make(folder: Path) -> None:
    """`NAME.ENDING` for each of SOUNDS: pink noise, in the left ear another one than in the right."""
    for name, sound in SOUNDS.items():
        noise = [f"anoisesrc=color=pink:seed={seed}:duration={SECONDS}:sample_rate=44100" for seed in (1, 2)]
        inputs = [part for source in noise for part in ("-f", "lavfi", "-i", source)]
        bare = ["-map_metadata", "-1", "-fflags", "+bitexact", "-id3v2_version", "0"] if sound.ending == "mp3" else []
        stereo = ["-filter_complex", "[0][1]join=inputs=2:channel_layout=stereo"]
        target = str(folder / f"{name}.{sound.ending}")
        ffmpeg(*inputs, *stereo, *bare, *sound.arguments.split(), target)


def ffmpeg(*arguments: str) -> str:
    return _run("ffmpeg", "-nostdin", "-y", "-v", "error", *arguments)


def probed_seconds(path: Path) -> float:
    """What ffprobe says."""
    shown = ("-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0")
    return float(_run("ffprobe", *shown, str(path)))


def decoded_seconds(path: Path) -> float:
    """How much sound comes out."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-ac", "1", "-ar", "44100", "-f", "s16le", "-"]
    return len(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout) / 2 / 44_100


def _run(*command: str) -> str:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, done.stdout
    return done.stdout
