"""Many sockets in one room: few frames, few snapshots, and everybody exact."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from playlist.models import Playlist
from tests.api.client import guest
from tests.realtime.client import V1Client, inside, same
from tests.realtime.conftest import FAST
from tests.rooms import Room, make_tracks
from tests.servers import Server, serving

CROWD = 200


@asynccontextmanager
async def crowd(server: Server) -> AsyncIterator[list[V1Client]]:
    """Sockets in `main`, all of them open at once."""
    clients = [V1Client("main") for _ in range(CROWD)]
    await asyncio.gather(*(client.open(server) for client in clients))
    for client in clients:
        await client.until(lambda client=client: client.revision >= 0)  # type: ignore[misc]
    yield clients
    await asyncio.gather(*(client.close() for client in clients))


@pytest.mark.once
async def test_a_thousand_votes_are_few_frames_and_the_exact_last_state(tracks: list[str]) -> None:
    environment = {**FAST, "COMMANDS_BURST": "1000", "COMMANDS_PER_SECOND": "1000", "COMMANDS_IN_FLIGHT": "1000"}
    with serving(environment=environment) as server:
        main = await inside(Room.main)
        items = [str(item) for item in await inside(main.add, "track-1", "track-2", "track-3")]
        voters = [V1Client("main", (await inside(guest, f"G{number}")).token) for number in range(20)]
        for voter in voters:
            await voter.open(server)
            await voter.until_revision(3)
        async with crowd(server) as clients:
            told = [sum(frame["type"] == "changes" for frame in client.frames) for client in clients]
            started = time.monotonic()
            for number, voter in enumerate(voters):
                for turn in range(50):
                    # Each of one person's votes for an item differs from the one before.
                    direction = "up" if (number + turn // 3) % 2 else "down"
                    command = {"command": "track.vote", "id": items[turn % 3], "direction": direction}
                    await voter.send({"type": "command", "op_id": f"{turn}", **command})
            for voter in voters:
                await voter.until(lambda voter=voter: len(voter.answers) == 50)  # type: ignore[misc]
                assert {answer["type"] for answer in voter.answers.values()} == {"ack"}
            revision = (await inside(Playlist.objects.get, slug="main")).revision
            assert revision == 3 + 1000
            for client in clients:
                await client.until_revision(revision)
            seconds = time.monotonic() - started
            snapshot = await inside(main.snapshot)
            for client, before in zip(clients, told, strict=True):
                assert same(client, snapshot)
                frames = sum(frame["type"] == "changes" for frame in client.frames) - before
                assert frames <= 20 * seconds + 1
                assert frames < 1000 / 3, "votes were put together"
        for voter in voters:
            await voter.close()
        await inside(main.check)


@pytest.mark.once
async def test_many_who_join_while_votes_flow_share_a_few_snapshots(server: Server) -> None:
    main = await inside(Room.main)
    items = await inside(main.add, *await inside(make_tracks, 500))
    going_on = True

    def votes() -> None:
        turn = 0
        while going_on:
            turn += 1
            server.call("POST", f"playlist/{items[turn % 100]}/vote", {"direction": ("up", "down")[turn // 100 % 2]})

    voting = asyncio.create_task(asyncio.to_thread(votes))
    started = time.monotonic()
    async with crowd(server) as clients:
        seconds = time.monotonic() - started
        going_on = False
        await voting
        counted = server.metrics()
        assert counted["playlist_resumes_total initial"] == CROWD
        assert counted["playlist_snapshots_built_total"] <= seconds + 2, "one a second at most"
        snapshot = await inside(main.snapshot)
        for client in clients:
            await client.until_revision(snapshot["revision"])
            assert same(client, snapshot)
