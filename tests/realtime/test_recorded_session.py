"""An evening as all kinds of clients hear it, held against a recording of it, byte for byte.

Whoever changes what clients are told changes tests/contract/session.json with it, on purpose:

    python3 run.py test tests/realtime/test_recorded_session.py --record
"""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any

import pytest

from playlist.models import Event, Playlist
from tests.realtime.client import inside
from tests.realtime.conftest import FAST
from tests.realtime.recording import Recording
from tests.servers import Server, serving

SESSION = Path(__file__).parent.parent / "contract" / "session.json"

SECOND, NO_ITEM = (f"00000000-0000-7000-8000-00000000000{number}" for number in (2, 9))

#: Nothing comes by itself.
#: The lead is longer than the evening, so that no position depends on how fast the machine is.
QUIET = {**FAST, "PING_SECONDS": "1800", "PONG_SECONDS": "3600", "START_LEAD_MS": "10000"}
#: Limits that a few songs reach.
NARROW = {
    **QUIET, "FRAME_OUT_BYTES": "4096", "RESUME_EVENTS": "3", "COMMANDS_PER_SECOND": "0.001", "COMMANDS_BURST": "1",
    "POLL_SECONDS": "0.2", "REST_WRITES_PER_SECOND": "0.001", "REST_WRITES_BURST": "3",
}  # fmt: skip
IMPATIENT = {**FAST, "PING_SECONDS": "1", "PONG_SECONDS": "2", "HELLO_SECONDS": "4"}


@pytest.mark.once
async def test_an_evening_is_heard_as_it_was_recorded(tracks: list[str], request: pytest.FixtureRequest) -> None:
    evening = Recording()
    with serving(environment=QUIET) as server:
        await an_old_front_end(evening, server)
        slug = await a_room_of_ones_own(evening, server)
        await the_queue(evening, slug, server)
        await what_plays(evening, slug, server)
        await what_is_refused(evening, slug, server)
        await coming_back(evening, slug, server)
        await the_server_restarts(evening, server)
    with serving(environment=IMPATIENT) as server:
        await no_patience(evening, slug, server)
    with serving(environment=NARROW) as server:
        await narrow_limits(evening, slug, server)
        await the_end(evening, slug, server)
    steps = evening.steps()
    if request.config.getoption("--record"):
        SESSION.write_text(json.dumps(steps, indent=1, ensure_ascii=False) + "\n")
    recorded = json.loads(SESSION.read_text())
    differs = difflib.unified_diff(told(recorded), told(steps), "recorded", "heard now", lineterm="", n=1)
    difference = "\n".join(differs)
    assert not difference, difference


def told(steps: list[dict[str, Any]]) -> list[str]:
    """A line for each thing that was said or heard."""
    return [
        line
        for step in steps
        for line in (step["said"], *(f"  {name}: {text!r}" for name, heard in step["heard"].items() for text in heard))
    ]


async def an_old_front_end(evening: Recording, server: Server) -> None:
    """One that knows only `main`: no token, no cookie."""

    async def call(method: str, path: str, body: Any = None, grows: int = 0, **headers: str) -> Any:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return await evening.call(server, "somebody", method, path, body, given, grows={"main": grows} if grows else {})

    await call("GET", "tracks?limit=2", Origin="http://localhost:5173")
    await call("OPTIONS", "playlist/add", Origin="http://localhost:5173", Access_Control_Request_Method="POST")
    await evening.opens(server, "plain", "ws")
    await evening.says("plain", {"type": "ping"}, "pong")
    evening.lines["plain"].revision = 0
    await evening.listens(server, "stream", "api/stream", headers={"Origin": "http://localhost:5173"}, at=0)
    first = await call("POST", "playlist/add", {"track_id": "track-1", "added_by": "Kim"}, 1)
    second = await call("POST", "playlist/", {"track_id": "track-2"}, 1)
    third = await call("POST", "playlist", {"track_id": "track-3", "after": None}, 1, Idempotency_Key="third")
    await call("POST", "playlist", {"track_id": "track-3", "after": None}, Idempotency_Key="third")
    await call("POST", "playlist", {"track_id": "track-4"}, Idempotency_Key="third")
    await call("POST", f"playlist/{first['id']}/vote", {"direction": "up"}, 1)
    await call("POST", f"playlist/{first['id']}/vote/", {"direction": "up"})
    await call("POST", f"playlist/{first['id']}/vote", {"direction": "none"}, 1)
    await call("PATCH", f"playlist/{second['id']}", {"position": 0.5}, 1)
    await call("PATCH", f"playlist/{third['id']}", {"is_playing": True}, 1)
    await call("GET", "playlist")
    await call("DELETE", f"playlist/{third['id']}", grows=2)
    await call("DELETE", f"playlist/{first['id']}", grows=1)
    await call("POST", f"playlist/{first['id']}/restore", grows=1)
    await call("GET", "playlists/main/history")
    await call("GET", "playlists/main/events?since=8&limit=2")
    for method, path, body in (
        ("POST", "playlist/add", {}),
        ("POST", "playlist/add", {"track_id": "nothing"}),
        ("POST", "playlist/add", {"track_id": "track-1"}),
        ("POST", "playlist/add", {"track_id": "track-5", "added_by": 5}),
        ("POST", "playlist/add", "{"),
        ("POST", f"playlist/{first['id']}/vote", {"direction": "left"}),
        ("PATCH", f"playlist/{first['id']}", {"position": 1, "after": None}),
        ("PATCH", "playlist/nothing", {"position": 1}),
        ("PUT", "playlist", {}),
        ("GET", "nothing", None),
        ("GET", "tracks/nothing", None),
        ("POST", "tracks", {"title": "Mine"}),
        ("GET", "playlists/main/events?since=soon", None),
    ):
        await call(method, path, body)
    await call("POST", "playlist/add", "track_id=track-6", Content_Type="application/x-www-form-urlencoded")
    await call("GET", "playlist", Authorization="Bearer nothing")
    await evening.says("plain", "{", "error")
    await evening.leaves("plain", "stream")


