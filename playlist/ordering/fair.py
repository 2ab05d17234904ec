"""Turns in fair order. Pure functions on numbers and structs; no Django.

Start-time fair queueing (Goyal, Vin and Cheng: "Start-time Fair Queueing: A Scheduling Algorithm for Integrated
Services Packet Switching Networks", SIGCOMM 1996), with each person as a flow and every song one unit. The client's
room/fair.ts has the same rules and is tested with the same fixture.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from playlist.types import Fair

#: A room that has just entered fair order.
BEGINNING = Fair(round=0, turns={})


def start_of(adder: str, fair: Fair) -> int:
    """The round of a person's next song: nobody is behind the running round."""
    return max(fair.round, fair.turns.get(adder, fair.round))


def started(fair: Fair, adder: str | None, still_waiting: Iterable[str]) -> Fair:
    """The turns after a song of `adder` has started; `still_waiting` are the people with songs left to play.

    What nobody added takes no turn. The running round never passes the next turn of anybody who waits, so the rounds of
    all waiting songs stay what they were.
    """
    if adder is None:
        return fair
    start = start_of(adder, fair)
    turns = {**fair.turns, adder: start + 1}
    after = Fair(round=fair.round, turns=turns)
    soonest = min((start_of(person, after) for person in still_waiting), default=start)
    return _tidied(max(fair.round, min(start, soonest)), turns)


def given_back(fair: Fair, adder: str | None) -> Fair:
    """The turns after people voted a song away before its half: its adder has the turn again."""
    if adder is None or adder not in fair.turns:
        return fair
    return _tidied(fair.round, {**fair.turns, adder: fair.turns[adder] - 1})


def _tidied(round_: int, turns: Mapping[str, int]) -> Fair:
    """Without the entries that say no more than the running round does."""
    return Fair(round=round_, turns={adder: finish for adder, finish in turns.items() if finish > round_})
