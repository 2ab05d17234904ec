"""Something dies while a device plays the sound of a room, which goes on by its plan: the log must agree (I9)."""

from __future__ import annotations

import asyncio
import contextlib
import time
from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

from playlist.ordering.plan import plan
from playlist.ordering.turns import Ordering
from playlist.types import Because, PlaybackState
from tests.faults.hardware import kill_redis
from tests.faults.stage import Scenario, Stage
from tests.faults.world import World
from tests.fold import apply_events
from tests.realtime.client import V1Client
from tests.rooms import without_stamp
from tests.servers import DEADLINE

#: No two tunes last equally long, so that a chain of wrong ones does not fit by chance.
SHORT_MS, LONG_MS = 7_013, 40_009


class Song(Struct):
    """An item, as a client is told it."""

    id: str
    position: float
    votes: int
    adder: str | None
    is_playing: bool
    played_at: datetime | None
    boosted_at: datetime | None
    because: Because | None
    duration_ms: int
    has_sound: bool


class Playing(Struct):
    state: PlaybackState
    position_seconds: float
    started_at_ms: int | None


class Outage(Struct, frozen=True):
    """Something is gone from so long after the start of a song, counted from its end when negative."""

    about: str
    after_ms: int
    away_seconds: float
    #: The device's server, what all servers share, or the device's own network.
    what: Literal["server", "redis", "postgresql", "line"] = "server"


_IMPORT = """
from playlist import types
from playlist.library import tracks_import
tune = dict(title="Tune", artist="A", audio_url="/a")
lengths = enumerate({lengths})
tracks_import([(f"tune-{{n}}", types.NewTrack(duration_seconds=ms / 1000, **tune)) for n, ms in lengths])
"""


class Party:
    """A room with a queue of tunes, and a device that plays them and never asks what to play."""

    def __init__(self, stage: Stage, lengths: list[int]) -> None:
        self._stage = stage
        self._world: World = stage.world
        self._lengths = lengths
        self._slug = ""
        self._client: V1Client

    async def begin(self) -> None:
        code = _IMPORT.format(lengths=self._lengths)
        await asyncio.to_thread(self._world.manage, "shell", "--no-imports", "-c", code)
        token = (await self._world.call("POST", "guests", {"name": "DJ"}))["token"]
        headers = self._headers = {"Authorization": f"Bearer {token}"}
        self._slug = (await self._world.call("POST", "playlists", {"name": "Party", "visibility": "public"}, headers))[
            "slug"
        ]
        for number in range(len(self._lengths)):
            body = {"track_id": f"tune-{number}"}
            await self._world.call("POST", f"playlists/{self._slug}/items", body, headers)
        self._client = V1Client(self._slug, token)
        await self._connect()
        self.before = self._client.state
        await self._client.command("playback.play")
        await self._client.until(lambda: self._client.state["playback"]["state"] == "playing")

    async def survives(self, outage: Outage) -> None:
        """What is heard during the outage is what the log says afterwards."""
        playback = self._client.state["playback"]
        starts_at_ms = playback["started_at_ms"]
        if outage.after_ms < 0:
            starts_at_ms += self._current()["track"]["duration_ms"]
        await asyncio.sleep(max(0, (starts_at_ms + outage.after_ms) / 1000 - time.time()))
        heard, revision = self._plan(), self._client.revision
        await self._break(outage)
        if self._client.closed_with is not None:
            await self._connect()
        await self._client.until(lambda: self._has_caught_up(heard))
        self._agrees(heard, revision)

    async def _break(self, outage: Outage) -> None:
        """Take it away, and bring it back."""
        match outage.what:
            case "server":
                number = next(n for n, port in enumerate(self._world.ports) if port == self._door)
                await asyncio.to_thread(self._world.end, number)
                await asyncio.sleep(outage.away_seconds)
                await asyncio.to_thread(self._world.start_again, number)
            case "redis":
                await kill_redis(self._world, outage.away_seconds)
            case "postgresql":
                assert self._world.postgres is not None
                await asyncio.to_thread(self._world.postgres.stop)
                await asyncio.sleep(outage.away_seconds)
                await asyncio.to_thread(self._world.postgres.start)
            case "line":
                await self._client.abort()
                await asyncio.sleep(outage.away_seconds)

    async def end(self) -> None:
        """Everything was heard once, and the whole log is the room."""
        page = await self._world.call("GET", f"playlists/{self._slug}/events?since={self.before['revision']}&limit=500")
        state = apply_events(self.before, page["events"])
        assert without_stamp(state) == without_stamp(self._client.state), "I2: the log is not the room"
        played = [play["track_id"] for play in await self._world.call("GET", f"playlists/{self._slug}/history")]
        started = [item["track_id"] for item in self._client.state["items"] if item["played_at"] is not None]
        assert sorted(played) == sorted(started), f"I9: not each song once in the history: {played}"
        self._stage.seen["songs"] = len(played)
        await self._client.close()
        await self._world.call("DELETE", f"playlists/{self._slug}", headers=self._headers)

    async def _connect(self) -> None:
        give_up_at = time.monotonic() + DEADLINE
        while True:
            door = self._world.doors[0]
            with contextlib.suppress(OSError, EOFError):
                await self._client.open(door)
                break
            assert time.monotonic() < give_up_at, "the speaker is not let in any more"
            await asyncio.sleep(0.1)
        self._door = door.port
        await self._client.until(lambda: self._client.revision >= 0)
        await self._client.send({"type": "speaker", "on": True, "name": "Amplifier"})
        await self._client.until(lambda: self._client.presence.get("speakers") == [{"name": "Amplifier"}])

    def _current(self) -> dict[str, Any]:
        return next(item for item in self._client.state["items"] if item["is_playing"])

    def _plan(self) -> list[tuple[str, int]]:
        """What the device plays from now on, and when each song begins."""
        state = self._client.state
        songs = [
            msgspec.convert(
                {
                    **item,
                    "duration_ms": item["track"]["duration_ms"],
                    "has_sound": item["track"]["audio_url"] is not None,
                },
                Song,
            )
            for item in state["items"]
        ]
        playback = msgspec.convert({name: state["playback"][name] for name in Playing.__struct_fields__}, Playing)
        assert playback.started_at_ms is not None
        ordering = msgspec.convert(state["playlist"], Ordering)
        planned = plan(songs, ordering, playback, playback.started_at_ms, is_heard=True)
        return [(song.id, starts_at_ms) for song, starts_at_ms in planned]

    def _has_caught_up(self, heard: list[tuple[str, int]]) -> bool:
        """Whether the log has every start that was heard by now."""
        now_ms = time.time() * 1000
        playback = self._client.state["playback"]
        begun = [starts_at_ms for _, starts_at_ms in heard if starts_at_ms <= now_ms]
        return bool(playback["started_at_ms"] == begun[-1])

    def _agrees(self, heard: list[tuple[str, int]], since: int) -> None:
        events = [
            event
            for frame in self._client.frames
            if frame["type"] == "changes"
            for event in frame["events"]
            if event["revision"] > since and event["type"] != "playlist.updated"
        ]
        assert self._client.reasons == ["initial"], "the speaker was away for a while, and had to start over"
        told = [(event["id"], event["playback"]["started_at_ms"]) for event in events]
        assert told == heard[1 : len(told) + 1], f"I9: heard {heard}, recorded {told}"
        assert all(event["actor"] is None for event in events), "I9: nobody did anything"


