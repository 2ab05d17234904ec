"""python3 run.py bench joins: what it costs to let people in, and to hold them.

A thousand join a room of five hundred songs, and get its snapshot; the bare server answers a handshake with as many
bytes. Then all of them are idle, and what they hold of the server's memory is compared.
"""

from __future__ import annotations

import argparse
import asyncio
from statistics import median

from msgspec import Struct

from bench._report import Row, print_table
from bench._servers import BARE, SONGS, Lab, Running, Spec, started
from bench._sockets import Socket, connect
from tests.servers import PRODUCT

#: People who join at the same time.
AT_ONCE = 50


class Joined(Struct, frozen=True):
    """What it took to let so many in."""

    cpu_seconds: float
    memory_bytes: int
    bytes: int


ROOM, YARDSTICK = Spec(PRODUCT, on="another"), Spec(BARE)
SPECS = (ROOM, YARDSTICK)


def rows(lab: Lab, joins: int = 1000, turns: int = 5) -> list[Row]:
    """To be measured before anything else has used the servers' memory."""
    idle = _memory(lab, joins)
    ours, bare, size = compare(lab, ROOM, joins, turns)
    note = f"{joins} nameless people, {size / 1000:.0f} kB each, nothing changes meanwhile"
    ratio = ours / bare
    return [Row(f"CPU for a join, {SONGS} songs", ours, "µs", ratio, "≤ 2× the bare server", ratio <= 2, note), idle]


def compare(lab: Lab, room: Spec, joins: int, turns: int) -> tuple[float, float, int]:
    """Microseconds of CPU for a join of the room and for one of the bare server, each the median of turns side by side;
    and the bytes of either."""
    ours, bare = [], []
    for _ in range(turns):
        ours.append(measure(lab.server(room), joins))
        bare.append(measure_bare(lab.server(YARDSTICK), joins, ours[0].bytes // joins))
    each, yardstick = (1e6 * median(turn.cpu_seconds for turn in both) / joins for both in (ours, bare))
    return each, yardstick, ours[0].bytes // joins


def measure(server: Running, joins: int) -> Joined:
    """Somebody is there already, as in any room that a thousand want to join."""

    async def join() -> Joined:
        resident = await connect(server.port, subprotocol="playlist.v1", number=1_000_000)
        await let_in(server, 2 * AT_ONCE, "playlist.v1")  # the first snapshot, and what is loaded late
        joined = await let_in(server, joins, "playlist.v1")
        resident.close()
        return joined

    return asyncio.run(join())


def measure_bare(server: Running, joins: int, size: int) -> Joined:
    """A handshake, and so many bytes."""

    async def join() -> Joined:
        await let_in(server, 2 * AT_ONCE, "", size)
        return await let_in(server, joins, "", size)

    return asyncio.run(join())


def _memory(lab: Lab, sockets: int) -> Row:
    ours, bare = memory(lab.server(ROOM), sockets, "playlist.v1"), memory(lab.server(YARDSTICK), sockets, "")
    note, ratio = f"{sockets} sockets; the bare server {bare / 1000:.1f} kB", ours / bare
    return Row("memory of an idle socket", ours / 1000, "kB", ratio, "≤ 1.5× the bare server", ratio <= 1.5, note)


def memory(server: Running, sockets: int, subprotocol: str, size: int = 0) -> float:
    """Bytes that an idle socket takes, of a process in which there was none so far."""
    asyncio.run(let_in(server, 20, subprotocol, size, keep=True))
    return asyncio.run(let_in(server, sockets, subprotocol, size, keep=True)).memory_bytes / sockets


async def let_in(server: Running, count: int, subprotocol: str, size: int = 0, keep: bool = False) -> Joined:
    """Let `count` people in, a few at a time; each goes again when all is there, unless they are kept.

    `size`: the bytes after which a socket of the bare server has got everything.
    """
    got: dict[Socket, asyncio.Event] = {}
    received = 0

    def heard(socket: Socket, text: bytes) -> None:
        nonlocal received
        received += len(text)
        is_last = b'"my_votes":' in text[-4096:] if subprotocol else len(text) >= size
        if is_last:
            got.setdefault(socket, asyncio.Event()).set()

    path = f"/ws?{size}" if size else "/ws"

    async def join(number: int) -> Socket:
        socket = await connect(server.port, path, subprotocol=subprotocol, number=number, on_text=heard)
        if subprotocol or size:
            await got.setdefault(socket, asyncio.Event()).wait()
        if not keep:
            socket.close()
        return socket

    used, held = server.cpu_seconds(), server.memory_bytes()
    sockets: list[Socket] = []
    for first in range(0, count, AT_ONCE):
        sockets += await asyncio.gather(*(join(n) for n in range(first, min(count, first + AT_ONCE))))
    await asyncio.sleep(0.5 if keep else 0.1)
    joined = Joined(server.cpu_seconds() - used, server.memory_bytes() - held, received)
    for socket in sockets:
        socket.close()
    return joined


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench joins", description=__doc__)
    parser.add_argument("--joins", type=int, default=1000)
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    with started(SPECS) as lab:
        print_table(rows(lab, options.joins, options.turns))


if __name__ == "__main__":
    main()
