"""Plain mode and server-sent events: what a client gets that knows nothing."""

from __future__ import annotations

import asyncio
import http.client
import json
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from tests.realtime.client import conforming, inside
from tests.rooms import Room
from tests.servers import DEADLINE, Server, serving


async def rest(server: Server, method: str, path: str, body: Any = None) -> Any:
    status, answer = await asyncio.to_thread(server.call, method, path, body)
    assert status < 400, answer
    return answer


async def next_event(socket: ClientConnection) -> dict[str, Any]:
    """The next frame that is not a ping."""
    async with asyncio.timeout(DEADLINE):
        while True:
            frame: dict[str, Any] = json.loads(await socket.recv())
            if frame["type"] != "ping":
                return frame


@pytest.mark.parametrize(
    "path", ["ws", "ws/", "ws/playlist", "ws/playlist/", "ws/playlists/main", "ws/playlists/main/"]
)
async def test_the_life_of_a_public_client(server: Server, path: str) -> None:
    async with connect(f"ws://127.0.0.1:{server.port}/{path}") as socket:
        item = await rest(server, "POST", "playlist", {"track_id": "track-1", "added_by": "Kim"})
        added = await next_event(socket)
        conforming([added], "plain")
        assert set(added) == {"type", "revision", "at", "actor", "item"}
        assert added["type"] == "track.added"
        assert added["item"] == {name: value for name, value in item.items() if name != "my_vote"}
        await rest(server, "POST", f"playlist/{item['id']}/vote", {"direction": "up"})
        voted = await next_event(socket)
        conforming([voted], "plain")
        assert (voted["type"], voted["item"]) == ("track.voted", {**added["item"], "votes": 1})
        await rest(server, "PATCH", f"playlist/{item['id']}", {"position": 5.5})
        moved = await next_event(socket)
        conforming([moved], "plain")
        assert (moved["type"], moved["item"]) == ("track.moved", {**added["item"], "votes": 1, "position": 5.5})
        await rest(server, "PATCH", f"playlist/{item['id']}", {"is_playing": True})
        playing = await next_event(socket)
        assert (playing["type"], playing["id"], playing["playback"]["state"]) == (
            "track.playing",
            item["id"],
            "playing",
        )
        await rest(server, "DELETE", f"playlist/{item['id']}")
        assert (await next_event(socket))["type"] == "track.playing"
        removed = await next_event(socket)
        assert (removed["type"], removed["id"], removed["revision"]) == ("track.removed", item["id"], 6)


async def test_what_a_client_says_is_optional_and_nonsense_is_answered(server: Server) -> None:
    async with connect(f"ws://127.0.0.1:{server.port}/ws") as socket:
        await socket.send('{"type": "pong"}')
        await socket.send('{"type": "ping"}')
        assert await next_event(socket) == {"type": "pong"}
        await socket.send("{")
        assert (await next_event(socket))["error"]["code"] == "MALFORMED"


async def test_a_reordering_is_told_as_the_whole_list(server: Server) -> None:
    main = await inside(Room.main)
    first, second, third = await inside(main.add, "track-1", "track-2", "track-3")
    from playlist.models import PlaylistTrack

    await inside(PlaylistTrack.objects.filter(pk=second).update, position=1.0000000000000002)
    async with connect(f"ws://127.0.0.1:{server.port}/ws") as socket:
        await rest(server, "PATCH", f"playlist/{third}", {"after": str(first)})
        whole = await next_event(socket)
        assert whole["type"] == "playlist.reordered"
        assert [item["track_id"] for item in whole["items"]] == ["track-1", "track-3", "track-2"]
        assert whole["items"][0]["track"]["title"] == "Song 1"
        await rest(server, "DELETE", f"playlist/{first}")
        assert (await next_event(socket))["type"] == "track.removed", "the move was in the list already"


@pytest.mark.once
@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:1", "http://localhost.evil.example"]
)
async def test_a_foreign_origin_is_refused_in_the_handshake(server: Server, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"ws://127.0.0.1:{server.port}/ws", origin=origin)  # type: ignore[arg-type]
    assert refused.value.response.status_code == 403


@pytest.mark.once
async def test_pages_of_this_machine_may_connect_and_a_foreign_host_may_not(server: Server) -> None:
    for origin in ("http://localhost:5173", f"http://127.0.0.1:{server.port}"):
        async with connect(f"ws://127.0.0.1:{server.port}/ws", origin=origin):  # type: ignore[arg-type]
            pass
    with pytest.raises(InvalidStatus):
        await connect(f"ws://127.0.0.1:{server.port}/ws", additional_headers={"Host": "evil.example"})


@pytest.mark.once
async def test_addresses_that_are_not_there(server: Server) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"ws://127.0.0.1:{server.port}/nowhere")
    # Daphne knows no other answer.
    assert refused.value.response.status_code in (404, 403)
    socket = await connect(f"ws://127.0.0.1:{server.port}/ws/playlists/nothing")
    await socket.wait_closed()
    assert socket.close_code == 4404


