"""Audio and covers over sockets: ranges, who may, and files that change while they are sent."""

from __future__ import annotations

import contextlib
import email
import json
import os
import random
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from music.signing import signed_query
from playlist.links import lan_address
from playlist.models import Track, User
from playlist.types import ParticipantRemove
from tests.api.client import Api, guest
from tests.music.library import hear, put
from tests.rooms import Room
from tests.servers import DEADLINE, Server, free_port, serving

pytestmark = pytest.mark.usefixtures("tracks")

#: More than what sockets buffer at both ends together.
SIZE = 24 * 1024 * 1024 + 7
CONTENT = random.Random(12).randbytes(SIZE)
SONG = "/media/audio/track-1"
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


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.mp3"
    path.write_bytes(CONTENT)
    put("track-1", path)
    return path


@pytest.fixture
def server(song: Path) -> Iterator[Server]:
    """A server in whose `main` the song waits, so that everybody may hear it."""
    with serving() as running:
        assert running.call("POST", "playlist", {"track_id": "track-1"})[0] == 201
        yield running


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_whole_file(server: Server, slash: str) -> None:
    heard = hear(server, SONG + slash)
    assert heard.status == 200
    assert heard.body == CONTENT
    assert heard.headers["content-length"] == str(SIZE)
    assert heard.headers["content-type"] == "audio/mpeg"
    assert heard.headers["accept-ranges"] == "bytes"
    assert heard.headers["cache-control"] == "private"
    assert "access-control-allow-origin" not in heard.headers
    head = hear(server, SONG + slash, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert {**head.headers, "date": ""} == {**heard.headers, "date": ""}


def test_ranges(server: Server) -> None:
    for header, start, end in (
        ("bytes=0-99", 0, 100),
        ("bytes=1000000-3999999", 1_000_000, 4_000_000),
        ("bytes=-300", SIZE - 300, SIZE),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE),
        (f"bytes=5-{SIZE * 2}", 5, SIZE),
    ):
        heard = hear(server, SONG, Range=header)
        assert heard.status == 206
        assert heard.headers["content-range"] == f"bytes {start}-{end - 1}/{SIZE}"
        assert heard.headers["content-length"] == str(end - start)
        assert heard.body == CONTENT[start:end]
    several = hear(server, SONG, Range="bytes=0-9, 1000000-2000000, -5")
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
    beyond = hear(server, SONG, Range=f"bytes={SIZE}-")
    assert beyond.status == 416
    assert beyond.headers["content-range"] == f"bytes */{SIZE}"
    assert json.loads(beyond.body)["error"]["code"] == "RANGE_NOT_SATISFIABLE"
    assert hear(server, SONG, Range="bytes=9-0").status == 200, "a malformed one is ignored"


def test_only_what_has_changed(server: Server, song: Path) -> None:
    tag = hear(server, SONG, "HEAD").headers["etag"]
    assert hear(server, SONG, If_None_Match=tag).status == 304
    assert hear(server, SONG, Range="bytes=0-9", If_Range=tag).status == 206
    replacement = song.with_name("new.mp3")
    replacement.write_bytes(b"x" * SIZE)
    told = song.stat()
    os.utime(replacement, ns=(told.st_atime_ns, told.st_mtime_ns + 1))
    replacement.replace(song)
    heard = hear(server, SONG, Range="bytes=0-9", If_Range=tag)
    assert (heard.status, heard.body[:3]) == (200, b"xxx")
    assert hear(server, SONG, "HEAD", If_None_Match=tag).status == 200


def test_it_can_only_be_read(server: Server) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        refused = hear(server, SONG, method)
        assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
        assert json.loads(refused.body)["error"]["code"] == "METHOD_NOT_ALLOWED"


def test_no_path_comes_from_the_address(server: Server) -> None:
    for spelling in SPELLINGS:
        heard = hear(server, spelling)
        assert heard.status == 404, spelling
        assert json.loads(heard.body)["error"]["code"] in ("NOT_FOUND", "TRACK_NOT_FOUND")


