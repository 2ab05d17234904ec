"""`python -m tests.faults.witness PORT PORT [TOKEN …]`: people who behave, in a process of their own.

They vote at the first server ten times a second, all together: those with these tokens, or somebody without one.
Somebody else listens at the second. Prints a line once they do, and when its input has ended and each of them has voted
a few times a JSON list of the milliseconds from each vote to its arrival at the listener.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import sys
import time
from collections.abc import Sequence

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.realtime.client import V1Client  # noqa: E402
from tests.servers import Address  # noqa: E402

#: What the log of a scenario may hold besides what its crowd asked for.
OP_ID = "witness-"
#: So many votes of each say something. How long they take says how busy the machine is.
ENOUGH = 5


class Witness:
    """The process; `latencies_ms` ends it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, voter_port: int, listener_port: int, tokens: Sequence[str] = ()) -> Witness:
        command = ("-m", "tests.faults.witness", str(voter_port), str(listener_port), *tokens)
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(sys.executable, *command, stdin=pipe, stdout=pipe)
        assert process.stdout is not None
        await process.stdout.readline()
        return cls(process)

    async def latencies_ms(self) -> list[float]:
        """In ascending order. Raises AssertionError when the witness was let down."""
        said, _ = await self._process.communicate(b"")
        assert self._process.returncode == 0, "I7: a healthy client was cut off"
        return sorted(json.loads(said))

    def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()


async def _watch(voter_port: int, listener_port: int, tokens: Sequence[str]) -> list[float]:
    voters = [await V1Client("main", token).open(Address(voter_port)) for token in tokens or (None,)]
    listener = await V1Client("main").open(Address(listener_port))
    for client in (*voters, listener):
        await client.until_revision(0)
    print("watching", flush=True)
    over = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    pause = 0.1 * len(voters)
    found = await asyncio.gather(*(_vote(number, voter, listener, over, pause) for number, voter in enumerate(voters)))
    for client in (*voters, listener):
        await client.close()
    return [latency for latencies in found for latency in latencies]


async def _vote(
    number: int, voter: V1Client, listener: V1Client, over: asyncio.Future[str], pause: float
) -> list[float]:
    """Until it is over, or nothing is left to vote for; the milliseconds that each vote took."""
    latencies: list[float] = []
    await asyncio.sleep(pause * random.random())
    for turn in itertools.count():
        waiting = [item for item in voter.state["items"] if not item["is_playing"]]
        if (over.done() and len(latencies) >= ENOUGH) or not waiting:
            break
        started = time.perf_counter()
        item, direction = waiting[number % len(waiting)]["id"], ("up", "down")[turn % 2]
        answer = await voter.command("track.vote", f"{OP_ID}{number}-{turn}", id=item, direction=direction)
        if answer["type"] == "nack":  # somebody has removed it
            assert answer["error"]["code"] == "ITEM_NOT_FOUND", answer
        else:
            await listener.until_revision(answer["revision"])
            latencies.append(1000 * (time.perf_counter() - started))
        assert voter.closed_with is None
        assert listener.closed_with is None
        await asyncio.sleep(pause)
    return latencies


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_watch(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))))
