"""The six tunes. Each has a key, a tempo and a mood of its own, a beginning and an end."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from tunes import synth
from tunes.mixing import Track, render
from tunes.notation import Harmony, Note, beats, broken, chord, held, melody, near, roots, struck
from tunes.synth import Sound

ARTIST, ALBUM = "The House Band", "Opening Night"


class Tune(Struct, frozen=True):
    """A piece, what makes its sound, and the colours of its cover: ground, middle, light."""

    title: str
    genre: str
    play: Callable[[], Sound]
    colours: tuple[str, str, str]


def _last(name: str, at: float, centre: int, beats_held: float = 4) -> list[Note]:
    """The chord that a piece ends on."""
    return [Note(pitch, at, beats_held, 0.6) for pitch in near(chord(name, 3), centre)]


def _bars(first: int, end: int, bar: float) -> Sequence[float]:
    """Where the bars from one to before another start; the first bar is 1."""
    return [(number - 1) * bar for number in range(first, end)]


def lanterns() -> Sound:
    """Slow and warm, in D major."""
    song = Harmony(("Dmaj9", "Bm7", "Gmaj7", "A7", "Dmaj9", "F#m7", "Gmaj7", "A7", "Bm7", "Gmaj7", "Em7", "A7"), bar=4)
    tune = melody(
        "- 8 | B4 1.5, A4 .5, F#4 2 | E4 1, F#4 .5, G4 .5, A4 2"
        "| F#5 1.5, E5 .5, D5 1, A4 1 | C#5 1.5, B4 .5, A4 2 | B4 1, D5 1, G5 1, F#5 .5, E5 .5"
        "| E5 1.5, F#5 .5, E5 1, C#5 1 | D5 1.5, C#5 .5, B4 1, F#4 1 | G4 1, B4 .5, D5 .5, F#5 1.5, E5 .5"
        "| G5 1, F#5 .5, E5 .5, D5 1, B4 1 | C#5 1, D5 .5, E5 .5, A4 2 | D5 4"
    )
    end = song.beats
    tracks = [
        Track(synth.pad, [*held(song, 62), *_last("Dmaj9", end, 62)], 0.16, room=0.4),
        Track(synth.piano, tune, 0.34, pan=0.1, echo=0.3, room=0.3),
        Track(synth.piano, broken(song, 3, "0.2.4.3.", strength=0.45), 0.22, pan=-0.35, echo=0.25),
        Track(synth.round_bass, [*roots(song, 2, "0__.5_0."), Note(38, end, 4)], 0.32, room=0.05),
        Track(synth.kick, beats("X....o..x.......", _bars(3, 13, 4), 4), 0.5, room=0.05),
        Track(synth.brush, beats("....x.......x..o", _bars(3, 13, 4), 4), 0.4, pan=0.15),
        Track(synth.hat, beats("o.x.o.x.o.x.o.xo", _bars(5, 13, 4), 4), 0.22, pan=-0.25),
    ]
    return render(tracks, end + 4, tempo=84, seed=1)


def paper_boats() -> Sound:
    """A waltz for guitar and flute, in G major."""
    song = Harmony(
        (
            "G", "D", "Em", "C", "G", "D", "C", "D", "G", "D", "Em", "C", "G", "Am", "D", "G",
            "Em", "Bm", "C", "G", "Em", "Bm", "C", "D", "G", "D", "C",
        ),
        bar=3,
    )  # fmt: skip
    tune = melody(
        "- 12 | B4 2, D5 1 | A4 2, F#4 1 | G4 1, E4 1, G4 1 | A4 3 | B4 2, D5 1 | F#5 2, E5 1 | G5 1, F#5 1, E5 1"
        "| E5 1, D5 1, C5 1 | B4 1, D5 1, G5 1 | E5 2, C5 1 | D5 1, C5 1, A4 1 | G4 3 | G5 2, B5 1 | F#5 2, D5 1"
        "| E5 1, G5 1, E5 1 | D5 3 | G5 2, E5 1 | F#5 1, D5 1, B4 1 | C5 1, E5 1, G5 1 | F#5 3 | B4 2, D5 1"
        "| C5 1, A4 1, F#4 1 | E4 1, G4 1, A4 1 | G4 3"
    )
    end = song.beats
    tracks = [
        Track(synth.string, broken(song, 3, "024342", length=1.0), 0.34, pan=-0.3, room=0.25),
        Track(synth.string, [*struck(song, 64, ".xx", 0.45, 0.6), *_last("G", end, 62, 3)], 0.2, pan=0.35, room=0.25),
        Track(synth.flute, tune, 0.3, pan=0.1, echo=0.12, room=0.45),
        Track(
            synth.strings,
            [*_later(held(Harmony(song.chords[16:], 3), 59, 0.45), 48), *_last("G", end, 59, 3)],
            0.13,
            room=0.4,
        ),
        Track(synth.round_bass, [*roots(song, 2, "0_."), Note(43, end, 3)], 0.27, room=0.08),
        Track(synth.brush, beats("o.x.x.", _bars(9, 28, 3), 3), 0.2, pan=0.2),
    ]
    return render(tracks, end + 3, tempo=138, seed=2)


def _later(notes: Sequence[Note], by: float) -> list[Note]:
    return [Note(note.pitch, note.at + by, note.beats, note.strength) for note in notes]


def night_tram() -> Sound:
    """Neon lights through a wet window, in A minor."""
    song = Harmony(("Am", "F", "C", "G") * 4, bar=4)
    tune = melody(
        "- 16 | A4 1, C5 .5, E5 1.5, D5 .5, C5 .5 | A4 1.5, C5 .5, F5 1, E5 1 | G5 1.5, E5 .5, D5 .5, C5 .5, D5 1"
        "| B4 2, D5 1, B4 1 | E5 1, A5 1, G5 .5, E5 .5, D5 1 | C5 1, F5 1, E5 .5, C5 .5, A4 1"
        "| G4 .5, C5 .5, E5 1, G5 1, E5 1 | D5 2, B4 .5, C5 .5, D5 1 | E5 1.5, D5 .5, C5 1, A4 1"
        "| F5 1.5, E5 .5, C5 2 | G5 1, E5 1, D5 1, C5 1 | D5 1, B4 1, G4 1, B4 1 | A4 4"
    )
    end = song.beats
    tracks = [
        Track(synth.pad, [*held(song, 60), *_last("Am", end, 60)], 0.2, room=0.35, ducks=0.45),
        Track(synth.bass, [*roots(song, 2, "00080080"), Note(33, end, 4)], 0.36, room=0.03, ducks=0.3),
        Track(synth.piano, broken(song, 4, "0123432101234321", 0.25, 0.5), 0.14, pan=0.45, echo=0.5, ducks=0.2),
        Track(synth.lead, tune, 0.25, pan=-0.1, echo=0.35, room=0.3),
        Track(synth.kick, beats("XXXX", [*_bars(3, 17, 4)], 4), 0.6, room=0.03),
        Track(synth.kick, beats("X...", [end], 4), 0.6, room=0.3),
        Track(synth.snare, beats(".X.X", _bars(5, 17, 4), 4), 0.45, pan=0.05, room=0.35),
        Track(synth.hat, beats("o.x.o.x.o.x.o.xx", _bars(3, 17, 4), 4), 0.25, pan=-0.3),
    ]
    return render(tracks, end + 4, tempo=112, seed=3)


def copper_kettle() -> Sound:
    """A small band in a small bar, in F major, swung."""
    song = Harmony(
        (
            "Fmaj7", "Dm7", "Gm7", "C7", "Fmaj7", "Dm7", "Gm7", "C7",
            "Bbmaj7", "Am7", "Gm7", "C7", "Fmaj7", "Dm7", "C7",
        ),
        bar=4,
    )  # fmt: skip
    tune = melody(
        "- 1, A4 .5, C5 .5, D5 .5, C5 .5, A4 1 | F4 1.5, A4 .5, - 2 | - 1, Bb4 .5, D5 .5, F5 .5, D5 .5, Bb4 1"
        "| E4 1, G4 .5, Bb4 .5, A4 2 | - 1, A4 .5, C5 .5, E5 .5, D5 .5, C5 1 | D5 .5, C5 .5, A4 1, F4 2"
        "| G4 .5, A4 .5, Bb4 1, D5 1, C5 1 | Bb4 .5, A4 .5, G4 1, E4 2 | D5 1.5, F5 .5, A5 1, F5 1"
        "| E5 1.5, C5 .5, A4 2 | Bb4 .5, C5 .5, D5 1, F5 1, D5 1 | E5 1, D5 .5, C5 .5, Bb4 1, G4 1"
        "| A4 .5, C5 .5, A4 .5, F4 .5, A4 2 | D5 1, C5 .5, A4 .5, F4 2"
        "| G4 .5, A4 .5, Bb4 .5, C5 .5, E5 1, D5 .5, E5 .5 | F5 4"
    )
    end = song.beats
    tracks = [
        Track(synth.string, tune, 0.5, pan=0.2, echo=0.08, room=0.25),
        Track(
            synth.piano, [*struck(song, 60, "x..x..o.", 0.55, 0.6), *_last("F6", end, 60)], 0.17, pan=-0.3, room=0.25
        ),
        Track(synth.bass, [*roots(song, 2, "0358"), Note(41, end, 4)], 0.4, room=0.08),
        Track(synth.hat, beats("x.xox.xo", _bars(1, 16, 4), 4), 0.3, pan=0.3),
        Track(synth.brush, beats("..x...x.", _bars(1, 16, 4), 4), 0.38, pan=-0.1),
        Track(synth.kick, beats("o...o...", _bars(1, 17, 4), 4), 0.4, room=0.05),
    ]
    return render(tracks, end + 4, tempo=104, seed=4, swing=0.33)


def northern_window() -> Sound:
    """Hardly any rhythm, bells and strings, in E minor."""
    song = Harmony(("Em", "Cmaj7", "G", "D", "Em", "Am7", "Cmaj7", "Bm7", "Cadd9"), bar=4)
    tune = melody(
        "- 4 | E4 3, G4 1 | B4 3, A4 1 | F#4 2, A4 2 | G4 2, B4 1, D5 1 | E5 3, D5 1 | C5 2, B4 1, G4 1"
        "| A4 2, F#4 2 | G4 2, D4 1, E4 1 | E4 4"
    )
    end = song.beats
    tracks = [
        Track(synth.pad, [*held(song, 57), *_last("Em", end, 57)], 0.22, room=0.55),
        Track(synth.strings, tune, 0.26, pan=-0.1, echo=0.1, room=0.6),
        Track(synth.bell, broken(song, 4, "0.2.4.3.", strength=0.5), 0.16, pan=0.35, echo=0.5, room=0.5),
        Track(synth.bell, [Note(88, end + 1, 1, 0.4), Note(83, end + 2, 2, 0.35)], 0.16, pan=-0.3, echo=0.5, room=0.6),
        Track(synth.round_bass, [*roots(song, 2, "0___"), Note(40, end, 4)], 0.32, room=0.1),
    ]
    return render(tracks, end + 4, tempo=66, seed=5)


def sunday_stairs() -> Sound:
    """Two steps at a time, in C major."""
    song = Harmony((*("F", "G", "Em7", "Am7") * 4, "G"), bar=4)
    tune = melody(
        "- 16 | A4 .5, C5 .5, A4 .5, C5 1, A4 .5, G4 1 | B4 .5, D5 .5, B4 .5, D5 1, G5 1.5 | E5 1, D5 .5, B4 1, G4 1.5"
        "| C5 1.5, B4 .5, A4 2 | C5 .5, F5 .5, C5 .5, F5 1, E5 .5, C5 1 | D5 .5, G5 .5, D5 .5, G5 1, F5 .5, D5 1"
        "| E5 1.5, G5 .5, B5 1, G5 1 | A5 1.5, G5 .5, E5 2 | A4 2, C5 2 | B4 2, D5 2 | G5 2, E5 1, D5 1"
        "| C5 1, D5 1, E5 2 | D5 1, B4 .5, D5 .5, G5 2 | G5 .5, E5 .5, C5 3"
    )
    end = song.beats
    loud = [*_bars(3, 13, 4), *_bars(15, 18, 4)]
    tracks = [
        Track(synth.pad, [*held(song, 60), *_last("C", end, 60)], 0.16, room=0.3, ducks=0.6),
        Track(synth.piano, [*struck(song, 64, ".x.x.x.x", 0.6, 0.3), *_last("C", end, 64)], 0.15, pan=-0.3, echo=0.15),
        Track(synth.string, broken(song, 4, "01234321", 0.5, 0.5), 0.16, pan=0.4, echo=0.3, room=0.2),
        Track(synth.lead, tune, 0.22, pan=0.05, echo=0.25, room=0.25),
        Track(synth.bass, [*roots(song, 2, ".0.0.0.8"), Note(36, end, 4)], 0.42, room=0.03, ducks=0.2),
        Track(synth.kick, [*beats("XXXX", loud, 4), *beats("X...", [end], 4)], 0.55, room=0.03),
        Track(synth.clap, beats(".X.X", [*_bars(5, 13, 4), *_bars(15, 18, 4)], 4), 0.42, room=0.3),
        Track(synth.hat, beats("..x...x...x...xo", _bars(1, 18, 4), 4), 0.32, pan=0.2),
    ]
    return render(tracks, end + 4, tempo=120, seed=6)


TUNES = (
    Tune("Lanterns", "Lo-Fi", lanterns, ("#2b2140", "#a8553e", "#f6c177")),
    Tune("Paper Boats", "Folk", paper_boats, ("#2f6f73", "#7fb7a4", "#f4ead5")),
    Tune("Night Tram", "Electronic", night_tram, ("#140f2d", "#5b2a86", "#f2428c")),
    Tune("Copper Kettle", "Jazz", copper_kettle, ("#3a1f14", "#b8622d", "#f0c98b")),
    Tune("Northern Window", "Ambient", northern_window, ("#10243a", "#3d7ea6", "#cfe8ef")),
    Tune("Sunday Stairs", "Pop", sunday_stairs, ("#d9483b", "#f2a541", "#fff3d6")),
)
