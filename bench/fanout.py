"""python3 run.py bench fanout: processor time for each delivery of an event to one socket.

Many sockets listen in one room while somebody votes. Each server is measured with one socket and with all of them, in
turns, so that the machine's moods reach everybody: the difference is the price of the deliveries, without the price of
the vote. The bare server sends a constant as long as what the product sends.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from statistics import median

from msgspec import Struct

from bench._report import Row
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
KINDS = (
    Kind("the bare server", (Spec(BARE),), "", b"x"),
    Kind("this server, playlist.v1", (ALONE,), V1, V1_FRAME),
    Kind("this server, plain mode", (Spec(PRODUCT, on="another"),), "", b'{"type":"track.voted"'),
    Kind("the tutorials' pattern", (TUTORIALS["SQLite"],), "", b'{"type": "track.voted"'),
)


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
        await asyncio.sleep(0.12)  # what is under way arrives: a window and a bit
        used = self._cpu_seconds() - used
        now_frames, now_size = self._received()
        return Turn(used, events, now_frames - frames, now_size - size)

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
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
            events += 1
            next_at += 1 / rate
            await asyncio.sleep(max(0.0, next_at - time.perf_counter()))
        writer.close()
        return events

    def microseconds(self) -> float:
        """For one delivery: what a crowd costs beyond what one socket costs. In the median of the turns: a neighbour
        on the machine costs some of them more than all of what is to be seen."""
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
    """Each with one socket and with all of them; in turns, so that the machine's moods reach everybody."""
    for count in (1, sockets):
        for subject in subjects:
            await subject.fill(count)
        await asyncio.sleep(pace.settle_seconds)  # welcomes, snapshots and presence are another matter
        for subject in subjects:
            await subject.turn(pace.rate, pace.turn_seconds / 4)  # warms up
        for _ in range(pace.turns):
            for subject in subjects:
                turn = await subject.turn(pace.rate, pace.turn_seconds)
                (subject.alone if count == 1 else subject.crowded).append(turn)
    for subject in subjects:
        subject.close()


SPECS = tuple(spec for kind in KINDS for spec in kind.specs)


def rows(lab: Lab, sockets: int = 500, pace: Pace = THOROUGH) -> list[Row]:
    bare, v1, plain, tutorial = (subject.microseconds() for subject in measure(lab, KINDS, sockets, pace))
    note = f"{sockets} sockets"
    return [
        Row("CPU for a delivery, playlist.v1", v1, "µs", v1 / bare, "≤ 1.3× the bare server", v1 <= 1.3 * bare, note),
        Row(
            "CPU for a delivery, plain", plain, "µs", plain / bare, "≤ 1.3× the bare server", plain <= 1.3 * bare, note
        ),
        Row("CPU for a delivery, tutorials'", tutorial, "µs", tutorial / v1, "≥ 10× ours", tutorial >= 10 * v1, note),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench fanout", description=__doc__)
    parser.add_argument("--sockets", type=int, default=500)
    parser.add_argument("--turns", type=int, default=THOROUGH.turns)
    parser.add_argument("--rate", type=float, default=6.0, help="votes a second; more than 10 drowns the tutorials'")
    options = parser.parse_args()
    with started(SPECS) as lab:
        subjects = measure(lab, KINDS, options.sockets, Pace(turns=options.turns, rate=options.rate))
    bare = subjects[0].microseconds()
    what = f"{options.sockets} sockets, {options.rate:g} votes/s"
    print(f"{what:27} {'µs each':>8} {'ratio':>7} {'arrived':>8} {'bytes':>6}")
    for subject in subjects:
        each = subject.microseconds()
        print(
            f"{subject.kind.name:27} {each:8.1f} {each / bare:6.2f}x {100 * subject.arrived():7.0f}%"
            f" {subject.frame_bytes():6.0f}"
        )


if __name__ == "__main__":
    main()
