"""What plays when, if nobody does anything: the same plan on the server, on every speaker and on the wall.

The client's player/plan.ts has the same rules and is tested with the same fixture.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from playlist.ordering.turns import Ordered, Placed, current_of, upcoming
from playlist.types import PlaybackState

#: With a speaker on, an item without sound is passed over after so long.
SILENCE_MS = 5_000


class Timed(Placed, Protocol):
    """An item that lasts for a while."""

    @property
    def duration_ms(self) -> int: ...
    @property
    def has_sound(self) -> bool: ...


class Running(Protocol):
    """As much of a playback as says when its item is over."""

    @property
    def state(self) -> PlaybackState: ...
    @property
    def position_seconds(self) -> float: ...
    @property
    def started_at_ms(self) -> int | None: ...


TimedT = TypeVar("TimedT", bound=Timed)


def plan(
    items: Iterable[TimedT], ordered: Ordered, playback: Running, now_ms: int, *, is_heard: bool
) -> list[tuple[TimedT, int]]:
    """Each item that plays now or later, with the Unix milliseconds at which its beginning is due.

    The first is the one that sounds at `now_ms`, even if the log does not say so yet. Empty unless the playback is
    playing. `is_heard`: a speaker is on, so silence is passed over.
    """
    items = list(items)
    current = current_of(items)
    if playback.state != "playing" or playback.started_at_ms is None or current is None:
        return []
    starts_at_ms = playback.started_at_ms
    ends_at_ms = starts_at_ms + _lasts_ms(current, is_heard, playback.position_seconds)
    planned = [(current, starts_at_ms)] if now_ms < ends_at_ms else []
    for item in upcoming(items, ordered):
        starts_at_ms, ends_at_ms = ends_at_ms, ends_at_ms + _lasts_ms(item, is_heard)
        if now_ms < ends_at_ms:
            planned.append((item, starts_at_ms))
    return planned


def lasts_ms(duration_ms: int, *, has_sound: bool, is_heard: bool, position_seconds: float = 0.0) -> int:
    """Milliseconds from an item's beginning to its end, if it is played from a position on."""
    if has_sound or not is_heard:
        return duration_ms
    return min(duration_ms, round(1000 * position_seconds) + SILENCE_MS)


def _lasts_ms(item: Timed, is_heard: bool, position_seconds: float = 0.0) -> int:
    return lasts_ms(item.duration_ms, has_sound=item.has_sound, is_heard=is_heard, position_seconds=position_seconds)
