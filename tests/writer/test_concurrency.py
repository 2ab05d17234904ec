"""Many writers on real connections: no error, no hole in the log, and everything adds up."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast
from uuid import UUID

from django.db import connection

from playlist import types
from playlist.errors import DomainError
from playlist.identity import Actor
from playlist.submissions import Submission
from playlist.writer import Writer
from tests.fold import apply_events
from tests.rooms import Room, make_tracks, person, without_stamp

WRITERS = 8
COMMANDS = 200
#: What a command may meet when seven others change the same queue.
EXPECTED = {"ITEM_NOT_FOUND", "DUPLICATE_TRACK", "CONFLICT"}


def some_command(choice: random.Random, items: list[UUID], track_ids: list[str]) -> types.AnyCommand:
    item = choice.choice(items) if items else UUID(int=0)
    commands: list[tuple[int, types.AnyCommand]] = [
        (60, types.TrackVote(id=item, direction=choice.choice(("up", "down", "none")))),
        (15, types.TrackAdd(track_id=choice.choice(track_ids))),
        (8, types.TrackMove(id=item, after=choice.choice([None, *items]))),
        (5, types.TrackMove(id=item, position=choice.uniform(-10, 10))),
        (5, types.TrackRemove(id=item)),
        (4, types.PlaybackNext()),
        (2, types.PlaybackPlay(item_id=item)),
        (1, types.PlaybackPause()),
    ]
    weights, kinds = zip(*commands, strict=True)
    return cast(types.AnyCommand, choice.choices(kinds, weights)[0])


def test_8_writers_with_200_mixed_commands_each() -> None:
    track_ids = make_tracks(40)
    room = Room.open()
    room.add(*track_ids[:20])
    before = room.snapshot()
    people = [person(f"P{number}") for number in range(WRITERS)]

    def write(number: int, actor: Actor) -> list[Any]:
        """A writer of its own, as a process of its own has; half of its commands wait in the queue together."""
        choice = random.Random(number)
        own = Writer(threads=1, batch_limit=128, queue_limit=4096)
        results: list[Any] = []
        try:
            while len(results) < COMMANDS:
                items = [item.id for item in room.items]
                some = [some_command(choice, items, track_ids) for _ in range(10)]
                waiting = [own.submit(room.id, Submission(actor, (command,))) for command in some if _sane(command)]
                results += [future.exception(120) or future.result(0) for future in waiting]
            return results
        finally:
            own.close()
            connection.close()

    with ThreadPoolExecutor(WRITERS) as threads:
        results = [result for of_one in threads.map(write, range(WRITERS), people) for result in of_one]

    assert len(results) >= WRITERS * COMMANDS
    refused = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(refusal, DomainError) and refusal.code in EXPECTED for refusal in refused), refused
    assert len(refused) < len(results) / 2
    room.check()
    folded = apply_events(before, room.events(since=before["revision"]))
    assert without_stamp(folded) == without_stamp(room.snapshot())


def _sane(command: types.AnyCommand) -> bool:
    """Not "put it behind itself", which is refused whoever else writes."""
    return not (isinstance(command, types.TrackMove) and command.after == command.id)