async def a_room_of_ones_own(evening: Recording, server: Server) -> str:
    """Two people with an identity, and three clients without one, in a room; its slug."""
    for name in ("anna", "bob"):
        guest = await evening.call(server, name, "POST", "guests", {"name": name.title()})
        evening.tokens[name] = guest["token"]
    room = await evening.call(server, "anna", "POST", "playlists", {"name": "Friday", "visibility": "public"})
    slug = str(room["slug"])
    evening.know(slug, "friday")
    await evening.call(server, "bob", "GET", "playlists")
    for name in ("anna", "bob", "nobody"):
        await evening.opens(server, name, f"ws/playlists/{slug}", slug, v1=True)
        await evening.says(name, {"type": "hello"}, "snapshot")
    await evening.opens(server, "plain", f"ws/playlists/{slug}/", slug)
    await evening.says("plain", {"type": "ping"}, "pong")
    evening.lines["plain"].revision = 0
    await evening.listens(server, "stream", f"api/playlists/{slug}/stream", slug, at=0)
    await evening.sees("anna", online=5)
    await evening.call(server, "bob", "POST", f"playlists/{slug}/join", {"name": "Bob"})
    await evening.call(server, "bob", "GET", f"playlists/{slug}/participants")
    await evening.call(server, "bob", "GET", f"playlists/{slug}")
    etag = next(line for line in evening.answer if line.startswith("ETag: ")).removeprefix("ETag: ")
    await evening.call(server, "bob", "GET", f"playlists/{slug}", headers={"If-None-Match": etag})
    return slug


async def the_queue(evening: Recording, slug: str, server: Server) -> None:
    do, one = evening.commands, {slug: 1}
    first = await do("anna", "q1", "track.add", track_id="track-1")
    second = await do("bob", "q2", "track.add", track_id="track-2", id=SECOND)
    third = await do("bob", "q3", "track.add", track_id="track-3", after=first["id"], added_by="Somebody else")
    await do("bob", "q4", "track.vote", id=second["id"], direction="up")
    await do("bob", "q4", "track.vote", id=second["id"], direction="up")
    await do("bob", "q5", "track.vote", id=second["id"], direction="up")
    await do("anna", "q6", "track.vote", id=second["id"], direction="down")
    await do("anna", "q7", "track.vote", id=second["id"], direction="none")
    await do("bob", "q8", "track.move", id=third["id"], after=second["id"])
    await do("bob", "q9", "track.move", id=third["id"], position=-3.25)
    await do("bob", "q10", "track.remove", id=second["id"])
    await do("bob", "q11", "track.restore", id=second["id"], votes_of=["bob"])
    items = f"playlists/{slug}/items"
    await evening.call(
        server, "anna", "POST", f"{items}/{first['id']}/vote", {"direction": "down"}, grows=one, votes_of=["anna"]
    )
    await evening.call(server, "anna", "POST", items, {"track_id": "track-5"}, grows=one)
    await evening.call(server, "anna", "GET", items)
    await do("anna", "q12", "playlist.update", name="Freitag", order="votes", max_queued_per_person=3)
    await do("anna", "q13", "track.move", id=first["id"], after=None)
    await do("anna", "q14", "playlist.update", order="manual", policy="hosted", visibility="unlisted")
    await evening.call(
        server, "anna", "PATCH", f"playlists/{slug}", {"policy": "open", "visibility": "public"}, grows=one
    )
    # So close to one another that there is no number left between them.
    await do("anna", "q15", "track.move", id=first["id"], position=1)
    await do("anna", "q16", "track.move", id=second["id"], position=1.0000000000000002)
    await do("anna", "q17", "track.move", id=third["id"], after=first["id"])
    await evening.says("bob", {"type": "time", "t": 5}, "time")
    await evening.says("bob", {"type": "time", "t": "noon"}, "time")


