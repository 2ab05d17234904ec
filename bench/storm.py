"""python3 run.py bench storm: a thousand votes a second into a room of many sockets.

Counts what each client gets: frames a second, bytes for each vote, and whether the last state arrived.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import math
import re
import time

from msgspec import Struct

from bench._report import Row, print_table
from bench._servers import ALONE, Lab, started
from bench._sockets import Socket, connect

#: Who votes in the storm, each over a socket of their own.
VOTERS = 20
RATE = 1000
_VOTES = re.compile(rb'"votes":(-?\d+)')


class Heard(Struct):
    """What one listener got."""

    frames: int = 0
    bytes: int = 0
    votes: int | None = None


SPECS = (ALONE,)


def rows(lab: Lab, seconds: float = 5, sockets: int = 200) -> list[Row]:
    server = lab.server(SPECS[0])
    return asyncio.run(_storm(server.port, server.items[0], seconds, sockets))


async def _storm(port: int, item: str, seconds: float, sockets: int) -> list[Row]:
    heard: dict[Socket, Heard] = {}

    def listen(socket: Socket, text: bytes) -> None:
        if text.startswith(b'{"type":"changes"'):
            mine = heard.setdefault(socket, Heard())
            mine.frames += 1
            mine.bytes += len(text)
            mine.votes = int(_VOTES.findall(text)[-1])

    acks: dict[Socket, int] = {}
    last: dict[int, int] = {}

    def voted(socket: Socket, text: bytes) -> None:
        if text.startswith(b'{"type":"ack"'):
            answer = json.loads(text)
            acks[socket] = acks.get(socket, 0) + 1
            last[answer["revision"]] = answer["result"]["votes"]

    listeners = [await connect(port, subprotocol="playlist.v1", number=n, on_text=listen) for n in range(sockets)]
    voters = [await connect(port, subprotocol="playlist.v1", number=1000 + n, on_text=voted) for n in range(VOTERS)]
    await asyncio.sleep(1)
    numbers = itertools.count()
    _vote(voters[0], item, next(numbers), "up")
    await asyncio.sleep(0.5)
    lone_bytes = sum(mine.bytes for mine in heard.values()) / max(1, sum(mine.frames for mine in heard.values()))
    heard.clear()
    sent = await _send(voters, item, seconds, numbers)
    while sum(acks.values()) < sent + 1:
        await asyncio.sleep(0.05)
    await asyncio.sleep(1)
    frames = max(mine.frames for mine in heard.values())
    limit = math.floor(20 * seconds) + 1
    each = sum(mine.bytes for mine in heard.values()) / (sockets * sent)
    final = last[max(last)]
    exact = sum(mine.votes == final for mine in heard.values())
    for socket in (*listeners, *voters):
        socket.close()
    pace = f"{sent / seconds:.0f} votes/s for {seconds:g} s"
    return [
        Row("frames for a client in a storm", frames, "", None, f"≤ {limit}", frames <= limit, pace),
        Row("clients at the last state", exact, "", exact / sockets, "all", exact == sockets, f"of {sockets}"),
        Row("bytes for a lone vote", lone_bytes, "B", None, "≤ 300 B", lone_bytes <= 300),
        Row("bytes for each vote in the storm", each, "B", None, "≤ 100 B", each <= 100),
    ]  # fmt: skip


async def _send(voters: list[Socket], item: str, seconds: float, numbers: itertools.count[int]) -> int:
    """Votes at an even pace, by one voter after the other; how many."""
    started, sent = time.perf_counter(), 0
    while (elapsed := time.perf_counter() - started) < seconds:
        while sent < elapsed * RATE:
            _vote(voters[sent % VOTERS], item, next(numbers), ("down", "up")[sent // VOTERS % 2])
            sent += 1
        await asyncio.sleep(0.005)
    return sent


def _vote(voter: Socket, item: str, number: int, direction: str) -> None:
    frame = {"type": "command", "op_id": str(number), "command": "track.vote", "id": item, "direction": direction}
    voter.send(json.dumps(frame).encode())


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench storm", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--sockets", type=int, default=200)
    options = parser.parse_args()
    with started(SPECS) as lab:
        print_table(rows(lab, options.seconds, options.sockets))


if __name__ == "__main__":
    main()
