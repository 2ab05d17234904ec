"""Real server processes on real ports, for what only they can show."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, Protocol
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from prometheus_client.parser import text_string_to_metric_families

ROOT = Path(__file__).resolve().parent.parent

PRODUCT = ("-m", "playlist_backend.server")

#: Seconds; ten times what is expected, so that only a hang is a failure.
DEADLINE = 60


def environment_of_the_test_database() -> dict[str, str]:
    """The environment in which another process works on the database of this test."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{quote(str(database['NAME']))}"
    else:
        user, password = quote(database["USER"]), quote(database["PASSWORD"])
        url = f"postgres://{user}:{password}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return {
        **os.environ,
        "DATABASE_URL": url,
        "DATA_DIR": str(settings.DATA_DIR),
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "playlist_backend.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }


def free_port() -> int:
    """A port that the system gives to nobody else for the next minute, during which a server may take it.

    A connection that was closed at this end rests in TIME_WAIT: that keeps the port from those who ask for any, and not
    from who asks for this one with SO_REUSEADDR, as all servers do.
    """
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        port = int(listener.getsockname()[1])
        with socket.create_connection(("127.0.0.1", port)):
            accepted, _ = listener.accept()
            accepted.close()
    return port


class Door(Protocol):
    """Where clients come in: a server, or what stands in front of it."""

    @property
    def port(self) -> int: ...


class Address(NamedTuple):
    """A door of which only the port is known."""

    port: int


class Server:
    """A server process of ours, which answers on `port`."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port

    def request(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, chunked: bool = False
    ) -> tuple[int, str, dict[str, str]]:
        """Status, text and headers of one request on a connection of its own."""
        caller = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)
        data = None if body is None else json.dumps(body).encode()
        given = {"Content-Type": "application/json", **(headers or {})}
        sent = iter([data[:5], data[5:]]) if chunked and data else data
        caller.request(method, path, sent, given, encode_chunked=chunked)
        response = caller.getresponse()
        text = response.read().decode()
        caller.close()
        return response.status, text, {name.lower(): value for name, value in response.getheaders()}

    def call(self, method: str, path: str, *arguments: Any, **named: Any) -> tuple[int, Any]:
        """Status and JSON of a request to the API; like `request`."""
        status, text, _ = self.request(method, f"/api/{path}", *arguments, **named)
        return status, json.loads(text) if text else None

    def ask(self, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
        """Status, text and headers of a GET of any path."""
        return self.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def metrics(self) -> dict[str, float]:
        """What it counts: name and labels → value."""
        status, text, _ = self.ask("/metrics")
        assert status == 200
        return {
            sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def accepted(self) -> set[int]:
        """The other ends' ports of all connections to it that the process holds (Linux)."""
        held = set()
        for entry in Path(f"/proc/{self.process.pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                held.add(str(entry.readlink()))
        # https://docs.kernel.org/networking/proc_net_tcp.html
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        ports = [(int(row[1].split(":")[1], 16), int(row[2].split(":")[1], 16), f"socket:[{row[9]}]") for row in rows]
        return {remote for local, remote, inode in ports if local == self.port and remote and inode in held}

    def stop(self, sign: int = signal.SIGTERM) -> str:
        """End the process, if it still runs; what it printed."""
        self.process.send_signal(sign)
        output, _ = self.process.communicate(timeout=DEADLINE)
        return output

    def wait_until_it_answers(self) -> None:
        give_up_at = time.monotonic() + DEADLINE
        while time.monotonic() < give_up_at:
            if self.process.poll() is not None:
                raise AssertionError(f"The server ended: {self.process.communicate()[0]}")
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("The server does not answer")


def manage(environment: dict[str, str], *arguments: str) -> str:
    """Run a management command; what it printed."""
    return subprocess.check_output([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, text=True)


def on_port(port: int) -> dict[str, str]:
    """The environment in which our server, and Uvicorn as it comes, listen there."""
    return {"PORT": str(port), "UVICORN_PORT": str(port)}


def start(*command: str, environment: dict[str, str], output: int | IO[str] = subprocess.PIPE) -> subprocess.Popen[str]:
    """A Python process of ours. Where nobody reads what it prints, `output` must not be a pipe: that gets full."""
    return subprocess.Popen(
        [sys.executable, *command], env=environment, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, text=True
    )


@contextmanager
def serving(*command: str, environment: dict[str, str] | None = None, port: int | None = None) -> Iterator[Server]:
    """A server on the test database, by default the product's; it has ended when the block has."""
    port = port or free_port()
    chosen = {**environment_of_the_test_database(), **(environment or {}), "HOST": "127.0.0.1", "PORT": str(port)}
    server = Server(start(*(command or PRODUCT), environment=chosen), port)
    process = server.process
    try:
        server.wait_until_it_answers()
        yield server
    except Exception as error:
        error.add_note(f"The server on port {port}, exit code {process.poll()}, printed: {server.stop(signal.SIGKILL)}")
        raise
    finally:
        server.stop(signal.SIGKILL)
