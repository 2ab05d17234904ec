"""The servers that benchmarks measure: each a process of its own on one core, on a database of its own.

A `Lab` starts them as they are asked for, several at the same time where it is told in advance, and ends them all.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any, Literal, TypeVar, cast
from uuid import UUID

from msgspec import Struct

from tests.servers import PRODUCT, Server, free_port, manage, on_port, start
from tests.services import Missing, Postgres, Redis

#: In the queue of every room that is measured: what a vote costs must not depend on it.
SONGS = 500
#: What is measured runs on one core, what measures it on another.
SERVER_CORE, LOAD_CORE = 0, 1

_UVICORN = ("-m", "uvicorn", "--lifespan", "off", "--log-level", "warning", "--ws", "websockets-sansio")
TUTORIAL: tuple[str, ...] = (*_UVICORN, "bench._tutorial:application")
BARE: tuple[str, ...] = (*_UVICORN, "--ws-per-message-deflate", "false", "bench._bare:application")

T = TypeVar("T")
Environment = dict[str, str]
Database = Literal["SQLite", "PostgreSQL"]


class Spec(Struct, frozen=True):
    """A server that a benchmark needs. Equal ones are the same process, also in different benchmarks."""

    command: tuple[str, ...]
    database: Database = "SQLite"
    #: How many songs wait in `main`.
    songs: int = SONGS
    #: Which of several on the same kind of database, and which of several processes on one database.
    on: str = ""
    process: int = 0
    redis: bool = False
    #: Further settings, and what is done to its database first, as `manage.py shell` takes it.
    settings: tuple[tuple[str, str], ...] = ()
    shell: str = ""


#: The product as one process runs it, and as several do; the tutorials' pattern with the same databases.
ALONE = Spec(PRODUCT)
AMONG_OTHERS = Spec(PRODUCT, "PostgreSQL", redis=True)
TUTORIALS = {"SQLite": Spec(TUTORIAL), "PostgreSQL": Spec(TUTORIAL, "PostgreSQL", on="theirs", redis=True)}


class Running:
    """A server process that answers on `port`. `items`: what waits in `main`, as ids."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self._process = process
        self.port = port
        self.items: list[str] = []

    def cpu_seconds(self) -> float:
        """What the process has used of a processor since it started, with all threads that it ever had.

        Its CPU clock (clock_getcpuclockid(3)): /proc/PID/stat counts in ticks of 10 ms, which is more than a short turn
        costs.
        """
        return time.clock_gettime(~self._process.pid << 3 | 2)

    def memory_bytes(self) -> int:
        """What the process holds of real memory."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def terminate(self) -> None:
        self._process.terminate()

    def wait(self) -> None:
        """Until it has ended, or longer than it may take."""
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Lab:
    """Servers and databases of one run of benchmarks. A context manager; nothing is left afterwards."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="playlist-bench-")))
        self._lock = Lock()
        self._once: dict[Any, Lock] = {}
        self._made: dict[Any, Any] = {}
        self._running: list[Running] = []
        self._databases = 0
        self._redis_numbers: dict[str, int] = {}

    def __enter__(self) -> Lab:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers end with us
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._running:
            server.terminate()
        for server in self._running:
            server.wait()
        self._stack.close()

    def server(self, spec: Spec) -> Running:
        """It runs from now on. Raises Missing when something that it needs is not installed."""
        return self._made_once(spec, lambda: self._start(spec))

    def start(self, specs: Iterable[Spec]) -> None:
        """Several at the same time, since most of starting is waiting; those that cannot be started are left out."""

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(self.has, set(specs)))

    def has(self, spec: Spec) -> bool:
        """Whether it can be started here."""
        try:
            self.server(spec)
        except Missing:
            return False
        return True

    def fresh_environment(self, database: Database, on: str) -> Environment:
        """The environment of management commands on a database of their own, with the sample library."""
        return self._environment(Spec((), database=database, on=on))

    @property
    def databases(self) -> list[Database]:
        """Those that are here."""
        try:
            return ["SQLite", "PostgreSQL"] if self._postgres() else ["SQLite"]
        except Missing:
            return ["SQLite"]

    # ── What they stand on ───────────────────────────────────────────────────────────────────────────────────────────

    def _postgres(self) -> str:
        """The address of TEST_POSTGRES_URL, or of a cluster of our own. Raises Missing."""

        def start() -> str:
            cluster = Postgres(self._folder / "postgres")
            self._stack.callback(cluster.close)
            return cluster.url

        return os.environ.get("TEST_POSTGRES_URL") or self._made_once("postgres", start)

    def _redis(self) -> str:
        """The address of a Redis of our own, without a database number. Raises Missing."""

        def start() -> str:
            redis = Redis()
            self._stack.callback(redis.close)
            return redis.url.rsplit("/", 1)[0]

        return self._made_once("redis", start)

    def _made_once(self, key: Any, make: Callable[[], T]) -> T:
        """What `make` makes, the same for everybody who asks with this key, from whichever thread."""
        with self._lock:
            lock = self._once.setdefault(key, Lock())
        with lock:
            if key not in self._made:
                self._made[key] = make()
            return cast(T, self._made[key])

    def _start(self, spec: Spec) -> Running:
        environment = {**self._environment(spec), **dict(spec.settings)}
        if spec.shell:
            manage(environment, "shell", "--no-imports", "-c", spec.shell)
        if spec.redis:
            with self._lock:
                number = self._redis_numbers.setdefault(spec.on, len(self._redis_numbers))
            environment["REDIS_URL"] = f"{self._redis()}/{number}"
        port = free_port()
        process = start(*spec.command, environment={**environment, **on_port(port)}, output=subprocess.DEVNULL)
        server = Running(process, port)
        self._running.append(server)
        server.items = _items_that_wait(environment["DATABASE_URL"])
        Server(process, port).wait_until_it_answers()
        pin(SERVER_CORE, process.pid)
        return server

    def _environment(self, spec: Spec) -> Environment:
        """Of a database that is copied from a template: making one takes longer than most measurements."""
        key = (spec.database, spec.songs, spec.on or spec.command)
        return self._made_once(key, lambda: self._new_database(spec.database, spec.songs))

    def _new_database(self, database: Database, songs: int) -> Environment:
        template = self._made_once((database, songs), lambda: self._template(database, songs))
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        if database == "SQLite":
            shutil.copytree(template, folder, dirs_exist_ok=True)
            return _environment(folder, f"sqlite:///{folder}/playlist.sqlite3")
        return _environment(folder, self._create_postgres_database(template))

    def _template(self, database: Database, songs: int) -> str:
        """A data folder, or the name of a database, to copy."""
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        if database == "SQLite":
            environment, template = _environment(folder, f"sqlite:///{folder}/playlist.sqlite3"), str(folder)
        else:
            url = self._create_postgres_database("template1")
            environment, template = _environment(folder, url), url.rsplit("/", 1)[1]
        manage(environment, "shell", "--no-imports", "-c", _FILL_MAIN.format(count=songs))
        return template

    def _create_postgres_database(self, template: str) -> str:
        """Its address."""
        import psycopg

        server = self._postgres()
        with self._lock:
            self._databases += 1
            name = f"bench_{os.getpid()}_{self._databases}"
            with psycopg.connect(server, autocommit=True) as admin:
                admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
            self._stack.callback(_drop, server, name)
        return f"{server.rsplit('/', 1)[0]}/{name}"


