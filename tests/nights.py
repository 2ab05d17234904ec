"""Random nights in a queue, without a database: what people do, and in which order their songs stand after each step.

A step is a line of text, so that a file of nights is small and the client replays the same one:

    add ID ADDER POSITION   somebody adds a song (ADDER "-": the server did)
    remove ID               it is taken out
    vote ID VOTES           it has so many votes by now
    boost ID SECOND         it is boosted, at that second of the night
    start ID SECOND         it starts to play
    back ID                 it was voted away early: its adder has the turn back
    order ORDER             the order is another one
    > IDS | ROUND TURNS     how the songs stand then, and the turns
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from playlist.ordering.fair import BEGINNING, given_back, started
from playlist.ordering.turns import Ordering, current_of, playing_order, upcoming, waits
from playlist.types import Because, PlaylistOrder

EVENING = datetime(2026, 1, 1, 20, tzinfo=UTC)
PEOPLE = ("anna", "bob", "carla", "dora", "emil")


class Song(msgspec.Struct):
    """An item of a night."""

    id: str
    position: float
    adder: str | None
    votes: int = 0
    is_playing: bool = False
    played_at: datetime | None = None
    boosted_at: datetime | None = None
    because: Because | None = None
    duration_ms: int = 0
    has_sound: bool = True


class Night:
    """A room that goes along with the steps."""

    def __init__(self) -> None:
        self.songs: dict[str, Song] = {}
        self.ordering = Ordering("manual")

    def do(self, step: str) -> None:
        what, *given = step.split()
        getattr(self, f"_{what}")(*given)

    def stands(self) -> str:
        """How the songs stand, and the turns."""
        ids = "".join(song.id for song in playing_order(self.songs.values(), self.ordering))
        fair = self.ordering.fair
        turns = (
            "" if fair is None else " ".join([str(fair.round), *(f"{who}{f}" for who, f in sorted(fair.turns.items()))])
        )
        return f"> {ids} | {turns}"

    def waiting(self) -> list[Song]:
        """What is still to play, the next one first."""
        return upcoming(self.songs.values(), self.ordering)

    def _add(self, id: str, adder: str, position: str) -> None:
        because = Because(kind="library") if adder == "-" else None
        lasts_ms = 60_000 + 997 * len(self.songs)
        adder_ = None if adder == "-" else adder
        self.songs[id] = Song(id, float(position), adder_, because=because, duration_ms=lasts_ms)

    def _remove(self, id: str) -> None:
        del self.songs[id]

    def _vote(self, id: str, votes: str) -> None:
        self.songs[id].votes = int(votes)

    def _boost(self, id: str, second: str) -> None:
        self.songs[id].boosted_at = EVENING + timedelta(seconds=float(second))

    def _start(self, id: str, second: str) -> None:
        current = current_of(self.songs.values())
        if current is not None:
            current.is_playing = False
        song = self.songs[id]
        song.is_playing, song.played_at = True, EVENING + timedelta(seconds=float(second))
        if self.ordering.fair is not None:
            people = [song.adder for song in self.songs.values() if song.adder is not None and waits(song)]
            self.ordering = Ordering("fair", started(self.ordering.fair, song.adder, people))

    def _back(self, id: str) -> None:
        if self.ordering.fair is not None:
            self.ordering = Ordering("fair", given_back(self.ordering.fair, self.songs[id].adder))

    def _order(self, order: PlaylistOrder) -> None:
        self.ordering = Ordering(order, BEGINNING if order == "fair" else None)


#: As many songs as have a letter.
_IDS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def steps_of(night: Night, choose: random.Random, count: int, *, in_turn: bool = False) -> Iterator[str]:
    """Random steps; `night` has done each of them when the next one is asked for.

    `in_turn`: the order stays fair, and nobody plays a song out of turn.
    """
    second, places = 0, choose.sample(range(-100, 1000), len(_IDS))
    if in_turn:
        yield "order fair"
    for _ in range(count):
        second += choose.randint(1, 300)
        step = _a_step(night, choose, second, places, in_turn)
        if step is not None:
            yield step
        if step is not None and step.startswith("back") and night.waiting():
            yield f"start {night.waiting()[0].id} {second}"


def _a_step(night: Night, choose: random.Random, second: int, places: list[int], in_turn: bool) -> str | None:
    waiting, current = night.waiting(), current_of(night.songs.values())
    match choose.choices(_WHAT, (30, 3, 10, 0 if in_turn else 6, 22, 0 if in_turn else 3, 4, 0 if in_turn else 3))[0]:
        case "add" if len(night.songs) < len(_IDS):
            id = next(id for id in _IDS if id not in night.songs)
            adder = choose.choices((*PEOPLE, "-"), (8, 4, 3, 2, 1, 1))[0]
            return f"add {id} {adder} {places[len(night.songs)] / 4}"
        case "remove" if waiting:
            return f"remove {choose.choice(waiting).id}"
        case "vote" if night.songs:
            return f"vote {choose.choice(list(night.songs))} {choose.randint(-3, 3)}"
        case "boost" if waiting:
            return f"boost {choose.choice(waiting).id} {second}"
        case "next" if waiting:
            return f"start {waiting[0].id} {second}"
        case "any" if waiting:
            return f"start {choose.choice(waiting).id} {second}"
        case "back" if current is not None and waiting:
            return f"back {current.id}"
        case "order":
            return f"order {choose.choice(('manual', 'votes', 'fair', 'fair'))}"
    return None


_WHAT = ("add", "remove", "vote", "boost", "next", "any", "back", "order")


def told(seed: int, steps: int = 40) -> list[str]:
    """A whole night, each step with how the songs stand after it."""
    night, lines = Night(), []
    for step in steps_of(night, random.Random(seed), steps):
        night.do(step)
        lines += [step, night.stands()]
    return lines


class Turns:
    """By how much the turns of two people differ, in the stretches in which both have songs waiting."""

    def __init__(self) -> None:
        self.widest = 0
        self._pairs: dict[tuple[str, str], _Pair] = {}

    def count(self, waiting: Iterable[str], adder: str | None, turns: int) -> None:
        """`adder` had so many turns; `waiting` are the people with songs left to play after that."""
        there = itertools.combinations(sorted(set(waiting)), 2)
        self._pairs = {pair: self._pairs.get(pair, _Pair()) for pair in there}
        for (one, other), pair in self._pairs.items():
            self.widest = max(self.widest, pair.count(turns * ((one == adder) - (other == adder))))

    def begin_anew(self) -> None:
        """A song was played out of turn: nobody compares with what was before."""
        self._pairs = {}


class _Pair:
    """Two people: how many more turns the one has had than the other, since both have songs waiting."""

    def __init__(self) -> None:
        self.ahead = self.least = self.most = 0

    def count(self, turns: int) -> int:
        """Returns by how much their turns differ in the stretch of these in which they differ most."""
        self.ahead += turns
        self.least, self.most = min(self.least, self.ahead), max(self.most, self.ahead)
        return self.most - self.least
