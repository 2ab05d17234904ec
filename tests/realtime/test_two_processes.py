"""Two servers over Redis: one room, whoever serves it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from typing import Any

import pytest

from playlist import types
from playlist.identity import SYSTEM
from playlist.models import Event
from tests.api.client import Api, guest
from tests.faults.crowd import Crowd
from tests.faults.invariants import answers_hold
from tests.realtime.client import V1Client, inside, same
from tests.realtime.conftest import FAST
from tests.rooms import Room, make_tracks
from tests.servers import DEADLINE, Server, serving

Two = tuple[Server, Server]


async def test_a_change_in_one_process_is_seen_in_the_other(two_servers: Two) -> None:
    clients = [await V1Client("main").open(server) for server in two_servers]
    for client in clients:
        await client.until_revision(0)
    await clients[0].command("track.add", track_id="track-1")
    await clients[1].command("track.add", track_id="track-2")
    snapshot = await inside((await inside(Room.main)).snapshot)
    for client in clients:
        await client.until_revision(2)
        assert same(client, snapshot)
        await client.close()


async def test_one_op_id_through_sockets_and_rest_of_both_is_one_effect(two_servers: Two) -> None:
    token = (await inside(guest, "Vera")).token
    sockets = [await V1Client("main", token).open(two_servers[number % 2]) for number in range(4)]
    for client in sockets:
        await client.until_revision(0)
    headers = {"Idempotency-Key": "k", "Authorization": f"Bearer {token}"}
    calls = [
        asyncio.to_thread(two_servers[number % 2].call, "POST", "playlist", {"track_id": "track-1"}, headers)
        for number in range(10)
    ]
    acks = asyncio.gather(*(client.command("track.add", op_id="k", track_id="track-1") for client in sockets))
    answers = [answer for _, answer in await asyncio.gather(*calls)]
    assert [ack["result"] for ack in await acks] == [answers[0]] * 4
    assert answers == [answers[0]] * 10
    assert (await inside(Room.main)).slug == "main"
    assert await inside(Event.objects.count) == 1
    for client in sockets:
        await client.close()


async def test_everybody_who_is_here_is_counted_once(two_servers: Two) -> None:
    vera, wim = (await inside(guest, "Vera")).token, (await inside(guest, "Wim")).token
    one = await V1Client("main", vera).open(two_servers[0])
    again = await V1Client("main", vera).open(two_servers[1])
    other = await V1Client("main", wim).open(two_servers[1])
    nameless = await V1Client("main").open(two_servers[0])
    clients = (one, again, other, nameless)
    for client in clients:
        await client.until(lambda client=client: client.presence.get("online") == 3)  # type: ignore[misc]
        assert [person["name"] for person in client.presence["participants"]] == ["Vera", "Wim"]
    for token in (vera, wim):
        assert (await inside(Api(token).call, "PUT", "favorites/track-3")).status == 204
    for server in two_servers:
        _, liked = await inside(server.call, "GET", "playlists/main/recommendations")
        assert [(one["track"]["id"], one["because"]) for one in liked] == [("track-3", {"kind": "favorite"})]
    await other.close()
    await one.until(lambda: one.presence["online"] == 2)
    await again.close()
    late = await V1Client("main", wim).open(two_servers[0])
    await votes_that_skip(two_servers, late, vera)
    for client in (one, late, nameless):
        await client.close()


async def knows_both(server: Server) -> bool:
    """Whether the server knows that both are present: only then it recommends a favourite of theirs."""
    _, liked = await inside(server.call, "GET", "playlists/main/recommendations")
    return {"kind": "favorite"} in [one["because"] for one in liked]


async def votes_that_skip(two_servers: Two, wim: V1Client, vera: str | None) -> None:
    """Vera and Wim have sockets at the first server only; the second one knows of them all the same."""
    room = await inside(Room.main)
    rules = types.PlaylistUpdate(rules=types.RulesChanges(skip_share=1))
    await inside(lambda: room.do(rules, by=SYSTEM))
    first, _ = await inside(lambda: room.add("track-1", "track-2"))
    await inside(lambda: room.do(types.PlaybackPlay()))
    async with asyncio.timeout(DEADLINE):
        while not await knows_both(two_servers[1]):
            await asyncio.sleep(0.05)
    since = await inside(lambda: room.row.revision)
    skip, bearer = {"action": "skip", "item_id": str(first), "want": True}, {"Authorization": f"Bearer {vera}"}
    status, _ = await inside(two_servers[1].call, "POST", "playlists/main/playback", skip, bearer)
    await wim.until_revision(since + 1)
    await wim.command("playback.skip", item_id=str(first), want=True)
    events = await inside(lambda: room.events(since))
    told = [(event["type"], event.get("votes"), event.get("needed")) for event in events]
    assert (status, told) == (
        200,
        [("playback.skip_voted", 1, 2), ("playback.skip_voted", 2, 2), ("track.playing", None, None)],
    )


async def test_who_was_on_a_killed_process_is_forgotten(tracks: list[str], redis_url: str) -> None:
    environment = {**FAST, "REDIS_URL": redis_url, "PRESENCE_FORGET_SECONDS": "3", "PRESENCE_LEASE_SECONDS": "1"}
    with serving(environment=environment) as one, serving(environment=environment) as other:
        stays, goes = await V1Client("main").open(one), await V1Client("main").open(other)
        await stays.until(lambda: stays.presence.get("online") == 2)
        await inside(other.stop, signal.SIGKILL)
        await stays.until(lambda: stays.presence["online"] == 1)
        await goes.until(lambda: goes.closed_with is not None)
        await stays.close()


async def test_a_track_ends_once_however_many_processes_watch(two_servers: Two) -> None:
    main = await inside(Room.main)
    items = await inside(main.add, *await inside(make_tracks, 12))
    clients = [await V1Client("main").open(server) for server in two_servers for _ in range(2)]
    for client in clients:
        await client.until_revision(12)
    await clients[0].command("playback.play", item_id=str(items[0]))
    for number in range(3):
        await clients[number].command("playback.seek", position_seconds=180.8 + number)
        expected = str(items[number + 1])
        for client in clients:
            await client.until(lambda client=client: client.state["playback"]["item_id"] == expected)  # type: ignore[misc]  # noqa: B023
    playing = await inside(lambda: list(Event.objects.filter(type="track.playing").order_by("revision")))
    assert [json.loads(event.body)["id"] for event in playing] == [str(item) for item in items[:4]]
    for client in clients:
        await client.close()


async def test_a_room_that_runs_dry_in_two_processes_goes_on_with_one_song_at_once(two_servers: Two) -> None:
    room = await inside(Room.open)
    await inside(room.do, types.PlaylistUpdate(rules=types.RulesChanges(fallback="similar")))
    await inside(room.add, "track-1")
    clients = [await V1Client(room.slug, (await inside(guest, "Vera")).token).open(server) for server in two_servers]

    async def ends(client: V1Client, following: str) -> None:
        """Let the current song end, in both processes at once."""
        current = next(item for item in client.state["items"] if item["is_playing"])
        await client.command("playback.seek", position_seconds=current["track"]["duration_seconds"] - 0.3)
        for other in clients:
            await other.until(lambda: other.state["playback"]["item_id"] == following)  # noqa: B023 - awaited here

    await clients[0].until_revision(2)
    await clients[0].command("playback.play")
    for client in clients:
        await client.until_revision(4)
    await ends(clients[0], next(item["id"] for item in clients[0].state["items"] if item["because"]))
    # By now another one waits: the song of somebody goes before it.
    chosen = (await clients[1].command("track.add", track_id="track-12"))["result"]["id"]
    await ends(clients[1], chosen)

    events = (await inside(room.events))[2:]
    told = [(event["type"], event["actor"] is None) for event in events]
    plays, more = ("track.playing", True), ("track.added", True)
    sought = ("playback.changed", False)
    assert told == [("track.playing", False), more, sought, plays, more, ("track.added", False), sought, plays]
    assert all(event["item"]["because"] for event, said in zip(events, told, strict=True) if said == more)

    def dry_and_then_ruled() -> None:
        room.do(types.PlaylistUpdate(rules=types.RulesChanges(fallback="off")))
        room.do(*(types.TrackRemove(id=item.id) for item in room.items if item.played_at is None), types.PlaybackNext())
        assert room.row.ran_dry
        room.do(types.PlaylistUpdate(rules=types.RulesChanges(fallback="library")))

    await inside(dry_and_then_ruled)
    for client in clients:  # they listen
        await client.until(lambda client=client: client.state["playback"]["item_id"] not in (None, chosen))  # type: ignore[misc]
        assert client.state["playback"]["state"] == "playing"
    kinds = [event["type"] for event in await inside(room.events)]
    assert kinds[-4:] == ["playlist.updated", "track.added", "track.playing", "track.added"]
    for client in clients:
        await client.close()


async def test_redis_may_go_away_and_come_back_empty(two_servers: Two, redis_url: str) -> None:
    """Commands go on; what no nudge tells of the poll finds."""
    import redis

    clients = [await V1Client("main").open(server) for server in two_servers]
    for client in clients:
        await client.until_revision(0)
    line = redis.Redis.from_url(redis_url)
    await inside(line.flushall)
    await inside(line.execute_command, "CLIENT", "KILL", "TYPE", "pubsub")
    for number in range(1, 9):
        answer = await clients[number % 2].command("track.add", track_id=f"track-{number}")
        assert answer["type"] == "ack"
    snapshot = await inside((await inside(Room.main)).snapshot)
    for client in clients:
        await client.until_revision(8)
        assert same(client, snapshot)
        await client.close()


class House:
    """Two servers, for a crowd."""

    def __init__(self, doors: Two) -> None:
        self.doors = doors

    async def call(self, method: str, path: str, body: Any) -> Any:
        status, answer = await asyncio.to_thread(self.doors[0].call, method, path, body)
        assert status < 400, answer
        return answer


@pytest.mark.parametrize("seconds", [10, pytest.param(60, marks=pytest.mark.long)])
async def test_50_clients_that_come_and_go_all_end_equal(two_servers: Two, seconds: int) -> None:
    """Every client is contiguous all the way (V1Client asserts it), and nothing acked is missing or doubled."""
    await inside(make_tracks, 40)
    seed = int(os.environ.get("SEED", "20"))
    crowd = await Crowd(House(two_servers), seed, leaving=0.1).gather(50)
    living = asyncio.create_task(crowd.live())
    await asyncio.sleep(seconds)
    crowd.is_over = True
    await living
    await crowd.settle()
    main = await inside(Room.main)
    snapshot, events = await inside(main.snapshot), await inside(main.events)
    assert [event["revision"] for event in events] == list(range(1, len(events) + 1))
    assert answers_hold(crowd, events) > 100
    for person in crowd.people:
        await person.client.until_revision(snapshot["revision"])
        assert same(person.client, snapshot), f"seed {seed}"
        histories = person.client.reasons.count("history_changed")
        assert not histories, "the poll must not take a room that read on for a restore"
    assert sum(person.reconnects for person in crowd.people) > 60
    await inside(main.check)
    await crowd.leave()
