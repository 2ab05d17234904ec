"""Instruments: each makes one note, as mono samples. Frequencies in Hz, times in seconds, strengths from 0 to 1."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

RATE = 44_100

Sound = NDArray[np.float64]
#: A frequency, how long the key is held, a strength and a source of chance make a sound, which may ring on.
Instrument = Callable[[float, float, float, np.random.Generator], Sound]


def time_line(seconds: float) -> Sound:
    return np.arange(round(seconds * RATE)) / RATE


def envelope(held: float, attack: float, decay: float, sustain: float, release: float) -> Sound:
    """Attack and release by a raised cosine, which does not click."""
    times = time_line(held + release)
    rise = 0.5 - 0.5 * np.cos(np.pi * np.clip(times / attack, 0, 1))
    level = sustain + (1 - sustain) * np.exp(-np.maximum(times - attack, 0) / decay)
    fall = 0.5 + 0.5 * np.cos(np.pi * np.clip((times - held) / release, 0, 1))
    return np.asarray(rise * level * fall)


def harmonics(frequency: float, strengths: list[float], times: Sound, phase: float = 0.0) -> Sound:
    """A sum of sines, without those that the sample rate cannot hold."""
    sound = np.zeros_like(times)
    for number, strength in enumerate(strengths, 1):
        if frequency * number < 0.45 * RATE:
            sound += strength * np.sin(2 * np.pi * frequency * number * times + phase * number)
    return sound


def fast_size(length: int) -> int:
    """The next size that is quick to transform: a power of two, or three quarters of one."""
    power = 1 << (length - 1).bit_length()
    return 3 * power // 4 if 3 * power // 4 >= length else power


def filtered(sound: Sound, low: float, high: float) -> Sound:
    """The part between two frequencies, by slopes of 12 dB an octave."""
    size = fast_size(len(sound))
    frequencies = np.maximum(np.fft.rfftfreq(size, 1 / RATE), 1e-3)
    kept = 1 / (1 + (low / frequencies) ** 4) ** 0.5 / (1 + (frequencies / high) ** 4) ** 0.5
    return np.asarray(np.fft.irfft(np.fft.rfft(sound, size) * kept, size)[: len(sound)])


# ── Notes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def pad(frequency: float, held: float, strength: float, chance: np.random.Generator) -> Sound:
    """Three voices beside one another, soft and slow."""
    shape = envelope(held, 0.35, 2.0, 0.85, 0.9)
    times = time_line(len(shape) / RATE)
    overtones = [1 / number**1.7 for number in range(1, 9)]
    voices = [
        harmonics(frequency * 2 ** (cents / 1200), overtones, times, chance.uniform(0, 6)) for cents in (-7, 0, 6)
    ]
    return strength * shape * sum(voices) / 3


def strings(frequency: float, held: float, strength: float, chance: np.random.Generator) -> Sound:
    """Brighter than the pad, with a vibrato that comes late."""
    shape = envelope(held, 0.12, 1.5, 0.8, 0.35)
    times = time_line(len(shape) / RATE)
    vibrato = 0.0035 * np.clip((times - 0.25) / 0.4, 0, 1) * np.sin(2 * np.pi * 5.2 * times)
    bent = times + np.cumsum(vibrato) / RATE
    overtones = [1 / number**1.25 for number in range(1, 15)]
    voices = [harmonics(frequency * 2 ** (cents / 1200), overtones, bent, chance.uniform(0, 6)) for cents in (-4, 4)]
    return strength * shape * sum(voices) / 2


def piano(frequency: float, held: float, strength: float, chance: np.random.Generator) -> Sound:
    """An electric piano: one sine bends the phase of another, most of all while the key is struck."""
    shape = envelope(held, 0.004, 0.9, 0.12, 0.25)
    times = time_line(len(shape) / RATE)
    body = 1.1 * strength * np.exp(-times / 0.7) * np.sin(2 * np.pi * frequency * times)
    bell = 0.28 * strength * np.exp(-times / 0.11) * np.sin(2 * np.pi * 14 * min(frequency, 1400) * times)
    return np.asarray(strength * shape * np.sin(2 * np.pi * frequency * times + body + bell))


def bell(frequency: float, held: float, strength: float, chance: np.random.Generator) -> Sound:
    times = time_line(held + 2.2)
    index = 1.6 * strength * np.exp(-times / 0.5)
    sound = np.sin(2 * np.pi * frequency * times + index * np.sin(2 * np.pi * 3.5 * frequency * times))
    rise = np.clip(times / 0.004, 0, 1)
    fall = np.clip((times[-1] - times) / 0.3, 0, 1)
    return np.asarray(strength * rise * fall * np.exp(-times / 0.75) * sound)


def string(frequency: float, held: float, strength: float, chance: np.random.Generator) -> Sound:
    """A plucked string: noise that goes round a delay line as long as a period (Karplus and Strong)."""
    period = max(2, round(RATE / frequency))
    length = round((held + 1.2) * RATE)
    burst = filtered(chance.uniform(-1, 1, 4 * period), 60, 2200 + 2600 * strength)[:period]
    rounds = length // period + 1
    loss = 0.5 ** (1 / (0.9 * frequency * (0.8 if frequency > 300 else 1.4)))
    sound = np.empty(rounds * period)
    for number in range(rounds):
        sound[number * period : (number + 1) * period] = burst
        burst = loss * (0.5 * burst + 0.5 * np.roll(burst, 1))
    fall = np.clip((length - np.arange(length)) / (0.25 * RATE), 0, 1)
    damped = np.exp(-np.maximum(np.arange(length) / RATE - held, 0) / 0.25)
    return np.asarray(strength * 1.6 * sound[:length] * fall * damped)


def bass(frequency: float, held: float, strength: float, chance: np.random.Generator) -> Sound:
    shape = envelope(held, 0.008, 0.5, 0.45, 0.09)
    times = time_line(len(shape) / RATE)
    return np.asarray(strength * shape * np.tanh(1.4 * harmonics(frequency, [1, 0.38, 0.16, 0.07], times)))


def round_bass(frequency: float, held: float, strength: float, chance: np.random.Generator) -> Sound:
    """Nearly a sine, for slow pieces."""
    shape = envelope(held, 0.05, 1.2, 0.7, 0.3)
    times = time_line(len(shape) / RATE)
    return strength * shape * harmonics(frequency, [1, 0.22, 0.05], times)


def lead(frequency: float, held: float, strength: float, chance: np.random.Generator) -> Sound:
    """A soft saw: the overtones fade after the attack, and a vibrato comes late."""
    shape = envelope(held, 0.025, 0.8, 0.7, 0.14)
    times = time_line(len(shape) / RATE)
    bent = times + np.cumsum(0.004 * np.clip((times - 0.3) / 0.3, 0, 1) * np.sin(2 * np.pi * 5.5 * times)) / RATE
    dark = harmonics(frequency, [1 / number**2 for number in range(1, 7)], bent)
    bright = harmonics(frequency, [0, 0, *(0.7 / number for number in range(3, 16))], bent) * np.exp(-times / 0.25)
    return strength * shape * (dark + 0.5 * bright)


def flute(frequency: float, held: float, strength: float, chance: np.random.Generator) -> Sound:
    shape = envelope(held, 0.07, 2.0, 0.85, 0.12)
    times = time_line(len(shape) / RATE)
    bent = times + np.cumsum(0.003 * np.clip((times - 0.3) / 0.4, 0, 1) * np.sin(2 * np.pi * 4.8 * times)) / RATE
    breath = filtered(chance.normal(0, 1, len(times)), frequency, 2.5 * frequency) * np.exp(-times / 0.12)
    return strength * shape * (harmonics(frequency, [1, 0.25, 0.12, 0.04], bent) + 0.25 * breath)


# ── Drums, whose frequency and length do not matter ──────────────────────────────────────────────────────────────────


def kick(frequency: float, held: float, strength: float, chance: np.random.Generator) -> Sound:
    times = time_line(0.35)
    phase = 2 * np.pi * (46 * times + 4.6 * (1 - np.exp(-times / 0.032)))
    click = 0.25 * filtered(chance.normal(0, 1, len(times)), 1500, 6000) * np.exp(-times / 0.003)
    return np.asarray(strength * (np.sin(phase) * np.exp(-times / 0.11) + click) * np.clip((0.35 - times) / 0.05, 0, 1))


def snare(frequency: float, held: float, strength: float, chance: np.random.Generator) -> Sound:
    times = time_line(0.3)
    noise = filtered(chance.normal(0, 0.5, len(times)), 900, 8000) * np.exp(-times / 0.06)
    tone = 0.5 * np.sin(2 * np.pi * 185 * times) * np.exp(-times / 0.04)
    return np.asarray(strength * (noise + tone) * np.clip((0.3 - times) / 0.05, 0, 1))


def brush(frequency: float, held: float, strength: float, chance: np.random.Generator) -> Sound:
    times = time_line(0.25)
    noise = filtered(chance.normal(0, 0.5, len(times)), 1800, 7000)
    shape = np.clip(times / 0.02, 0, 1) * np.exp(-times / 0.07) * np.clip((0.25 - times) / 0.05, 0, 1)
    return np.asarray(strength * noise * shape)


def hat(frequency: float, held: float, strength: float, chance: np.random.Generator) -> Sound:
    times = time_line(0.09)
    noise = filtered(chance.normal(0, 0.5, len(times)), 7000, 13000)
    return np.asarray(strength * noise * np.exp(-times / 0.02) * np.clip((0.09 - times) / 0.02, 0, 1))


def clap(frequency: float, held: float, strength: float, chance: np.random.Generator) -> Sound:
    times = time_line(0.3)
    hands = np.zeros_like(times)
    for at, width in ((0, 0.006), (0.011, 0.006), (0.023, 0.07)):
        hands += np.where(times >= at, np.exp(-np.maximum(times - at, 0) / width), 0)
    noise = filtered(chance.normal(0, 0.6, len(times)), 900, 5000)
    return np.asarray(strength * 0.6 * noise * hands * np.clip((0.3 - times) / 0.05, 0, 1))
