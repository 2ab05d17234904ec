"""`playlist.v1` on real servers: exact or refused, answered after the commit, and let go with a code that says why."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from typing import Any

import pytest
from django.conf import settings
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from playlist import types
from playlist.clock import database_now
from playlist.commands.table import SOCKET_COMMANDS
from playlist.identity import SYSTEM
from playlist.models import Event, Participant, Playlist, PlaylistTrack
from tests.api.client import Api, guest
from tests.fold import apply_events
from tests.realtime.client import V1Client, conforming, inside, subprotocols
from tests.realtime.conftest import FAST
from tests.rooms import Room, make_tracks, without_stamp
from tests.servers import DEADLINE, Server, serving


def same(client: V1Client, snapshot: dict[str, Any]) -> bool:
    """Whether a client has exactly what the server has; where to join depends on who asks."""
    mine, fresh = dict(client.state), without_stamp(snapshot)
    for state in (mine, fresh):
        state["playlist"] = {**state["playlist"], "join_url": ""}
    assert mine == fresh
    return True


@pytest.fixture
def visitor() -> tuple[Api, str]:
    """A guest with a token, made without a server."""
    api = guest("Vera")
    assert api.token
    return api, api.token


async def test_hello_snapshot_and_changes(server: Server, room: Room) -> None:
    await inside(room.add, "track-1", "track-2")
    client = await V1Client(room.slug).open(server)
    await client.until_revision(2)
    assert [frame["type"] for frame in client.frames[:2]] == ["welcome", "snapshot"]
    assert (client.welcome["protocol"], client.welcome["revision"]) == (1, 2)
    you = client.welcome["you"]
    assert (you["id"], you["name"], you["role"], len(you["adder"])) == (None, None, None, 24)
    assert client.reasons == ["initial"]
    assert client.state["playlist"]["join_url"].endswith(f"/r/{room.slug}")
    assert "localhost" not in client.state["playlist"]["join_url"]
    await client.close()


async def test_an_ack_shows_a_playlist_as_rest_does(server: Server, visitor: tuple[Api, str]) -> None:
    """With an address that this caller can open. The same key over REST gets the same answer."""
    api, token = visitor
    slug = (await inside(api.post, "playlists", {"name": "Friday"})).json["slug"]
    client = await V1Client(slug, token).open(server)
    await client.until_revision(0)
    ack = await client.command("playlist.update", op_id="key", name="Freitag")
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "key"}
    _, patched = await inside(server.call, "PATCH", f"playlists/{slug}", {"name": "Freitag"}, headers=headers)
    assert ack["result"] == patched
    assert ack["result"]["join_url"] == client.state["playlist"]["join_url"]
    await client.close()


async def test_a_commit_of_another_process_without_a_nudge_is_found_by_the_poll(server: Server, room: Room) -> None:
    client = await V1Client(room.slug).open(server)
    await client.until_revision(0)
    await inside(room.add, "track-1")
    await client.until_revision(1)
    assert same(client, await inside(room.snapshot))
    await client.close()


async def test_commands_are_answered_after_their_commit(server: Server, visitor: tuple[Api, str]) -> None:
    main = await inside(Room.main)
    client = await V1Client("main", visitor[1]).open(server)
    await client.until_revision(0)
    assert client.welcome["you"]["name"] == "Vera"
    ack = await client.command("track.add", track_id="track-1")
    assert (ack["type"], ack["revision"], ack["result"]["track_id"]) == ("ack", 1, "track-1")
    assert ack["result"]["adder"] == client.welcome["you"]["adder"]
    item = ack["result"]["id"]
    voted = await client.command("track.vote", op_id="v", id=item, direction="up")
    assert voted["result"]["my_vote"] == 1
    await client.until(lambda: client.votes == {item: 1})
    moved = await client.command("track.move", op_id="m", id=item, position=7)
    headers = {"Authorization": f"Bearer {visitor[1]}", "Idempotency-Key": "m"}
    patched = await inside(server.call, "PATCH", f"playlist/{item}", {"position": 7}, headers=headers)
    assert patched == (200, moved["result"]), "over REST it is the same payload under the same key"
    nack = await client.command("track.add", track_id="track-1")
    assert (nack["type"], nack["error"]["code"], nack["retryable"]) == ("nack", "DUPLICATE_TRACK", False)
    for command, arguments, code in (
        ("track.add", {}, "MISSING_TRACK_ID"),
        ("track.vote", {"id": item}, "INVALID_DIRECTION"),
        ("track.remove", {"id": "no id"}, "VALIDATION_ERROR"),
        ("track.purge", {"track_id": "track-1"}, "VALIDATION_ERROR"),
        ("playlist.update", {"name": "Mine"}, "FORBIDDEN"),
        ("playback.seek", {"position_seconds": 1}, "CONFLICT"),
    ):
        assert (await client.command(command, **arguments))["error"]["code"] == code, command
    del client.answers["v"]
    repeated = await client.command("track.vote", op_id="v", id=item, direction="up")
    assert {**repeated, "op_id": ""} == {**voted, "op_id": ""}
    other = await client.command("track.vote", op_id="w", id=item, direction="up")
    assert other["revision"] == 3, "a vote that is there already changes nothing"
    await client.until_revision(3)
    assert same(client, await inside(main.snapshot))
    assert client.votes == {item: 1}
    assert conforming(client.frames, "v1") >= {"welcome", "snapshot", "changes", "my_votes", "ack", "nack"}
    await client.close()


async def test_a_person_sees_their_votes_on_all_their_sockets(server: Server, visitor: tuple[Api, str]) -> None:
    one, other = V1Client("main", visitor[1]), V1Client("main", visitor[1])
    stranger = V1Client("main")
    for client in (one, other, stranger):
        await client.open(server)
        await client.until_revision(0)
    item = (await one.command("track.add", track_id="track-1"))["result"]["id"]
    await one.command("track.vote", id=item, direction="down")
    await other.until(lambda: other.votes == {item: -1})
    await stranger.until_revision(2)
    assert stranger.votes == {}
    for client in (one, other, stranger):
        await client.close()


async def test_resume_is_exact_or_says_why_not(server: Server, room: Room) -> None:
    await inside(room.add, "track-1")
    client = await V1Client(room.slug).open(server)
    await client.until_revision(1)
    await client.abort()
    await inside(room.add, "track-2", "track-3")
    await client.open(server)
    await client.until_revision(3)
    assert client.reasons == ["initial"], "what was missed came from the log"
    assert same(client, await inside(room.snapshot))
    await client.abort()

    expected = ["initial"]
    for reason, stamp, revision in (
        ("history_changed", "0000000000000000", 3),
        ("cursor_ahead", client.stamp, 9),
        ("expired", client.stamp, 1),
    ):
        if reason == "expired":
            await inside(Event.objects.filter(playlist=room.id, revision__lte=2).delete)
        client.stamp, client.revision = stamp, revision
        await client.open(server)
        expected.append(reason)
        await client.until(lambda: client.reasons == expected)
        assert same(client, await inside(room.snapshot))
        await client.abort()


async def test_a_restored_database_is_noticed_while_connected(server: Server, room: Room) -> None:
    await inside(room.add, "track-1", "track-2")
    client = await V1Client(room.slug).open(server)
    await client.until_revision(2)
    # What a restore from a backup looks like: an older state, and another event under a known revision.
    await inside(PlaylistTrack.objects.filter(playlist=room.id, track_id="track-2").delete)
    await inside(Event.objects.filter(playlist=room.id, revision=2).update, stamp="f" * 16)
    await inside(Playlist.objects.filter(pk=room.id).update, stamp="f" * 16)
    await client.until(lambda: client.reasons == ["initial", "history_changed"])
    assert same(client, await inside(room.snapshot))
    await client.close()


@pytest.mark.once
async def test_a_large_snapshot_comes_in_pages(server: Server, room: Room) -> None:
    track_ids = await inside(make_tracks, 900)
    await inside(room.add, *track_ids)
    client = await V1Client(room.slug).open(server)
    await client.until_revision(900)
    pages = [frame for frame in client.frames if frame["type"] == "snapshot"]
    assert len(pages) == pages[0]["pages"] > 1
    assert same(client, await inside(room.snapshot))
    await client.close()


async def closes_with(server: Server, path: str, *frames: Any, **options: Any) -> int | None:
    """The code with which a socket is closed after these frames."""
    options.setdefault("subprotocols", ["playlist.v1"])
    socket = await connect(f"ws://127.0.0.1:{server.port}/{path}", max_size=None, **options)
    for frame in frames:
        await socket.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))
    async with asyncio.timeout(DEADLINE):
        with contextlib.suppress(ConnectionClosed):
            async for _ in socket:  # a client that does not read does not see the close either
                pass
    return socket.close_code


@pytest.mark.once
async def test_close_codes_say_why(room: Room, visitor: tuple[Api, str]) -> None:
    await inside(room.do, types.PlaylistUpdate(visibility="unlisted"))
    quick = {**FAST, "HELLO_SECONDS": "1", "PING_SECONDS": "1", "PONG_SECONDS": "2"}
    with serving(environment=quick) as server:
        hello = {"type": "hello"}
        assert await closes_with(server, "ws") == 4400, "no hello"
        assert await closes_with(server, "ws", *["{"] * 5) == 4400
        assert await closes_with(server, "ws", hello, *[b"\x00"] * 5) == 4400
        assert await closes_with(server, "ws", subprotocols=subprotocols("nothing")) == 4401
        assert await closes_with(server, "ws", subprotocols=["playlist.v1", "bearer.!!"]) == 4401
        assert await closes_with(server, f"ws/playlists/{room.slug}") == 4403
        assert await closes_with(server, f"ws/playlists/{room.slug}", subprotocols=subprotocols(visitor[1])) == 4403
        assert await closes_with(server, "ws/playlists/nothing") == 4404
        assert await closes_with(server, "ws", hello) == 4409, "no pong"
        assert await closes_with(server, "ws", json.dumps(hello), "x" * (16 * 1024 + 1)) == 4413
        command = json.dumps({"type": "command", "op_id": "x", "command": "playback.pause"})
        assert await closes_with(server, "ws", json.dumps(hello), *[command] * 400) == 4429
        output = server.stop()
    assert "Traceback" not in output


@pytest.mark.once
async def test_frames_at_the_limit_are_welcome(server: Server) -> None:
    client = await V1Client("main").open(server)
    await client.until_revision(0)
    await client.send(json.dumps({"type": "time", "t": "x"}).ljust(16 * 1024))
    await client.until(lambda: client.frames[-1]["type"] == "time")
    assert client.closed_with is None
    await client.close()


@pytest.mark.once
async def test_malformed_frames_never_make_a_handler_fail(server: Server) -> None:
    """Seeded nonsense; each connection lives until it has sent five malformed frames."""
    choice = random.Random(7)
    seeds = [
        "", "{", "[]", "null", "5", '"x"', "{}", '{"type": 1}', '{"type": "hello"}', '{"type": "hello", "resume": 1}',
        '{"type": "hello", "resume": {"revision": 1e99, "stamp": ""}}', '{"type": "pong", "t": {}}',
        '{"type": "command"}', '{"type": "command", "op_id": 1}', '{"type": "command", "op_id": "a"}',
        '{"type": "command", "op_id": "a", "command": []}', '{"type": "command", "op_id": "a", "command": "track.add"}',
        '{"type": "command", "op_id": "a", "command": "track.move", "id": "x"}', '{"type": "time", "t": NaN}',
        "[" * 500, '{"a":' * 500, '{"type": "time", "t": "\\ud800"}', '{"type": "\\u0000"}', "\x00",
    ]  # fmt: skip
    sent = 0
    while sent < 10_000:
        socket = await connect(f"ws://127.0.0.1:{server.port}/ws", subprotocols=["playlist.v1"])  # type: ignore[list-item]
        try:
            for _ in range(40):
                text = choice.choice(seeds)
                cut = text[: choice.randrange(len(text) + 1)] if choice.random() < 0.3 else text
                await socket.send(cut.encode() if choice.random() < 0.1 else cut)
                sent += 1
        except Exception:  # closed by then, as it should be
            sent += 1
        await socket.close()
        assert socket.close_code in (1000, 4400, 4429, None), socket.close_code
    output = await asyncio.to_thread(server.stop)
    assert "Traceback" not in output
    assert "could not be handled" not in output


@pytest.mark.once
async def test_silence_and_then_one_event(server: Server) -> None:
    """Seven seconds, since a layer's default socket timeout of five once cut idle sockets off."""
    client = await V1Client("main").open(server)
    await client.until_revision(0)
    await asyncio.sleep(7)
    assert (await client.command("track.add", track_id="track-1"))["type"] == "ack"
    await client.until_revision(1)
    assert client.closed_with is None
    await client.close()


