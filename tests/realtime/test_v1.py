"""`playlist.v1` on real servers: exact or refused, and answered after the commit."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from playlist import types
from playlist.identity import SYSTEM
from playlist.models import Event, Playlist, PlaylistTrack
from tests.api.client import Api, guest
from tests.realtime.client import V1Client, conforming, inside, same
from tests.realtime.conftest import FAST
from tests.rooms import Room, make_tracks
from tests.servers import Server, serving


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
