"""When each waiting item will play, and why it stands where it does.

The client's room/explain.ts has the same rules and is tested with the same fixture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from msgspec import Struct

from playlist.ordering.plan import Running, Timed, plan
from playlist.ordering.turns import Ordered, is_filler, rounds_of, upcoming
from playlist.types import Reason

TimedT = TypeVar("TimedT", bound=Timed)

_BY_POSITION = Reason(kind="position")


class Explained(Struct, Generic[TimedT], frozen=True):
    """A waiting item: when it plays (Unix milliseconds; None while nothing plays), its round in fair order, and why."""

    item: TimedT
    plays_at_ms: int | None
    round: int | None
    because: list[Reason]


def explain(items: Iterable[TimedT], ordered: Ordered, playback: Running, *, is_heard: bool) -> list[Explained[TimedT]]:
    """What is still to play, the next one first. The times are exact as long as nobody changes anything.

    `is_heard`: a speaker is on, so silence is passed over.
    """
    items = list(items)
    waiting = upcoming(items, ordered)
    starts = {id(item): starts_at_ms for item, starts_at_ms in plan(items, ordered, playback, -1, is_heard=is_heard)}
    rounds = rounds_of(waiting, ordered)
    reasons = _reasons(waiting, rounds, ordered)
    return [
        Explained(item, starts.get(id(item)), round_, because)
        for item, round_, because in zip(waiting, rounds, reasons, strict=True)
    ]


def _reasons(waiting: list[TimedT], rounds: list[int | None], ordered: Ordered) -> Iterator[list[Reason]]:
    """Why each item stands where it does, given those that wait in playing order.

    `ahead` counts, of what people added and nobody boosted, the items of earlier rounds or, within a round, those with
    more votes.
    """
    index = round_at = tie_at = 0
    here: tuple[int | None, int | None] = (None, None)
    for item, round_ in zip(waiting, rounds, strict=True):
        if ordered.order != "manual" and item.boosted_at is not None:
            yield [Reason(kind="boosted")]
        elif ordered.order == "manual" or is_filler(item) or (ordered.order == "fair" and round_ is None):
            yield [_BY_POSITION]
        else:
            if round_ != here[0]:
                round_at = index
            if (round_, item.votes) != here:
                tie_at, here = index, (round_, item.votes)
            turn = [] if round_ is None else [Reason(kind="turn", round=round_, ahead=round_at)]
            by_votes = [Reason(kind="votes", ahead=tie_at - round_at)] if not turn or tie_at > round_at else []
            yield [*turn, *by_votes, *([_BY_POSITION] if index > tie_at else [])]
            index += 1
