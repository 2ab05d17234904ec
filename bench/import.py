"""python3 run.py bench import: what it costs to bring music in, and what those notice who vote meanwhile.

A first import and a scan of nothing changed, on files of our own, beside tinytag alone and os.scandir with stat on the
same files in the same run; CPU counts, not time, but for the votes: their p99 while a server imports, beside the same
without. 20,000 files, or 100,000 with --full.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

from bench._report import Row, print_table, unmeasured
from bench._servers import ALONE, LOAD_CORE, Database, Lab, Running, Spec, pin
from tests.music.taggers import id3, mp3
from tests.servers import manage

FILES, FULL = 20_000, 100_000
_SONGS_ON_AN_ALBUM = 12
#: Frames of an MP3 of 128 kbit/s, of 417 bytes each.
_FRAMES = 24
_WORDS = ("night", "river", "silver", "dance", "heart", "stone", "summer", "rain", "golden", "street", "ocean")
_VOTES_PER_SECOND, _QUIET_SECONDS = 30, 8.0

_RIVALS = """
import os, resource, sys, time
from tinytag import TinyTag

def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime

def walk(folder):
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            yield from walk(entry.path)
        else:
            entry.stat()
            yield entry.path

paths = list(walk(sys.argv[1].encode()))
before = cpu()
paths = list(walk(sys.argv[1].encode()))
walked = cpu()
for path in paths:
    with open(path, "rb") as file:
        TinyTag.get(file_obj=file)
print(walked - before, cpu() - walked)
"""

_SCANS = """
import json, resource, threading, time
from pathlib import Path
from music import runner, state

def cpu():
    both = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(used.ru_utime + used.ru_stime for used in both)

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()

sizes, over = [], threading.Event()
def follow():
    while not over.wait(0.1):
        sizes.append(resident())
threading.Thread(target=follow, daemon=True).start()

def scan():
    state.request()
    claimed = state.claim()
    before, began = cpu(), time.monotonic()
    runner.run(claimed)
    claimed.refresh_from_db()
    return dict(cpu=cpu() - before, seconds=time.monotonic() - began, found=claimed.found, added=claimed.added)

first = scan()
over.set()
settled = sizes[len(sizes) // 4:]
print(json.dumps(dict(first=first, again=scan(), grown=max(settled) - settled[0], peak=max(sizes))))
"""


def make_files(folder: Path, count: int) -> None:
    """An MP3 each, with tags, by artists who have two albums."""
    chance = random.Random(count)
    for number in range(count):
        album = number // _SONGS_ON_AN_ALBUM
        below = folder / f"Artist {album // 2}" / f"Album {album}"
        if number % _SONGS_ON_AN_ALBUM == 0:
            below.mkdir(parents=True, exist_ok=True)
        # 0xFF would begin another frame.
        noise = chance.randbytes(413 * _FRAMES).replace(b"\xff", b"\0")
        frames = b"".join(b"\xff\xfb\x90\x00" + noise[413 * frame : 413 * (frame + 1)] for frame in range(_FRAMES))
        tags = {
            "TIT2": f"{chance.choice(_WORDS)} {chance.choice(_WORDS)} {number}", "TPE1": f"Artist {album // 2}",
            "TALB": f"Album {album}", "TRCK": str(number % _SONGS_ON_AN_ALBUM + 1), "TCON": "Rock", "TDRC": "1999",
        }  # fmt: skip
        (below / f"{number:06}.mp3").write_bytes(mp3(frames, id3(tags)))


def rows(lab: Lab, count: int = FILES) -> list[Row]:
    with TemporaryDirectory(prefix="playlist-bench-music-") as name:
        folder = Path(name)
        make_files(folder, count)
        rivals = subprocess.check_output([sys.executable, "-c", _RIVALS, name], text=True).split()
        walked, read = map(float, rivals)
        found = []
        for database in get_args(Database):
            if database not in lab.databases:
                found.append(unmeasured(f"first import, {database}", "≤ 4× tinytag alone", f"needs {database}"))
                continue
            environment = {**lab.fresh_environment(database, on="import"), "MUSIC_DIR": name}
            measured = json.loads(manage(environment, "shell", "--no-imports", "-c", _SCANS).splitlines()[-1])
            found += [*_scans(database, measured, walked, read), _votes(lab, database, folder)]
        return found


def _scans(database: Database, measured: Any, walked: float, read: float) -> list[Row]:
    first, again = measured["first"], measured["again"]
    assert first["added"] == first["found"] == again["found"], measured
    count = first["found"]
    note = f"{count:,} files, {count / first['seconds']:.0f}/s; tinytag {1e6 * read / count:.0f} µs"
    grown = measured["grown"] / 2**20
    of_memory = f"after a quarter of the files; at most {measured['peak'] / 2**20:.0f} MiB"
    beside = f"{again['seconds']:.2f} s; scandir with stat {walked:.2f} s"
    return [
        Row(f"first import, CPU a file, {database}", 1e6 * first["cpu"] / count, "µs", first["cpu"] / read,
            "≤ 4× tinytag alone", first["cpu"] <= 4 * read, note),
        Row(f"memory of an import, {database}", grown, "MiB", None, "grows ≤ 20 MiB", grown <= 20, of_memory),
        Row(f"a scan of nothing changed, CPU, {database}", again["cpu"], "s", again["cpu"] / walked,
            "≤ 3× scandir and stat", again["cpu"] <= 3 * walked, beside),
    ]  # fmt: skip


def _votes(lab: Lab, database: Database, folder: Path) -> Row:
    """Somebody votes while a server imports, as it does when it starts."""
    server = lab.server(Spec(ALONE.command, database, on="import-votes"))
    environment = lab.fresh_environment(database, on="import-votes")
    pin(LOAD_CORE)
    quiet = _vote_while(server, lambda: time.sleep(_QUIET_SECONDS))
    busy = _vote_while(server, lambda: manage(environment, "import_music", str(folder)))
    quiet += _vote_while(server, lambda: time.sleep(_QUIET_SECONDS))
    p99, rival = _p99_ms(busy), _p99_ms(quiet)
    note = f"{rival:.0f} ms without; {len(busy)} votes; p50 {1000 * sorted(busy)[len(busy) // 2]:.0f} ms"
    return Row(
        f"a vote while importing, p99, {database}", p99, "ms", p99 / rival, "≤ 2× without", p99 <= 2 * rival, note
    )


def _p99_ms(seconds: list[float]) -> float:
    return 1000 * sorted(seconds)[int(0.99 * len(seconds))]


def _vote_while(server: Running, work: Any) -> list[float]:
    """The seconds of votes at an even pace, as long as `work` takes."""
    thread = threading.Thread(target=work)
    line = http.client.HTTPConnection("127.0.0.1", server.port)
    taken: list[float] = []
    thread.start()
    began = time.monotonic()
    while thread.is_alive():
        due = began + len(taken) / _VOTES_PER_SECOND
        time.sleep(max(0.0, due - time.monotonic()))
        body = json.dumps({"direction": ("up", "down")[len(taken) % 2]})
        # From the time at which it was due: a stall must not hide the votes that had to wait for it.
        line.request("POST", f"/api/playlist/{server.items[0]}/vote", body, {"Content-Type": "application/json"})
        answer = line.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        taken.append(time.monotonic() - due)
    thread.join()
    line.close()
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench import", description=__doc__)
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--full", action="store_true", help=f"{FULL:,} files")
    options = parser.parse_args()
    with Lab() as lab:
        print_table(rows(lab, FULL if options.full else options.files))


if __name__ == "__main__":
    main()