def test_who_may(server: Server, song: Path) -> None:
    """The first song stands in `main`, the second one does not."""
    other = song.with_name("other.mp3")
    other.write_bytes(b"other")
    put("track-2", other)
    assert hear(server, "/media/audio/track-2").status == 401
    anna = guest("Anna")
    bearer = f"Bearer {anna.token}"
    assert hear(server, "/media/audio/track-2", Authorization=bearer).body == b"other"
    assert hear(server, SONG, Authorization="Bearer nonsense").status == 401, "a bad token is no identity, as in REST"
    browser = Api(cookies=True)
    browser.post("guests", {"name": "Bob"})
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
    own = f"http://127.0.0.1:{server.port}"
    assert hear(server, "/media/audio/track-2", Cookie=cookie, Sec_Fetch_Site="same-origin").status == 200
    assert hear(server, "/media/audio/track-2", Cookie=cookie, Referer=f"{own}/r/main").status == 200
    assert hear(server, "/media/audio/track-2", Cookie=cookie).status == 401, "a cookie counts only from our pages"
    assert hear(server, "/media/audio/track-2", Cookie=cookie, Sec_Fetch_Site="cross-site").status == 401
    assert hear(server, SONG, Origin="http://evil.example").status == 403
    from_a_page = hear(server, SONG, Origin="http://localhost:5173", Range="bytes=0-1")
    assert from_a_page.headers["access-control-allow-origin"] == "http://localhost:5173"
    assert "Content-Range" in from_a_page.headers["access-control-expose-headers"]
    asked_first = hear(server, SONG, "OPTIONS", Origin="http://localhost:5173")
    assert asked_first.status == 204
    assert "range" in asked_first.headers["access-control-allow-headers"]


def test_without_an_identity_nothing_when_main_is_closed(song: Path) -> None:
    with serving(environment={"OPEN_MAIN": "false"}) as server:
        server.call("POST", "playlist", {"track_id": "track-1"}, {"Authorization": f"Bearer {guest('Anna').token}"})
        assert hear(server, SONG).status == 401


def test_a_removed_person_hears_nothing_any_more(server: Server, song: Path) -> None:
    room = Room.open()
    anna = guest("Anna")
    bearer = f"Bearer {anna.token}"
    me = anna.post(f"playlists/{room.slug}/join", {"name": "Anna"}).json["participant"]["id"]
    other = song.with_name("other.mp3")
    other.write_bytes(b"other")
    put("track-2", other)
    assert hear(server, "/media/audio/track-2", "HEAD", Authorization=bearer).status == 200
    room.do(ParticipantRemove(user_id=me, ban=True))
    eventually(lambda: hear(server, "/media/audio/track-2", "HEAD", Authorization=bearer).status == 403)
    switched_off = guest("Bob")
    bearer = f"Bearer {switched_off.token}"
    assert hear(server, "/media/audio/track-2", "HEAD", Authorization=bearer).status == 200
    User.objects.filter(name="Bob").update(is_active=False)
    eventually(lambda: hear(server, "/media/audio/track-2", "HEAD", Authorization=bearer).status == 401)