async def _sound_goes_on(stage: Stage) -> None:
    stage.crowd.is_quiet = True
    await stage.crowd.settle()
    short = [SHORT_MS + number for number in range(12)]
    outages = [Outage("at a change", -20, 3), Outage("two songs pass", 2_000, 16)]
    if stage.thorough:
        outages = [Outage("in the middle of a song", 2_000, 3), *outages]
        outages += [Outage("again at a change", -5, 20), Outage("again in the middle", 3_000, 1)]
    await _survives(stage, [*short, *([LONG_MS] if stage.thorough else [])], outages)


async def _what_is_shared_is_gone(stage: Stage) -> None:
    stage.crowd.is_quiet = True
    await stage.crowd.settle()
    outages = [
        Outage("Redis is gone over a change", -2_000, 5, "redis"),
        Outage("PostgreSQL restarts at a change", -200, 0.5, "postgresql"),
        Outage("PostgreSQL is gone over a change", -1_000, 6, "postgresql"),
        Outage("PostgreSQL is gone over two changes", 4_000, 14, "postgresql"),
        Outage("the device's network is gone over two changes", 4_000, 14, "line"),
    ]
    await _survives(stage, [SHORT_MS + number for number in range(18)], outages)


async def _survives(stage: Stage, lengths: list[int], outages: list[Outage]) -> None:
    party = Party(stage, lengths)
    await party.begin()
    for outage in outages:
        await party.survives(outage)
    stage.seen["outages"] = len(outages)
    await party.end()
    stage.crowd.is_quiet = False
    await asyncio.sleep(1)


SCENARIOS: dict[str, Scenario] = {
    "sound": Scenario(
        "the one server is killed while a device plays, in a song, at a change, and over two songs",
        _sound_goes_on, servers=1, database="sqlite", redis=False, people=2, in_ci=True,
    ),
    "sound-two": Scenario("of two servers the one of the speaker is killed", _sound_goes_on, people=2),
    "sound-shared": Scenario(
        "Redis, PostgreSQL and a device's own network are gone while it plays", _what_is_shared_is_gone, people=2
    ),
}  # fmt: skip
