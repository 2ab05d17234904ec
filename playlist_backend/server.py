"""`python -m playlist_backend.server`: the server that `run.py serve` runs, Uvicorn with the product's settings."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

if __name__ == "__main__":
    # During the imports Ctrl-C ends the process at once, without a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import uvicorn

try:
    import fcntl
except ImportError:  # Windows: nothing watches over the database there
    fcntl = None  # type: ignore[assignment]

from playlist_backend.environment import WrongSetting

try:
    from playlist_backend.asgi import application  # first: it sets Django up
except WrongSetting as error:
    sys.exit(f"A setting is wrong: {error}")

from django.conf import settings  # isort: skip
from django.core.management import call_command  # isort: skip
from django.db import Error, connection  # isort: skip

from music import uploads  # isort: skip
from music.background import Background  # isort: skip
from music.runner import Runner  # isort: skip
from playlist import bulk, library  # isort: skip
from playlist.links import lan_address  # isort: skip
from playlist.errors import reason_of  # isort: skip
from playlist.logs import Signatures  # isort: skip
from playlist.writer import get_writer  # isort: skip
from playlist_backend.descriptors import raise_limit  # isort: skip
from playlist_backend.filewire import cut_off_listeners  # isort: skip
from playlist_backend.wire import http_protocol, websocket_protocol  # isort: skip
from realtime import live  # isort: skip

logger = logging.getLogger(__name__)

#: The time that sockets have to close.
DRAIN_SECONDS = 5.0
#: The time that a piece of a song which is being sent then has to arrive.
LISTENERS_SECONDS = 1.0
#: PostgreSQL's advisory lock for preparations: a number that nothing else locks.
PREPARATION_LOCK = 7_205_759


def main(arguments: list[str]) -> None:
    """`--prepare` migrates and seeds first, under the lock."""
    raise_limit()
    lock = _lock_database() if settings.ON_SQLITE and not settings.REDIS_URL else None
    try:
        _make_ready(prepare="--prepare" in arguments)
    except Error as error:
        sys.exit(f"The database cannot be used: {reason_of(error)}. DATABASE_URL and DATA_DIR say which one it is.")
    config = uvicorn.Config(
        application,
        host=settings.HOST,
        port=settings.PORT,
        lifespan="off",
        http=http_protocol(),
        ws=websocket_protocol(),
        ws_max_size=4 * settings.FRAME_IN_BYTES,  # the application checks its own limit and says which
        ws_ping_interval=settings.TRANSPORT_PING_SECONDS,
        ws_ping_timeout=settings.TRANSPORT_PONG_SECONDS,
        ws_per_message_deflate=False,
        proxy_headers=False,  # asgi.py does it, for TRUSTED_PROXIES only
        server_header=False,
        access_log=settings.DEBUG,
        log_level="info" if settings.DEBUG else "warning",
        timeout_keep_alive=75,
        timeout_graceful_shutdown=5,
    )
    logging.getLogger("uvicorn.access").addFilter(Signatures())
    # Everything loaded by now stays, so the collector can skip it: scanning it stopped the loop for 60 ms whenever
    # enough people had come or gone.
    gc.collect()
    gc.freeze()
    listener = _listener(config)
    _say_where()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    workers = (Runner(), Background())
    for worker in workers:
        worker.start()
    try:
        DrainingServer(config, [worker.stop for worker in workers]).run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        if lock is not None:
            lock.close()


def _make_ready(*, prepare: bool) -> None:
    """Migrate and seed if told to, and finish what a crash interrupted. Raises django.db.Error."""
    with _one_at_a_time():
        if prepare:
            print("Preparing the database …", flush=True)
            call_command("migrate", verbosity=0)
            if not settings.MUSIC_DIR:
                call_command("seed_tracks", if_empty=True)
    bulk.restore_ordinary_settings()
    uploads.sweep()
    finished = library.resume()
    if finished:
        print(f"Finished {finished} changes to the library that were interrupted.", flush=True)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold PostgreSQL's lock for preparations, on a connection of its own.

    Seeding gives this thread's connection back to the pool, and the lock would go with it. Without the pool, an
    unusable database also fails at once with its reason.
    """
    if settings.ON_SQLITE:
        yield
        return
    own = connection.copy()
    own.settings_dict["OPTIONS"] = {**own.settings_dict["OPTIONS"], "pool": False}
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARATION_LOCK])
            yield
            cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARATION_LOCK])
    finally:
        own.close()


def _checkpoint() -> None:
    """Move everything into the database file itself, so that a copy of this one file is complete."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 2000")  # a backup that runs right now must not keep us from stopping
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except Error as error:
        logger.warning("The last changes are still in %s-wal: %s", connection.settings_dict["NAME"], reason_of(error))
    finally:
        connection.close()


class DrainingServer(uvicorn.Server):
    """Closes the sockets with a code and a reason before Uvicorn cuts them off."""

    def __init__(self, config: uvicorn.Config, stop_workers: Iterable[Callable[[], None]]) -> None:
        super().__init__(config)
        self._stop_workers = stop_workers

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        fanout = live.start().fanout
        fanout.draining = True  # /readyz says so, and a proxy sends nobody here any more
        await asyncio.sleep(settings.DRAIN_DELAY_SECONDS)
        await fanout.drain(DRAIN_SECONDS)
        asyncio.get_running_loop().call_later(LISTENERS_SECONDS, cut_off_listeners)
        await super().shutdown(sockets)
        # The writer commits everything submitted; acknowledged commands are committed already.
        loop = asyncio.get_running_loop()
        for stop in self._stop_workers:
            await loop.run_in_executor(None, stop)
        await loop.run_in_executor(None, get_writer().close)
        if settings.ON_SQLITE:
            await loop.run_in_executor(None, _checkpoint)
        print("Stopped.", flush=True)


def _listener(config: uvicorn.Config) -> socket.socket:
    """The listening socket. A stuck reader would outlive every close if the kernel did not give up on it."""
    try:
        listener = config.bind_socket()
    except SystemExit:  # Uvicorn has logged the reason
        sys.exit(f"{settings.HOST}:{settings.PORT} cannot be used: choose another PORT, or end what uses this one.")
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(1000 * settings.STUCK_SECONDS))
    return listener


def _lock_database() -> IO[str] | None:
    """Lock the database for this server alone, as long as the returned file is open; exits if another server has it."""
    database = Path(connection.settings_dict["NAME"]).resolve()
    try:
        lock = os.fdopen(os.open(f"{database}.lock", os.O_WRONLY | os.O_CREAT, 0o600), "w")
    except OSError as error:
        sys.exit(f"The folder of the database, {database.parent}, cannot be written to: {error.strerror}.")
    try:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(
            f"Another server runs on {database}. Several processes need REDIS_URL and DATABASE_URL;\n"
            "a second, separate server needs a DATA_DIR and a PORT of its own."
        )
    except OSError:
        logger.warning("The file system of %s has no locks: see to it that only one server uses it", database)
    return lock


def _say_where() -> None:
    everywhere = settings.HOST in ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
    host = "localhost" if everywhere else f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
    print(f"Listening on http://{host}:{settings.PORT}", flush=True)
    if everywhere:
        print(f"Phones in the same network open {settings.PUBLIC_URL or _lan_url()}", flush=True)
    elif settings.HOST in ("127.0.0.1", "::1", "localhost") and not settings.PUBLIC_URL:
        print(f"Only this machine reaches it, since HOST is {settings.HOST}: links lead phones nowhere.", flush=True)


def _lan_url() -> str:
    return f"http://{lan_address()}:{settings.PORT}"


if __name__ == "__main__":
    main(sys.argv[1:])
