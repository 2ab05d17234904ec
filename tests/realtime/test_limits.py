"""Every limit of a socket, just within it and just beyond. Close codes and frame sizes are in test_closing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.realtime.client import V1Client, inside
from tests.realtime.conftest import FAST
from tests.rooms import Room
from tests.servers import Server, serving


@pytest.mark.once
async def test_a_burst_of_commands_is_welcome_and_one_more_is_not(tracks: list[str]) -> None:
    with serving(environment={**FAST, "COMMANDS_BURST": "5", "COMMANDS_PER_SECOND": "0.001"}) as server:
        client = await V1Client("main").open(server)
        await client.until_revision(0)
        assert client.welcome["limits"]["commands_burst"] == 5
        kinds = [(await client.command("track.add", track_id=f"track-{number}"))["type"] for number in range(1, 6)]
        assert kinds == ["ack"] * 5
        nack = await client.command("track.add", track_id="track-6")
        assert (nack["error"]["code"], nack["retryable"]) == ("RATE_LIMITED", True)
        await client.close()


@pytest.mark.once
async def test_commands_in_flight_are_bounded(tracks: list[str]) -> None:
    with serving(environment={**FAST, "COMMANDS_IN_FLIGHT": "3", "COMMANDS_BURST": "1000"}) as server:
        client = await V1Client("main").open(server)
        await client.until_revision(0)
        for number in range(60):
            await client.send({"type": "command", "op_id": f"{number}", "command": "playback.pause"})
        await client.until(lambda: len(client.answers) == 60)
        answers = [client.answers[f"{number}"] for number in range(60)]
        assert {answer["type"] for answer in answers[:3]} == {"ack"}
        refused = [answer["error"]["code"] for answer in answers if answer["type"] == "nack"]
        assert set(refused) == {"RATE_LIMITED"}, "nobody commits as fast as a program sends"
        await client.close()


@pytest.mark.once
async def test_an_op_id_has_64_characters_at_most(server: Server) -> None:
    client = await V1Client("main").open(server)
    await client.until_revision(0)
    assert (await client.command("playback.pause", op_id="x" * 64))["type"] == "ack"
    await client.send({"type": "command", "op_id": "x" * 65, "command": "playback.pause"})
    await client.until(lambda: client.frames[-1]["type"] == "error")
    assert client.frames[-1]["error"]["code"] == "VALIDATION_ERROR"
    await client.close()


async def test_so_many_events_are_resumed_and_one_more_is_not(room: Room) -> None:
    with serving(environment={**FAST, "RESUME_EVENTS": "5"}) as server:
        client = await V1Client(room.slug).open(server)
        await client.until_revision(0)
        await inside(room.add, "track-1")
        await client.until_revision(1)
        await client.abort()
        await inside(room.add, *(f"track-{number}" for number in range(2, 7)))
        await client.open(server)
        await client.until_revision(6)
        assert client.reasons == ["initial"]
        await client.abort()
        await inside(room.add, *(f"track-{number}" for number in range(7, 13)))
        await client.open(server)
        await client.until_revision(12)
        assert client.reasons == ["initial", "too_many"]
        await client.close()


@pytest.mark.once
async def test_four_malformed_frames_are_forgiven_and_the_fifth_is_not(server: Server) -> None:
    client = await V1Client("main").open(server)
    await client.until_revision(0)

    def errors() -> list[Any]:
        return [frame for frame in client.frames if frame["type"] == "error"]

    for number in range(1, 5):
        await client.send("{")
        await client.until(lambda number=number: len(errors()) == number)  # type: ignore[misc]
    assert (await client.command("playback.pause"))["type"] == "ack"
    await client.send("{")
    await client.until(lambda: client.closed_with is not None)
    assert client.closed_with == 4400
