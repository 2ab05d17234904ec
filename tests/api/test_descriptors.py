"""More connections than a process may have descriptors for."""

from __future__ import annotations

import contextlib
import resource
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from websockets.sync.client import connect

from playlist_backend.descriptors import Crowd
from tests.servers import DEADLINE, PRODUCT, Server, serving

LIMIT = 256


class Connection:
    def __init__(self) -> None:
        self.aborted = False

    def abort(self) -> None:
        self.aborted = True


def test_the_silent_go_first_then_those_that_rest_then_whoever_comes() -> None:
    crowd = Crowd(most=4)
    asking, resting, again, silent, *late = (Connection() for _ in range(8))
    for count, connection in enumerate((asking, resting, again, silent), start=1):
        crowd.came(connection, count)
    for connection in (asking, resting, again):
        crowd.asks(connection)
    for connection in (resting, again):
        crowd.rests(connection)
    crowd.asks(again)
    crowd.rests(again)
    everybody = (asking, resting, again, silent, *late)
    gone = []
    for connection in late:
        crowd.came(connection, 5)
        crowd.asks(connection)
        gone += [one for one in everybody if one.aborted and one not in gone]
    assert gone == [silent, resting, again, late[3]]


def test_whoever_has_left_is_forgotten() -> None:
    crowd = Crowd(most=1)
    silent, resting, new = Connection(), Connection(), Connection()
    crowd.came(silent, 1)
    crowd.left(silent)
    crowd.came(resting, 1)
    crowd.asks(resting)
    crowd.rests(resting)
    crowd.left(resting)
    crowd.came(new, 2)
    assert (silent.aborted, resting.aborted, new.aborted) == (False, False, True)


@pytest.fixture
def narrow() -> Iterator[Server]:
    """A server that may have LIMIT descriptors, and starts with half of them."""
    program = f"import resource, runpy; resource.setrlimit(resource.RLIMIT_NOFILE, ({LIMIT // 2}, {LIMIT}))"
    with serving("-c", f"{program}; runpy.run_module({PRODUCT[1]!r}, run_name='__main__')") as server:
        yield server


@pytest.mark.skipif(sys.platform == "win32", reason="sockets are no descriptors there")
@pytest.mark.usefixtures("tracks")
def test_people_notice_nothing_of_idle_connections(narrow: Server) -> None:
    with ExitStack() as stack:
        listeners = [stack.enter_context(connect(f"ws://127.0.0.1:{narrow.port}/ws")) for _ in range(20)]
        idle = []
        for _ in range(2 * LIMIT):
            with contextlib.suppress(OSError):
                idle.append(stack.enter_context(socket.create_connection(("127.0.0.1", narrow.port), timeout=DEADLINE)))
            if len(idle) % 50 == 0:
                assert narrow.call("GET", "playlist")[0] == 200
        assert narrow.call("POST", "playlist", {"track_id": "track-1"})[0] == 201
        for listener in listeners:
            while '"track.added"' not in listener.recv(DEADLINE):
                pass
        soft, _ = resource.prlimit(narrow.process.pid, resource.RLIMIT_NOFILE)
        assert soft == LIMIT
        idle[0].settimeout(DEADLINE)
        with contextlib.suppress(ConnectionResetError):
            assert idle[0].recv(1) == b"", "the one that waited longest without a word is let go"
    said = narrow.stop()
    assert f"This process may open {LIMIT} files and connections" in said
    assert said.count("as many connections as this process may hold") == 1