async def what_plays(evening: Recording, slug: str, server: Server) -> None:
    do = evening.commands
    await do("anna", "p1", "playback.play")
    await do("anna", "p2", "playback.pause")
    await do("bob", "p3", "playback.seek", position_seconds=42)
    await do("bob", "p4", "playback.pause")
    playing = await do("anna", "p5", "playback.next")
    await do("bob", "p6", "playback.next", expect_item_id=playing["item_id"])
    await do("bob", "p7", "playback.next", expect_item_id=playing["item_id"])
    await do("anna", "p8", "playback.previous")
    await do("anna", "p9", "playback.play", item_id=playing["item_id"])
    playback = f"playlists/{slug}/playback"
    await evening.call(server, "bob", "POST", playback, {"action": "pause"}, grows={slug: 1})
    await evening.call(server, "bob", "GET", playback)
    await evening.call(server, "bob", "POST", playback, {"action": "seek"})
    await evening.call(server, "bob", "GET", f"playlists/{slug}/history?limit=1")


async def what_is_refused(evening: Recording, slug: str, server: Server) -> None:
    """On sockets: frames and commands that are wrong, and what closes a line."""
    for number, (command, arguments) in enumerate(
        (
            ("track.add", {}),
            ("track.add", {"track_id": "nothing"}),
            ("track.add", {"track_id": "track-1"}),
            ("track.vote", {"id": NO_ITEM, "direction": "up"}),
            ("track.vote", {"id": SECOND}),
            ("track.remove", {"id": "nothing"}),
            ("track.move", {"id": SECOND}),
            ("track.purge", {"track_id": "track-1"}),
            ("playlist.update", {"name": "Mine"}),
            ("playback.next", {"expect_item_id": NO_ITEM}),
            ("dance", {}),
        )
    ):
        await evening.commands("bob", f"r{number}", command, **arguments)
    await evening.commands("bob", "q4", "playback.play")
    await evening.commands("nobody", "n1", "track.add", track_id="track-6")
    for frame in (
        {"type": "hello"},
        {"type": "command", "command": "playback.play"},
        {"type": "command", "op_id": "x" * 65, "command": "playback.play"},
        {"type": "time", "t": []},
        {"type": "dance"},
        {"type": 5},
        "{",
    ):
        await evening.says("bob", frame, "error")
    room = f"ws/playlists/{slug}"
    await evening.opens(server, "early", room, slug, v1=True)
    await evening.says("early", {"type": "command", "op_id": "e1", "command": "playback.play"}, "error")
    await evening.says("early", {"type": "hello", "resume": {"revision": -1, "stamp": ""}}, "error")
    await evening.says("early", b"{}", "error")
    for _ in range(4):
        await evening.says("early", "[]", "error")
    await evening.waits("early", "closed")
    await evening.opens(server, "large", room, slug, v1=True)
    await evening.says("large", '{"type": "time", "t": "' + "x" * 16 * 1024 + '"}', "closed")
    await evening.opens(server, "lost", "nowhere", v1=True)
    await evening.opens(server, "lost", "ws/playlists/nothing", v1=True)
    await evening.waits("lost", "closed")
    evening.tokens["forger"] = "nothing"
    await evening.opens(server, "forger", room, slug, v1=True)
    await evening.waits("forger", "closed")
    await evening.opens(server, "stranger", room, slug, origin="http://evil.example")
    await evening.leaves("early", "large", "lost", "forger")