@contextmanager
def started(specs: Iterable[Spec]) -> Iterator[Lab]:
    """A lab in which these run; this process, which is the load, keeps to its own core from then on."""
    with Lab() as lab:
        lab.start(specs)
        pin(LOAD_CORE)
        yield lab


def _drop(url: str, name: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _environment(folder: Path, url: str) -> Environment:
    return {
        **os.environ,
        "DATA_DIR": str(folder),
        "DATABASE_URL": url,
        "HOST": "127.0.0.1",
        "REDIS_URL": "",
        "PUBLIC_URL": "",
        "SECRET_KEY": "for benchmarks only, and long enough to be a key",
        "TRUSTED_PROXIES": "127.0.0.0/8",  # so that one machine can be many people
        "FORWARDED_ALLOW_IPS": "127.0.0.1",
        "REST_WRITES_PER_SECOND": "1000000",
        "REST_WRITES_BURST": "1000000",
        "COMMANDS_PER_SECOND": "1000000",
        "COMMANDS_BURST": "1000000",
    }


def _items_that_wait(url: str) -> list[str]:
    query = "SELECT id FROM playlist_playlisttrack WHERE NOT is_playing AND played_at IS NULL ORDER BY position"
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        found = [str(UUID(row[0])) for row in connection.execute(query)]
        connection.close()
        return found
    import psycopg

    with psycopg.connect(url) as postgres:
        return [str(row[0]) for row in postgres.execute(query)]


_FILL_MAIN = """
from django.core.management import call_command
from playlist.selectors.playlists import playlist_id
from playlist import library, types
from playlist.submissions import Submission
from playlist.identity import SYSTEM
from playlist.models import PlaylistTrack
from playlist.writer import get_writer
call_command("migrate", verbosity=0)
call_command("seed_tracks", verbosity=0)
main = playlist_id("main")
numbers = range({count} - PlaylistTrack.objects.filter(playlist=main, played_at=None).count())
library.tracks_import([
    (f"song-{{n}}", types.NewTrack(title=f"Song {{n}}", artist=f"Artist {{n % 50}}", duration_seconds=200))
    for n in numbers
])
commands = tuple(types.TrackAdd(track_id=f"song-{{number}}") for number in numbers)
if commands:
    get_writer().submit_and_wait(main, Submission(SYSTEM, commands))
"""


def pin(core: int, process_id: int | None = None) -> None:
    """Keep a process (this one) and all of its threads on one core, where there are several."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > core:
        for task in Path(f"/proc/{process_id or os.getpid()}/task").iterdir():
            with suppress(ProcessLookupError):  # it has just ended
                os.sched_setaffinity(int(task.name), {core})