@pytest.mark.once
async def test_a_reader_that_answers_no_ping_is_let_go_and_the_others_do_not_notice(room: Room) -> None:
    small = {**FAST, "UNREAD_FRAMES": "8", "STALLED_SECONDS": "2"}
    with serving(environment=small) as server:

        async def no_pong(ping: dict[str, Any]) -> None:
            """It reads on."""

        stuck, healthy = V1Client("main", on_ping=no_pong), V1Client("main")
        for client in (stuck, healthy):
            await client.open(server)
            await client.until_revision(0)
        item = (await healthy.command("track.add", track_id="track-1"))["result"]["id"]
        turn = 0
        while stuck.closed_with is None:
            turn += 1
            answer = await healthy.command("track.vote", id=item, direction=("up", "down")[turn % 2])
            await healthy.until_revision(answer["revision"])  # so each vote is a frame of its own
        assert stuck.closed_with == 4408
        snapshot = await inside((await inside(Room.main)).snapshot)
        await healthy.until_revision(snapshot["revision"])
        assert same(healthy, snapshot)
        await healthy.close()


async def test_a_slow_reader_catches_up_from_the_log(room: Room) -> None:
    """A pong that comes late: what was dropped meanwhile comes from the log, exactly."""
    small = {**FAST, "UNREAD_FRAMES": "70", "STALLED_SECONDS": "30"}
    with serving(environment=small) as server:
        main = await inside(Room.main)
        held: list[dict[str, Any]] = []

        async def hold(ping: dict[str, Any]) -> None:
            held.append(ping)

        slow, quick = V1Client("main", on_ping=hold), V1Client("main")
        for client in (slow, quick):
            await client.open(server)
            await client.until_revision(0)
        item = (await quick.command("track.add", track_id="track-1"))["result"]["id"]
        for turn in range(90):
            answer = await quick.command("track.vote", id=item, direction=("up", "down")[turn % 2])
            await quick.until_revision(answer["revision"])  # so each vote is a frame of its own
        assert held, "the server asks before so many are unread"
        assert slow.revision < 91
        slow.on_ping = slow.pong
        await slow.pong(held[-1])
        await slow.until_revision(91)
        assert same(slow, await inside(main.snapshot))
        for client in (slow, quick):
            await client.close()


