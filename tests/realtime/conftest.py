"""Real servers on real ports, and Redis where two of them have to hear one another."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.api.client import Api, guest
from tests.servers import Server, free_port, serving
from tests.services import Redis

#: Tests act faster than people do.
FAST = {"REST_WRITES_PER_SECOND": "100000", "REST_WRITES_BURST": "100000", "GUESTS_BURST": "100000"}


@contextmanager
def serving_with(name: str, environment: dict[str, str] | None = None, *daphnes: str) -> Iterator[Server]:
    """Our own server, or the same application under Daphne with these options of its own."""
    port = free_port()
    daphne = ("-m", "daphne", "-b", "127.0.0.1", "-p", str(port), *daphnes, "playlist_backend.asgi:application")
    command = daphne if name == "daphne" else ()
    with serving(*command, environment={**FAST, **(environment or {})}, port=port) as server:
        yield server


@pytest.fixture(params=["uvicorn", pytest.param("daphne", marks=pytest.mark.once)])
def server(request: pytest.FixtureRequest, tracks: list[str]) -> Iterator[Server]:
    """What holds under both servers."""
    with serving_with(request.param) as one:
        yield one


@pytest.fixture
def our_server(tracks: list[str]) -> Iterator[Server]:
    """What only our own server shows: how it stops, and what it writes."""
    with serving(environment=FAST) as one:
        yield one


def installed(name: str) -> str:
    """Where a program is. Without it a test is skipped, and fails in CI."""
    program = shutil.which(name)
    if program is None:
        message = f"{name} is not installed (Debian: apt install {name})"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return program


@pytest.fixture
def redis_url() -> Iterator[str]:
    """A Redis of our own on a free port."""
    installed("redis-server")
    redis = Redis()
    yield redis.url
    redis.close()


@pytest.fixture
def two_servers(tracks: list[str], redis_url: str) -> Iterator[tuple[Server, Server]]:
    environment = {**FAST, "REDIS_URL": redis_url}
    with serving(environment=environment) as one, serving(environment=environment) as other:
        yield one, other


@pytest.fixture
def visitor() -> tuple[Api, str]:
    """A guest with a token, made without a server."""
    api = guest("Vera")
    assert api.token
    return api, api.token
