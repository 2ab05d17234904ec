"""Two people in a room: what one does the other sees, and both see what the server has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from playlist.links import lan_address
from tests.e2e.conftest import MakePerson
from tests.e2e.party import HostedRoom, Party, Person
from tests.music.shelf import sound, tagged

SONGS = ("Billie Jean", "Blue Monday", "Beat It")


@pytest.fixture
def anna(room: HostedRoom, person: MakePerson) -> Person:
    room.add(*SONGS)
    return person().join(room.url(), "Anna")


@pytest.fixture
def ben(anna: Person, room: HostedRoom, person: MakePerson) -> Person:
    return person().join(room.url(), "Ben")


def all_see_what_the_server_has(room: HostedRoom, *people: Person) -> None:
    items = room.items
    waiting = [item["track"]["title"] for item in items if item["is_playing"] or item["played_at"] is None]
    for one in people:
        one.sees(*waiting)
        for item in items:
            if item["track"]["title"] in waiting:
                votes = item["votes"]
                one.sees_votes(item["track"]["title"], "1 vote" if votes == 1 else f"{votes} votes")


def test_everything_that_one_does_the_other_sees(room: HostedRoom, anna: Person, ben: Person) -> None:
    ben.sees(*SONGS)
    anna.button("Add Autobahn").click()
    ben.sees(*SONGS, "Autobahn")
    expect(ben.row("Autobahn")).to_contain_text("added by Anna")
    expect(ben.button("Autobahn is queued")).to_be_disabled()

    ben.button("Upvote Beat It").click()
    expect(ben.button("Upvote Beat It")).to_have_attribute("aria-pressed", "true")
    anna.sees_votes("Beat It", "1 vote")
    expect(anna.button("Upvote Beat It")).to_have_attribute("aria-pressed", "false")
    anna.button("Downvote Beat It").click()
    ben.sees_votes("Beat It", "0 votes")
    anna.button("Downvote Beat It").click()
    ben.sees_votes("Beat It", "1 vote")

    anna.drag("Autobahn", onto="Blue Monday")
    ben.sees("Billie Jean", "Autobahn", "Blue Monday", "Beat It")
    ben.move_by_keys("Billie Jean", "ArrowDown", "ArrowDown", "ArrowUp")
    anna.sees("Autobahn", "Billie Jean", "Blue Monday", "Beat It")

    ben.button("Remove Beat It").click()
    anna.sees("Autobahn", "Billie Jean", "Blue Monday")
    ben.button("Undo").click()
    anna.sees("Autobahn", "Billie Jean", "Blue Monday", "Beat It")
    anna.sees_votes("Beat It", "1 vote")

    anna.button("Play").click()
    ben.is_playing("Autobahn")
    expect(ben.button("Pause")).to_be_visible()
    ben.button("Next track").click()
    anna.is_playing("Billie Jean")
    anna.sees("Billie Jean", "Blue Monday", "Beat It")
    ben.button("Play Beat It").click()
    anna.is_playing("Beat It")
    anna.page.get_by_text("2 played songs").click()
    anna.button("Add again: Autobahn").click()
    ben.sees("Blue Monday", "Beat It", "Autobahn")
    all_see_what_the_server_has(room, anna, ben)


def test_a_drag_goes_on_when_somebody_else_moves_the_row(room: HostedRoom, anna: Person, ben: Person) -> None:
    handle = anna.button("Move Beat It").bounding_box()
    target = anna.button("Move Billie Jean").bounding_box()
    assert handle is not None and target is not None
    anna.page.mouse.move(handle["x"] + 10, handle["y"] + 36)
    anna.page.mouse.down()
    anna.page.mouse.move(handle["x"] + 10, handle["y"] + 60, steps=3)
    ben.move_by_keys("Beat It", "ArrowUp")
    expect(anna.rows.nth(1).get_by_role("button", name="Move Beat It", exact=True)).to_be_attached()
    anna.page.mouse.move(target["x"] + 10, target["y"] + 30, steps=5)
    anna.page.mouse.up()
    ben.sees("Beat It", "Billie Jean", "Blue Monday")
    all_see_what_the_server_has(room, anna, ben)


def test_a_row_in_hand_that_somebody_removes_is_let_go(room: HostedRoom, anna: Person, ben: Person) -> None:
    handle = anna.button("Move Blue Monday").bounding_box()
    assert handle is not None
    anna.page.mouse.move(handle["x"] + 10, handle["y"] + 36)
    anna.page.mouse.down()
    anna.page.mouse.move(handle["x"] + 10, handle["y"] + 90, steps=3)
    ben.button("Remove Blue Monday").click()
    anna.sees("Billie Jean", "Beat It")
    anna.page.mouse.up()
    anna.drag("Beat It", onto="Billie Jean")
    ben.sees("Beat It", "Billie Jean")


def test_a_row_that_others_push_past_keeps_hand_and_focus(room: HostedRoom, anna: Person, ben: Person) -> None:
    """Rows change places around the one that is held, by the pointer and by the keyboard."""
    handle = anna.button("Move Blue Monday").bounding_box()
    assert handle is not None
    anna.page.mouse.move(handle["x"] + 10, handle["y"] + 36)
    anna.page.mouse.down()
    anna.page.mouse.move(handle["x"] + 10, handle["y"] + 40, steps=2)
    ben.move_by_keys("Beat It", "ArrowUp", "ArrowUp")
    expect(anna.rows.nth(0).get_by_role("button", name="Move Beat It", exact=True)).to_be_attached()
    anna.page.mouse.move(handle["x"] + 200, handle["y"] + 140, steps=4)
    anna.page.mouse.up()
    ben.sees("Beat It", "Billie Jean", "Blue Monday")

    anna.button("Move Billie Jean").focus()
    anna.page.keyboard.press("Space")
    anna.page.keyboard.press("ArrowDown")
    ben.button("Remove Beat It").click()
    anna.sees("Billie Jean", "Blue Monday")
    expect(anna.button("Move Billie Jean")).to_be_focused()
    anna.page.keyboard.press("Space")
    ben.sees("Blue Monday", "Billie Jean")
    all_see_what_the_server_has(room, anna, ben)


def test_nobody_is_thrown_about_when_others_change_the_queue(party: Party, person: MakePerson) -> None:
    room = party.open_room()
    titles = [track["title"] for track in party.call("GET", "tracks?limit=30")]
    room.add(*titles)
    anna = person().join(room.url(), "Anna")
    anna.button("Play").click()
    anna.is_playing(titles[0])
    scroller = anna.queue.locator("..")
    scroller.evaluate("element => element.scrollTo(0, 900)")
    room.call("DELETE", f"/items/{room.items[3]['id']}")
    room.call("PATCH", f"/items/{room.items[5]['id']}", {"after": None})
    expect(anna.page.get_by_text(f"{len(titles) - 1} songs")).to_be_attached()
    assert scroller.evaluate("element => element.scrollTop") == 900
    room.call("POST", "/playback", {"action": "next"})
    expect(anna.queue.locator("[aria-current=true]")).to_be_in_viewport()


def test_escape_leaves_a_row_where_it_was(room: HostedRoom, anna: Person) -> None:
    anna.button("Move Beat It").focus()
    for key in ("Space", "ArrowUp", "Escape"):
        anna.page.keyboard.press(key)
    expect(anna.page.get_by_text("Beat It stays where it was.")).to_be_attached()
    anna.sees(*SONGS)


def test_votes_decide_the_order_and_rows_follow(party: Party, person: MakePerson) -> None:
    room = party.open_room(order="votes")
    room.add(*SONGS)
    anna, ben = person().join(room.url(), "Anna"), person().join(room.url(), "Ben")
    expect(anna.button("Move Beat It")).to_be_disabled()
    ben.button("Upvote Beat It").click()
    anna.sees("Beat It", "Billie Jean", "Blue Monday")
    all_see_what_the_server_has(room, anna, ben)


def test_seeking_is_seen_by_all_on_the_servers_clock(room: HostedRoom, anna: Person, ben: Person) -> None:
    anna.button("Play").click()
    anna.button("Pause").click()
    slider = anna.page.get_by_role("slider", name="Position")
    slider.focus()
    for _ in range(3):
        anna.page.keyboard.press("PageUp")
    position = slider.input_value()
    assert int(position) > 10
    expect(ben.page.get_by_role("slider", name="Position")).to_have_value(position)


def test_a_refused_command_rolls_back_and_says_why(party: Party, person: MakePerson) -> None:
    room = party.open_room(max_queued_per_person=1)
    room.add("Beat It")
    anna, ben = person().join(room.url(), "Anna"), person().join(room.url(), "Ben")
    anna.button("Add Autobahn").click()
    ben.sees("Beat It", "Autobahn")
    # Limit.
    anna.button("Add Blue Monday").click()
    expect(anna.page.get_by_role("alert")).to_contain_text("You have 1 song waiting, which is the limit.")
    anna.sees("Beat It", "Autobahn")
    # Duplicate: Ben adds it while he cannot know that the host has.
    ben.context.set_offline(True)
    expect(ben.connection).to_contain_text("Offline", timeout=15_000)
    room.call("PATCH", "", {"max_queued_per_person": 9})
    room.add("Clandestino")
    ben.button("Add Clandestino").click()
    ben.sees("Beat It", "Autobahn", "Clandestino")
    # Forbidden: he moves what is the host's while the room becomes hosted.
    room.call("PATCH", "", {"policy": "hosted"})
    ben.move_by_keys("Beat It", "ArrowDown")
    ben.sees("Autobahn", "Beat It", "Clandestino")
    ben.context.set_offline(False)
    alert = ben.page.get_by_role("alert")
    expect(alert).to_contain_text("This song is already in the queue.")
    expect(alert).to_contain_text("Guests do not move songs here")
    all_see_what_the_server_has(room, anna, ben)


def test_two_who_press_next_at_once_skip_one_song(room: HostedRoom, anna: Person, ben: Person) -> None:
    anna.button("Play").click()
    ben.is_playing("Billie Jean")
    ben.context.set_offline(True)
    expect(ben.connection).to_contain_text("Offline", timeout=15_000)
    ben.button("Next track").click()
    anna.button("Next track").click()
    anna.is_playing("Blue Monday")
    ben.context.set_offline(False)
    expect(ben.page.get_by_role("alert")).to_contain_text("Somebody was faster")
    ben.is_playing("Blue Monday")
    anna.is_playing("Blue Monday")


def test_the_host_removes_a_troll_with_their_songs_and_locks_the_room(party: Party, person: MakePerson) -> None:
    host = person()
    host.page.goto(party.url())
    host.page.get_by_label("Name of the room").fill("Friday")
    host.page.get_by_label("Your name").fill("Anna")
    host.button("Start the room").click()
    host.is_connected()
    for title in ("Beat It", "Autobahn"):
        host.button(f"Add {title}").click()
    host.button("Play").click()
    host.button("Share").click()
    url = host.page.get_by_label("Link to this room").input_value()
    assert re.fullmatch(rf"{re.escape(party.url('', lan_address()))}/r/\w{{13}}", url), url
    host.page.keyboard.press("Escape")
    here = host.page.url
    troll, friend = person().join(here, "Troll"), person().join(here, "Fay")
    friend.button("Upvote Autobahn").click()
    for title in ("Blue Monday", "Clandestino", "Billie Jean"):
        troll.button(f"Add {title}").click()
    host.sees("Beat It", "Autobahn", "Blue Monday", "Clandestino", "Billie Jean")

    host.button("People").click()
    host.button("Remove with songs: Troll").click()
    host.page.get_by_role("switch", name="Lock the room").click()
    host.button("Close").click()
    for one in (host, friend):
        one.sees("Beat It", "Autobahn")
        one.is_playing("Beat It")
        one.sees_votes("Autobahn", "1 vote")
    expect(troll.page.get_by_role("heading", name="You are no longer in this room")).to_be_visible()
    troll.page.reload()
    expect(troll.page.get_by_text("You were removed from this room.")).to_be_visible()
    late = person()
    late.page.goto(here)
    late.button("Join").click()
    expect(late.page.get_by_role("alert")).to_have_text("The room is locked. Ask the hosts to open it.")
    late.problems.clear()  # the browser notes every refused request in its console


def test_guests_only_add_and_vote_when_the_host_says_so(room: HostedRoom, anna: Person) -> None:
    room.call("PATCH", "", {"policy": "hosted"})
    expect(anna.button("Remove Beat It")).to_be_disabled()
    expect(anna.button("Play")).to_be_disabled()
    expect(anna.button("Move Beat It")).to_be_disabled()
    anna.button("Add Autobahn").click()
    expect(anna.button("Remove Autobahn")).to_be_enabled()
    room.call("PATCH", "", {"policy": "open"})
    expect(anna.button("Play")).to_be_enabled()


def test_two_people_of_one_name_are_two_people(party: Party, person: MakePerson) -> None:
    room = party.open_room(policy="hosted")
    anna, other = person().join(room.url(), "Anna"), person().join(room.url(), "Anna")
    anna.button("Add Autobahn").click()
    other.button("Add Beat It").click()
    for one, mine, theirs in ((anna, "Autobahn", "Beat It"), (other, "Beat It", "Autobahn")):
        expect(one.button(f"Remove {theirs}")).to_be_disabled()
        expect(one.button(f"Remove {mine}")).to_be_enabled()
    # And somebody who takes another name elsewhere is still the one who added it here.
    elsewhere = anna.context.new_page()
    elsewhere.goto(party.open_room().url())
    elsewhere.get_by_role("textbox", name="Your name").fill("Anna K.")
    elsewhere.keyboard.press("Enter")
    expect(elsewhere.get_by_role("list", name="Queue")).to_be_attached()
    anna.page.reload()
    anna.is_connected()
    expect(anna.button("Remove Autobahn")).to_be_enabled()


def test_a_guest_of_the_hosts_name_is_not_taken_for_them(room: HostedRoom, person: MakePerson) -> None:
    room.add("Billie Jean")
    impostor = person().join(room.url(), "Robot")
    impostor.button("Add Autobahn").click()
    impostor.sees("Billie Jean", "Autobahn")
    expect(impostor.row("Billie Jean").get_by_role("img", name="Host")).to_be_visible()
    expect(impostor.row("Autobahn").get_by_role("img", name="Host")).to_have_count(0)


def test_people_come_and_go(room: HostedRoom, anna: Person, person: MakePerson) -> None:
    anna.button("People").click()
    people = anna.page.get_by_role("list", name="People").get_by_role("listitem")
    expect(people).to_have_count(1)
    ben = person().join(room.url(), "Ben")
    expect(people).to_have_count(2)
    expect(people.nth(0)).to_contain_text("You")
    ben.context.close()
    expect(people).to_have_count(1)


def test_the_main_room_and_its_display(party: Party, person: MakePerson) -> None:
    anna = person().join(party.url("/r/main"), "Anna")
    expect(anna.page.get_by_role("heading", name="Main")).to_be_visible()
    wall = person()
    wall.page.goto(party.url("/r/main/display"))
    playing = anna.page.get_by_role("region", name="Now playing").get_by_role("paragraph").first.inner_text()
    expect(wall.page.get_by_role("region", name="Now playing")).to_contain_text(playing)
    expect(wall.page.get_by_role("region", name="Next").get_by_role("listitem")).to_have_count(5)
    expect(wall.page.get_by_role("img", name="QR code")).to_be_visible()
    expect(anna.button("People")).to_contain_text("1")  # a wall is nobody
    anna.button("Next track").click()
    expect(wall.page.get_by_role("region", name="Now playing")).not_to_contain_text(playing)


def test_music_is_uploaded_and_added(party: Party, room: HostedRoom, person: MakePerson, tmp_path: Path) -> None:
    """Three files of which one is a text; then one that is dropped on the page."""
    anna, guest = person(), person().join(room.url(), "Guest")
    expect(guest.button("Upload music")).to_have_count(0)
    guest.button("Upload with an account").click()
    guest.page.get_by_label("Username").fill("guest")
    guest.page.get_by_label("Password").fill("a long one, for sure")
    guest.button("Make an account").click()
    expect(guest.button("Upload music")).to_be_visible()
    registered = anna.context.request.post(
        party.url("/api/user/register"), data={"username": "anna", "password": "a long one, for sure"}
    )
    assert registered.ok
    anna.join(room.url(), "Anna")
    for number, title in enumerate(("Uno", "Due"), 1):
        (tmp_path / f"{number}.wav").write_bytes(tagged(sound(number), title=title, artist="Somebody"))
    (tmp_path / "3.mp3").write_text("This is a text, whatever it is called.")
    files = [tmp_path / name for name in ("1.wav", "3.mp3", "2.wav")]
    anna.page.locator("input[type=file]").set_input_files(files)
    uploads = anna.page.get_by_role("list", name="Uploads").get_by_role("listitem")
    expect(uploads).to_have_text(
        [
            re.compile("1.wav.*In the library as “Uno”"),
            re.compile("3.mp3.*Not uploaded: This is no music that the server knows"),
            re.compile("2.wav.*In the library as “Due”"),
        ]
    )
    anna.problems.clear()  # the browser notes the 415 in its console
    anna.page.evaluate(
        """bytes => {
            const files = new DataTransfer();
            files.items.add(new File([new Uint8Array(bytes)], "Somebody - Tre.wav"));
            window.dispatchEvent(new DragEvent("drop", { dataTransfer: files, cancelable: true }));
        }""",
        list(sound(3)),
    )
    expect(uploads).to_have_count(4)
    expect(uploads.nth(3)).to_contain_text("In the library as “Tre”")
    anna.button("Clear the list").click()
    expect(uploads).to_have_count(0)
    for title in ("Uno", "Tre"):
        anna.page.get_by_role("searchbox", name="Search the library").fill(title)
        anna.button(f"Add {title}").click()
    guest.sees("Uno", "Tre")
