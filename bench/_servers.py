"""The servers that benchmarks measure: each a process of its own on one core, on a database of its own."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
#: What is measured runs on one core, what measures it on another.
SERVER_CORE, LOAD_CORE = 0, 1

_UVICORN = ("-m", "uvicorn", "--lifespan", "off", "--log-level", "warning", "--ws", "websockets-sansio")
PRODUCT: tuple[str, ...] = ("-m", "playlist_backend.server")
TUTORIAL: tuple[str, ...] = (*_UVICORN, "bench._tutorial:application")
BARE: tuple[str, ...] = (*_UVICORN, "--ws-per-message-deflate", "false", "bench._bare:application")

Environment = dict[str, str]


class Running:
    """A server process that answers on `port`."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process = process
        self.port = port

    def cpu_seconds(self) -> float:
        """What the process has used of a processor since it started, from the operating system.

        Summed over its threads: /proc/PID/stat counts in ticks of 10 ms, which is more than a short turn costs.
        """
        tasks = Path(f"/proc/{self._process.pid}/task")
        try:
            return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9
        except (FileNotFoundError, ProcessLookupError):  # a thread that has just ended, or a kernel without it
            fields = Path(f"/proc/{self._process.pid}/stat").read_text().rsplit(")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_bytes(self) -> int:
        """What the process holds of real memory."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def running(command: tuple[str, ...], environment: Environment) -> Iterator[Running]:
    """A server that has ended when the block has."""
    port = _free_port()
    arguments = command if command == PRODUCT else (*command, "--port", str(port))
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**environment, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: pin(SERVER_CORE),
    )
    try:
        _wait_for(lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1))
        yield Running(process, port)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def databases() -> Iterator[tuple[str, Environment]]:
    """A new SQLite database, and a PostgreSQL one where TEST_POSTGRES_URL names a server: name and environment."""
    with fresh_database("") as environment:
        yield "SQLite", environment
    if url := os.environ.get("TEST_POSTGRES_URL"):
        with fresh_database(url) as environment:
            yield "PostgreSQL", environment


@contextmanager
def fresh_database(url: str, songs: int = 0) -> Iterator[Environment]:
    """The environment of servers on a new database with the sample library; it is gone after the block.

    `url` names a PostgreSQL database beside which it is made; empty for SQLite. With `songs`, so many wait in `main`.
    """
    with tempfile.TemporaryDirectory() as folder:
        environment = _environment(folder, url)
        if not url:
            shutil.copytree(_sqlite_template(songs), folder, dirs_exist_ok=True)
            yield environment
            return
        name = f"bench_{uuid4().hex[:12]}"
        with _admin(url) as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {_postgres_template(url, songs)}")
            environment["DATABASE_URL"] = _beside(url, name)
            try:
                yield environment
            finally:
                admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _environment(folder: str, url: str) -> Environment:
    return {
        **os.environ,
        "DATA_DIR": folder,
        "DATABASE_URL": url,
        "HOST": "127.0.0.1",
        "SECRET_KEY": "for benchmarks only, and long enough to be a key",
        "TRUSTED_PROXIES": "127.0.0.0/8",  # so that one machine can be many people
        "FORWARDED_ALLOW_IPS": "127.0.0.1",
        "REST_WRITES_PER_SECOND": "1000000",
        "REST_WRITES_BURST": "1000000",
        "COMMANDS_PER_SECOND": "1000000",
        "COMMANDS_BURST": "1000000",
    }


@cache
def _sqlite_template(songs: int) -> str:
    """A data folder to copy: making a database takes longer than most measurements."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _fill(_environment(folder, ""), songs)
    return folder


@cache
def _postgres_template(url: str, songs: int) -> str:
    """The name of a database to copy."""
    name = f"bench_template_{uuid4().hex[:12]}"
    atexit.register(_drop, url, name)
    with _admin(url) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    with tempfile.TemporaryDirectory() as folder:
        _fill(_environment(folder, _beside(url, name)), songs)
    return name


def _drop(url: str, name: str) -> None:
    with _admin(url) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _admin(url: str) -> Any:
    import psycopg

    return psycopg.connect(url, autocommit=True)


def _beside(url: str, name: str) -> str:
    return f"{url.rsplit('/', 1)[0]}/{name}"


def _fill(environment: Environment, songs: int) -> None:
    manage(environment, "migrate", "--verbosity=0")
    manage(environment, "seed_tracks")
    if songs:
        manage(environment, "shell", "--no-imports", "-c", _FILL_MAIN.format(count=songs))


@contextmanager
def redis() -> Iterator[str]:
    """The address of a Redis of our own, which keeps nothing; redis-server must be installed."""
    port = _free_port()
    options = ("--port", str(port), "--save", "", "--appendonly", "no")
    process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
    try:
        _wait_for(lambda: socket.create_connection(("127.0.0.1", port), timeout=1).close())
        yield f"redis://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def manage(environment: Environment, *arguments: str) -> str:
    """Run a management command; what it printed."""
    return subprocess.check_output([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, text=True)


@cache
def items_that_wait(on_postgres: bool) -> list[str]:
    """The ids of the items of `main` that do not play. All copies of a template have the same."""
    url = os.environ["TEST_POSTGRES_URL"] if on_postgres else ""
    waiting = "PlaylistTrack.objects.filter(is_playing=False).values_list('pk', flat=True)"
    code = f"from playlist.models import PlaylistTrack; print(*{waiting})"
    with fresh_database(url) as environment:
        return manage(environment, "shell", "--no-imports", "-c", code).split()


def an_item(environment: Environment) -> str:
    """The id of an item of `main` that does not play."""
    return items_that_wait(bool(environment["DATABASE_URL"]))[0]


_FILL_MAIN = """
from playlist import library, selectors, types
from playlist.batch import Submission
from playlist.identity import SYSTEM
from playlist.models import PlaylistTrack
from playlist.writer import get_writer
main = selectors.playlist_id("main")
for number in range({count} - PlaylistTrack.objects.filter(playlist=main, played_at=None).count()):
    new = types.NewTrack(title=f"Song {{number}}", artist=f"Artist {{number % 50}}", duration_seconds=200)
    command = types.TrackAdd(track_id=library.track_create(new).id)
    get_writer().submit_and_wait(main, Submission(SYSTEM, (command,)))
"""


def pin(core: int) -> None:
    """Stay on one core, where there are several."""
    if hasattr(os, "sched_setaffinity") and len(cores := sorted(os.sched_getaffinity(0))) > 1:
        os.sched_setaffinity(0, {cores[core]})


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(ask: Callable[[], Any]) -> None:
    for _ in range(200):
        try:
            ask()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The server does not answer.")
