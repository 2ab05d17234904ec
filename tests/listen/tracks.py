"""Music that is recognised at any moment: pink noise that never repeats, and a chirp every half second."""

from __future__ import annotations

import subprocess
import wave
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Samples = NDArray[np.float32]

RATE = 44_100
CHIRP_SECONDS = 0.05
#: By the end of a file's name. The reference is the sound before it was encoded.
_ENCODERS = {
    "mp3": ("-c:a", "libmp3lame", "-b:a", "192k"),
    "flac": ("-c:a", "flac"),
    "ogg": ("-c:a", "libopus", "-b:a", "128k"),
}


class Tune(Struct, frozen=True):
    """One track: its title, its length, the form of its file, and the seed of its noise."""

    title: str
    seconds: float
    form: str
    seed: int


def sound_of(tune: Tune) -> Samples:
    """Its samples at RATE, between −1 and 1."""
    count = round(tune.seconds * RATE)
    spectrum = np.fft.rfft(np.random.default_rng(tune.seed).standard_normal(count))
    frequencies = np.fft.rfftfreq(count, 1 / RATE)
    spectrum[1:] /= np.sqrt(np.maximum(frequencies[1:], 40))
    spectrum[0] = 0
    sound = np.fft.irfft(spectrum, count)
    sound *= 0.12 / sound.std()
    at = np.arange(round(CHIRP_SECONDS * RATE)) / RATE
    for number in range(int(tune.seconds * 2)):
        lowest = 600 + 150 * (number % 16)
        chirp = 0.3 * np.sin(2 * np.pi * (lowest * at + 10_000 * at * at)) * np.hanning(at.size)
        start = number * RATE // 2
        sound[start : start + at.size] += chirp[: count - start]
    return np.clip(sound, -0.95, 0.95).astype(np.float32)


def write(tune: Tune, folder: Path) -> Path:
    """Write its file, by ffmpeg."""
    raw, path = folder / f"{tune.title}.raw.wav", folder / f"{tune.title}.{tune.form}"
    mono = (sound_of(tune) * 32767).astype("<i2")
    with wave.open(str(raw), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.stack([mono, mono], 1).tobytes())
    named = ("-metadata", f"title={tune.title}", "-metadata", "artist=Noise")
    command = ("ffmpeg", "-v", "error", "-y", "-i", str(raw), *_ENCODERS[tune.form], *named, str(path))
    subprocess.run(command, check=True)
    raw.unlink()
    return path
