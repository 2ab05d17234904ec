"""Windows, decoded by the browser, have the samples that it gives of the whole file."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from music.windows.cutter import INDEXERS
from music.windows.pieces import File, boundary
from tests.music.conftest import sounds  # noqa: F401 - a fixture
from tests.music.sounds import SOUNDS, ffmpeg

WINDOWS = ((0, 400), (400, 600), (1000, 333), (777, 100), (1333, 900), (2000, 10_000))
#: The largest difference of a sample.
TOLERANCE = {"opus": 2e-3}

_COMPARE = """
async ([file, rate, pieces]) => {
  const decode = async (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return new OfflineAudioContext(2, 1, rate).decodeAudioData(bytes.buffer);
  };
  const whole = await decode(file), found = [];
  for (const [piece, skip, begin, samples] of pieces) {
    const part = await decode(piece);
    let worst = part.length < skip + samples ? 1 : 0;
    for (let channel = 0; channel < whole.numberOfChannels; channel++) {
      const wanted = whole.getChannelData(channel).subarray(begin, begin + samples);
      const heard = part.getChannelData(channel).subarray(skip, skip + samples);
      wanted.forEach((sample, at) => { worst = Math.max(worst, Math.abs(sample - heard[at])); });
    }
    found.push(worst);
  }
  return { length: whole.length, found };
}
"""


@pytest.mark.parametrize(
    "name",
    ["mp3_cbr", "mp3_vbr", "mp3_cbr_bare", "mp3_vbr_bare", "mp3_low", "flac", "vorbis", "opus", "aac_fast", "wav",
     "wav_float"],
)  # fmt: skip
def test_a_window_sounds_like_the_same_part_of_the_whole(
    name: str,
    sounds: dict[str, Path],  # noqa: F811
    page: Page,
    tmp_path: Path,
) -> None:
    path, kind = sounds[name], SOUNDS[name].format
    if kind == "aac":  # without noise that decoders make up anew each time
        path = tmp_path / "plain.m4a"
        ffmpeg("-i", str(sounds["wav"]), "-c:a", "aac", "-aac_pns", "0", str(path))
    pieces: list[list[Any]] = []
    with path.open("rb") as opened:
        file = File(opened.fileno(), path.stat().st_size)
        index = INDEXERS[kind](file)
        for from_ms, duration_ms in WINDOWS:
            begin = boundary(from_ms, index.rate)
            end = min(boundary(from_ms + duration_ms, index.rate), index.total)
            piece = index.cut(file, begin, end)
            pieces.append([base64.b64encode(piece.data).decode(), piece.skip, begin, end - begin])
    whole = base64.b64encode(path.read_bytes()).decode()
    result = page.evaluate(_COMPARE, [whole, index.rate, pieces])
    # Of Vorbis some browsers leave out a few samples at the end, which windows have.
    assert result["length"] <= index.total
    assert index.total - result["length"] <= (256 if kind == "vorbis" else 0)
    assert max(result["found"]) <= TOLERANCE.get(kind, 0.0)
