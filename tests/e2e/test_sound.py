"""Browsers that sound. What is heard is what the page puts out, looked at by its spectrum: each song is one tone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e import songs
from tests.e2e.conftest import MakePerson
from tests.e2e.party import HostedRoom, Party, Person
from tests.e2e.test_for_everybody import PHONE, serious
from tests.realtime.conftest import installed
from tests.servers import DEADLINE

#: An ear beside the loudspeaker: `tone()` is the loudest frequency in Hz, 0 in silence.
EAR = """
window.contexts = 0;
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode) {
        if (window.ear?.context !== to.context) {
            window.ear = to.context.createAnalyser();
            window.ear.fftSize = 4096;
            window.ear.smoothingTimeConstant = 0;
        }
        connect.call(this, window.ear);
    }
    return connect.call(this, to, ...rest);
};
window.AudioContext = class extends AudioContext {
    constructor(...given) { super(...given); window.contexts += 1; }
};
window.tone = () => {
    if (!window.ear) return 0;
    const levels = new Float32Array(window.ear.frequencyBinCount);
    window.ear.getFloatFrequencyData(levels);
    const loudest = levels.indexOf(Math.max(...levels));
    return levels[loudest] < -60 ? 0 : loudest * window.ear.context.sampleRate / window.ear.fftSize;
};
"""
HERTZ = {song.title: song.hertz for song in songs.SONGS}


@pytest.fixture(scope="module")
def party(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Party]:
    """A server with music, already scanned."""
    installed("ffmpeg")
    folder = tmp_path_factory.mktemp("music")
    songs.make(folder)
    party = Party(tmp_path_factory.mktemp("sound"), MUSIC_DIR=str(folder))
    deadline = time.monotonic() + DEADLINE
    while len(party.call("GET", "tracks")) < len(songs.SONGS):
        assert time.monotonic() < deadline, "the music is not there"
        time.sleep(0.1)
    yield party
    party.close()


@pytest.fixture
def listener(person: MakePerson) -> MakePerson:
    def make(**options: object) -> Person:
        one = person(**options)
        one.page.add_init_script(EAR)
        return one

    return make


def hears(one: Person, title: str | None) -> None:
    """Waits until this song sounds, or nothing does."""
    wanted = 0 if title is None else HERTZ[title]
    one.page.wait_for_function("hertz => Math.abs(tone() - hertz) < 15", arg=wanted)


def test_one_tap_and_it_sounds_and_everybody_knows_where(room: HostedRoom, listener: MakePerson) -> None:
    room.add("Low", "Middle", "High")
    anna = listener().join(room.url(), "Anna")
    ben = listener(**PHONE).join(room.url(), "Ben")
    assert (anna.page.evaluate("contexts"), ben.page.evaluate("contexts")) == (0, 0)
    room.call("POST", "/playback", {"action": "play"})
    expect(ben.page.get_by_role("status", name="Sound")).to_have_text("Nobody hears this yet")
    anna.button("Sound of this device").click()
    anna.page.get_by_role("textbox", name="Name of this device").fill("Kitchen laptop")
    anna.button("Close").click()
    anna.button("Play sound here").click()
    hears(anna, "Low")
    expect(ben.page.get_by_role("status", name="Sound")).to_have_text("Sound: \u2068Kitchen laptop\u2069")
    assert ben.page.evaluate("contexts") == 0
    anna.button("Next track").click()
    hears(anna, "Middle")
    ben.button("Pause").tap()
    hears(anna, None)
    ben.button("Play").tap()
    hears(anna, "Middle")
    ben.button("Play sound here").tap()
    hears(ben, "Middle")
    anna.button("Stop sound here").click()
    hears(anna, None)
    expect(anna.page.get_by_role("status", name="Sound")).to_have_text("Sound: a device")


def test_the_tap_starts_a_room_that_stands_still(room: HostedRoom, listener: MakePerson) -> None:
    room.add("High")
    anna = listener().join(room.url(), "Anna")
    anna.page.get_by_role("button", name="Play sound here").press("Enter")
    hears(anna, "High")
    anna.is_playing("High")


def test_volumes_of_the_room_and_of_a_device(room: HostedRoom, listener: MakePerson) -> None:
    room.add("Low")
    anna, ben = listener().join(room.url(), "Anna"), listener().join(room.url(), "Ben")
    anna.button("Play sound here").click()
    hears(anna, "Low")
    ben.page.get_by_role("slider", name="Volume").fill("0")
    hears(anna, None)
    ben.page.get_by_role("slider", name="Volume").fill("80")
    hears(anna, "Low")
    anna.button("Sound of this device").click()
    anna.page.get_by_role("switch", name="Mute this device").click()
    hears(anna, None)
    assert room.call("GET", "/playback")["state"] == "playing"
    anna.page.get_by_role("switch", name="Mute this device").click()
    hears(anna, "Low")
    for _ in range(3):
        anna.button("10 ms more").click()
    expect(anna.page.get_by_role("group", name="Delay of this device")).to_contain_text("30 ms")
    anna.page.reload()
    anna.button("Sound of this device").click()
    expect(anna.page.get_by_role("group", name="Delay of this device")).to_contain_text("30 ms")


def test_the_music_goes_on_while_the_server_is_away(party: Party, room: HostedRoom, listener: MakePerson) -> None:
    room.add("Short", "High")
    anna = listener().join(room.url(), "Anna")
    anna.button("Play sound here").click()
    hears(anna, "Short")
    # What follows is fetched while this one plays.
    anna.page.wait_for_function(
        "() => performance.getEntriesByType('resource').filter(({ name }) => name.includes('/window')).length >= 4"
    )
    party.kill()
    hears(anna, "High")
    party.start_again()
    anna.is_connected()
    anna.is_playing("High")
    hears(anna, "High")


@pytest.mark.parametrize(("theme", "options"), [("dark", {}), ("light", PHONE)], ids=["desktop", "phone"])
def test_axe_finds_nothing_serious_in_what_is_heard(
    room: HostedRoom, listener: MakePerson, theme: str, options: dict[str, object]
) -> None:
    room.add("Low", "High")
    anna = listener(color_scheme=theme, reduced_motion="reduce", **options).join(room.url(), "Anna")
    anna.button("Play").click()
    expect(anna.page.get_by_text("Nobody hears this yet")).to_be_visible()
    found = {"bar": serious(anna.page)}
    anna.button("Play sound here").click()
    hears(anna, "Low")
    anna.button("Sound of this device").click()
    expect(anna.page.get_by_role("switch", name="Click to listen by")).to_be_visible()
    found["menu"] = serious(anna.page)
    anna.page.goto(f"{room.url()}/display")
    expect(anna.page.get_by_role("region", name="Next").get_by_text("High")).to_be_visible()
    expect(anna.page.get_by_text("The second line")).to_be_visible()
    found["wall"] = serious(anna.page)
    assert found == {"bar": [], "menu": [], "wall": []}


def test_a_file_that_has_vanished_is_passed_over_in_words(
    party: Party, room: HostedRoom, listener: MakePerson, tmp_path: Path
) -> None:
    room.add("Middle", "Low")
    file = Path(party.environment["MUSIC_DIR"]) / "Middle.flac"
    file.rename(tmp_path / file.name)
    try:
        anna = listener().join(room.url(), "Anna")
        anna.button("Play sound here").click()
        expect(anna.page.get_by_role("status", name="Sound")).to_contain_text("missing", timeout=30_000)
        expect(anna.page.get_by_role("status", name="Sound")).to_contain_text("Middle")
        # The browser itself reports each answer of 404; the page says it in words.
        anna.problems[:] = [problem for problem in anna.problems if "404" not in problem]
    finally:
        (tmp_path / file.name).rename(file)
