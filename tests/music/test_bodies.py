"""Bodies over sockets: ranges, files that change while they are sent, and listeners that are slow or gone."""

from __future__ import annotations

import contextlib
import email
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.music.library import Heard, eventually, hear
from tests.servers import DEADLINE, PRODUCT, ROOT, Server, serving

#: One server with a database of its own for all of them.
pytestmark = pytest.mark.pure

#: More than what sockets buffer at both ends together.
SIZE = 24 * 1024 * 1024 + 7
CONTENT = random.Random(12).randbytes(SIZE)
SPELLINGS = (
    "/media/audio/../../etc/passwd",
    "/media/audio/../../../../../../etc/passwd",
    "/media/audio//etc/passwd",
    "/media/audio/%2e%2e/%2e%2e/etc/passwd",
    "/media/audio/..%2f..%2fetc%2fpasswd",
    "/media/audio/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "/media/audio/%252e%252e%252fetc%252fpasswd",
    "/media/audio/..%5c..%5cetc%5cpasswd",
    "/media/audio/..\\..\\etc\\passwd",
    "/media/audio/%2fetc%2fpasswd",
    "/media/audio/..",
    "/media/audio/.",
    "/media/audio/%00",
    "/media/audio/track-1%00/etc/passwd",
    "/media/audio/track-1/../../../etc/passwd",
    "/media/audio/track-1%2f..%2f..%2fetc%2fpasswd",
    "/media/audio/..;/..;/etc/passwd",
    "/media/audio/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
    "/media/audio/....//....//etc/passwd",
    "/media/audio/file:%2f%2f%2fetc%2fpasswd",
    "/media/covers/../secret_key",
    "/media/covers/..%2f..%2fsecret_key?size=96",
    "/media/../media/audio/../../etc/passwd",
    "/media/",
)

#: Makes a library in which `folder/1.mp3` is what sounds for track-1, and so on.
FILL = """
import os
from django.core.management import call_command
from music.models import AudioFile, digest_of
call_command("migrate", verbosity=0)
call_command("seed_tracks", verbosity=0)
for number in range(1, {songs} + 1):
    path = os.fsencode(f"{folder}/{{number}}.mp3")
    AudioFile.objects.create(track_id=f"track-{{number}}", path=path, path_digest=digest_of(path), size=0, mtime_ns=0,
        format="mp3", content_type="audio/mpeg", loudness_from="measured")
"""
SONGS = 20


class Stage(NamedTuple):
    """A server that cuts off whoever is stuck for half a second, and somebody who may hear everything there."""

    server: Server
    folder: Path
    token: str


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("stage")
    environment = {
        **os.environ,
        "DATA_DIR": str(folder),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "playlist_backend.settings",
        "STUCK_SECONDS": "0.5",
    }
    fill = FILL.format(folder=folder, songs=SONGS)
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", fill]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    with serving(*PRODUCT, environment=environment) as server:
        _, guest = server.call("POST", "guests", {"name": "Anna"})
        yield Stage(server, folder, guest["token"])
        assert "Traceback" not in server.stop()


class Song(NamedTuple):
    """A song of its own for each test, and how it is asked for."""

    stage: Stage
    number: int

    @property
    def server(self) -> Server:
        return self.stage.server

    @property
    def file(self) -> Path:
        return self.stage.folder / f"{self.number}.mp3"

    @property
    def address(self) -> str:
        return f"/media/audio/track-{self.number}"

    def hear(self, method: str = "GET", **headers: str) -> Heard:
        return hear(self.server, self.address, method, Authorization=f"Bearer {self.stage.token}", **headers)

    def listener(self, ranges: str = "bytes=0-") -> socket.socket:
        """Somebody who has asked for the song and takes as little as a socket can."""
        peer = socket.socket()
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.settimeout(DEADLINE)
        peer.connect(("127.0.0.1", self.server.port))
        peer.sendall(self.request("GET", f"Range: {ranges}\r\n"))
        return peer

    def request(self, method: str, more: str = "") -> bytes:
        bearer = f"Authorization: Bearer {self.stage.token}\r\n"
        return f"{method} {self.address} HTTP/1.1\r\nHost: localhost\r\n{bearer}{more}\r\n".encode()


