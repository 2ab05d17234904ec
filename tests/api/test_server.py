"""The server as it is started: addresses, signals, crashes, proxies, and Daphne."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

import pytest
from websockets.sync.client import connect

from playlist.models import Operation
from tests.rooms import Room
from tests.servers import DEADLINE, ROOT, environment_of_the_test_database, free_port, serving

pytestmark = pytest.mark.usefixtures("tracks")


def test_it_serves_says_where_and_ends_when_it_is_told() -> None:
    with serving() as server:
        status, item = server.call("POST", "playlist/", {"track_id": "track-1"})
        assert (status, item["track_id"]) == (201, "track-1")
        assert server.call("POST", "playlist", {"track_id": "track-2"}, chunked=True)[0] == 201
        assert server.call("POST", "playlist", {"track_id": "x" * 2**20}, chunked=True)[0] == 413
        assert server.call("POST", "playlist", {"track_id": "x" * 2**20})[0] == 413
        output = server.stop()
    assert server.process.returncode in (0, -signal.SIGTERM)
    assert f"Listening on http://127.0.0.1:{server.port}" in output
    assert "Only this machine reaches it" in output
    assert "Traceback" not in output
    assert "Warning" not in output


@pytest.mark.once
def test_it_waits_only_so_long_for_a_request_but_not_for_what_follows_one() -> None:
    with serving(environment={"REQUEST_SECONDS": "1"}) as server:
        unfinished = (b"", b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n12")
        lines = [socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE) for _ in unfinished]
        stream = socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE)
        stream.sendall(b"GET /api/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with connect(f"ws://127.0.0.1:{server.port}/ws") as listener:
            for line, beginning in zip(lines, unfinished, strict=True):
                line.sendall(beginning)
            for line in lines:
                with contextlib.suppress(ConnectionResetError):
                    assert line.recv(1) == b""
            assert server.call("POST", "playlist", {"track_id": "track-1"})[0] == 201
            heard = [json.loads(listener.recv(DEADLINE))["type"] for _ in range(2)]
            assert heard == ["ping", "track.added"], "a socket is no unfinished request"
        told = b""
        while b"track.added" not in told:
            more = stream.recv(65536)
            assert more, "nor is a stream"
            told += more


def test_nothing_acknowledged_is_lost_when_it_is_killed() -> None:
    """Forty votes have been answered, others are on their way, and then the process is gone."""
    main = Room.main()
    answered = threading.Semaphore(0)
    statuses: list[int] = []
    with serving() as server:
        first = server.call("POST", "playlist", {"track_id": "track-1"})[1]["id"]

        def vote(number: int) -> None:
            try:
                body = {"direction": ("up", "down")[number % 2]}
                status, _ = server.call("POST", f"playlist/{first}/vote", body, {"Idempotency-Key": f"k{number}"})
            except (OSError, HTTPException):
                return
            statuses.append(status)
            answered.release()

        with ThreadPoolExecutor(8) as callers:
            votes = [callers.submit(vote, number) for number in range(200)]
            for _ in range(40):
                assert answered.acquire(timeout=DEADLINE), statuses
            server.stop(signal.SIGKILL)
            for each in votes:
                each.result()
    assert set(statuses) == {200}
    assert Operation.objects.filter(key__startswith="k").count() >= len(statuses)
    main.check()
    with serving() as server:
        assert [item["id"] for item in server.call("GET", "playlist")[1]] == [first]
        assert server.call("POST", f"playlist/{first}/vote", {"direction": "up"})[1]["votes"] == 1


def test_two_processes_on_one_database(request: pytest.FixtureRequest) -> None:
    """The same key 20 times through both: one effect, and the same answer from either."""
    shared = {"REDIS_URL": "redis://127.0.0.1:1"}  # says that there are several; nothing is sent to it yet
    with serving(environment=shared) as one, serving(environment=shared) as other:

        def add(number: int) -> tuple[int, object]:
            server = (one, other)[number % 2]
            return server.call("POST", "playlist", {"track_id": "track-1"}, {"Idempotency-Key": "k"})

        with ThreadPoolExecutor(20) as callers:
            answers = list(callers.map(add, range(20)))
    assert answers == [answers[0]] * 20
    assert Room.main().row.revision == 1


@pytest.mark.once
def test_a_second_server_on_one_data_folder_says_so(tmp_path: Path) -> None:
    environment = {**environment_of_the_test_database(), "DATA_DIR": str(tmp_path), "PORT": str(free_port())}
    environment["DATABASE_URL"] = f"sqlite:///{tmp_path / 'playlist.sqlite3'}"
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(migrate, env=environment, cwd=ROOT, check=True, timeout=DEADLINE)
    with serving(environment=environment):
        second = subprocess.run(
            [sys.executable, "-m", "playlist_backend.server"],
            env={**environment, "PORT": str(free_port())},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
        )
    assert second.returncode == 1
    assert "Another server runs on" in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.once
def test_forwarded_headers_count_only_from_trusted_proxies() -> None:
    forwarded = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    for trusted, votes in (("", 1), ("127.0.0.0/8", 2)):
        with serving(environment={"TRUSTED_PROXIES": trusted}) as server:
            if not trusted:
                server.call("POST", "playlist", {"track_id": "track-1"})
            item = server.call("GET", "playlist")[1][0]["id"]
            server.call("POST", f"playlist/{item}/vote", {"direction": "up"})
            answer = server.call("POST", f"playlist/{item}/vote", {"direction": "up"}, forwarded)[1]
            assert answer["votes"] == votes, "another address is another voter only if the proxy is believed"
            scheme = "https" if trusted else "http"
            assert server.call("GET", "playlists/main", headers=forwarded)[1]["join_url"].startswith(f"{scheme}://")


@pytest.mark.once
def test_daphnes_runserver_serves_the_same() -> None:
    port = free_port()
    with serving("manage.py", "runserver", "--noreload", f"127.0.0.1:{port}", port=port) as server:
        assert server.call("POST", "playlist/add/", {"track_id": "track-1"})[0] == 201
        assert server.call("GET", "playlist")[1][0]["track_id"] == "track-1"


@pytest.mark.once
@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("ALLOWED_ORIGINS", "*", "ALLOWED_ORIGINS"),
        ("DATABASE_URL", "mysql://x:y@localhost/z", "DATABASE_URL"),
        ("PORT", "eighty", "PORT"),
    ],
)
def test_a_wrong_setting_stops_the_start(setting: str, value: str, says: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "playlist_backend.server"],
        env={**environment_of_the_test_database(), setting: value},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )
    assert ran.returncode != 0
    assert says in ran.stderr