@pytest.mark.once
async def test_before_a_restart_everybody_is_told(our_server: Server) -> None:
    client = await V1Client("main").open(our_server)
    await client.until_revision(0)
    output = await asyncio.to_thread(our_server.stop)
    await client.until(lambda: client.closed_with is not None)
    assert client.closed_with == 1012
    assert client.frames[-1]["type"] == "going_away"
    assert client.frames[-1]["retry_ms"] > 0
    assert "Stopped." in output
    assert "Traceback" not in output


async def test_a_removed_person_is_put_out_and_a_deleted_room_closes(
    server: Server, room: Room, visitor: tuple[Api, str]
) -> None:
    client = await V1Client(room.slug, visitor[1]).open(server)
    await client.until_revision(0)
    user_id = client.welcome["you"]["id"]
    await client.command("track.add", track_id="track-1")
    await client.until_revision(1)
    assert await inside(Participant.objects.filter(playlist=room.id, user=user_id).exists)
    await inside(room.do, types.ParticipantRemove(user_id=user_id, remove_items=True, ban=True))
    await client.until(lambda: client.closed_with is not None)
    assert client.closed_with == 4403
    other = await V1Client(room.slug).open(server)
    await other.until_revision(0)
    await inside(room.do, types.PlaylistDelete())
    await other.until(lambda: other.closed_with is not None)
    assert other.closed_with == 4404


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


