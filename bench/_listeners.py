"""Sockets in processes of their own, one on each core that is asked for, so that the server does not wait for them.

What is told to them carries the time at which somebody acted (`time.perf_counter_ns`, one clock for all processes of a
machine); they note how long ago that was.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
from array import array

from bench._servers import LOAD_CORE, SERVER_CORE, pin
from bench._sockets import Socket, connect
from tests.servers import ROOT

#: Where the stamp stands: in the events of `playlist.v1`, and at the beginning of what the bare server sends.
_STAMPS = {"playlist.v1": re.compile(rb'"op_id":"(\d+)"'), "": re.compile(rb"^(\d+)")}


class Listeners:
    """So many sockets at a server, spread over so many processes. Open when this returns."""

    def __init__(self, port: int, subprotocol: str, sockets: int, processes: int) -> None:
        self._processes = []
        for number in range(processes):
            first, end = sockets * number // processes, sockets * (number + 1) // processes
            numbers = map(str, (port, first, end))
            process = subprocess.Popen(
                [sys.executable, "-m", "bench._listeners", *numbers, subprotocol],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            pin(_core(number), process.pid)
            self._processes.append(process)
        for process in self._processes:
            assert process.stdout is not None
            if process.stdout.readline() != b"open\n":
                self.close()
                raise ConnectionError("Not everybody was let in.")

    def close(self) -> list[int]:
        """Let them go; every latency that they noted, in nanoseconds."""
        latencies = array("q")
        for process in self._processes:
            heard, _ = process.communicate()
            latencies.frombytes(heard)
        return latencies.tolist()


def _core(number: int) -> int:
    """The server has its own; the others go round, beginning with the one of the load."""
    others = [core for core in range(os.cpu_count() or 1) if core != SERVER_CORE] or [LOAD_CORE]
    return others[number % len(others)]


async def _listen(port: int, numbers: range, subprotocol: str) -> array[int]:
    latencies, stamps = array("q"), _STAMPS[subprotocol]

    def heard(socket: Socket, text: bytes) -> None:
        now = time.perf_counter_ns()
        latencies.extend([now - int(stamp) for stamp in stamps.findall(text)])

    sockets = [await connect(port, subprotocol=subprotocol, number=number, on_text=heard) for number in numbers]
    print("open", flush=True)
    await asyncio.to_thread(sys.stdin.read)  # until whoever started this has heard enough
    for socket in sockets:
        socket.close()
    return latencies


def main(port: str, first: str, end: str, subprotocol: str) -> None:
    latencies = asyncio.run(_listen(int(port), range(int(first), int(end)), subprotocol))
    sys.stdout.buffer.write(latencies.tobytes())


if __name__ == "__main__":
    main(*sys.argv[1:])
