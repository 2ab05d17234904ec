"""Servers, a database and Redis of their own, as real processes that can be broken one by one."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.servers import DEADLINE, PRODUCT, ROOT, Server, free_port, start

#: Faults come faster than people do, and a server that is asked to stop should.
_ENVIRONMENT = {
    "REST_WRITES_PER_SECOND": "100000",
    "REST_WRITES_BURST": "100000",
    "GUESTS_BURST": "100000",
    "COMMANDS_PER_SECOND": "1000",
    "COMMANDS_BURST": "1000",
    "HTTP_THREADS": "8",
    "READER_THREADS": "4",
    "LOG_FORMAT": "text",
    "PYTHONUNBUFFERED": "1",
    "DJANGO_SETTINGS_MODULE": "playlist_backend.settings",
}


class Missing(Exception):
    """Something that the scenario needs is not installed; the message says what."""


class World:
    """What a scenario breaks. `close` ends whatever still runs."""

    def __init__(self, *, servers: int, database: str, redis: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="playlist-faults-"))
        self._closing: list[Callable[[], Any]] = [lambda: shutil.rmtree(self.folder, ignore_errors=True)]
        self.environment = {**os.environ, **_ENVIRONMENT, "DATA_DIR": str(self.folder), "SECRET_KEY": "for faults" * 5}
        self.environment.update(DATABASE_URL="", REDIS_URL="", PUBLIC_URL="", HOST="127.0.0.1")
        self.postgres: Postgres | None = None
        self.redis: Redis | None = None
        try:
            if database == "postgresql":
                self.postgres = Postgres(self.folder / "postgres")
                self._closing.append(self.postgres.close)
                self.environment["DATABASE_URL"] = self.postgres.url
            if redis:
                self.redis = Redis()
                self._closing.append(self.redis.close)
                self.environment["REDIS_URL"] = self.redis.url
            self.manage("migrate", "--verbosity=0")
            self.manage("seed_tracks")
            self.ports = [free_port() for _ in range(servers)]
            self.servers = [self._start(port) for port in self.ports]
        except BaseException:
            self.close()
            raise

    def _start(self, port: int) -> Server:
        with (self.folder / f"server-{port}.log").open("a") as log:
            process = start(*PRODUCT, environment={**self.environment, "PORT": str(port)}, output=log)
        server = Server(process, port)
        server.wait_until_it_answers()
        return server

    def manage(self, *arguments: str) -> str:
        return subprocess.check_output(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, text=True
        )

    def end(self, number: int, sign: int = signal.SIGKILL) -> float:
        """End a server; the seconds that took."""
        started = time.monotonic()
        self.servers[number].stop(sign)
        return time.monotonic() - started

    def start_again(self, number: int) -> None:
        self.servers[number] = self._start(self.ports[number])

    @property
    def alive(self) -> list[Server]:
        return [server for server in self.servers if server.process.poll() is None]

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

    def close(self) -> None:
        for server in getattr(self, "servers", []):
            if server.process.poll() is None:
                server.stop(signal.SIGKILL)
        for close in reversed(self._closing):
            close()


class Redis:
    """A redis-server of our own that keeps nothing."""

    def __init__(self) -> None:
        program = shutil.which("redis-server")
        if program is None:
            raise Missing("redis-server is not installed (Debian: apt install redis-server)")
        self._program = program
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self.start()

    def start(self) -> None:
        options = ("--port", str(self._port), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1")
        self._process = subprocess.Popen([self._program, *options], stdout=subprocess.DEVNULL)
        Server(self._process, self._port).wait_until_it_answers()  # type: ignore[arg-type]

    def signal(self, sign: int) -> None:
        self._process.send_signal(sign)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def flush(self) -> None:
        import redis

        redis.Redis.from_url(self.url).flushall()

    def close(self) -> None:
        if self._process.poll() is None:
            self.signal(signal.SIGCONT)
            self.kill()


class Postgres:
    """A PostgreSQL cluster of our own. It refuses to run as root, so then the system's user `postgres` runs it."""

    def __init__(self, folder: Path) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not found and shutil.which("initdb") is None:
            raise Missing("PostgreSQL is not installed (Debian: apt install postgresql)")
        self._bin = found[-1].parent if found else Path(str(shutil.which("initdb"))).parent
        self._data = folder / "data"
        self._port = free_port()
        folder.mkdir()
        folder.parent.chmod(0o755)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        self._run("initdb", "-D", str(self._data), "-U", "playlist", "--auth=trust", "-E", "UTF8", "--no-sync")
        self.url = f"postgres://playlist:x@127.0.0.1:{self._port}/postgres"
        self.start()

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), *arguments]
        user = "postgres" if os.geteuid() == 0 else None
        done = subprocess.run(
            command,
            user=user,
            group=user,
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout

    def start(self) -> None:
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{self._data}'"
        log = str(self._data / "log")
        self._run("pg_ctl", "-D", str(self._data), "-w", "-t", str(DEADLINE), "-l", log, "-o", options, "start")

    def stop(self) -> None:
        """At once, as in a crash: what was not committed is lost, and recovery follows."""
        self._run("pg_ctl", "-D", str(self._data), "-w", "-m", "immediate", "stop")

    def close(self) -> None:
        with contextlib.suppress(AssertionError):  # it may not run
            self.stop()


_BROKEN = re.compile(r"Traceback|\bERROR\b|\bCRITICAL\b|Exception in|was never awaited")


def complaints(output: str) -> list[str]:
    """Lines of a server's log that no fault explains: whatever is away, a warning says so."""
    return [line for line in output.splitlines() if _BROKEN.search(line)]


def stopped(world: World) -> str:
    """Tell all servers to stop; everything that any of them ever printed."""
    for number, server in enumerate(world.servers):
        if server.process.poll() is None:
            world.end(number, signal.SIGTERM)
    return "".join(path.read_text() for path in sorted(world.folder.glob("server-*.log")))


def as_json(text: str) -> Any:
    """The last line that a management command printed."""
    return json.loads(text.strip().splitlines()[-1])
