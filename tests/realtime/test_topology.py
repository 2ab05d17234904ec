"""What docker-compose.yml starts, as real processes: two servers over Redis, and the proxy with its own Caddyfile."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.realtime.client import V1Client, inside, same
from tests.realtime.conftest import FAST, installed
from tests.realtime.test_plain import Stream
from tests.rooms import Room
from tests.servers import DEADLINE, ROOT, Server, free_port, serving


class Site:
    def __init__(self, proxy: Server, servers: list[Server]) -> None:
        self.proxy = proxy
        self.servers = servers


@pytest.fixture
def site(tracks: list[str], redis_url: str, tmp_path: Path) -> Iterator[Site]:
    program = installed("caddy")
    environment = {**FAST, "REDIS_URL": redis_url, "TRUSTED_PROXIES": "127.0.0.1", "PRODUCTION": "true"}
    environment |= {"DRAIN_DELAY_SECONDS": "3"}
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(environment=environment)) for _ in range(2)]
        port = free_port()
        process = subprocess.Popen(
            [program, "run", "--adapter", "caddyfile", "--config", str(ROOT / "deploy/Caddyfile")],
            env={
                **os.environ,
                "HOME": str(tmp_path),
                "XDG_DATA_HOME": str(tmp_path),
                "XDG_CONFIG_HOME": str(tmp_path),
                "SITE_ADDRESS": f"http://:{port}",
                "UPSTREAMS": " ".join(f"127.0.0.1:{server.port}" for server in servers),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        proxy = Server(process, port)
        try:
            proxy.wait_until_it_answers()
            give_up_at = time.monotonic() + DEADLINE
            while proxy.call("GET", "playlist")[0] != 200 and time.monotonic() < give_up_at:
                time.sleep(0.1)
            yield Site(proxy, servers)
        finally:
            process.kill()
            process.communicate()


def vote_from(address: str, site: Site, item: str) -> int:
    caller = http.client.HTTPConnection("127.0.0.1", site.proxy.port, timeout=DEADLINE, source_address=(address, 0))
    body = json.dumps({"direction": "up"})
    caller.request("POST", f"/api/playlist/{item}/vote", body, {"Content-Type": "application/json"})
    response = caller.getresponse()
    assert response.status == 200
    votes: int = json.loads(response.read())["votes"]
    caller.close()
    return votes


async def test_a_room_behind_the_proxy(site: Site) -> None:
    main = await inside(Room.main)
    clients = [await V1Client("main").open(site.proxy) for _ in range(4)]
    for client in clients:
        await client.until_revision(0)
    item = (await clients[0].command("track.add", track_id="track-1"))["result"]["id"]
    assert [await inside(vote_from, f"127.0.0.{number}", site, item) for number in (2, 3, 3)] == [1, 2, 2], (
        "callers are told apart by the address that the proxy tells"
    )
    for client in clients:
        await client.until_revision(3)
        assert same(client, await inside(main.snapshot))
    stream = iter(Stream(site.proxy, "stream"))
    assert len((await inside(next, stream))[1]["items"]) == 1
    await clients[1].command("track.add", track_id="track-2")
    assert (await inside(next, stream))[1]["type"] == "track.added"
    for path in ("/metrics", "/health", "/healthz", "/readyz/"):
        assert site.proxy.ask(path)[0] == 404, "asked inside only"
    for client in clients:
        await client.close()


async def test_the_limit_of_a_request_is_the_servers_own(site: Site) -> None:
    around = len(json.dumps({"track_id": ""}))
    for size, status, code in (
        (2**20, 400, "VALIDATION_ERROR"),
        (2**20 + 1, 413, "TOO_LARGE"),
        (2**22, 413, "TOO_LARGE"),
    ):
        answer = await inside(site.proxy.call, "POST", "playlist", {"track_id": "x" * (size - around)})
        assert (answer[0], answer[1]["error"]["code"]) == (status, code), size


async def test_one_of_two_servers_stops_and_the_room_goes_on(site: Site) -> None:
    main = await inside(Room.main)
    clients = [await V1Client("main").open(site.proxy) for _ in range(6)]
    for client in clients:
        await client.until_revision(0)
    stopping = asyncio.create_task(asyncio.to_thread(site.servers[0].stop, signal.SIGTERM))
    added = 0
    while not stopping.done() or added < 5:
        status, _ = await inside(site.proxy.call, "POST", "playlist", {"track_id": f"track-{added % 12 + 1}"})
        assert status in (201, 409), "nobody notices"
        added += 1
        await asyncio.sleep(0.05)
    assert "Stopped." in await stopping
    left = [client for client in clients if client.closed_with is not None]
    assert len(left) in range(1, 6), "the proxy had shared them out"
    for client in left:
        assert client.closed_with == 1012
        await client.open(site.proxy)
    snapshot = await inside(main.snapshot)
    for client in clients:
        await client.until_revision(snapshot["revision"])
        assert same(client, snapshot)
        assert client.reasons == ["initial"], "who came back was resumed exactly"
        await client.close()
