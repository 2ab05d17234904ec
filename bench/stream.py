"""python3 run.py bench stream: what it costs to send music, beside Caddy and Starlette's FileResponse.

One file of 10 MB goes to 1, 20 and 100 listeners who take it as fast as they can: CPU for each MB, by turns. Then a
hundred hear it at 64 kB/s, and two hundred who are in the room with their sockets, too: the share of a core, what one
of them costs in a minute, and how long votes take meanwhile, beside votes before and after. At last windows of five
seconds, as players that keep time take them: CPU for one listener's minute.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from msgspec import Struct

from bench._ears import take_at_once, take_slowly
from bench._listeners import Listeners
from bench._load import Load, load
from bench._report import Row, print_table, unmeasured
from bench._servers import SERVER_CORE, Lab, Running, Spec, pin, started
from tests.servers import PRODUCT, Server, free_port

MEGABYTES = 10
LISTENERS = (1, 20, 100)
SLOW_LISTENERS, IN_THE_ROOM, SLOW_BYTES_PER_SECOND = 100, 200, 64_000
WINDOW_SECONDS = 5
#: Frames of MPEG audio at 128 kbit/s: 417 or 418 bytes for 1,152 samples.
_FRAME = b"\xff\xfb\x90\x00" + bytes(413)
_TRACK, _VERSION = "track-1", "0" * 16

#: Makes the file that of the first sample track, which waits in `main`.
_GIVE_SOUND = """
import os, sys
from music.models import AudioFile, digest_of
from playlist.models import Track
path = os.fsencode({path!r})
told = os.stat(path)
AudioFile.objects.create(track_id={track!r}, path=path, path_digest=digest_of(path), size=told.st_size,
    mtime_ns=told.st_mtime_ns, format="mp3", content_type="audio/mpeg", loudness_from="measured")
Track.objects.filter(pk={track!r}).update(audio_version={version!r})
"""


class Way(Struct):
    """One server of the same file: what has used its CPU, and where it has it."""

    name: str
    port: int
    path: str
    cpu_seconds: Callable[[], float]


def rows(lab: Lab, seconds: float = 2.0, turns: int = 3) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="playlist-bench-") as folder:
        song = Path(folder) / "song.mp3"
        song.write_bytes(_music())
        server = lab.server(Spec(PRODUCT, on="music", settings=_UNBOUNDED, shell=_given_sound(song)))
        ours = Way("ours", server.port, f"/media/audio/{_TRACK}", server.cpu_seconds)
        file_response = lab.server(Spec(_FILE_RESPONSE, on="files", settings=(("BENCH_FILE", str(song)),)))
        rivals = [Way("FileResponse", file_response.port, "/", file_response.cpu_seconds)]
        caddy = _caddy(song.parent)
        try:
            if caddy is not None:
                rivals.insert(0, Way("Caddy", caddy.port, "/song.mp3", caddy.cpu_seconds))
            made = [_at_once(ours, rivals, count, seconds, turns) for count in LISTENERS]
            made += _slow(server, ours, SLOW_LISTENERS, seconds)
            made += _slow(server, ours, IN_THE_ROOM, seconds, sockets=IN_THE_ROOM)
            made.append(_windows(server))
            return made
        finally:
            if caddy is not None:
                caddy.terminate()
                caddy.wait()


#: All listeners are one address.
_UNBOUNDED = (("WINDOWS_PER_SECOND", "1000000"), ("AUDIO_AT_ONCE", "1000"))
_FILE_RESPONSE = ("-m", "uvicorn", "--lifespan", "off", "--log-level", "warning", "bench._files:application")


def _music() -> bytes:
    noise = random.Random(1)
    frames = (b"\xff\xfb\x90\x00\x00" + noise.randbytes(len(_FRAME) - 5) for _ in range(MEGABYTES * 10**6 // 417))
    return b"".join(frames)


def _given_sound(song: Path) -> str:
    return _GIVE_SOUND.format(path=str(song), track=_TRACK, version=_VERSION)


def _caddy(folder: Path) -> Running | None:
    """Caddy's file server on the core of all servers; None where it is not installed."""
    program = shutil.which("caddy")
    if program is None:
        return None
    port = free_port()
    command = [program, "file-server", "--root", str(folder), "--listen", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)
    pin(SERVER_CORE, process.pid)
    Server(process, port).wait_until_it_answers()
    return Running(process, port)


