"""Servers, a database and Redis of their own, as real processes that can be broken one by one."""

from __future__ import annotations

import asyncio
import json
import os
import re
import resource
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.faults.proxy import Proxy
from tests.servers import DEADLINE, PRODUCT, Door, Server, free_port, manage, on_port, start
from tests.services import Postgres, Redis

#: Faults come faster than people do, and a server that is asked to stop should.
_ENVIRONMENT = {
    "REST_WRITES_PER_SECOND": "100000",
    "REST_WRITES_BURST": "100000",
    "GUESTS_BURST": "100000",
    "COMMANDS_PER_SECOND": "1000",
    "COMMANDS_BURST": "1000",
    "HTTP_THREADS": "8",
    "READER_THREADS": "4",
    "TRUSTED_PROXIES": "127.0.0.0/8",  # so that one machine can be many people
    "LOG_FORMAT": "text",
    "PYTHONUNBUFFERED": "1",
    "DJANGO_SETTINGS_MODULE": "playlist_backend.settings",
}


_PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("seed_tracks", verbosity=0)
"""


class World:
    """What a scenario breaks. `close` ends whatever still runs."""

    def __init__(
        self,
        *,
        servers: int,
        database: str,
        redis: bool,
        environment: dict[str, str] | None = None,
        command: tuple[str, ...] = PRODUCT,
        descriptors: int | None = None,
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="playlist-faults-"))
        self._closing: list[Callable[[], Any]] = [lambda: shutil.rmtree(self.folder, ignore_errors=True)]
        self.environment = {**os.environ, **_ENVIRONMENT, "DATA_DIR": str(self.folder), "SECRET_KEY": "for faults" * 5}
        self.environment.update(DATABASE_URL="", REDIS_URL="", PUBLIC_URL="", HOST="127.0.0.1")
        self.environment.update(environment or {})
        self._command = command
        self._descriptors = descriptors
        self.postgres: Postgres | None = None
        self.redis: Redis | None = None
        self.proxies: list[Proxy] = []
        self.servers: list[Server] = []
        try:
            if database == "postgresql":
                self.postgres = Postgres(self.folder / "postgres")
                self._closing.append(self.postgres.close)
                self.environment["DATABASE_URL"] = self.postgres.url
            if redis:
                self.redis = Redis()
                self._closing.append(self.redis.close)
                self.environment["REDIS_URL"] = self.redis.url
            self.manage("shell", "--no-imports", "-c", _PREPARE)
            self.ports = [free_port() for _ in range(servers)]
            self.servers = [self._start(port, self._command) for port in self.ports]
            for server in self.servers:
                server.wait_until_it_answers()
        except BaseException:
            self.close()
            raise

    def _start(self, port: int, command: tuple[str, ...]) -> Server:
        with (self.folder / f"server-{port}.log").open("a") as log:
            process = start(*command, environment={**self.environment, **on_port(port)}, output=log)
        if self._descriptors is not None:
            # Long before it looks: it has everything to import first.
            resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (self._descriptors, self._descriptors))
        return Server(process, port)

    def manage(self, *arguments: str) -> str:
        return manage(self.environment, *arguments)

    def in_shell(self, code: str) -> Any:
        """What a piece of Python prints in the product's shell, from JSON."""
        return json.loads(self.manage("shell", "--no-imports", "-c", code).strip().splitlines()[-1])

    def end(self, number: int, sign: int = signal.SIGKILL) -> float:
        """End a server; the seconds that took."""
        started = time.monotonic()
        self.servers[number].stop(sign)
        return time.monotonic() - started

    def start_again(self, number: int, command: tuple[str, ...] | None = None) -> None:
        self.servers[number] = self._start(self.ports[number], command or self._command)
        self.servers[number].wait_until_it_answers()

    async def put_proxies(self) -> None:
        """From now on people come in through one in front of each server."""
        self.proxies = [await Proxy(port).start() for port in self.ports]

    async def close_proxies(self) -> None:
        proxies, self.proxies = self.proxies, []
        for proxy in proxies:
            await proxy.close()

    @property
    def alive(self) -> list[Server]:
        return [server for server in self.servers if server.process.poll() is None]

    @property
    def doors(self) -> list[Door]:
        """Where people can come in now."""
        if not self.proxies:
            return list(self.alive)
        ports = {server.port for server in self.alive}
        return [proxy for proxy in self.proxies if proxy.to_port in ports]

    async def call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        """JSON from a server that lives; waits for one, and asks again while there is none."""
        give_up_at = time.monotonic() + DEADLINE
        while True:
            try:
                status, answer = await asyncio.to_thread(self.alive[0].call, method, path, body, headers)
            except (OSError, IndexError):
                status, answer = 503, None
            if status < 500:
                return answer
            if time.monotonic() > give_up_at:
                raise AssertionError(f"{method} {path}: {status} {answer}")
            await asyncio.sleep(0.2)

    def stop(self) -> str:
        """Tell all servers to stop; everything that any of them ever printed."""
        for number, server in enumerate(self.servers):
            if server.process.poll() is None:
                self.end(number, signal.SIGTERM)
        return "".join(path.read_text() for path in self._logs)

    @property
    def _logs(self) -> list[Path]:
        return sorted(self.folder.glob("server-*.log"))

    def keep_logs(self) -> str:
        """Copies of all servers' logs, which outlive this world: where they are, and every complaint in them."""
        kept = Path(tempfile.mkdtemp(prefix="playlist-faults-logs-"))
        for path in self._logs:
            shutil.copy(path, kept)
        found = complaints("".join(path.read_text() for path in self._logs))
        return "\n\n".join([f"The servers' logs are in {kept}", *found])

    def close(self) -> None:
        for server in self.servers:
            if server.process.poll() is None:
                server.stop(signal.SIGKILL)
        for close in reversed(self._closing):
            close()


#: Where a line of the log begins that is not the rest of the one before, as a traceback is.
_BEGINNING = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ", re.MULTILINE)
_BROKEN = re.compile(r"Traceback|\bERROR\b|\bCRITICAL\b|Exception in|was never awaited")


def complaints(output: str) -> list[str]:
    """What no fault explains in a server's log, each with its whole traceback and once: whatever is away, a warning
    says so."""
    counted = Counter(entry.strip() for entry in _BEGINNING.split(output) if _BROKEN.search(entry))
    return [entry if count == 1 else f"({count} times) {entry}" for entry, count in counted.items()]