def test_a_signed_address(server: Server, song: Path) -> None:
    """For players that send neither cookie nor token; bound to the track, its version, a time and a person."""
    for number in (2, 3):
        other = song.with_name(f"{number}.mp3")
        other.write_bytes(b"other")
        put(f"track-{number}", other, version="0" * 16)
    anna = {"Authorization": f"Bearer {guest('Anna').token}"}
    assert server.call("GET", "tracks/track-2/link")[0] == 401
    assert server.call("GET", "tracks/nothing/link", headers=anna)[0] == 404
    assert server.call("GET", "tracks/track-4/link", headers=anna)[1]["error"]["code"] == "NO_AUDIO"
    status, link = server.call("GET", "tracks/track-2/link", headers=anna)
    assert status == 200
    until = datetime.fromisoformat(link["until"])
    assert timedelta(hours=11) < until - datetime.now(UTC) <= timedelta(hours=12)
    path = link["url"].removeprefix(f"http://{lan_address()}:{server.port}")
    assert path.startswith("/media/audio/track-2?until=")
    assert hear(server, path).body == b"other"
    assert hear(server, path, Range="bytes=1-2").body == b"th"
    for changed in (
        path.replace("track-2", "track-3"),
        path.replace(f"until={int(until.timestamp())}", f"until={int(until.timestamp()) + 1}"),
        path[:-1] + ("0" if path[-1] != "0" else "1"),
        path + "x",
        path.partition("&")[0] + "&signature=",
        path.replace("signature=", "signature=9"),
    ):
        assert hear(server, changed).status == 403, changed
    person = User.objects.get(name="Anna")
    in_time = signed_query("track-2", "0" * 16, person, int(time.time()) + 60)
    too_late = signed_query("track-2", "0" * 16, person, int(time.time()) - 1)
    assert hear(server, f"/media/audio/track-2?{in_time}").status == 200
    assert hear(server, f"/media/audio/track-2?{too_late}").status == 403
    Track.objects.filter(pk="track-2").update(audio_version="1" * 16)
    assert hear(server, path).status == 403, "the file is another one"
    Track.objects.filter(pk="track-2").update(audio_version="0" * 16)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert hear(server, path).status == 403, "and so is nobody who gave it away"


def test_signatures_stay_out_of_the_log(song: Path) -> None:
    for environment in ({"DEBUG": "true"}, {"ACCESS_LOG": "true", "PRODUCTION": "true"}):
        with serving(environment=environment) as server:
            assert hear(server, f"{SONG}?until=99999999999&signature=1-{'0' * 40}").status == 403
            told = server.stop()
        assert SONG in told
        assert "1-0000" not in told


def eventually(holds: Callable[[], bool]) -> None:
    """Rights are remembered for some seconds."""
    give_up_at = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < give_up_at
        time.sleep(0.2)


def test_a_file_that_has_vanished(server: Server, song: Path) -> None:
    song.unlink()
    gone = hear(server, SONG)
    assert (gone.status, json.loads(gone.body)["error"]["code"]) == (404, "NO_AUDIO")
    os.mkfifo(song)
    assert hear(server, SONG).status == 404, "and opening a pipe waits for nobody"
    assert json.loads(hear(server, "/media/audio/track-3").body)["error"]["code"] == "NO_AUDIO"
    assert json.loads(hear(server, "/media/audio/nothing").body)["error"]["code"] == "TRACK_NOT_FOUND"


def listener(server: Server, range_header: str = "bytes=0-") -> socket.socket:
    """Somebody who has asked for the song and takes as little as a socket can."""
    peer = socket.socket()
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    peer.settimeout(DEADLINE)
    peer.connect(("127.0.0.1", server.port))
    peer.sendall(f"GET {SONG} HTTP/1.1\r\nHost: localhost\r\nRange: {range_header}\r\n\r\n".encode())
    return peer


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


def test_a_file_that_is_replaced_while_it_is_sent_is_sent_as_it_was(server: Server, song: Path) -> None:
    with listener(server) as peer:
        headers_of(peer)
        replacement = song.with_name("new.mp3")
        replacement.write_bytes(b"x" * SIZE)
        replacement.replace(song)
        assert rest_of(peer, SIZE) == CONTENT


