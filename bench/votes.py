"""python3 run.py bench votes: durable votes per second over REST, 32 at once, against the tutorials' endpoint.

Both run in one process on one core, the load on another; each vote is by one of 32 people and changes something.
PostgreSQL takes part when TEST_POSTGRES_URL names a server.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from bench._load import Load, load

ROOT = Path(__file__).resolve().parent.parent
CALLERS = 32
PRODUCT = ("-m", "playlist_backend.server")
RIVAL = ("-m", "uvicorn", "bench._tutorial:application", "--lifespan", "off", "--log-level", "warning")


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench votes", description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each of the four is measured")
    seconds = parser.parse_args().seconds
    _pin(1)
    databases = {"SQLite": ""}
    if os.environ.get("TEST_POSTGRES_URL"):
        databases["PostgreSQL"] = os.environ["TEST_POSTGRES_URL"]
    print(f"{'votes over REST, 32 at once':32} {'votes/s':>9} {'failed':>7} {'p50 ms':>8} {'p99 ms':>8} {'ratio':>7}")
    for name, url in databases.items():
        with tempfile.TemporaryDirectory() as folder:
            environment = _environment(Path(folder), url)
            with _fresh_database(environment):
                rival = _measure(RIVAL, environment, seconds)
                product = _measure(PRODUCT, environment, seconds)
        _print(f"{name}, the tutorials' endpoint", rival, 1.0)
        _print(f"{name}, this server", product, product.per_second / rival.per_second)


def _print(name: str, result: Load, ratio: float) -> None:
    latencies = f"{result.percentile_ms(0.5):8.1f} {result.percentile_ms(0.99):8.1f}"
    print(f"{name:32} {result.per_second:9.0f} {result.failed:7} {latencies} {ratio:6.1f}x", flush=True)


def _environment(folder: Path, url: str) -> dict[str, str]:
    return {
        **os.environ,
        "DATA_DIR": str(folder),
        "DATABASE_URL": url,
        "HOST": "127.0.0.1",
        "SECRET_KEY": "for benchmarks only, and long enough to be a key",
        "TRUSTED_PROXIES": "127.0.0.0/8",  # so that one machine can be 32 people
        "FORWARDED_ALLOW_IPS": "127.0.0.1",
        "REST_WRITES_PER_SECOND": "1000000",
        "REST_WRITES_BURST": "1000000",
    }


@contextmanager
def _fresh_database(environment: dict[str, str]) -> Iterator[None]:
    """On PostgreSQL a database of its own, dropped afterwards; `environment` is pointed at it."""
    base = environment["DATABASE_URL"]
    if not base:
        _manage(environment, "migrate", "--verbosity=0")
        _manage(environment, "seed_tracks")
        yield
        return
    import psycopg

    name = f"bench_{uuid4().hex[:12]}"
    with psycopg.connect(base, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        environment["DATABASE_URL"] = f"{base.rsplit('/', 1)[0]}/{name}"
        try:
            _manage(environment, "migrate", "--verbosity=0")
            _manage(environment, "seed_tracks")
            yield
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _manage(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
    )


def _measure(command: tuple[str, ...], environment: dict[str, str], seconds: float) -> Load:
    port = 8600 + os.getpid() % 1000
    arguments = (*command, "--port", str(port)) if command is RIVAL else command
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**environment, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: _pin(0),
    )
    try:
        _wait(port)
        item = _an_item(environment)
        return load(port, CALLERS, seconds, lambda caller, number: _vote(item, caller, number))
    finally:
        process.terminate()
        process.wait(30)


def _an_item(environment: dict[str, str]) -> str:
    code = "from playlist.models import PlaylistTrack as P; print(P.objects.filter(is_playing=False).first().pk)"
    shell = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    return subprocess.check_output(shell, cwd=ROOT, env=environment, text=True).strip()


def _vote(item: str, caller: int, number: int) -> bytes:
    body = json.dumps({"direction": ("up", "down")[number % 2]})
    return (
        f"POST /api/playlist/{item}/vote HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.1.0.{caller}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The server does not answer.")


def _pin(core: int) -> None:
    if hasattr(os, "sched_setaffinity") and len(os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[core]})


if __name__ == "__main__":
    main()
