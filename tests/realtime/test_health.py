"""What machines ask of a server: whether it lives, whether it is ready, and what it counts; and what it logs."""

from __future__ import annotations

import asyncio
import json
import signal
from datetime import timedelta
from typing import Any

import pytest

from playlist.clock import database_now
from playlist.models import Checkpoint, Event, Operation
from tests.realtime.client import V1Client, inside, until
from tests.realtime.conftest import FAST
from tests.rooms import Room
from tests.servers import Server, serving


async def test_a_server_says_that_it_lives_and_is_ready(server: Server) -> None:
    assert server.ask("/healthz")[:2] == (200, '{"status":"alive"}')
    assert server.ask("/health")[:2] == (200, '{"status":"alive"}')
    status, text, _ = server.ask("/readyz")
    assert (status, json.loads(text)) == (200, {"status": "ready", "database": "ok", "layer": "ok"})


@pytest.mark.once
@pytest.mark.parametrize("path", ["/healthz", "/health/", "/readyz", "/metrics"])
async def test_what_machines_ask_can_only_be_read(server: Server, path: str) -> None:
    for method in ("POST", "PUT", "DELETE", "TRACE"):
        status, text, headers = server.request(method, path)
        assert (status, headers["allow"]) == (405, "GET, HEAD")
        assert json.loads(text)["error"]["code"] == "METHOD_NOT_ALLOWED"
    assert server.request("HEAD", path)[:2] == (200, "")


@pytest.mark.once
@pytest.mark.parametrize("path", ["/healthz/", "/health", "/readyz", "/metrics", "/api/stream", "/api/tracks", "/"])
async def test_a_foreign_host_reaches_nothing(server: Server, path: str) -> None:
    status, text, _ = server.ask(path, Host="whatever.example")
    assert (status, json.loads(text)["error"]["code"]) == (400, "MALFORMED")
    assert server.ask("/healthz", Host="localhost")[0] == 200


async def test_without_redis_it_stays_ready_and_says_so(tracks: list[str], redis_url: str) -> None:
    import redis

    environment = {**FAST, "REDIS_URL": redis_url}
    with serving(environment=environment) as server:
        assert json.loads(server.ask("/readyz")[1])["layer"] == "ok"
        redis.Redis.from_url(redis_url).shutdown(nosave=True)
        status, text, _ = server.ask("/readyz")
        assert (status, json.loads(text)) == (200, {"status": "ready", "database": "ok", "layer": "away"})
        assert server.call("POST", "playlist", {"track_id": "track-1"})[0] == 201
        assert server.metrics()["playlist_layer_errors_total"] > 0


async def test_it_counts_what_it_does(server: Server) -> None:
    client = await V1Client("main").open(server)
    await client.until_revision(0)
    item = (await client.command("track.add", track_id="track-1"))["result"]["id"]
    await client.until_revision(1)  # else the vote may come in the same frame
    await client.command("track.add", track_id="track-1")
    await client.command("track.vote", id=item, direction="up")
    await client.until_revision(2)
    await client.abort()
    known = len(client.frames)
    await client.open(server)
    # Presence comes to whoever follows: what comes now is delivered, and is no part of what was missed.
    await client.until(lambda: any(frame["type"] == "presence" for frame in client.frames[known:]))
    await client.command("track.vote", id=item, direction="down")
    await client.until_revision(3)
    counted = server.metrics()
    for name, value in {
        "playlist_sockets v1": 1,
        "playlist_rooms": 1,
        "playlist_resumes_total initial": 1,
        "playlist_resumes_total exact": 1,
        "playlist_snapshots_built_total": 1,
        "playlist_submissions_total committed": 3,
        "playlist_submissions_total DUPLICATE_TRACK": 1,
        "playlist_batch_size_sum": 4,
        "playlist_batch_seconds_count": 4,
        "playlist_deliveries_total": 3,
        "playlist_lag_seconds_count": 3,
        "playlist_slow_readers_total": 0,
        "playlist_writer_queue": 0,
    }.items():
        assert counted[name] == value, name
    await client.close()


@pytest.mark.once
async def test_metrics_are_for_the_operator(tracks: list[str]) -> None:
    with serving(environment={**FAST, "METRICS_TOKEN": "secret"}) as server:
        assert server.ask("/metrics")[0] == 404
        assert server.ask("/metrics", Authorization="Bearer other")[0] == 404
        assert server.ask("/metrics", Authorization="Bearer secret")[0] == 200
    with serving(environment=FAST) as server:
        assert server.ask("/metrics", X_Forwarded_For="10.0.0.1")[0] == 404, "the proxy is near, its caller not"


@pytest.mark.once
async def test_log_lines_are_objects_with_the_ids_of_request_and_connection(tracks: list[str]) -> None:
    with serving(environment={**FAST, "LOG_FORMAT": "json", "ACCESS_LOG": "true"}) as server:
        _, _, headers = server.ask("/api/playlist", X_Request_ID="from-the-proxy-1")
        assert headers["x-request-id"] == "from-the-proxy-1"
        _, _, headers = server.ask("/api/tracks", X_Request_ID="no good\tat all")
        client = await V1Client("main").open(server)
        await client.until_revision(0)
        await client.close()
        output = await asyncio.to_thread(server.stop)
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    first, second, gone = [line for line in lines if line["logger"] == "playlist.access"]
    assert (first["path"], first["status"], first["request_id"]) == ("/api/playlist", 200, "from-the-proxy-1")
    assert second["request_id"] == headers["x-request-id"] != first["request_id"]
    assert (gone["kind"], gone["code"]) == ("v1", None)
    assert len(gone["connection_id"]) == 16


def something_old(room: Room) -> None:
    """The first event is a month old, and an answer three days."""
    Event.objects.filter(playlist=room.id, revision=1).update(at=database_now() - timedelta(days=31))
    Operation.objects.create(
        playlist_id=room.id, actor_key="system", key="old", payload_hash="", revision=1, answer="{}",
        created_at=database_now() - timedelta(days=3),
    )  # fmt: skip


async def test_upkeep_and_checkpoints_are_made_by_one_of_the_processes(
    tracks: list[str], redis_url: str, room: Room
) -> None:
    await inside(room.add, "track-1", "track-2")
    await inside(something_old, room)
    environment = {**FAST, "REDIS_URL": redis_url, "UPKEEP_CHECK_SECONDS": "0.2", "CHECKPOINT_CHECK_SECONDS": "0.2"}
    outputs: list[str] = []

    async def is_done() -> bool:
        return not await inside(Operation.objects.filter(key="old").exists)

    with serving(environment=environment) as one, serving(environment=environment) as other:
        for server in (one, other):
            client = await V1Client("main").open(server)  # starts what runs beside the sockets
            await client.until_revision(0)
        await until(is_done)
        outputs = [await asyncio.to_thread(server.stop, signal.SIGTERM) for server in (one, other)]
    done: list[Any] = [line for output in outputs for line in output.splitlines() if "Daily upkeep" in line]
    assert len(done) == 1, outputs
    assert "1 events, 0 plays, 1 operations" in done[0]
    assert await inside(list, Checkpoint.objects.filter(playlist__slug="main").values_list("revision", flat=True)) == [
        0
    ]
    assert await inside(list, Event.objects.filter(playlist=room.id).values_list("revision", flat=True)) == [2]
