"""python3 run.py bench fanout: processor time for each delivery of an event to one socket.

Many sockets listen in one room while somebody votes. Each server is measured with nobody listening and with all of
them, in turns, so that the machine's moods reach everybody: the difference is the price of the deliveries, without the
price of the vote. The rivals send a constant as long as what the product sends: uvloop alone, which is the floor for
Python (twice, since a single event carries its song); node ws, where Node and the client's development packages are;
and Uvicorn with nothing behind it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import time
from collections.abc import Sequence
from statistics import median

from msgspec import Struct

from bench import _node
from bench._load import status_of
from bench._report import Row, unmeasured
from bench._servers import ALONE, BARE, TUTORIALS, Lab, Running, Spec, started
from bench._sockets import Socket, connect
from tests.servers import PRODUCT


class Kind(Struct, frozen=True):
    """What is measured: servers that share their sockets, what clients offer, and how the frames begin that count."""

    name: str
    specs: tuple[Spec, ...]
    subprotocol: str
    wanted: bytes


V1, V1_FRAME = "playlist.v1", b'{"type":"changes"'
RAW_WRITE = Kind("the raw write", (Spec(("-m", "bench._raw")),), "", b"x")
#: As long as a single event of a vote.
AS_LONG_AS_PLAIN = Spec(("-m", "bench._raw"), settings=(("BENCH_FRAME_BYTES", "840"),))
RAW_PLAIN = Kind("the raw write, plain", (AS_LONG_AS_PLAIN,), "", b"x")
NODE_WS = Kind("node ws", (Spec(("-m", "bench._node")),), "", b"x")
BARE_SERVER = Kind("the bare server", (Spec(BARE),), "", b"x")
OURS_V1 = Kind("this server, playlist.v1", (ALONE,), V1, V1_FRAME)
OURS_PLAIN = Kind("this server, plain mode", (Spec(PRODUCT, on="another"),), "", b'{"type":"track.voted"')
TUTORIAL = Kind("the tutorials' pattern", (TUTORIALS["SQLite"],), "", b'{"type": "track.voted"')
#: The tutorials' pattern drowns in more than a few hundred sockets, so it is asked apart.
KINDS = (RAW_WRITE, RAW_PLAIN, *([NODE_WS] if _node.program() else []), BARE_SERVER, OURS_V1, OURS_PLAIN)
TUTORIAL_SOCKETS = 500
#: A server that has not answered a vote by then has failed.
_PATIENCE_SECONDS = 30


class Pace(Struct, frozen=True):
    """How exactly: so many turns of so many seconds each, and how long is waited for what is under way."""

    turns: int = 11
    turn_seconds: float = 1.0
    settle_seconds: float = 2.0
    rate: float = 6.0


THOROUGH = Pace()


class Turn(Struct, frozen=True):
    """What one server did in one turn."""

    cpu_seconds: float
    events: int
    deliveries: int
    bytes: int


class Subject:
    """What is measured: a server, or several that share their work; its item and its sockets."""

    def __init__(self, kind: Kind, lab: Lab) -> None:
        self.kind = kind
        self._servers: list[Running] = [lab.server(spec) for spec in kind.specs]
        self._item = self._servers[0].items[0]
        self.sockets: list[Socket] = []
        self._most = 0
        self.alone: list[Turn] = []
        self.crowded: list[Turn] = []

    async def fill(self, count: int) -> None:
        """Up to so many sockets."""
        self._most = count
        for number in range(len(self.sockets), count):
            port = self._servers[number % len(self._servers)].port
            self.sockets.append(
                await connect(port, subprotocol=self.kind.subprotocol, wanted=self.kind.wanted, number=number)
            )

    async def turn(self, rate: float, seconds: float) -> Turn:
        """Votes at this pace, and what they cost."""
        frames, size = self._received()
        used, started = self._cpu_seconds(), time.perf_counter()
        events = await self._vote(rate, started + seconds)
        await self._all_arrive(frames + events * len(self.sockets))
        used = self._cpu_seconds() - used
        now_frames, now_size = self._received()
        return Turn(used, events, now_frames - frames, now_size - size)

    async def _all_arrive(self, frames: int) -> None:
        """What is under way arrives, or never does."""
        give_up_at = time.perf_counter() + 1
        await asyncio.sleep(0.12)  # a window and a bit, in which nothing may have been sent yet
        while self._received()[0] < frames and time.perf_counter() < give_up_at:
            await asyncio.sleep(0.02)

    def _cpu_seconds(self) -> float:
        return sum(server.cpu_seconds() for server in self._servers)

    def _received(self) -> tuple[int, int]:
        return sum(socket.frames for socket in self.sockets), sum(socket.bytes for socket in self.sockets)

    async def _vote(self, rate: float, until: float) -> int:
        """One person who changes their mind at an even pace; how often."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._servers[0].port)
        events, next_at = 0, time.perf_counter()
        while next_at < until:
            body = json.dumps({"direction": ("up", "down")[events % 2]})
            writer.write(
                f"POST /api/playlist/{self._item}/vote HTTP/1.1\r\nHost: localhost\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
            )
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await status_of(reader)
            events += 1
            next_at += 1 / rate
            await asyncio.sleep(max(0.0, next_at - time.perf_counter()))
        writer.close()
        return events

    def microseconds(self) -> float:
        """For one delivery: what a crowd costs beyond a vote of which nobody hears. In the median of the turns: a
        neighbour on the machine costs some of them more than all of what is to be seen."""
        vote = median(turn.cpu_seconds / turn.events for turn in self.alone)
        return self._median_us(vote)

    def microseconds_with_votes(self) -> float:
        """For one delivery: all that the servers did, the votes included; in the median of the turns."""
        return self._median_us(0.0)

    def _median_us(self, vote_seconds: float) -> float:
        return 1e6 * median(
            (turn.cpu_seconds - vote_seconds * turn.events) / max(1, turn.deliveries) for turn in self.crowded
        )

    def arrived(self) -> float:
        """The share of what should have been delivered that was."""
        expected = sum(turn.events for turn in self.crowded) * self._most
        return sum(turn.deliveries for turn in self.crowded) / max(1, expected)

    def frame_bytes(self) -> float:
        return sum(turn.bytes for turn in self.crowded) / max(1, sum(turn.deliveries for turn in self.crowded))

    def close(self) -> None:
        for socket in self.sockets:
            socket.close()
        self.sockets = []


