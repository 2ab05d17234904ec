"""Positions of items: numbers between numbers."""

from __future__ import annotations

import math

#: A client's `position` lies within ± this number, so that adding 1 to it is always exact.
POSITION_LIMIT = 1e9


def calculate_position(previous: float | None, following: float | None) -> float:
    """The position between two neighbours; None means that there is no neighbour on that side.

    Only None means absent: 0 is a position like any other. Doubles run out after about 50 halvings of one
    gap; `fits` tells, and the caller renumbers.
    """
    if previous is None and following is None:
        return 1.0
    if previous is None:
        assert following is not None
        return following - 1
    if following is None:
        return previous + 1
    # Halve before adding, as two large neighbours must not overflow; exact for all positions within the limit.
    return previous / 2 + following / 2


def fits(previous: float | None, position: float, following: float | None) -> bool:
    """Whether `position` is a finite number strictly beyond or between its neighbours."""
    return (
        math.isfinite(position)
        and (previous is None or previous < position)
        and (following is None or position < following)
    )


def spread(previous: float | None, following: float | None, count: int) -> list[float]:
    """The positions of `count` items in a row between two neighbours. `fits` may fail for them in a narrow gap."""
    if following is None:
        start = 0.0 if previous is None else previous
        return [start + number for number in range(1, count + 1)]
    if previous is None:
        return [following - number for number in range(count, 0, -1)]
    step = (following - previous) / (count + 1)
    return [previous + step * number for number in range(1, count + 1)]


def renumber(count: int) -> list[float]:
    """The positions of a renumbered playlist with `count` items: 1, 2, 3…"""
    return [float(number) for number in range(1, count + 1)]
