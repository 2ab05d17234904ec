"""python3 run.py bench curves: how cost grows with sockets, votes, songs, rooms and processes, as tables in Markdown.

These are the tables of docs/performance.md. They take about ten minutes; --quick shows in three that they work.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Iterable, Sequence

from bench import fanout, joins, processes, votes
from bench._servers import ALONE, BARE, TUTORIALS, Lab, Running, Spec, started
from bench._sockets import Socket, connect
from bench.client import Caller
from bench.fanout import Pace
from tests.servers import PRODUCT


def print_markdown(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    print(f"\n{title}\n\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)


def per_delivery(lab: Lab, counts: Sequence[int], pace: Pace) -> None:
    """CPU for a delivery, by sockets in the room. The tutorials' pattern is asked for no more than it can do."""

    def rows() -> Iterable[Sequence[str]]:
        for count in counts:
            # Never more than a third of a core for the slowest that takes part.
            rate = min(10.0, 12_000 / count)
            kinds = (fanout.BARE_SERVER, fanout.OURS_V1, fanout.OURS_PLAIN)
            bare, v1, plain = (one.microseconds() for one in fanout.measure(lab, kinds, count, _at(pace, rate)))
            slow = min(10.0, 1200 / count)
            (tutorial,) = (
                one.microseconds() for one in fanout.measure(lab, (fanout.TUTORIAL,), count, _at(pace, slow))
            )
            yield f"{count:,}", f"{bare:.1f}", f"{v1:.1f}", f"{plain:.1f}", f"{tutorial:.0f}"

    head = ("sockets", "bare server, µs", "`playlist.v1`, µs", "plain mode, µs", "the tutorials', µs")
    print_markdown("CPU for each delivery", head, rows())


def _at(pace: Pace, rate: float) -> Pace:
    return Pace(pace.turns, max(pace.turn_seconds, 5 / rate), pace.settle_seconds, rate)


def per_vote(lab: Lab, at_once: Sequence[int], seconds: float) -> None:
    """CPU and rate of durable votes over sockets, by how many are under way."""

    def rows() -> Iterable[Sequence[str]]:
        for count in at_once:
            cells = [str(count)]
            for name, spec in votes.PRODUCTS.items():
                if name not in lab.databases:
                    cells += ["–", "–"]
                    continue
                server = lab.server(spec)
                used = server.cpu_seconds()
                acks = votes.socket_votes(server, seconds, callers=min(count, 32), in_flight=max(1, count // 32))
                used = server.cpu_seconds() - used
                cells += [f"{1e6 * used / acks.all_committed:.0f}", f"{acks.per_second:,.0f}"]
            yield cells

    head = ("votes under way", "SQLite, µs", "SQLite, /s", "PostgreSQL and Redis, µs", "PostgreSQL and Redis, /s")
    print_markdown("CPU for each vote, and votes a second", head, rows())


def per_join(lab: Lab, songs: Sequence[int], count: int, turns: int) -> None:
    """CPU for a join, by songs in the room."""

    def rows() -> Iterable[Sequence[str]]:
        for number in songs:
            each, yardstick, size = joins.compare(lab, Spec(PRODUCT, songs=number), count, turns)
            yield f"{number:,}", f"{size / 1000:.0f}", f"{each:.0f}", f"{yardstick:.0f}", f"{each / yardstick:.1f}×"

    head = ("songs", "kB sent", "a join, µs", "bare server, µs", "ratio")
    print_markdown("CPU for each join", head, rows())


def memory(lab: Lab, sockets: int, rooms: int) -> None:
    """Memory of an idle socket, and of a room that one socket watches."""

    def rows() -> Iterable[Sequence[str]]:
        ours = joins.memory(lab.server(Spec(PRODUCT, on="memory")), sockets, "playlist.v1")
        bare = joins.memory(lab.server(Spec(BARE, on="memory")), sockets, "")
        tutorial = joins.memory(lab.server(Spec(TUTORIALS["SQLite"].command, on="memory of theirs")), sockets, "")
        server = lab.server(Spec(PRODUCT, on="memory of rooms"))
        room = asyncio.run(_rooms(server, rooms)) - ours
        yield f"{ours / 1000:.1f}", f"{bare / 1000:.1f}", f"{tutorial / 1000:.1f}", f"{room / 1000:.1f}"

    head = ("a socket, kB", "bare server, kB", "the tutorials', kB", "a watched room, kB")
    print_markdown(f"Memory, with {sockets:,} sockets in one room and {rooms:,} rooms with one", head, rows())


async def _rooms(server: Running, count: int) -> float:
    """Bytes for each room with one socket in it."""

    call = Caller(server.port)
    slugs = [
        call("POST", "playlists", {"name": f"Room {number}", "visibility": "public"})["slug"]
        for number in range(count + 20)
    ]
    sockets: list[Socket] = []

    async def fill(some: list[str]) -> None:
        paths = [f"/ws/playlists/{slug}" for slug in some]
        sockets.extend(
            [await connect(server.port, path, subprotocol="playlist.v1", wanted=b'{"type":"welcome"') for path in paths]
        )
        await asyncio.sleep(2)
        assert all(socket.frames for socket in sockets), "somebody was not let in"

    await fill(slugs[:20])
    before = server.memory_bytes()
    await fill(slugs[20:])
    held = server.memory_bytes() - before
    for socket in sockets:
        socket.close()
    return held / count


def nudges(lab: Lab, seconds: float) -> None:
    """What a process pays for each batch of a room that nobody watches there."""
    if not all(lab.has(spec) for spec in processes.TWO):
        return
    voting, idle = (lab.server(spec) for spec in processes.TWO)
    asyncio.run(joins.let_in(idle, 1, "playlist.v1"))  # a process listens from its first reader on
    votes.rest_votes(voting, 1, callers=1)  # the first of everything costs more
    before = idle.cpu_seconds()
    time.sleep(seconds)
    nothing = idle.cpu_seconds() - before
    before = idle.cpu_seconds()
    started, batches = time.perf_counter(), votes.rest_votes(voting, seconds, callers=1).statuses[200]
    took = time.perf_counter() - started
    each = (idle.cpu_seconds() - before - nothing * took / seconds) / (batches * took / seconds)
    print_markdown("Another process", ("a nudge for nobody here, µs",), [(f"{1e6 * each:.0f}",)])


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench curves", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    with started([*fanout.SPECS, *votes.SPECS, ALONE]) as lab:
        memory(lab, *((200, 20) if quick else (1000, 300)))
        per_join(lab, (10, 100, 1000), *((100, 1) if quick else (1000, 3)))
        per_vote(lab, (1, 8, 32, 128), 0.5 if quick else 5)
        nudges(lab, 2 if quick else 10)
        per_delivery(lab, (100, 300) if quick else (100, 300, 1000, 3000), Pace(1 if quick else 4, 1, 1))


if __name__ == "__main__":
    main()