def measure(lab: Lab, kinds: tuple[Kind, ...], sockets: int, pace: Pace) -> list[Subject]:
    """All of these side by side."""
    subjects = [Subject(kind, lab) for kind in kinds]
    asyncio.run(_in_turns(subjects, sockets, pace))
    return subjects


async def _in_turns(subjects: list[Subject], sockets: int, pace: Pace) -> None:
    """Each with nobody and with everybody; in turns, so that the machine's moods reach everybody."""
    for count in (0, sockets):
        for subject in subjects:
            await subject.fill(count)
        await asyncio.sleep(pace.settle_seconds)  # welcomes, snapshots and presence are another matter
        for subject in subjects:
            await subject.turn(pace.rate, pace.turn_seconds / 4)  # warms up
        for _ in range(pace.turns):
            for subject in subjects:
                turn = await subject.turn(pace.rate, pace.turn_seconds)
                (subject.crowded if count else subject.alone).append(turn)
    for subject in subjects:
        subject.close()


SPECS = tuple(spec for kind in (*KINDS, TUTORIAL) for spec in kind.specs)


def raise_descriptors(sockets: int) -> bool:
    """Whether so many sockets can be held at each end; the servers that start from now on inherit it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most == resource.RLIM_INFINITY or sockets + 200 <= most


def rows(lab: Lab, counts: Sequence[int] = (500, 3000), pace: Pace = THOROUGH) -> list[Row]:
    found = [row for sockets in counts for row in _rows_at(lab, sockets, pace)]
    sockets = min(*counts, TUTORIAL_SOCKETS)
    ours, tutorial = (subject.microseconds() for subject in measure(lab, (OURS_V1, TUTORIAL), sockets, pace))
    note = f"{sockets} sockets"
    reached = tutorial >= 10 * ours
    return [*found, Row("CPU for a delivery, tutorials'", tutorial, "µs", tutorial / ours, "≥ 10× ours", reached, note)]


def _rows_at(lab: Lab, sockets: int, pace: Pace) -> list[Row]:
    """Ours in both modes beside the raw write, the bare server and node ws, all in the same turns."""
    goal, with_vote = "CPU for a delivery, {}, {:,} sockets", "the same with its vote"
    raw_target, bare_target, node_target = "≤ 1.25× the raw write", "≤ 0.75× the bare server", "below node ws"
    if not raise_descriptors(sockets * len(KINDS)):
        return [unmeasured(goal.format("", sockets), raw_target, "the system allows too few open files")]
    measured = {subject.kind.name: subject for subject in measure(lab, KINDS, sockets, pace)}
    found = []
    for kind, mode, floor in ((OURS_V1, "playlist.v1", RAW_WRITE), (OURS_PLAIN, "plain", RAW_PLAIN)):
        ours = measured[kind.name]
        each, whole = ours.microseconds(), ours.microseconds_with_votes()
        raw, bare = measured[floor.name].microseconds(), measured[BARE_SERVER.name].microseconds_with_votes()
        name = goal.format(mode, sockets)
        found.append(Row(name, each, "µs", each / raw, raw_target, each <= 1.25 * raw))
        found.append(Row(f"  {with_vote}", whole, "µs", whole / bare, bare_target, whole <= 0.75 * bare))
        if NODE_WS.name in measured:
            node = measured[NODE_WS.name].microseconds()
            found.append(Row(f"  {name}", each, "µs", each / node, node_target, each < node))
        else:
            found.append(unmeasured(f"  {name}", node_target, "needs Node and the client's development packages"))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench fanout", description=__doc__)
    parser.add_argument("--sockets", type=int, nargs="+", default=[500, 3000])
    parser.add_argument("--turns", type=int, default=THOROUGH.turns)
    parser.add_argument("--rate", type=float, default=6.0, help="votes a second; more than 10 drowns the tutorials'")
    options = parser.parse_args()
    if not raise_descriptors(max(options.sockets) * len(KINDS)):
        parser.error("the system allows too few open files for so many sockets (ulimit -Hn)")
    pace = Pace(turns=options.turns, rate=options.rate)
    with started(SPECS) as lab:
        for sockets in options.sockets:
            subjects = measure(lab, KINDS, sockets, pace)
            if sockets <= TUTORIAL_SOCKETS:
                subjects += measure(lab, (TUTORIAL,), sockets, pace)
            _print(f"{sockets:,} sockets, {options.rate:g} votes/s", subjects)


def _print(what: str, subjects: list[Subject]) -> None:
    """µs for a delivery: without the vote, beside the raw write; with it, beside the bare server."""
    named = {subject.kind.name: subject for subject in subjects}
    bare = named[BARE_SERVER.name].microseconds_with_votes()
    print(f"{what:27} {'µs each':>8} {'of raw':>7} {'with vote':>10} {'of bare':>8} {'arrived':>8} {'bytes':>6}")
    for subject in subjects:
        each, whole = subject.microseconds(), subject.microseconds_with_votes()
        raw = named[(RAW_PLAIN if subject.kind in (RAW_PLAIN, OURS_PLAIN) else RAW_WRITE).name].microseconds()
        print(
            f"{subject.kind.name:27} {each:8.1f} {each / raw:6.2f}x {whole:10.1f} {whole / bare:7.2f}x"
            f" {100 * subject.arrived():7.0f}% {subject.frame_bytes():6.0f}"
        )


if __name__ == "__main__":
    main()
