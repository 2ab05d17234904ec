"""The room is heard: who plays its sound, by which clock, and what plays without anybody's doing."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
from typing import Any

import msgspec
import pytest

from playlist import types
from playlist.library import tracks_import
from playlist.models import Play, Playlist, Track
from tests.api.client import guest
from tests.realtime.client import V1Client, inside
from tests.realtime.conftest import FAST
from tests.realtime.stepping import STEP
from tests.rooms import Room
from tests.servers import Server, serving

#: A slow machine must not make a song start later than its predecessor ended.
PATIENT = {**FAST, "CHAIN_LIMIT_MS": "60000"}


async def speaks(client: V1Client, on: bool, **more: Any) -> None:
    await client.send({"type": "speaker", "on": on, **more})


async def told_speakers(client: V1Client, *names: str) -> None:
    await client.until(lambda: [one["name"] for one in client.presence.get("speakers", [])] == [*names])


async def asked_the_time(client: V1Client, t: float) -> dict[str, Any]:
    await client.send({"type": "time", "t": t})

    def answers() -> list[dict[str, Any]]:
        return [frame for frame in client.frames if frame["type"] == "time" and frame["t"] == t]

    await client.until(lambda: bool(answers()))
    return answers()[0]


# ── Speakers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_everybody_is_told_which_devices_play(two_servers: tuple[Server, Server]) -> None:
    vera = await V1Client("main", (await inside(guest, "Vera")).token).open(two_servers[0])
    nameless = await V1Client("main").open(two_servers[1])
    wall = await V1Client("main?display", (await inside(guest, "Wim")).token).open(two_servers[1])
    await speaks(vera, True, name="Kitchen laptop", item_id=None, started_at_ms=5)
    await speaks(nameless, True, name="The host's stereo")
    await speaks(wall, True, name="Wall")
    for client in (vera, nameless, wall):
        await told_speakers(client, "A device", "Kitchen laptop", "Wall")
    await speaks(nameless, False)
    await vera.close()
    for client in (nameless, wall):
        await told_speakers(client, "Wall")
    assert nameless.presence["online"] == 1, "walls do not count, whatever they play"
    for client in (nameless, wall):
        await client.close()


async def test_ten_speakers_are_named(our_server: Server) -> None:
    clients = [await V1Client("main").open(our_server) for _ in range(12)]
    for client in clients:
        await speaks(client, True)
    await told_speakers(clients[0], *["A device"] * 10)
    for client in clients:
        await client.close()


async def test_speakers_of_a_killed_process_are_forgotten(tracks: list[str], redis_url: str) -> None:
    environment = {**FAST, "REDIS_URL": redis_url, "PRESENCE_FORGET_SECONDS": "3", "PRESENCE_LEASE_SECONDS": "1"}
    with serving(environment=environment) as one, serving(environment=environment) as other:
        stays, goes = await V1Client("main").open(one), await V1Client("main").open(other)
        await speaks(goes, True)
        await told_speakers(stays, "A device")
        await inside(other.stop, signal.SIGKILL)
        await told_speakers(stays)
        await stays.close()


async def test_a_speaker_that_talks_too_much_is_told_so(our_server: Server) -> None:
    client = await V1Client("main").open(our_server)
    await client.until_revision(0)
    for turn in range(100):
        await speaks(client, turn % 2 == 0)
    await client.until(
        lambda: any(frame["type"] == "error" and frame["error"]["code"] == "RATE_LIMITED" for frame in client.frames)
    )
    await client.close()


async def test_a_speaker_orders_nothing(our_server: Server) -> None:
    """Whatever it says that it plays: the log does not change."""
    main = await inside(Room.main)
    (item,) = await inside(main.add, "track-1")
    client = await V1Client("main").open(our_server)
    await client.until_revision(1)
    await speaks(client, True, item_id=str(item), started_at_ms=1)
    await told_speakers(client, "A device")
    for wrong in ({"on": "yes"}, {}, {"on": True, "name": "x" * 51}, {"on": True, "item_id": "track-1"}):
        await client.send({"type": "speaker", **wrong})
    await client.until(lambda: sum(frame["type"] == "error" for frame in client.frames) == 4)
    assert (await inside(lambda: main.row.revision), (await inside(lambda: main.row)).playback_state) == (1, "stopped")
    await client.close()


async def test_the_row_says_when_a_speaker_was_last_on(our_server: Server) -> None:
    client = await V1Client("main").open(our_server)
    await client.until_revision(0)
    await speaks(client, True)
    await until_marked("speaker_at_ms")
    await client.close()


async def until_marked(column: str) -> None:
    async with asyncio.timeout(60):
        while not await inside(lambda: getattr(Playlist.objects.get(slug="main"), column)):
            await asyncio.sleep(0.05)


async def test_silence_is_passed_over_once_a_speaker_is_on(our_server: Server) -> None:
    main = await inside(Room.main)
    await inside(main.add, "track-1")
    await inside(main.do, types.PlaybackPlay())
    await inside(lambda: Playlist.objects.filter(pk=main.id).update(playback_started_at_ms=_ago(main, 6_000)))
    client = await V1Client("main").open(our_server)
    await client.until_revision(2)
    assert client.state["playback"]["state"] == "playing"
    await speaks(client, True)
    await client.until(lambda: client.state["playback"]["state"] == "stopped")
    await client.close()


def _ago(room: Room, by_ms: int) -> int:
    return (room.row.playback_started_at_ms or 0) - by_ms


# ── One clock ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_every_process_tells_the_clock_of_the_timeline(two_servers: tuple[Server, Server]) -> None:
    main = await inside(Room.main)
    await inside(main.add, "track-1")
    clients = [await V1Client("main").open(server) for server in two_servers]
    await inside(main.do, types.PlaybackPlay())
    for client in clients:
        await client.until_revision(2)
        answer = await asked_the_time(client, 7)
        playback = client.state["playback"]
        assert answer.keys() == {"type", "t", "server_time_ms", "clock"}
        assert answer["clock"] == playback["clock"]
        assert answer["server_time_ms"] >= playback["server_time_ms"] - 50  # half of a slow reading of the clock
        assert client.welcome["server_time_ms"] <= answer["server_time_ms"]
        await client.close()


async def test_the_clock_steps_while_speakers_listen(tracks: list[str]) -> None:
    """Each room that plays is moved along at once, with one event; the time is told under the next count."""
    await inside(Track.objects.update, audio_url="/a")  # what has no sound is over after five seconds
    other, main = await inside(Room.open), await inside(Room.main)
    for room in (main, other):
        await inside(room.add, "track-1", "track-2")
        await inside(room.do, types.PlaybackPlay())
    paused = await inside(Room.open)
    await inside(paused.add, "track-1")
    await inside(paused.do, types.PlaybackPlay(), types.PlaybackPause())
    with serving("-m", "tests.realtime.stepping", environment=FAST) as server:
        rooms = (main, other, paused)
        clients = [await V1Client(room.slug).open(server) for room in rooms]
        for client, room in zip(clients, rooms, strict=True):
            await client.until_revision(await inside(lambda room=room: room.row.revision))
            await speaks(client, True)
            await told_speakers(client, "A device")
        before = [client.state["playback"] for client in clients]
        first = [await asked_the_time(client, 1) for client in clients]
        assert {answer["clock"] for answer in first} == {before[0]["clock"]}
        os.kill(server.process.pid, signal.SIGUSR1)
        step_ms = STEP.total_seconds() * 1000
        for client, was in zip(clients[:2], before, strict=False):
            await client.until(lambda client=client, was=was: client.state["playback"]["clock"] == was["clock"] + 1)  # type: ignore[misc]
            now = client.state["playback"]
            assert now["started_at_ms"] == pytest.approx(was["started_at_ms"] + step_ms, abs=500)
            assert (now["item_id"], now["position_seconds"]) == (was["item_id"], was["position_seconds"])
        for client, answer in zip(clients, first, strict=True):
            later = await asked_the_time(client, 2)
            assert later["clock"] == answer["clock"] + 1
            assert later["server_time_ms"] >= answer["server_time_ms"] + step_ms - 500
        for room, expected in ((main, 1), (other, 1), (paused, 0)):
            events = await inside(room.events)
            moved = [event for event in events if event["type"] == "playback.changed" and event["actor"] is None]
            assert len(moved) == expected
        for client in clients:
            await client.close()


# ── A queue that plays through ───────────────────────────────────────────────────────────────────────────────────────

TUNES = {f"tune-{number}": 900 + 37 * number for number in range(6)}


def make_tunes() -> Room:
    tracks_import(
        [
            (name, types.NewTrack(title=name, artist="A", duration_seconds=ms / 1000, audio_url="/a"))
            for name, ms in TUNES.items()
        ]
    )
    main = Room.main()
    main.add(*TUNES)
    return main


async def plays_through(*servers: Server) -> None:
    main = await inside(make_tunes)
    clients = [await V1Client("main").open(server) for server in servers]
    for client in clients:
        await client.until_revision(len(TUNES))
        await speaks(client, True)
    await clients[0].command("playback.play")
    for client in clients:
        await client.until(lambda client=client: client.revision == 2 * len(TUNES) + 1)  # type: ignore[misc]
        assert client.state["playback"]["state"] == "stopped"
    events = (await inside(main.events))[len(TUNES) :]
    assert [event["type"] for event in events] == ["track.playing"] * (len(TUNES) + 1)
    starts = [event["playback"]["started_at_ms"] for event in events[:-1]]
    lengths = list(TUNES.values())
    assert [after - before for before, after in itertools.pairwise(starts)] == lengths[:-1]
    played = await inside(lambda: list(Play.objects.order_by("id").values_list("track_json", flat=True)))
    assert [msgspec.json.decode(track)["id"] for track in played] == list(TUNES)
    for client in clients:
        await client.close()


@pytest.mark.once
async def test_short_tunes_play_through_untouched(tracks: list[str]) -> None:
    with serving(environment=PATIENT) as server:
        await plays_through(server)


async def test_short_tunes_play_through_on_two_processes(tracks: list[str], redis_url: str) -> None:
    environment = {**PATIENT, "REDIS_URL": redis_url}
    with serving(environment=environment) as one, serving(environment=environment) as other:
        await plays_through(one, other)
