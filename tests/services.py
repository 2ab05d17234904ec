"""Redis and PostgreSQL of our own, as real processes on free ports that can be stopped, hung up and killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path

from tests.servers import DEADLINE, Server, free_port


class Missing(Exception):
    """A program that is needed is not installed; the message says which."""


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

    def listeners(self, group: str) -> int:
        """How many processes hear what is sent to a group of the channel layer."""
        import redis

        client = redis.Redis.from_url(self.url)
        return sum(count for name, count in client.pubsub_numsub(*client.pubsub_channels(f"*{group}")))

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
