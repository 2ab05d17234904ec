"""From notes to a finished piece: places in the stereo field, echo, a room, and the last stage."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from tunes.notation import Note, frequency_of
from tunes.synth import RATE, Instrument, Sound, fast_size, filtered


class Track(Struct, frozen=True):
    """An instrument and its notes. Gains are factors; `pan` goes from −1 (left) to 1."""

    instrument: Instrument
    notes: Sequence[Note]
    gain: float
    pan: float = 0.0
    #: How much of it is heard through the echo and the room.
    echo: float = 0.0
    room: float = 0.2
    #: How far each beat of a kick presses it down, as dance music does.
    ducks: float = 0.0


def render(
    tracks: Sequence[Track], beats: float, tempo: float, seed: int, *, swing: float = 0.0, tail: float = 2.4
) -> Sound:
    """The piece as (2, samples). `tempo` in beats a minute; `swing` delays every second eighth by that part of it."""
    chance = np.random.default_rng(seed)
    beat = 60 / tempo
    length = round((beats * beat + tail) * RATE)
    dry, to_echo, to_room = np.zeros((2, length)), np.zeros((2, length)), np.zeros((2, length))
    for track in tracks:
        played = _played(track, length, beat, swing, chance)
        if track.ducks:
            played *= 1 - track.ducks * _pressed(length, beat)
        angle = (track.pan + 1) * np.pi / 4
        placed = track.gain * np.stack([np.cos(angle) * played, np.sin(angle) * played])
        dry += placed
        to_echo += track.echo * placed
        to_room += track.room * placed
    echoes = echo(to_echo, 0.75 * beat)
    return dry + echoes + reverb(to_room + 0.4 * echoes, chance)


def _played(track: Track, length: int, beat: float, swing: float, chance: np.random.Generator) -> Sound:
    """One track in mono. Nobody plays exactly: notes are some milliseconds early or late, and vary in strength."""
    sound = np.zeros(length + 8 * RATE)
    for note in track.notes:
        late = swing * 0.5 if abs(note.at % 1 - 0.5) < 1e-6 else 0.0
        start = max(0, round(((note.at + late) * beat + chance.normal(0, 0.003)) * RATE))
        strength = min(1.0, note.strength * (1 + chance.normal(0, 0.05)))
        one = track.instrument(frequency_of(note.pitch), note.beats * beat * 0.95, strength, chance)
        sound[start : start + len(one)] += one[: len(sound) - start]
    return sound[:length]


def _pressed(length: int, beat: float) -> Sound:
    since = np.arange(length) / RATE % beat
    return np.asarray(np.exp(-since / (0.22 * beat)))


def echo(sound: Sound, seconds: float, feedback: float = 0.42) -> Sound:
    """Repeats that go from one side to the other, each duller than the one before."""
    result = np.zeros_like(sound)
    delay = round(seconds * RATE)
    repeat = sound
    for _ in range(5):
        repeat = feedback * np.roll(repeat, delay, axis=1)[::-1]
        repeat[:, :delay] = 0
        repeat = np.stack([filtered(side, 150, 4200) for side in repeat])
        result += repeat
    return result


def reverb(sound: Sound, chance: np.random.Generator, seconds: float = 1.9) -> Sound:
    """A hall: noise that dies away, another one for each ear."""
    times = np.arange(round(1.4 * seconds * RATE)) / RATE
    sides = []
    for side in sound:
        answer = filtered(chance.normal(0, 1, len(times)) * 10 ** (-3 * times / seconds), 180, 5200)
        answer *= np.clip(times / 0.012, 0, 1)
        answer /= np.sqrt(np.sum(answer**2))
        size = fast_size(len(side) + len(answer))
        sides.append(np.fft.irfft(np.fft.rfft(side, size) * np.fft.rfft(answer, size), size)[: len(side)])
    return np.stack(sides)


def finished(sound: Sound, gain_db: float) -> Sound:
    """At this gain, without what no speaker plays, bent softly below −1.5 dB of full scale, and faded out."""
    clean = np.stack([filtered(side, 32, 16_000) for side in sound])
    ceiling = 10 ** (-1.5 / 20)
    knee = 0.7 * ceiling
    loud = clean * 10 ** (gain_db / 20)
    over = np.maximum(np.abs(loud) - knee, 0)
    bent = np.where(over > 0, np.sign(loud) * (knee + (ceiling - knee) * np.tanh(over / (ceiling - knee))), loud)
    fade = np.clip((bent.shape[1] - np.arange(bent.shape[1])) / (1.5 * RATE), 0, 1)
    return np.asarray(bent * (0.5 - 0.5 * np.cos(np.pi * fade)))