@pytest.fixture
def song(stage: Stage) -> Song:
    song = next(song for song in (Song(stage, number) for number in range(1, SONGS)) if not song.file.exists())
    song.file.write_bytes(CONTENT)
    return song


def test_a_whole_file(song: Song) -> None:
    heard = song.hear()
    assert heard.status == 200
    assert heard.body == CONTENT
    assert heard.headers["content-length"] == str(SIZE)
    assert heard.headers["content-type"] == "audio/mpeg"
    assert heard.headers["accept-ranges"] == "bytes"
    assert heard.headers["cache-control"] == "private"
    assert "access-control-allow-origin" not in heard.headers
    head = song.hear("HEAD")
    assert (head.status, head.body) == (200, b"")
    assert {**head.headers, "date": ""} == {**heard.headers, "date": ""}


def test_ranges(song: Song) -> None:
    for header, start, end in (
        ("bytes=0-99", 0, 100),
        ("bytes=1000000-3999999", 1_000_000, 4_000_000),
        ("bytes=-300", SIZE - 300, SIZE),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE),
        (f"bytes=5-{SIZE * 2}", 5, SIZE),
    ):
        heard = song.hear(Range=header)
        assert heard.status == 206
        assert heard.headers["content-range"] == f"bytes {start}-{end - 1}/{SIZE}"
        assert heard.headers["content-length"] == str(end - start)
        assert heard.body == CONTENT[start:end]
    several = song.hear(Range="bytes=0-9, 1000000-2000000, -5")
    assert several.status == 206
    assert several.headers["content-length"] == str(len(several.body))
    told = f"content-type: {several.headers['content-type']}\r\n\r\n".encode() + several.body
    _, *parts = email.message_from_bytes(told).walk()
    assert [part["content-range"] for part in parts] == [
        f"bytes 0-9/{SIZE}",
        f"bytes 1000000-2000000/{SIZE}",
        f"bytes {SIZE - 5}-{SIZE - 1}/{SIZE}",
    ]
    assert CONTENT[1_000_000:2_000_001] in several.body
    beyond = song.hear(Range=f"bytes={SIZE}-")
    assert beyond.status == 416
    assert beyond.headers["content-range"] == f"bytes */{SIZE}"
    assert json.loads(beyond.body)["error"]["code"] == "RANGE_NOT_SATISFIABLE"
    assert song.hear(Range="bytes=9-0").status == 200, "a malformed one is ignored"


def test_only_what_has_changed(song: Song) -> None:
    tag = song.hear("HEAD").headers["etag"]
    assert song.hear(If_None_Match=tag).status == 304
    assert song.hear(Range="bytes=0-9", If_Range=tag).status == 206
    told = song.file.stat()
    replace(song.file)
    os.utime(song.file, ns=(told.st_atime_ns, told.st_mtime_ns + 1))
    heard = song.hear(Range="bytes=0-9", If_Range=tag)
    assert (heard.status, heard.body[:3]) == (200, b"xxx")
    assert song.hear("HEAD", If_None_Match=tag).status == 200


def test_it_can_only_be_read(song: Song) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        refused = song.hear(method)
        assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
        assert json.loads(refused.body)["error"]["code"] == "METHOD_NOT_ALLOWED"
    told = song.hear("OPTIONS")
    assert (told.status, told.headers["allow"]) == (204, "GET, HEAD, OPTIONS")


def test_no_path_comes_from_the_address(song: Song) -> None:
    for spelling in SPELLINGS:
        heard = hear(song.server, spelling)
        assert heard.status == 404, spelling
        assert json.loads(heard.body)["error"]["code"] in ("NOT_FOUND", "TRACK_NOT_FOUND")


def test_a_file_that_has_vanished(song: Song) -> None:
    song.file.unlink()
    gone = song.hear()
    assert (gone.status, json.loads(gone.body)["error"]["code"]) == (404, "NO_AUDIO")
    os.mkfifo(song.file)
    assert song.hear().status == 404, "and opening a pipe waits for nobody"
    song.file.unlink()
    song.file.symlink_to(song.stage.folder)
    assert song.hear().status == 404, "a folder is no file"
    song.file.unlink()
    for track, code in (("track-40", "NO_AUDIO"), ("nothing", "TRACK_NOT_FOUND")):
        assert json.loads(hear(song.server, f"/media/audio/{track}").body)["error"]["code"] == code