def _at_once(ours: Way, rivals: list[Way], count: int, seconds: float, turns: int) -> Row:
    costs: dict[str, list[float]] = {way.name: [] for way in (ours, *rivals)}
    for turn in range(turns + 1):
        for way in (ours, *rivals):
            before = way.cpu_seconds()
            taken = take_at_once(way.port, way.path, count, seconds)
            if turn:  # the first one warms up
                costs[way.name].append(1e9 * (way.cpu_seconds() - before) / taken)
    each = {name: median(found) for name, found in costs.items()}
    goal = f"CPU for a MB of music, {count} at once"
    note = ", ".join(f"{name} {each[name]:.2f}" for name in each if name != "ours")
    if "Caddy" not in each:
        return unmeasured(goal, "≤ 2.5× Caddy", f"Caddy is not installed; ours {each['ours']:.2f} ms, {note}")
    ratio = each["ours"] / each["Caddy"]
    return Row(goal, each["ours"], "ms", ratio, "≤ 2.5× Caddy", ratio <= 2.5, note)


def _slow(server: Running, ours: Way, count: int, seconds: float, sockets: int = 0) -> list[Row]:
    """So many who hear the song, and sockets in the room: what they cost, and what votes take meanwhile."""
    vote_seconds = 2 * seconds
    before = _votes(server, vote_seconds)
    hearing = threading.Thread(
        target=take_slowly,
        args=(ours.port, ours.path, count, SLOW_BYTES_PER_SECOND, 2 * seconds + 2 * vote_seconds),
    )
    room = Listeners(server.port, "playlist.v1", sockets, 1) if sockets else None
    hearing.start()
    time.sleep(seconds)  # buffers are full by then
    used, began = server.cpu_seconds(), time.perf_counter()
    time.sleep(seconds)
    share = (server.cpu_seconds() - used) / (time.perf_counter() - began)
    beside = _votes(server, vote_seconds)
    hearing.join()
    if room is not None:
        room.close()
    after = _votes(server, vote_seconds)
    alone = (before.percentile_ms(0.99) + after.percentile_ms(0.99)) / 2
    ratio = beside.percentile_ms(0.99) / alone
    note = (
        f"p50 {beside.percentile_ms(0.5):.1f} ms; alone p50 {before.percentile_ms(0.5):.1f} and"
        f" {after.percentile_ms(0.5):.1f}, p99 {before.percentile_ms(0.99):.1f} and {after.percentile_ms(0.99):.1f}"
    )
    limit = 8 * count / 100
    where = " in the room" if sockets else ""
    who = f"{count} listeners{where} at {SLOW_BYTES_PER_SECOND // 1000} kB/s"
    each = f"{60_000 * share / count:.0f} ms for a minute of one"
    return [
        Row(who, 100 * share, "% of a core", None, f"≤ {limit:.0f} %", 100 * share <= limit, each),
        Row(f"a vote beside {count}, p99", beside.percentile_ms(0.99), "ms", ratio, "≤ 1.5× alone", ratio <= 1.5, note),
    ]


def _votes(server: Running, seconds: float) -> Load:
    """Four people who vote, one after another."""

    def vote(caller: int, number: int) -> bytes:
        item = server.items[(4 * number + caller) % len(server.items)]
        body = b'{"direction":"%s"}' % (b"up", b"down")[number // 64 % 2]
        head = f"POST /api/playlist/{item}/vote HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.7.0.{caller + 1}\r\n"
        return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

    return load(server.port, 4, seconds, vote)


def _windows(server: Running, listeners: int = 20, minutes: float = 1.0) -> Row:
    """As many windows as so many players take in that time; each asks on a connection of its own, as browsers may."""
    count = round(60 * minutes / WINDOW_SECONDS)
    base = (
        f"http://127.0.0.1:{server.port}/media/audio/{_TRACK}/window?v={_VERSION}&duration_ms={1000 * WINDOW_SECONDS}"
    )
    with urlopen(f"{base}&from_ms=0") as first:
        size = len(first.read())
    before = server.cpu_seconds()
    for number in range(count):
        for _ in range(listeners):
            with urlopen(f"{base}&from_ms={1000 * WINDOW_SECONDS * number}") as answer:
                answer.read()
    each = 1000 * (server.cpu_seconds() - before) / (listeners * minutes)
    note = f"{count} windows of {size / 1000:.0f} kB"
    return Row("CPU for a minute of one listener, in windows", each, "ms", None, "≤ 60 ms", each <= 60, note)


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench stream", description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    with started([]) as lab:
        print_table(rows(lab, options.seconds, options.turns))


if __name__ == "__main__":
    main()
