"""What a browser is given to hold windows of a file against the whole of it, and what it has to find."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from msgspec import Struct

from music.windows.cutter import INDEXERS
from music.windows.pieces import File, boundary
from tests.music.sounds import SOUNDS, ffmpeg

NAMES = (
    "mp3_cbr", "mp3_vbr", "mp3_cbr_bare", "mp3_vbr_bare", "mp3_low", "flac", "vorbis", "opus", "aac_fast", "wav",
    "wav_float",
)  # fmt: skip
_WINDOWS = ((0, 400), (400, 600), (1000, 333), (777, 100), (1333, 900), (2000, 10_000))

#: A function of `Question.arguments`: the samples of the whole, and the largest difference in each window. In front of
#: the whole there are `late` frames too many, and of each window `leftOut` are missing there.
COMPARE = """
async ([file, rate, pieces], late = 0, leftOut = 0) => {
  const decode = async (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return new OfflineAudioContext(2, 1, rate).decodeAudioData(bytes.buffer);
  };
  const whole = await decode(file), found = [];
  for (const [piece, skip, begin, samples] of pieces) {
    const part = await decode(piece);
    const from = skip - leftOut;
    let worst = part.length < from + samples ? 1 : 0;
    for (let channel = 0; channel < whole.numberOfChannels; channel++) {
      const wanted = whole.getChannelData(channel).subarray(begin + late, begin + late + samples);
      const heard = part.getChannelData(channel).subarray(from, from + samples);
      wanted.forEach((sample, at) => { worst = Math.max(worst, Math.abs(sample - heard[at])); });
    }
    found.push(worst);
  }
  return { length: whole.length, found };
}
"""


class Question(Struct, frozen=True):
    """`arguments`: the file, its rate, and its windows as (piece, frames to skip, first frame, frames)."""

    arguments: list[Any]
    #: Frames of the whole file, by its index.
    total: int


def question(name: str, sounds: dict[str, Path], folder: Path) -> Question:
    """About one of tests/music/sounds.py."""
    path, kind = sounds[name], SOUNDS[name].format
    if kind == "aac":  # without noise that decoders make up anew each time
        path = folder / "plain.m4a"
        ffmpeg("-i", str(sounds["wav"]), "-c:a", "aac", "-aac_pns", "0", str(path))
    pieces: list[list[Any]] = []
    with path.open("rb") as opened:
        file = File(opened.fileno(), path.stat().st_size)
        index = INDEXERS[kind](file)
        for from_ms, duration_ms in _WINDOWS:
            begin = boundary(from_ms, index.rate)
            end = min(boundary(from_ms + duration_ms, index.rate), index.total)
            piece = index.cut(file, begin, end)
            pieces.append([base64.b64encode(piece.data).decode(), piece.skip, begin, end - begin])
    whole = base64.b64encode(path.read_bytes()).decode()
    return Question([whole, index.rate, pieces], index.total)
