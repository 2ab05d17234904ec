"""A sound server of our own, and one recording of all that is played on it.

All browsers play into one sink of six channels, two for each, and the recording is one stream of that sink's monitor:
one clock and one timeline. Three sinks would be three clocks with three beginnings.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

from tests.listen.analysis import RECORDED
from tests.services import Missing

BROWSERS = 3
CHANNELS = 2 * BROWSERS
_AUX = ",".join(f"aux{number}" for number in range(CHANNELS))
_PRIORITY = "5"


class Pulse:
    """PulseAudio with a null sink, `b1` to `b3` on top of it. Raises Missing where it cannot be started."""

    def __init__(self, folder: Path) -> None:
        for program in ("pulseaudio", "parec"):
            if shutil.which(program) is None:
                raise Missing(f"{program} is not installed (Debian: apt install pulseaudio pulseaudio-utils)")
        folder.mkdir(mode=0o700)
        self.socket = folder / "native"
        script = folder / "listen.pa"
        script.write_text("\n".join(_script(self.socket)))
        environment = {**os.environ, "XDG_RUNTIME_DIR": str(folder), "HOME": str(folder)}
        command = ["pulseaudio", "-n", "-F", str(script), "--daemonize=no", "--exit-idle-time=-1", "--disallow-exit"]
        command += ["--use-pid-file=no", f"--log-target=file:{folder / 'log'}"]
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        give_up_at = time.monotonic() + 20
        while not self.socket.exists():
            if self._process.poll() is not None or time.monotonic() > give_up_at:
                raise Missing(f"PulseAudio does not start: {(folder / 'log').read_text()[-500:]}")
            time.sleep(0.05)
        time.sleep(0.5)
        # PulseAudio takes real-time scheduling from its own main thread; without it a busy machine makes holes.
        self.is_real_time = _real_time(self._process.pid, _PRIORITY)

    def environment(self, browser: int) -> dict[str, str]:
        """In which the browser with this number, from 1, plays into its channels."""
        return {"PULSE_SERVER": f"unix:{self.socket}", "PULSE_SINK": f"b{browser}"}

    def close(self) -> None:
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        self._process.kill()
        self._process.wait()


def _script(socket: Path) -> list[str]:
    sinks = []
    for number in range(BROWSERS):
        own = f"aux{2 * number},aux{2 * number + 1}"
        sinks.append(
            f"load-module module-remap-sink sink_name=b{number + 1} master=all channels=2"
            f" channel_map=front-left,front-right master_channel_map={own} remix=no"
        )
    form = f"format=float32le rate={RECORDED} channels={CHANNELS} channel_map={_AUX}"
    return [
        f"load-module module-native-protocol-unix socket={socket} auth-anonymous=1",
        f"load-module module-null-sink sink_name=all {form}",
        *sinks,
        "set-default-sink b1",
        "",
    ]


def _real_time(process_id: int, priority: str, all_threads: bool = True) -> bool:
    """Give a process, or one thread, real-time scheduling; whether that is allowed."""
    if shutil.which("chrt") is None:
        return False
    command = ["chrt", *(["-a"] if all_threads else []), "-r", "-p", priority, str(process_id)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


class Recorder:
    """Records everything as 16 bits a sample, and notes when how much had arrived."""

    def __init__(self, pulse: Pulse, path: Path) -> None:
        self.path = path
        self.stamps: list[tuple[int, float]] = []
        command = ["parec", "-d", "all.monitor", "--format=s16le", f"--rate={RECORDED}", f"--channels={CHANNELS}"]
        command += [f"--channel-map={_AUX}", "--no-remix", "--raw", "--latency-msec=10"]
        environment = {**os.environ, "PULSE_SERVER": f"unix:{pulse.socket}"}
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
        _real_time(self._process.pid, "4")
        self._thread = threading.Thread(target=self._take, daemon=True)
        self._thread.start()

    def _take(self) -> None:
        assert self._process.stdout is not None
        source, taken = self._process.stdout.fileno(), 0
        with self.path.open("wb") as file:
            while data := os.read(source, 1 << 16):
                now = time.time()
                taken += len(data)
                self.stamps.append((taken // (2 * CHANNELS), now))
                file.write(data)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()
        self._thread.join(5)


class Priority:
    """Gives the audio threads of browsers what a desktop's rtkit gives them, once a second, where that is allowed."""

    _NAMES = ("AudioOutput", "threaded-ml", "AudioIP", "NativeA", "cubeb", "Audio Worklet")

    def __init__(self, groups: list[int]) -> None:
        """`groups`: the process groups of the browsers; it may grow."""
        self._groups = groups
        self._done: set[int] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(1):
            for process in Path("/proc").glob("[0-9]*"):
                with contextlib.suppress(OSError):  # it has just ended
                    if os.getpgid(int(process.name)) in self._groups:
                        self._raise(process)

    def _raise(self, process: Path) -> None:
        for task in (process / "task").iterdir():
            thread = int(task.name)
            if thread not in self._done and (task / "comm").read_text().startswith(self._NAMES):
                self._done.add(thread)
                _real_time(thread, "2", all_threads=False)

    def close(self) -> None:
        self._over.set()
        self._thread.join()
