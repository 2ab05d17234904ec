"""`python -m tests.faults.witness PORT PORT`: a well-behaved pair in a process of its own, while others misbehave.

One votes at the first server ten times a second, the other one listens at the second. Prints a line once it does, and
when its input ends a JSON list of the milliseconds from each vote to its arrival at the listener.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.realtime.client import V1Client  # noqa: E402
from tests.servers import Address  # noqa: E402

#: What the log of a scenario may hold besides what its crowd asked for.
OP_ID = "witness-"


class Witness:
    """The process; `latencies_ms` ends it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, *ports: int) -> Witness:
        command = ("-m", "tests.faults.witness", *(str(port) for port in ports))
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


async def _watch(voter_port: int, listener_port: int) -> list[float]:
    voter = await V1Client("main").open(Address(voter_port))
    listener = await V1Client("main").open(Address(listener_port))
    for client in (voter, listener):
        await client.until_revision(0)
    print("watching", flush=True)
    over = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    latencies: list[float] = []
    for number in itertools.count():
        waiting = [item for item in voter.state["items"] if not item["is_playing"]]
        if over.done() or not waiting:
            break
        started = time.perf_counter()
        direction = ("up", "down")[number % 2]
        answer = await voter.command("track.vote", f"{OP_ID}{number}", id=waiting[0]["id"], direction=direction)
        if answer["type"] == "nack":  # somebody has removed it
            assert answer["error"]["code"] == "ITEM_NOT_FOUND", answer
        else:
            await listener.until_revision(answer["revision"])
            latencies.append(1000 * (time.perf_counter() - started))
        assert voter.closed_with is None
        assert listener.closed_with is None
        await asyncio.sleep(0.1)
    for client in (voter, listener):
        await client.close()
    return latencies


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_watch(int(sys.argv[1]), int(sys.argv[2])))))
