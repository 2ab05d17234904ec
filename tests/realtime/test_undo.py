"""A vandal empties the queue before everybody's eyes, and one undo brings it back, the same for all."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from playlist import types
from playlist.identity import Actor
from playlist.models import Playlist, User
from tests.api.client import guest
from tests.realtime.client import V1Client, inside, same
from tests.realtime.conftest import FAST
from tests.rooms import Room, make_tracks, person
from tests.servers import serving

#: Songs in the queue, those removed of them, votes, sockets.
Scale = tuple[int, int, int, int]


def a_night(songs: int, votes: int) -> tuple[Room, list[UUID]]:
    room = Room.open()
    items = room.add(*make_tracks(songs))
    voters = [person(f"P{number}") for number in range(max(1, votes // songs))]
    for number in range(votes):
        vote = types.TrackVote(id=items[number % songs], direction="down" if number % 3 == 0 else "up")
        room.do(vote, by=voters[number // songs % len(voters)])
    return room, items


def with_token(name: str, room: Room, *, hosts: bool = False) -> tuple[str, Actor]:
    """Somebody new in the room, perhaps its host, with a token."""
    api = guest(name)
    user = User.objects.get(pk=api.get("user/me").json["id"])
    if hosts:
        Playlist.objects.filter(pk=room.id).update(host=user)
    assert api.token is not None
    return api.token, Actor(key=f"user:{user.pk}", user_id=user.pk, name=name)


@pytest.mark.parametrize("scale", [(20, 12, 60, 5), pytest.param((200, 120, 1500, 200), marks=pytest.mark.long)])
async def test_one_undo_brings_everything_back_for_everybody(scale: Scale) -> None:
    songs, removed, votes, sockets = scale
    room, items = await inside(a_night, songs, votes)
    host_token, _ = await inside(with_token, "Hanna", room, hosts=True)
    token, vandal = await inside(with_token, "Vandal", room)
    before = await inside(room.snapshot)
    environment = {**FAST, "COMMANDS_BURST": "1000", "COMMANDS_PER_SECOND": "1000", "COMMANDS_IN_FLIGHT": "1000"}
    with serving(environment=environment) as server:
        tokens = [host_token, token, *[None] * sockets]
        clients = [V1Client(room.slug, token) for token in tokens]
        await asyncio.gather(*(client.open(server) for client in clients))
        host, his, *_ = clients
        for client in clients:
            await client.until_revision(before["revision"])
        vote = await his.command("track.vote", id=str(items[-1]), direction="up")
        await his.until(lambda: his.votes == {str(items[-1]): 1})
        gone = [his.command("track.remove", id=str(item)) for item in items[:removed]]
        assert {answer["type"] for answer in await asyncio.gather(*gone)} == {"ack"}
        answer = await host.command("log.undo", person_id=vandal.user_id, minutes=60)
        assert answer["result"]["left"] == []
        assert len(answer["result"]["undone"]) == removed + 1
        after = await inside(room.snapshot)
        assert after["items"] == before["items"], "everything is there, with its place and its votes"
        for client in clients:
            await client.until_revision(answer["revision"])
            assert same(client, after)  # and no frame was too large: the client would not have taken it
        await his.until(lambda: his.votes == {})  # the host has taken it back, and he is told
        again = await host.command("log.undo", revisions=[vote["revision"]])
        assert again["error"]["code"] == "NOT_UNDOABLE"
        await asyncio.gather(*(client.close() for client in clients))
    await inside(room.check)
