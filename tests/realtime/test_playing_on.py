"""A watched room plays on: the next track follows, and one that ran dry wakes while somebody listens."""

from __future__ import annotations

import asyncio

from playlist import types
from tests.fold import apply_events
from tests.realtime.client import V1Client, inside, same
from tests.rooms import Room
from tests.servers import Server


async def test_a_track_that_ends_is_followed_by_the_next(server: Server) -> None:
    main = await inside(Room.main)
    first, _ = await inside(main.add, "track-1", "track-2")
    client = await V1Client("main").open(server)
    await client.until_revision(2)
    await client.command("playback.play", item_id=str(first))
    seek = await client.command("playback.seek", position_seconds=180.5)
    assert seek["type"] == "ack"
    await client.until(lambda: client.state["playback"]["item_id"] not in (None, str(first)))
    await client.until_revision(5)
    assert same(client, await inside(main.snapshot))
    whole = apply_events(client.state, [])
    assert whole["playback"]["state"] == "playing"
    await client.close()


async def test_a_room_that_ran_dry_plays_what_is_added_next_while_somebody_listens(server: Server) -> None:
    main = await inside(Room.main)
    await inside(main.add, "track-1")
    client = await V1Client("main").open(server)
    await client.until_revision(1)
    await client.command("playback.play")
    await client.command("playback.next")
    await client.until(lambda: client.state["playback"]["state"] == "stopped")
    await asyncio.to_thread(server.call, "POST", "playlist", {"track_id": "track-2"})
    await client.until(lambda: client.state["playback"]["state"] == "playing")
    assert client.state["playback"]["item_id"] is not None
    assert same(client, await inside(main.snapshot))
    await client.close()


async def test_a_room_that_ran_dry_stays_quiet_while_nobody_listens(server: Server) -> None:
    main = await inside(Room.main)
    await inside(main.add, "track-1")
    await inside(main.do, types.PlaybackPlay())
    await inside(main.do, types.PlaybackNext())
    await asyncio.to_thread(server.call, "POST", "playlist", {"track_id": "track-2"})
    client = await V1Client("main").open(server)
    await client.until_revision(4)
    await client.command("track.add", track_id="track-3")  # and now somebody does
    await client.until(lambda: client.state["playback"]["state"] == "playing")
    playing = next(item for item in client.state["items"] if item["is_playing"])
    assert playing["track_id"] == "track-2", "the first that waits"
    await client.close()
