"""python3 run.py bench votes: durable votes per second, over REST and over sockets, against the tutorials' endpoint.

All run in one process on one core, the load on another; each vote is by one of 32 people and changes something. Over
REST each has one under way, over sockets sixteen, and a vote counts when its `ack` has come, which is after its commit.
With PostgreSQL comes Redis, for both of them, as where several processes run.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import time
from collections import Counter
from statistics import median
from typing import get_args

from msgspec import Struct

from bench._load import Load, load
from bench._report import Row, print_table, unmeasured
from bench._servers import ALONE, AMONG_OTHERS, TUTORIALS, Database, Lab, Running, Spec, started
from bench._sockets import Socket, connect

CALLERS = 32
#: No op_id comes twice: it would only be answered again.
_numbers = itertools.count()
#: Votes under way on each socket.
IN_FLIGHT = 16


PRODUCTS: dict[str, Spec] = {"SQLite": ALONE, "PostgreSQL": AMONG_OTHERS}
SPECS = (*PRODUCTS.values(), *TUTORIALS.values())


def rows(lab: Lab, seconds: float = 1, turns: int = 5) -> list[Row]:
    """The goals of both ways, on each database there is: the medians of so many turns of so many seconds each."""
    found = []
    for name in get_args(Database):
        over_rest, over_ws = f"votes over REST, 32 at once, {name}", f"votes over sockets, {name}"
        if not lab.has(PRODUCTS[name]):
            missing = "needs PostgreSQL and redis-server"
            found += [unmeasured(over_rest, "≥ 6× the tutorials'", missing)]
            found += [unmeasured(over_ws, "≥ 20× the tutorials'", missing)]
            continue
        product, tutorial = lab.server(PRODUCTS[name]), lab.server(TUTORIALS[name])
        theirs, rest, ws, failed = [], [], [], 0
        for _ in range(turns):
            theirs.append(rest_votes(tutorial, seconds).per_second)
            ours = rest_votes(product, seconds)
            rest.append(ours.per_second)
            failed += ours.failed
            ws.append(socket_votes(product, seconds).per_second)
        rival = median(theirs)
        note = f"all for one song; {rival:.0f}/s there" + (f", {failed} FAILED here" if failed else "")
        ratio = median(rest) / rival
        reached = ratio >= 6 and not failed
        found.append(Row(over_rest, median(rest), "/s", ratio, "≥ 6× the tutorials'", reached, note))
        ratio = median(ws) / rival
        found.append(Row(over_ws, median(ws), "/s", ratio, "≥ 20× the tutorials'", ratio >= 20, note))
    return found


class Acks(Struct):
    """How many votes were committed."""

    seconds: float
    committed: int = 0
    #: With what came before and after that time.
    all_committed: int = 0

    @property
    def per_second(self) -> float:
        return self.committed / self.seconds


def socket_votes(server: Running, seconds: float, callers: int = CALLERS, in_flight: int = IN_FLIGHT) -> Acks:
    """Votes over `playlist.v1`: each socket keeps so many under way."""
    return asyncio.run(_vote_over_sockets(server.port, server.items[0], seconds, callers, in_flight))


async def _vote_over_sockets(port: int, item: str, seconds: float, callers: int, in_flight: int) -> Acks:
    acks = Acks(seconds)
    start_at = time.perf_counter() + seconds / 5
    end_at = start_at + seconds
    given: Counter[Socket] = Counter()

    def vote(socket: Socket) -> None:
        given[socket] += 1
        direction = (b"up", b"down")[given[socket] % 2]  # each changes what the one before said
        socket.send(
            b'{"type":"command","op_id":"%d","command":"track.vote","id":"%s","direction":"%s"}'
            % (next(_numbers), item.encode(), direction)
        )

    def heard(socket: Socket, text: bytes) -> None:
        is_ack = text.startswith(b'{"type":"ack"')
        if not is_ack and not text.startswith(b'{"type":"nack"'):
            return
        now = time.perf_counter()
        assert is_ack, text
        acks.all_committed += 1
        if start_at <= now < end_at:
            acks.committed += 1
        if now < end_at:
            vote(socket)

    sockets = [
        await connect(port, subprotocol="playlist.v1", number=number, on_text=heard) for number in range(callers)
    ]
    await asyncio.sleep(0.5)  # welcomes and snapshots
    start_at = time.perf_counter() + seconds / 5
    end_at = start_at + seconds
    for _ in range(in_flight):
        for socket in sockets:
            vote(socket)
    await asyncio.sleep(end_at - time.perf_counter())
    for socket in sockets:
        socket.close()
    return acks


def rest_votes(server: Running, seconds: float, callers: int = CALLERS) -> Load:
    """Votes over REST by so many people, each with one under way."""
    item = server.items[0]
    return load(server.port, callers, seconds, lambda caller, number: _vote(item, caller, number))


def _vote(item: str, caller: int, number: int) -> bytes:
    body = json.dumps({"direction": ("up", "down")[number % 2]})
    return (
        f"POST /api/playlist/{item}/vote HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.1.0.{caller}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench votes", description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0, help="how long a turn is")
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    with started(SPECS) as lab:
        print_table(rows(lab, options.seconds, options.turns))


if __name__ == "__main__":
    main()