def rest_of(peer: socket.socket, size: int) -> bytes:
    """The next bytes, fewer where the connection was cut."""
    told = bytearray()
    while len(told) < size:
        try:
            more = peer.recv(1024 * 1024)
        except ConnectionResetError:
            break
        if not more:
            break
        told += more
    return bytes(told)


def headers_of(peer: socket.socket) -> bytes:
    told = b""
    while b"\r\n\r\n" not in told:
        told += peer.recv(1)
    return told


def test_a_file_that_is_replaced_while_it_is_sent_is_sent_as_it_was(song: Song) -> None:
    with song.listener() as peer:
        headers_of(peer)
        replace(song.file)
        assert rest_of(peer, SIZE) == CONTENT


@pytest.mark.parametrize("ranges", ["bytes=0-", f"bytes=0-{SIZE - 2},{SIZE - 1}-"])
def test_a_file_that_becomes_shorter_ends_the_connection(song: Song, ranges: str) -> None:
    with song.listener(ranges) as peer:
        headers_of(peer)
        os.truncate(song.file, SIZE // 2)
        assert len(rest_of(peer, SIZE + 1000)) < SIZE
    used_before = usage_seconds(song.server)
    assert song.server.call("GET", "playlist")[0] == 200
    assert usage_seconds(song.server) - used_before < 5, "and nothing goes round and round"


def usage_seconds(server: Server) -> float:
    return time.clock_gettime(~server.process.pid << 3 | 2)


def test_a_listener_that_pauses_longer_than_anything_stuck_may_is_not_cut_off(song: Song) -> None:
    """Neither in the middle, nor when the kernel has all of the rest."""
    with song.listener() as peer, song.listener(f"bytes={SIZE - 2_000_000}-") as at_its_end:
        told = headers_of(peer), headers_of(at_its_end)
        time.sleep(4)  # the kernel probes a full window after 0.2, 0.4, 0.8 … seconds
        assert all(b"206 Partial Content" in head for head in told)
        assert rest_of(peer, SIZE) == CONTENT
        assert rest_of(at_its_end, 2_000_000) == CONTENT[-2_000_000:]
        peer.sendall(song.request("HEAD"))
        assert b"200 OK" in headers_of(peer), "and the connection goes on"


def test_listeners_that_are_gone_leave_nothing_behind(song: Song) -> None:
    peers = [song.listener() for _ in range(20)]
    for peer in peers:
        headers_of(peer)
    assert (held(song.server, str(song.file)), held(song.server, "socket:") >= 40) == (20, True)
    for peer in peers:
        peer.close()
    eventually(lambda: (held(song.server, str(song.file)), held(song.server, "socket:") < 10) == (0, True))


def held(server: Server, prefix: str) -> int:
    """How many descriptors of this kind the process holds (Linux)."""
    count = 0
    for entry in Path(f"/proc/{server.process.pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            count += str(entry.readlink()).startswith(prefix)
    return count


def test_covers(stage: Stage) -> None:
    """For everybody: a key is a hash of the picture, which nobody can guess."""
    key, server = "0123456789abcdef" * 2, stage.server
    folder = stage.folder / "covers"
    folder.mkdir(exist_ok=True)
    for size in (96, 320, 640):
        (folder / f"{key}-{size}.jpg").write_bytes(b"jpeg %d" % size)
    cover = f"/media/covers/{key}"
    for query, size in (("", 320), ("?size=96", 96), ("?size=640", 640)):
        heard = hear(server, cover + query)
        assert (heard.status, heard.body) == (200, b"jpeg %d" % size)
        assert heard.headers["content-type"] == "image/jpeg"
        assert heard.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert hear(server, cover, "HEAD").body == b""
    assert hear(server, cover, If_None_Match=hear(server, cover).headers["etag"]).status == 304
    assert hear(server, f"{cover}?size=100").status == 400
    assert hear(server, f"/media/covers/{key[::-1]}").status == 404
    assert hear(server, f"/media/covers/{key.upper()}").status == 404


def replace(file: Path) -> None:
    """Put another file of the same size in its place."""
    replacement = file.with_suffix(".new")
    replacement.write_bytes(b"x" * SIZE)
    replacement.replace(file)
