"""`python -m playlist_backend.server`: the server that `run.py serve` runs, Uvicorn with the product's settings."""

from __future__ import annotations

import fcntl
import sys
from typing import IO

import uvicorn

from playlist_backend.asgi import application  # first: it sets Django up

from django.conf import settings  # isort: skip

from playlist import library  # isort: skip
from playlist.rest import lan_address  # isort: skip
from playlist.writer import get_writer  # isort: skip


def main() -> None:
    lock = _lock_data_dir() if settings.ON_SQLITE and not settings.REDIS_URL else None
    finished = library.resume()
    if finished:
        print(f"Finished {finished} changes to the library that were interrupted.", flush=True)
    _say_where()
    config = uvicorn.Config(
        application,
        host=settings.HOST,
        port=settings.PORT,
        lifespan="off",
        proxy_headers=False,  # asgi.py does it, for TRUSTED_PROXIES only
        server_header=False,
        access_log=settings.DEBUG,
        log_level="info" if settings.DEBUG else "warning",
        timeout_keep_alive=75,
        timeout_graceful_shutdown=10,
    )
    uvicorn.Server(config).run()
    get_writer().close()
    if lock is not None:
        lock.close()


def _lock_data_dir() -> IO[str]:
    """Make sure that this is the only server on this data folder; held as long as the file is open."""
    lock = (settings.DATA_DIR / "server.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit(
            f"Another server runs on {settings.DATA_DIR}. Several processes need REDIS_URL and DATABASE_URL;\n"
            "a second, separate server needs a DATA_DIR and a PORT of its own."
        )
    return lock


def _say_where() -> None:
    everywhere = settings.HOST in ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
    print(f"Listening on http://{'localhost' if everywhere else settings.HOST}:{settings.PORT}", flush=True)
    if everywhere:
        print(f"Phones in the same network open {settings.PUBLIC_URL or _lan_url()}", flush=True)


def _lan_url() -> str:
    return f"http://{lan_address()}:{settings.PORT}"


if __name__ == "__main__":
    main()