async def coming_back(evening: Recording, slug: str, server: Server) -> None:
    """A resume is exact, or says why not."""
    kept = await inside(Playlist.objects.get, slug=slug)
    await evening.leaves("bob")
    await evening.commands("anna", "c1", "track.vote", id=SECOND, direction="up")
    await evening.commands("anna", "c2", "track.vote", id=SECOND, direction="down")
    await evening.commands("anna", "c3", "playlist.update", locked=True, max_queued_per_person=None)
    for number in (6, 7, 8, 9, 10):
        await evening.commands("anna", f"c{number}", "track.add", track_id=f"track-{number}")
    head = await inside(Playlist.objects.get, slug=slug)
    cursors = [
        (kept.revision, kept.stamp, "my_votes"),
        (head.revision, head.stamp, "my_votes"),
        (head.revision, "0" * 16, "snapshot"),
        (head.revision + 7, head.stamp, "snapshot"),
    ]
    for revision, stamp, until in cursors:
        await comes_back(evening, server, slug, revision, stamp, until)
    await inside(Event.objects.filter(playlist__slug=slug, revision__lte=3).delete)
    await comes_back(evening, server, slug, 2, head.stamp, "snapshot")
    last_event = f"{kept.revision}.{kept.stamp}"
    for cursor in (last_event, f"{kept.revision}.{'0' * 16}", "nonsense"):
        await evening.leaves("stream")
        headers = {"Last-Event-ID": cursor}
        await evening.listens(server, "stream", f"api/playlists/{slug}/stream", slug, headers, at=head.revision)


async def comes_back(evening: Recording, server: Server, slug: str, revision: int, stamp: str, until: str) -> None:
    await evening.opens(server, "bob", f"ws/playlists/{slug}", slug, v1=True)
    await evening.says("bob", {"type": "hello", "resume": {"revision": revision, "stamp": stamp}}, until)
    await evening.leaves("bob")


async def the_server_restarts(evening: Recording, server: Server) -> None:
    server.process.terminate()
    everybody = list(evening.lines)
    await evening.until_closed(*everybody)
    evening.note("the server is told to stop")
    await evening.leaves(*everybody)


async def no_patience(evening: Recording, slug: str, server: Server) -> None:
    """Pings, and what comes of silence."""
    room = f"ws/playlists/{slug}"
    await evening.opens(server, "silent", room, slug, v1=True)
    await evening.waits("silent", "closed")
    await evening.opens(server, "deaf", room, slug, v1=True)
    await evening.says("deaf", {"type": "hello"}, "closed")
    await evening.opens(server, "simple", room, slug)
    await evening.waits("simple", "ping")
    await evening.leaves("simple")
    await evening.listens(server, "radio", f"api/playlists/{slug}/stream", slug, at=evening.heads[slug])
    await evening.waits("radio", "ping")
    await evening.leaves("silent", "deaf", "radio")


async def narrow_limits(evening: Recording, slug: str, server: Server) -> None:
    """Where a little is too much already."""
    room = f"ws/playlists/{slug}"
    await evening.opens(server, "bob", room, slug, v1=True)
    heard = await evening.says("bob", {"type": "hello"}, "ping")
    pages = heard[1]["pages"]
    for page in range(2, pages + 1):
        asked = {"type": "pong", "t": heard[-1]["t"]}
        heard = await evening.says("bob", asked, "ping" if page < pages else "snapshot")
    await evening.commands("bob", "w1", "playback.seek", position_seconds=7)
    await evening.commands("bob", "w2", "playback.seek", position_seconds=8)
    for _ in range(4):
        await evening.call(server, "bob", "POST", "playlists/nothing/items", {"track_id": "track-1"})
    await evening.leaves("bob")
    revision = evening.heads[slug] - 4
    stamp = (await inside(Event.objects.get, playlist__slug=slug, revision=revision)).stamp
    await comes_back(evening, server, slug, revision, stamp, "ping")


async def the_end(evening: Recording, slug: str, server: Server) -> None:
    """Somebody is put out, and the room is deleted."""
    room = f"ws/playlists/{slug}"
    await evening.opens(server, "bob", room, slug, v1=True)
    heard = await evening.says("bob", {"type": "hello"}, "ping")
    path = f"playlists/{slug}/participants/{heard[0]['you']['id']}?ban=true"
    await evening.call(server, "anna", "DELETE", path, closes=["bob"])
    await evening.opens(server, "bob", room, slug, v1=True)
    await evening.waits("bob", "closed")
    await evening.opens(server, "plain", room, slug)
    await evening.says("plain", {"type": "ping"}, "pong")
    await evening.listens(server, "stream", f"api/playlists/{slug}/stream", slug, at=evening.heads[slug])
    await evening.call(server, "nobody", "DELETE", f"playlists/{slug}")
    await evening.call(server, "anna", "DELETE", f"playlists/{slug}", closes=["plain", "stream"])
    await evening.leaves("bob", "plain", "stream")
