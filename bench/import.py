"""python3 run.py bench import: what it costs to bring music in, and what those notice who vote meanwhile.

A first import and a scan of nothing changed, on files of our own, beside tinytag alone and os.scandir with stat on the
same files in the same run, and covers beside Pillow; CPU counts, not time, but for the votes: their p99 while a server
imports, beside the same without. 20,000 files, or 100,000 with --full.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

from bench import _covers
from bench._report import Row, print_table, unmeasured
from bench._servers import ALONE, LOAD_CORE, Database, Lab, Running, Spec, pin
from tests.music import sounds, taggers
from tests.servers import manage

FILES, FULL = 20_000, 100_000
_SONGS_ON_AN_ALBUM = 12
#: Where a song has its names, each with a number at its end.
_TITLE, _ARTIST, _ALBUM = b"The title of song 000000", b"Artist 000000", b"The album 000000"
_KINDS = ("Album", "Album Artist", "Artist", "Release Group", "Release Track", "Album Type", "Album Status")
#: What is kept of a file: nobody reads all of a sound.
_BYTES = 32_768
_VOTES_PER_SECOND, _WARM_SECONDS, _QUIET_SECONDS = 10, 2.0, 12.0

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
    """Songs in the formats of real libraries, with the tags that MusicBrainz' Picard writes; no two sound alike."""
    chance = random.Random(count)
    originals = _originals()
    for number in range(count):
        album = number // _SONGS_ON_AN_ALBUM
        below = folder / f"Artist {album // 2}" / f"Album {album}"
        if number % _SONGS_ON_AN_ALBUM == 0:
            below.mkdir(parents=True, exist_ok=True)
            ending, original = chance.choice(originals)
        content = bytearray(original)
        for mark, value in ((_TITLE, number), (_ARTIST, album // 2), (_ALBUM, album)):
            at = content.find(mark)
            content[at : at + len(mark)] = mark[:-6] + b"%06d" % value
        # FLAC has the checksum of its sound in front; the others are told apart by what lies in the middle.
        place = 26 if ending == "flac" else len(content) // 2
        content[place : place + 8] = b"%08x" % chance.getrandbits(32)
        (below / f"{number:06}.{ending}").write_bytes(content)


def _originals() -> list[tuple[str, bytes]]:
    """Tagged songs of each format, as often as libraries have them: (ending, content)."""
    title, artist, album = (mark.decode() for mark in (_TITLE, _ARTIST, _ALBUM))
    more = {f"MusicBrainz {what} Id": f"{len(what):08}-2eb2-4bcf-b5a9-abc5d4d1aa0b" for what in _KINDS}
    frames = {
        "TIT2": title, "TPE1": artist, "TALB": album, "TPE2": artist, "TRCK": "3/12", "TPOS": "1/1", "TCON": "Rock",
        "TDRC": "1999-08-13", "TSRC": "DEA459900123", "TPUB": "Label", "TSOP": artist, "TMED": "CD",
    }  # fmt: skip
    comments = {
        "title": title, "artist": artist, "album": album, "albumartist": artist, "tracknumber": "3", "tracktotal": "12",
        "discnumber": "1", "genre": "Rock", "date": "1999-08-13", "isrc": "DEA459900123", "label": "Label",
    }  # fmt: skip
    atoms: dict[str, taggers.Values | tuple[int, int]] = {
        "\xa9nam": title, "\xa9ART": artist, "\xa9alb": album, "aART": artist, "\xa9gen": "Rock", "\xa9day": "1999",
        "trkn": (3, 12), "disk": (1, 1),
    }  # fmt: skip
    id3 = taggers.id3({**frames, **more})
    vorbis = {**comments, **{name.upper().replace(" ", "_"): text for name, text in more.items()}}
    plain = _sounds()
    mp3s = [taggers.mp3(plain[kind], id3)[:_BYTES] for kind in ("mp3_cbr", "mp3_vbr")]
    m4a, flac = taggers.mp4(plain["aac_fast"], atoms), taggers.flac(plain["flac"], vorbis)[:_BYTES]
    oggs = [("ogg", taggers.ogg(plain["vorbis"], vorbis)), ("opus", taggers.ogg(plain["opus"], vorbis))]
    return [*(("mp3", mp3) for mp3 in 5 * mp3s), *5 * [("flac", flac)], *3 * [("m4a", m4a)], *oggs]


def _sounds() -> dict[str, bytes]:
    """A sound of each kind, without tags."""
    with TemporaryDirectory(prefix="playlist-bench-sounds-") as name:
        folder = Path(name)
        sounds.make(folder)
        return {kind: (folder / f"{kind}.{sounds.SOUNDS[kind].ending}").read_bytes() for kind in sounds.SOUNDS}


def rows(lab: Lab, count: int = FILES) -> list[Row]:
    if shutil.which("ffmpeg") is None:
        return [unmeasured("first import", "≤ 4× tinytag alone", "needs ffmpeg")]
    with TemporaryDirectory(prefix="playlist-bench-music-") as name:
        folder = Path(name)
        make_files(folder, count)
        rivals = subprocess.check_output([sys.executable, "-c", _RIVALS, name], text=True).split()
        walked, read = map(float, rivals)
        found = [_covers.row(_sounds()["mp3_cbr"])]
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
    _vote_while(server, lambda: time.sleep(_WARM_SECONDS))
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


def _vote(line: http.client.HTTPConnection, item: str, body: str) -> int:
    line.request("POST", f"/api/playlist/{item}/vote", body, {"Content-Type": "application/json"})
    answer = line.getresponse()
    answer.read()
    return answer.status


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
        while (status := _vote(line, server.items[0], body)) == 503:
            pass  # for want of time on a busy machine: it is given again until it counts, and so do the seconds
        assert status == 200, status
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
