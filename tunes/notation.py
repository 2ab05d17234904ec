"""Music as text: melodies such as "E5 1, G5 .5, - .5", chords such as "Am7", beats such as "x..x"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_CHORDS = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "m7": (0, 3, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m9": (0, 3, 7, 10, 14),
    "maj9": (0, 4, 7, 11, 14),
    "9": (0, 4, 7, 10, 14),
    "sus4": (0, 5, 7),
    "sus2": (0, 2, 7),
    "6": (0, 4, 7, 9),
    "add9": (0, 4, 7, 14),
}


class Note(Struct, frozen=True):
    """A pitch as MIDI has it (60 is middle C), where it starts and how long it is in beats, and how strong."""

    pitch: int
    at: float
    beats: float
    strength: float = 0.8


def frequency_of(pitch: int) -> float:
    return float(440 * 2 ** ((pitch - 69) / 12))


def pitch_of(name: str) -> int:
    """ "C4" is 60, "F#3" 54, "Bb2" 46."""
    found = re.fullmatch(r"([A-G])([#b]?)(\d)", name)
    if found is None:
        raise ValueError(f"{name!r} is no note.")
    return _STEPS[found[1]] + {"": 0, "#": 1, "b": -1}[found[2]] + 12 * (int(found[3]) + 1)


def chord(name: str, octave: int) -> list[int]:
    """The pitches of a chord, from its root in that octave upwards."""
    found = re.fullmatch(r"([A-G][#b]?)(.*)", name)
    if found is None or found[2] not in _CHORDS:
        raise ValueError(f"{name!r} is no chord.")
    root = pitch_of(f"{found[1]}{octave}")
    return [root + step for step in _CHORDS[found[2]]]


def near(pitches: Sequence[int], centre: int) -> list[int]:
    """The same notes, each in the octave that is next to a centre, so that chords follow each other in small steps."""
    return sorted({centre + (pitch - centre + 6) % 12 - 6 for pitch in pitches})


def melody(text: str, at: float = 0.0, strength: float = 0.8) -> list[Note]:
    """ "A4 1, - .5" is an A of one beat, and half a beat of rest. "|" marks bars for the eye."""
    notes = []
    for token in text.replace("|", ",").split(","):
        if not token.strip():
            continue
        name, beats = token.split()
        if name != "-":
            notes.append(Note(pitch_of(name), at, float(beats), strength))
        at += float(beats)
    return notes


class Harmony(Struct, frozen=True):
    """Chords, each of which lasts a bar."""

    chords: tuple[str, ...]
    bar: float

    def __iter__(self) -> Iterator[tuple[float, str]]:
        return ((number * self.bar, name) for number, name in enumerate(self.chords))

    @property
    def beats(self) -> float:
        return len(self.chords) * self.bar


def held(harmony: Harmony, centre: int, strength: float = 0.6) -> list[Note]:
    """Each chord for a whole bar, around a pitch."""
    return [Note(pitch, at, harmony.bar, strength) for at, name in harmony for pitch in near(chord(name, 3), centre)]


def struck(harmony: Harmony, centre: int, rhythm: str, strength: float = 0.6, length: float = 0.4) -> list[Note]:
    """Each chord at the marks of a rhythm, whose signs share the bar."""
    step = harmony.bar / len(rhythm)
    return [
        Note(pitch, at + place * step, length, strength * _LOUD[sign])
        for at, name in harmony
        for place, sign in enumerate(rhythm)
        if sign in _LOUD
        for pitch in near(chord(name, 3), centre)
    ]


def broken(harmony: Harmony, octave: int, pattern: str, length: float = 0.5, strength: float = 0.6) -> list[Note]:
    """Each chord note after note: "0" is its root, "1" the next one, and so on upwards through the octaves."""
    step = harmony.bar / len(pattern)
    notes = []
    for at, name in harmony:
        pitches = chord(name, octave)
        for place, sign in enumerate(pattern):
            if sign.isdigit():
                up, which = divmod(int(sign), len(pitches))
                accent = 1.0 if place == 0 else 0.8
                notes.append(Note(pitches[which] + 12 * up, at + place * step, length, strength * accent))
    return notes


def roots(harmony: Harmony, octave: int, pattern: str, strength: float = 0.85) -> list[Note]:
    """A bass line: "0" is the root, "5" the fifth, "8" the octave, and "_" holds the note before."""
    step = harmony.bar / len(pattern)
    notes: list[Note] = []
    for at, name in harmony:
        pitches = chord(name, octave)
        above = {"0": pitches[0], "3": pitches[1], "5": pitches[2], "8": pitches[0] + 12}
        for place, sign in enumerate(pattern):
            if sign in above:
                held_steps = 1 + len(pattern[place + 1 :]) - len(pattern[place + 1 :].lstrip("_"))
                notes.append(Note(above[sign], at + place * step, held_steps * step, strength))
    return notes


#: How loud the signs of a rhythm are.
_LOUD = {"X": 1.0, "x": 0.75, "o": 0.45}


def beats(pattern: str, bars: Sequence[float], bar: float, strength: float = 0.8) -> list[Note]:
    """A drum in the bars that start there: "X" is loud, "x" less so, "o" soft, "." silent."""
    step = bar / len(pattern)
    return [
        Note(60, at + place * step, step, strength * _LOUD[sign])
        for at in bars
        for place, sign in enumerate(pattern)
        if sign in _LOUD
    ]
