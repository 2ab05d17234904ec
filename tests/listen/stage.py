"""A server of ours with music, browsers that play it, and a recording of both: what was heard, and what was to be."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tests.listen import analysis, tracks
from tests.listen.analysis import Joint, Piece, References, TimeBase, Window
from tests.listen.browsers import KINDS, Browser
from tests.listen.pulse import CHANNELS, Priority, Pulse, Recorder
from tests.listen.scenario import BURN_SECONDS, NARROW_BYTES, Scenario, Step, What
from tests.listen.wifi import Wifi
from tests.servers import DEADLINE, PRODUCT, Server, free_port, manage, start

#: A name that browsers do not trust like localhost: rooms are opened over plain HTTP in the local network.
HOST = "room.test"
#: Browsers have work of their own when they start.
CALM_SECONDS = 8.0
BURNERS = 4


class Options(Struct, frozen=True):
    #: A letter each: C for Chromium, F for Firefox.
    browsers: str = "CC"
    jitter_ms: float = 0.0
    has_web_audio: bool = True
    seed: int = 1


class Mark(Struct, frozen=True):
    """A step that was taken, at a wall-clock time in seconds."""

    at: float
    step: Step


class Heard(Struct, frozen=True):
    """Everything that a verdict needs."""

    options: Options
    began: float
    base: TimeBase
    pieces: list[Piece]
    marks: list[Mark]
    windows: list[Window]
    #: For each browser: the natural changes of tracks, and holes in the music, as (when, ms).
    joints: list[list[Joint]]
    holes: list[list[tuple[float, float]]]
    #: How late this process was woken, in the worst hundredth of all times, outside bursts of load.
    woken_late_ms: float
    load: float
    is_real_time: bool


class Gauge:
    """How late a thread is woken that sleeps 5 ms: so it goes for the sound, too."""

    def __init__(self) -> None:
        self.late: list[tuple[float, float]] = []
        self._is_over = False
        self._thread = threading.Thread(target=self._sleep, daemon=True)
        self._thread.start()

    def _sleep(self) -> None:
        while not self._is_over:
            before = time.perf_counter()
            time.sleep(0.005)
            self.late.append((time.time(), (time.perf_counter() - before - 0.005) * 1000))

    def close(self) -> None:
        self._is_over = True
        self._thread.join()


class Stage:
    """Builds everything up; `play` goes through the scenario. A context manager. Raises Missing on entering."""

    def __init__(self, folder: Path, scenario: Scenario, options: Options) -> None:
        self._folder, self._scenario, self._options = folder, scenario, options
        self._stack = ExitStack()
        self._marks: list[Mark] = []
        self._lines: list[Wifi] = []
        self._browsers: list[Browser] = []

    def __enter__(self) -> Stage:
        with ExitStack() as stack:
            self._pulse = Pulse(self._folder / "pulse")
            stack.callback(self._pulse.close)
            self._server = self._serve(stack)
            self._track_ids = self._find_tracks()
            groups: list[int] = []
            stack.callback(Priority(groups).close)
            for number, kind in enumerate(self._options.browsers, 1):
                line = Wifi(self._server.port, self._options.jitter_ms, self._options.seed + number)
                self._lines.append(line)
                stack.callback(line.close)
                environment = self._pulse.environment(number)
                url = f"http://{HOST}:{line.port}/r/main"
                folder = self._folder / f"browser-{number}"
                browser = KINDS[kind](folder, environment, HOST, url, self._options.has_web_audio)
                groups.append(browser.process.pid)
                self._browsers.append(browser)
                stack.callback(browser.close)
                browser.join(f"Listener {number}")
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _serve(self, stack: ExitStack) -> Server:
        music = self._folder / "music"
        music.mkdir()
        for tune in self._scenario.tunes:
            tracks.write(tune, music)
        port = free_port()
        environment = {
            **os.environ,
            "DATA_DIR": str(self._folder / "data"),
            "DATABASE_URL": "",
            "REDIS_URL": "",
            "PUBLIC_URL": "",
            "MUSIC_DIR": str(music),
            "ALLOWED_HOSTS": HOST,
            "HOST": "127.0.0.1",
            "PORT": str(port),
        }
        (self._folder / "data").mkdir()
        manage(environment, "migrate", "--verbosity", "0")
        log = stack.enter_context((self._folder / "server.log").open("w"))
        server = Server(start(*PRODUCT, environment=environment, output=log), port)
        stack.callback(_end, server.process)
        server.wait_until_it_answers()
        return server

    def _find_tracks(self) -> dict[str, str]:
        """Track ids by title, once the server has found all files."""
        titles = {tune.title for tune in self._scenario.tunes}
        give_up_at = time.monotonic() + DEADLINE
        while time.monotonic() < give_up_at:
            found = {track["title"]: track["id"] for track in self._api("GET", "tracks?search=noise")}
            if titles <= set(found):
                return {title: found[title] for title in titles}
            time.sleep(0.2)
        raise AssertionError(f"The server has not found its music: {(self._folder / 'server.log').read_text()[-2000:]}")

    def _api(self, method: str, path: str, body: object = None) -> Any:
        status, answer = self._server.call(method, path, body)
        assert status < 400, (method, path, status, answer)
        return answer

    # ── The scenario ─────────────────────────────────────────────────────────────────────────────────────────────────

    def play(self) -> Heard:
        self._add()
        time.sleep(CALM_SECONDS)
        recorder, gauge = Recorder(self._pulse, self._folder / "recording.raw"), Gauge()
        time.sleep(1.5)
        began = time.time()
        for step in self._scenario.steps:
            time.sleep(max(0.0, began + step.at - time.time()))
            self._take(step)
        load = os.getloadavg()[0]
        time.sleep(0.5)
        recorder.stop()
        gauge.close()
        return self._listen(recorder, gauge, began, load)

    def _add(self) -> None:
        """Queue every tune that is not waiting or playing."""
        for tune in self._scenario.tunes:
            body = {"track_id": self._track_ids[tune.title]}
            status, answer = self._server.call("POST", "playlists/main/items", body)
            assert status == 201 or answer["error"]["code"] == "DUPLICATE_TRACK", answer

    def _take(self, step: Step) -> None:
        self._marks.append(Mark(time.time(), step))
        if step.browser:
            self._befall(step.what, self._browsers[step.browser - 1], self._lines[step.browser - 1])
            return
        match step.what:
            case "play" | "pause" | "next":
                self._api("POST", "playlists/main/playback", {"action": step.what})
            case "seek":
                self._api("POST", "playlists/main/playback", {"action": "seek", "position_seconds": step.seconds})
            case "add":
                self._add()
            case "burn":
                code = f"import time\nend = time.time() + {BURN_SECONDS}\nwhile time.time() < end: pass"
                for _ in range(BURNERS):
                    self._stack.callback(_end, subprocess.Popen([sys.executable, "-c", code]))

    def _befall(self, what: What, browser: Browser, line: Wifi) -> None:
        """What happens to one browser."""
        match what:
            case "press":
                browser.press("Play sound here")
            case "cut":
                line.cut()
            case "mend":
                line.mend()
            case "narrow":
                line.narrow(NARROW_BYTES)
            case "widen":
                line.narrow(None)
            case "stop":
                browser.stop()
            case "wake":
                browser.wake()

    # ── What was heard ───────────────────────────────────────────────────────────────────────────────────────────────

    def _listen(self, recorder: Recorder, gauge: Gauge, began: float, load: float) -> Heard:
        base = analysis.time_base(recorder.stamps)
        references = References(self._scenario.tunes)
        pieces = self._pieces(references.seconds)
        raw = np.fromfile(recorder.path, dtype="<i2")
        channels = raw[: raw.size // CHANNELS * CHANNELS].reshape(-1, CHANNELS)
        commands = [mark.at for mark in self._marks if mark.step.what in ("play", "pause", "seek", "next", "press")]
        changes = [(before, after) for before, after in pairwise(pieces) if after.is_natural]
        windows: list[Window] = []
        joints, holes = [], []
        for number in range(1, len(self._options.browsers) + 1):
            whole: NDArray[np.int16] = channels[:, 2 * number - 2]
            sound: tracks.Samples = whole.astype(np.float32) / np.float32(32768)
            windows += analysis.windows(number, sound, base, pieces, references)
            joints.append([analysis.joint(sound, base, *change, references) for change in changes])
            pressed = next(m.at for m in self._marks if m.step.what == "press" and m.step.browser == number)
            music = [(max(piece.since, pressed + 3), piece.until) for piece in pieces]
            holes.append(analysis.holes(whole, base, partial(_is_within, music, commands)))
        burns = [mark.at for mark in self._marks if mark.step.what == "burn"]
        calm = [late for at, late in gauge.late if all(not burn - 0.5 < at < burn + BURN_SECONDS + 2 for burn in burns)]
        late_ms = float(np.percentile(calm, 99))
        real_time = self._pulse.is_real_time
        return Heard(self._options, began, base, pieces, self._marks, windows, joints, holes, late_ms, load, real_time)

    def _pieces(self, seconds: dict[str, float]) -> list[Piece]:
        items = {item["id"]: item["track"]["title"] for item in self._all_items()}
        events: list[dict[str, Any]] = []
        while True:
            since = events[-1]["revision"] if events else 0
            page = self._api("GET", f"playlists/main/events?since={since}&limit=500")
            events += page["events"]
            if page["complete"]:
                return analysis.pieces_of(events, items, seconds)

    def _all_items(self) -> Sequence[dict[str, Any]]:
        """Every item that was ever added, by the log."""
        page = self._api("GET", "playlists/main/events?since=0&limit=500")
        return [event["item"] for event in page["events"] if event["type"] == "track.added"]


def _is_within(music: Sequence[tuple[float, float]], commands: Sequence[float], at: float) -> bool:
    """Whether there is music at this time, and nobody has just said anything."""
    return any(since < at < until for since, until in music) and all(not -0.3 < at - told < 3 for told in commands)


def _end(process: subprocess.Popen[Any]) -> None:
    process.kill()
    process.wait()
