"""Walls: screens that are told everything, count as nobody, and write nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.conf import settings
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from playlist import types
from playlist.clock import database_now
from playlist.commands.table import SOCKET_COMMANDS
from playlist.models import Event, Participant
from tests.api.client import Api, guest
from tests.realtime.client import V1Client, inside, subprotocols
from tests.rooms import Room
from tests.servers import Server


async def test_a_wall_is_told_everything_and_counts_as_nobody(server: Server) -> None:
    main = await inside(Room.main)
    await inside(main.add, "track-1")
    await inside(main.do, types.PlaybackPlay())
    await inside(main.do, types.PlaybackNext())  # the room runs dry
    token = (await inside(guest, "Vera")).token
    wall = await V1Client("main?display", token).open(server)
    await wall.until(lambda: wall.presence.get("online") == 0)
    await asyncio.to_thread(server.call, "POST", "playlist", {"track_id": "track-2"})
    await wall.until_revision(4)
    listener = await V1Client("main").open(server)
    await wall.until(lambda: wall.presence["online"] == 1)
    await listener.command("track.add", track_id="track-3")
    await wall.until(lambda: wall.state["playback"]["state"] == "playing")
    await wall.until_revision(6)
    kinds = await inside(lambda: list(Event.objects.order_by("revision").values_list("type", flat=True)[3:]))
    assert kinds == ["track.added", "track.added", "track.playing"], "nobody listens to a wall"
    for client in (wall, listener):
        await client.close()


@pytest.mark.once
async def test_a_wall_link_reads_listens_and_plays_and_nothing_else(server: Server, visitor: tuple[Api, str]) -> None:
    """In a room that only those who are in it may read. What a cohost is told comes at once, too."""
    host, token = visitor
    slug = (await inside(host.post, "playlists", {"name": "Friday"})).json["slug"]
    item = (await inside(host.post, f"playlists/{slug}/items", {"track_id": "track-1"})).json["id"]

    async def new_wall() -> V1Client:
        link = (await inside(host.post, f"playlists/{slug}/display-link")).json["url"]
        traded = await inside(Api().post, f"playlists/{slug}/display", {"secret": link.partition("=")[2]})
        return await V1Client(slug, traded.json["token"]).open(server)

    wall = await new_wall()
    await wall.until_revision(1)
    assert wall.welcome["you"] == {"id": None, "name": None, "role": None, "adder": None}
    vera = await V1Client(slug, token).open(server)
    await wall.send({"type": "speaker", "on": True, "name": "The host's stereo", "item_id": item, "started_at_ms": 1})
    for client in (vera, wall):
        await client.until(lambda client=client: client.presence.get("speakers") == [{"name": "A device"}])  # type: ignore[misc]
        assert client.presence["online"] == 1, "a wall is nobody"
    given: dict[str, Any] = {"id": item, "item_id": item, "track_id": "track-2", "track_ids": ["track-2"]}
    given |= {
        "after": None,
        "direction": "up",
        "position_seconds": 1,
        "volume": 5,
        "name": "Mine",
        "want": True,
        "revisions": [1],
    }
    for name, kind in SOCKET_COMMANDS.items():
        answer = await wall.command(name, **{key: given[key] for key in kind.__struct_fields__ if key in given})
        assert (answer["error"]["code"], answer["error"]["details"]) == ("FORBIDDEN", {"reason": "wall"}), name
    bob = await inside(guest, "Bob")
    his_id = (await inside(bob.post, f"playlists/{slug}/join", {})).json["participant"]["id"]
    his = await V1Client(slug, bob.token).open(server)
    await vera.until(lambda: len(vera.presence["participants"]) == 2)
    await inside(host.patch, f"playlists/{slug}/participants/{his_id}", {"role": "cohost"})
    await his.until(lambda: [one["role"] for one in his.presence["participants"]] == ["host", "cohost"])
    assert (await inside(lambda: [room["slug"] for room in bob.get("playlists?mine=true").json])) == [slug]
    await beside_a_stranger(server, slug, str(wall.token), host)
    newer = await new_wall()
    await wall.until(lambda: wall.closed_with == 4401)
    await inside(host.patch, f"playlists/{slug}/participants/{his_id}", {"role": "host"})
    await newer.until(lambda: newer.closed_with == 4401)
    await his.until(lambda: his.state["playlist"]["host"]["name"] == "Bob")
    for client in (vera, his):
        await client.close()


async def beside_a_stranger(server: Server, slug: str, token: str, host: Api) -> None:
    """A browser that is a wall, and somebody whom the room does not know besides; until that person is removed."""
    browser = Api(cookies=True)
    eve = (await inside(browser.post, "guests", {"name": "Eve"})).json["user"]["id"]
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    cookies |= {f"{settings.WALL_COOKIE_PREFIX}{slug}": token, f"{settings.WALL_COOKIE_PREFIX}main": "wall.main.x"}
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    own: dict[str, Any] = {"additional_headers": headers, "origin": f"http://127.0.0.1:{server.port}"}
    screen = await V1Client(f"{slug}?display").open(server, **own)
    await screen.until_revision(1)
    assert screen.welcome["you"]["id"] is None
    await screen.close()
    main = await V1Client("main").open(server, **own)
    await main.until(lambda: main.welcome.get("you", {}).get("id") == eve)
    await main.close()
    playlist_id = (await inside(host.get, f"playlists/{slug}")).json["id"]
    await inside(lambda: Participant.objects.create(playlist_id=playlist_id, user_id=eve, banned_at=database_now()))
    address = f"ws://127.0.0.1:{server.port}/ws/playlists/{slug}?display"
    async with connect(address, subprotocols=subprotocols(None), **own) as removed:
        with pytest.raises(ConnectionClosed):
            await removed.recv()
        assert removed.close_code == 4403