@pytest.mark.parametrize("ranges", ["bytes=0-", f"bytes=0-{SIZE - 2},{SIZE - 1}-"])
def test_a_file_that_becomes_shorter_ends_the_connection(server: Server, song: Path, ranges: str) -> None:
    with listener(server, ranges) as peer:
        headers_of(peer)
        os.truncate(song, SIZE // 2)
        assert len(rest_of(peer, SIZE + 1000)) < SIZE
    used_before = usage_seconds(server)
    assert server.call("GET", "playlist")[0] == 200
    assert usage_seconds(server) - used_before < 5, "and nothing goes round and round"
    assert "Traceback" not in server.stop()


def usage_seconds(server: Server) -> float:
    return time.clock_gettime(~server.process.pid << 3 | 2)


def test_a_listener_that_pauses_longer_than_anything_stuck_may_is_not_cut_off(song: Path) -> None:
    limits = {"STUCK_SECONDS": "0.5", "REQUEST_SECONDS": "1"}
    with serving(environment=limits) as server:
        server.call("POST", "playlist", {"track_id": "track-1"})
        with listener(server) as peer, listener(server, f"bytes={SIZE - 2_000_000}-") as at_its_end:
            told = headers_of(peer), headers_of(at_its_end)
            time.sleep(4)  # the kernel probes a full window after 0.2, 0.4, 0.8 … seconds
            assert all(b"206 Partial Content" in head for head in told)
            assert rest_of(peer, SIZE) == CONTENT
            assert rest_of(at_its_end, 2_000_000) == CONTENT[-2_000_000:]
            peer.sendall(f"HEAD {SONG} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            assert b"200 OK" in headers_of(peer), "and the connection goes on"


def test_listeners_that_are_gone_leave_nothing_behind(server: Server, song: Path) -> None:
    peers = [listener(server) for _ in range(20)]
    for peer in peers:
        headers_of(peer)
    assert (held(server, str(song)), held(server, "socket:") >= 40) == (20, True)
    for peer in peers:
        peer.close()
    eventually(lambda: (held(server, str(song)), held(server, "socket:") < 10) == (0, True))


def held(server: Server, prefix: str) -> int:
    """How many descriptors of this kind the process holds (Linux)."""
    count = 0
    for entry in Path(f"/proc/{server.process.pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            count += str(entry.readlink()).startswith(prefix)
    return count


def test_nobody_takes_more_songs_at_once_than_they_may(song: Path) -> None:
    with serving(environment={"AUDIO_AT_ONCE": "2"}) as server:
        server.call("POST", "playlist", {"track_id": "track-1"})
        anna = f"Bearer {guest('Anna').token}"
        with listener(server) as first, listener(server) as second:
            for peer in (first, second):
                headers_of(peer)
            refused = hear(server, SONG)
            assert (refused.status, json.loads(refused.body)["error"]["code"]) == (429, "RATE_LIMITED")
            assert hear(server, SONG, "HEAD", Authorization=anna).status == 200, "others are not"
        eventually(lambda: hear(server, SONG, "HEAD").status == 200)


def test_music_does_not_come_through_a_server_that_cannot_send_files_any_worse(song: Path) -> None:
    """Uvicorn as it comes has none of our additions."""
    plain = ("-m", "uvicorn", "--lifespan", "off", "--log-level", "warning", "playlist_backend.asgi:application")
    port = free_port()
    with serving(*plain, environment={"UVICORN_PORT": str(port)}, port=port) as server:
        server.call("POST", "playlist", {"track_id": "track-1"})
        assert hear(server, SONG).body == CONTENT
        assert hear(server, SONG, Range="bytes=7-1000000").body == CONTENT[7:1_000_001]
        with listener(server) as peer:
            headers_of(peer)
            os.truncate(song, SIZE // 2)
            assert len(rest_of(peer, SIZE)) < SIZE


def test_the_proxy_in_front_sends_the_file_where_it_can(tmp_path: Path) -> None:
    odd = os.fsencode(tmp_path) + b"/a b?c%41#\xff\xfe \xc3\xa9.mp3"
    Path(os.fsdecode(odd)).write_bytes(b"music")
    put("track-1", odd)
    with serving(environment={"MEDIA_ACCEL": "/internal/"}) as server:
        server.call("POST", "playlist", {"track_id": "track-1"})
        heard = hear(server, SONG)
        assert (heard.status, heard.body) == (200, b"")
        folder = os.fsencode(tmp_path).decode()
        assert heard.headers["x-accel-redirect"] == f"/internal{folder}/a%20b%3Fc%2541%23%FF%FE%20%C3%A9.mp3"
        assert heard.headers["content-type"] == "audio/mpeg"
        assert hear(server, "/media/audio/track-2").status == 404


def test_covers(tmp_path: Path) -> None:
    key = "0123456789abcdef" * 2
    folder = tmp_path / "covers"
    folder.mkdir()
    for size in (96, 320, 640):
        (folder / f"{key}-{size}.jpg").write_bytes(b"jpeg %d" % size)
    with serving(environment={"DATA_DIR": str(tmp_path)}) as server:
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
