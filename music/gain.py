"""How much louder or softer a song is played, so that all are equally loud: towards −16 LUFS, never into clipping."""

from __future__ import annotations

import math

TARGET_LUFS = -16.0
#: Decibels between the loudest sample and full scale: between two samples the sound may go higher than both.
MARGIN_DB = 1.0


def limited(gain_db: float, peak: float | None) -> float:
    """The gain, lowered so that a peak of so many times full scale stays below it.

    Without a known peak nothing is raised. A song that peaks within the margin is not lowered for that alone.
    """
    if peak is None or peak <= 0:
        return round(min(gain_db, 0.0), 2)
    headroom = -20 * math.log10(peak)
    return round(min(gain_db, max(headroom - MARGIN_DB, min(headroom, 0.0))), 2)