async def test_votes_that_come_back_with_a_song_or_do_not_are_told(server: Server) -> None:
    main = await inside(Room.main)
    item, other = await inside(main.add, "track-1", "track-2")
    voter = await V1Client("main", (await inside(guest, "Vera")).token).open(server)
    bystander = await V1Client("main", (await inside(guest, "Ben")).token).open(server)
    for client, voted in ((voter, item), (bystander, other)):
        await client.until_revision(2)
        await client.command("track.vote", id=str(voted), direction="up")
        await client.until(lambda: client.votes == {str(voted): 1})  # noqa: B023 - awaited here
    await inside(main.do, types.TrackRemove(id=item))
    voter.votes = bystander.votes = {}
    await inside(main.do, types.TrackRestore(id=item))
    await voter.until(lambda: voter.votes == {str(item): 1})
    await bystander.until_revision(6)
    await bystander.command("track.vote", id=str(other), direction="down")
    await bystander.until(lambda: bystander.votes == {str(other): -1})
    assert 6 not in [frame["revision"] for frame in bystander.frames if frame["type"] == "my_votes"]
    await inside(main.do, types.TrackRemove(id=item))
    await inside(main.do, types.PlaylistRestore(revision=2), by=SYSTEM)  # where nobody had voted yet
    await voter.until(lambda: voter.votes == {})
    for client in (voter, bystander):
        await client.close()


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
