"""How loud a file is, measured by ffmpeg after EBU R128. Knows no Django."""

from __future__ import annotations

import re
import threading
from typing import NamedTuple

from music import ffmpeg
from music.formats import Format
from music.gain import TARGET_LUFS, limited

#: It runs a hundred times faster than the song plays, but at the lowest priority beside whatever else there is.
_SECONDS_AT_LEAST = 120.0
#: ffmpeg's value for silence, and for sounds shorter than the 400 ms that the measurement needs.
_SILENT_LUFS = -69.0
_INTEGRATED = re.compile(r"^\s*I:\s*(-?\d+\.?\d*) LUFS", re.MULTILINE)
_PEAK = re.compile(r"^\s*Peak:\s*(-?\d+\.?\d*|-inf) dBFS", re.MULTILINE)


class Loudness(NamedTuple):
    """`gain_db` leads to −16 LUFS without clipping, None for silence; `peak` is the highest sample, 1.0 full scale."""

    gain_db: float | None
    peak: float | None


def measure(path: bytes, kind: Format, duration_ms: int, stopping: threading.Event | None = None) -> Loudness:
    """Listen to the whole file. Raises ffmpeg.Failed, and ffmpeg.Stopped once `stopping` is set."""
    # A mono file is heard from two speakers. Without `framelog` each 100 ms would be a line.
    listen = "ebur128=peak=sample:dualmono=true:framelog=verbose"
    arguments = ["-nostdin", "-hide_banner", "-nostats", "-v", "info", "-threads", "1"]
    arguments_behind = ["-map", "0:a:0", "-af", listen, "-f", "null", "-"]
    said = ffmpeg.run(
        "ffmpeg",
        [*arguments, *ffmpeg.source(path, kind.demuxer), *arguments_behind],
        seconds=_SECONDS_AT_LEAST + duration_ms / 1000,
        stopping=stopping,
    )
    return heard(said)


def heard(said: str) -> Loudness:
    """The loudness by what ffmpeg wrote. Raises ffmpeg.Failed where it holds none."""
    integrated, peaks = _INTEGRATED.findall(said), _PEAK.findall(said)
    if not integrated or not peaks:
        raise ffmpeg.Failed("It told no loudness.")
    lufs, peak = float(integrated[-1]), 10 ** (float(peaks[-1]) / 20)
    if lufs <= _SILENT_LUFS:
        return Loudness(None, round(peak, 6))
    return Loudness(limited(TARGET_LUFS - lufs, peak), round(peak, 6))
