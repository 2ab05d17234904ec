"""A server that is killed, a network that is gone, a page that is loaded anew: nothing is lost, nothing is doubled."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import MakePerson
from tests.e2e.party import HostedRoom, Party, Person


@pytest.fixture
def party(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Party]:
    party = Party(tmp_path_factory.mktemp("fragile"))
    yield party
    party.close()


def act_while_the_server_is_gone(anna: Person, ben: Person) -> None:
    for one in (anna, ben):
        expect(one.connection).to_contain_text("econnect")
    anna.button("Add Autobahn").click()
    anna.button("Upvote Billie Jean").click()
    ben.button("Downvote Billie Jean").click()
    ben.button("Remove Blue Monday").click()
    anna.sees("Billie Jean", "Blue Monday", "Autobahn")
    ben.sees("Billie Jean")
    expect(anna.connection).to_contain_text("2 changes are kept")
    expect(ben.connection).to_contain_text("2 changes are kept")
    expect(anna.row("Autobahn").get_by_role("img", name="Waiting to be sent")).to_be_attached()


def all_is_there_once(room: HostedRoom, anna: Person, ben: Person) -> None:
    for one in (anna, ben):
        one.is_connected()
    for one in (anna, ben):
        one.sees("Billie Jean", "Autobahn")
        one.sees_votes("Billie Jean", "0 votes")
    expect(anna.button("Upvote Billie Jean")).to_have_attribute("aria-pressed", "true")
    expect(ben.button("Downvote Billie Jean")).to_have_attribute("aria-pressed", "true")
    assert [item["track"]["title"] for item in room.items] == ["Billie Jean", "Autobahn"]
    events = room.call("GET", "/events?since=0&limit=500")["events"]
    assert [event["type"] for event in events].count("track.added") == 3
    assert [event["type"] for event in events].count("track.voted") == 2
    assert [event["type"] for event in events].count("track.removed") == 1


def test_the_server_is_killed_while_both_act(room: HostedRoom, person: MakePerson) -> None:
    room.add("Billie Jean", "Blue Monday")
    anna, ben = person().join(room.url(), "Anna"), person().join(room.url(), "Ben")
    room.party.kill()
    act_while_the_server_is_gone(anna, ben)
    room.party.start_again()
    all_is_there_once(room, anna, ben)


def test_the_page_is_loaded_anew_meanwhile(room: HostedRoom, person: MakePerson) -> None:
    room.add("Billie Jean", "Blue Monday")
    anna, ben = person().join(room.url(), "Anna"), person().join(room.url(), "Ben")
    room.party.kill()
    act_while_the_server_is_gone(anna, ben)
    for one in (anna, ben):
        one.page.close()
        one.page = one.context.new_page()
    room.party.start_again()
    for one in (anna, ben):
        one.page.goto(room.url())
    all_is_there_once(room, anna, ben)


def test_a_network_that_is_gone_and_returns(room: HostedRoom, person: MakePerson) -> None:
    room.add("Billie Jean")
    anna, ben = person().join(room.url(), "Anna"), person().join(room.url(), "Ben")
    anna.context.set_offline(True)
    expect(anna.connection).to_contain_text("Offline", timeout=15_000)
    anna.button("Upvote Billie Jean").click()
    anna.button("Remove Billie Jean").click()
    anna.button("Undo").click()
    ben.button("Upvote Billie Jean").click()
    anna.context.set_offline(False)
    for one in (anna, ben):
        one.sees("Billie Jean")
        one.sees_votes("Billie Jean", "2 votes")
        expect(one.button("Upvote Billie Jean")).to_have_attribute("aria-pressed", "true")


def test_a_short_break_is_resumed_without_a_flicker(room: HostedRoom, person: MakePerson) -> None:
    room.add("Billie Jean", "Blue Monday")
    anna = person().join(room.url(), "Anna")
    anna.queue.evaluate(
        "list => { window.redrawn = 0; new MutationObserver(changes => { window.redrawn += changes.length })"
        ".observe(list, { childList: true, subtree: true, characterData: true }) }"
    )
    frames: list[str | bytes] = []
    anna.page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(frame)))
    anna.context.set_offline(True)
    expect(anna.connection).to_contain_text("Offline", timeout=15_000)
    anna.context.set_offline(False)
    anna.is_connected()
    expect(anna.button("People")).to_contain_text("1")
    assert any('"type":"welcome"' in str(frame) for frame in frames)
    assert not any('"type":"snapshot"' in str(frame) for frame in frames), "nothing was missed, so nothing is sent"
    assert anna.page.evaluate("window.redrawn") == 0