class Stream:
    """An EventSource, as far as a test needs one."""

    def __init__(self, server: Server, path: str, **headers: str) -> None:
        self._caller = http.client.HTTPConnection("127.0.0.1", server.port, timeout=DEADLINE)
        self._caller.request("GET", f"/api/{path}", headers={name.replace("_", "-"): v for name, v in headers.items()})
        self.response = self._caller.getresponse()

    def __iter__(self) -> Iterator[tuple[str, dict[str, Any]]]:
        event_id = ""
        while True:
            line = self.response.readline().decode().rstrip("\n")
            assert not line.startswith("event:"), "EventSource.onmessage would not see it"
            if line.startswith("id: "):
                event_id = line[4:]
            elif line.startswith("data: ") and not line.startswith('data: {"type":"ping"'):
                yield event_id, json.loads(line[6:])

    def close(self) -> None:
        self._caller.close()


@pytest.mark.parametrize("path", ["stream", "stream/", "playlists/main/stream"])
def test_an_event_source(server: Server, path: str) -> None:
    stream = Stream(server, path, Origin="http://localhost:5173")
    assert stream.response.getheader("Content-Type") == "text/event-stream"
    assert stream.response.getheader("Access-Control-Allow-Origin") == "http://localhost:5173"
    events = iter(stream)
    _, whole = next(events)
    assert (whole["type"], whole["items"]) == ("playlist.reordered", [])
    server.call("POST", "playlist", {"track_id": "track-1"})
    last_id, added = next(events)
    assert (added["type"], added["item"]["track_id"]) == ("track.added", "track-1")
    assert last_id.startswith("1.")
    stream.close()
    server.call("POST", "playlist", {"track_id": "track-2"})
    server.call("POST", "playlist", {"track_id": "track-3"})
    resumed = iter(Stream(server, path, Last_Event_ID=last_id))
    assert [next(resumed)[1]["item"]["track_id"] for _ in range(2)] == ["track-2", "track-3"]
    foreign = iter(Stream(server, path, Last_Event_ID="1.0000000000000000"))
    assert len(next(foreign)[1]["items"]) == 3


@pytest.mark.once
def test_a_stream_has_a_head_and_takes_nothing(server: Server) -> None:
    for path in ("/api/stream", "/api/playlists/main/stream/"):
        status, body, headers = server.request("HEAD", path)
        assert (status, body, headers["content-type"]) == (200, "", "text/event-stream")
        for method in ("POST", "PUT", "DELETE"):
            status, body, headers = server.request(method, path, {})
            assert (status, json.loads(body)["error"]["code"]) == (405, "METHOD_NOT_ALLOWED")
            assert headers["allow"] == "GET, HEAD, OPTIONS"
        status, body, headers = server.request("OPTIONS", path)
        assert (status, body, headers["allow"]) == (204, "", "GET, HEAD, OPTIONS")
    assert server.request("HEAD", "/api/playlists/nothing/stream")[0] == 404


@pytest.mark.once
@pytest.mark.parametrize("site", ["same-origin", "same-site", "cross-site", None])
@pytest.mark.parametrize("referer", ["ours", "foreign", None])
def test_a_stream_of_our_own_page_counts_with_its_cookie(
    our_server: Server, site: str | None, referer: str | None
) -> None:
    """`EventSource` sends no Origin to its own server: Sec-Fetch-Site tells where it comes from, else the Referer."""
    room = Room.open(visibility="unlisted")
    _, _, headers = our_server.request("POST", f"/api/playlists/{room.slug}/join", {"name": "Eve"})
    (session,) = [part for part in headers["set-cookie"].split(";") if part.startswith("sessionid")]
    given = {"Cookie": session}
    if site is not None:
        given["Sec-Fetch-Site"] = site
    if referer is not None:
        given["Referer"] = f"http://127.0.0.1:{our_server.port}/r/x" if referer == "ours" else "http://evil.example/"
    counts = site == "same-origin" or (site is None and referer == "ours")
    stream = Stream(our_server, f"playlists/{room.slug}/stream", **given)
    assert stream.response.status == (200 if counts else 401)
    stream.close()


def test_a_stream_says_no_like_everything_else(server: Server) -> None:
    refused = Stream(server, "playlists/nothing/stream").response
    assert refused.status == 404
    assert json.loads(refused.read())["error"]["code"] == "PLAYLIST_NOT_FOUND"
    assert Stream(server, "stream", Authorization="Bearer nothing").response.status == 401
    assert Stream(server, "stream", Origin="http://evil.example").response.status == 403


async def test_daphne_serves_sockets_too(tracks: list[str]) -> None:
    from tests.servers import free_port

    port = free_port()
    with serving("manage.py", "runserver", "--noreload", f"127.0.0.1:{port}", port=port) as server:
        async with connect(f"ws://127.0.0.1:{port}/ws") as socket:
            await rest(server, "POST", "playlist", {"track_id": "track-1"})
            assert (await next_event(socket))["type"] == "track.added"
