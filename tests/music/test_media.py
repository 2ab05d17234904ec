"""Who may hear a song, and by which ways it comes."""

from __future__ import annotations

import contextlib
import json
import os
import random
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from music.signing import signed_query
from playlist import walls
from playlist.links import lan_address
from playlist.models import SecretLink, Track, User
from playlist.types import DisplayLinkRenew, ParticipantRemove
from tests.api.client import Api, guest
from tests.music.library import eventually, hear, put
from tests.rooms import Room
from tests.servers import DEADLINE, Server, free_port, serving

pytestmark = pytest.mark.usefixtures("tracks")

#: More than what sockets buffer at both ends together.
SIZE = 24 * 1024 * 1024 + 7
CONTENT = random.Random(12).randbytes(SIZE)
SONG = "/media/audio/track-1"


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
    _a_wall_hears_its_queue(server, own)
    from_a_page = hear(server, SONG, Origin="http://localhost:5173", Range="bytes=0-1")
    assert from_a_page.headers["access-control-allow-origin"] == "http://localhost:5173"
    assert "Content-Range" in from_a_page.headers["access-control-expose-headers"]
    asked_first = hear(server, SONG, "OPTIONS", Origin="http://localhost:5173")
    assert asked_first.status == 204
    assert "range" in asked_first.headers["access-control-allow-headers"]


def _a_wall_hears_its_queue(server: Server, own: str) -> None:
    room = Room.open()
    token = walls.wall_of_link(room.slug, _digest_of_a_wall_link(room)).token
    screen = {"Cookie": f"{settings.WALL_COOKIE_PREFIX}{room.slug}={token}", "Referer": f"{own}/r/{room.slug}/display"}
    song = "/media/audio/track-2"
    assert hear(server, song, **screen).status == 401, "it waits in no room"
    room.add("track-2")
    eventually(lambda: hear(server, song, **screen).body == b"other")
    assert hear(server, song, Authorization=f"Bearer {token}").body == b"other"
    assert hear(server, song, Cookie=screen["Cookie"]).status == 401, "a cookie counts only from our pages"
    assert hear(server, f"{song}/window?from_ms=0&duration_ms=1000&v=0123abcd", **screen).status != 401
    forged = token.replace(room.slug, "main")
    assert hear(server, song, Authorization=f"Bearer {forged}").status == 401
    _digest_of_a_wall_link(room)
    eventually(lambda: hear(server, song, **screen).status == 401)


def _digest_of_a_wall_link(room: Room) -> str:
    room.do(DisplayLinkRenew())
    return SecretLink.objects.get(playlist=room.id).digest


def test_without_an_identity_nothing_when_main_is_closed(song: Path) -> None:
    with serving(environment={"OPEN_MAIN": "false"}) as server:
        server.call("POST", "playlist", {"track_id": "track-1"}, {"Authorization": f"Bearer {guest('Anna').token}"})
        assert hear(server, SONG).status == 401


@pytest.mark.once
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


@pytest.mark.once
def test_signatures_stay_out_of_the_log(song: Path) -> None:
    for environment in ({"DEBUG": "true"}, {"ACCESS_LOG": "true", "PRODUCTION": "true"}):
        with serving(environment=environment) as server:
            assert hear(server, f"{SONG}?until=99999999999&signature=1-{'0' * 40}").status == 403
            told = server.stop()
        assert SONG in told
        assert "1-0000" not in told


def listener(server: Server) -> socket.socket:
    """Somebody to whom the song is being sent, and who takes little of it."""
    peer = socket.socket()
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    peer.settimeout(DEADLINE)
    peer.connect(("127.0.0.1", server.port))
    peer.sendall(f"GET {SONG} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert peer.recv(12) == b"HTTP/1.1 200"
    return peer


@pytest.mark.once
def test_nobody_takes_more_songs_at_once_than_they_may(song: Path) -> None:
    with serving(environment={"AUDIO_AT_ONCE": "2"}) as server:
        server.call("POST", "playlist", {"track_id": "track-1"})
        anna = f"Bearer {guest('Anna').token}"
        with listener(server), listener(server):
            refused = hear(server, SONG)
            assert (refused.status, json.loads(refused.body)["error"]["code"]) == (429, "RATE_LIMITED")
            assert hear(server, SONG, "HEAD", Authorization=anna).status == 200, "others are not"
        eventually(lambda: hear(server, SONG, "HEAD").status == 200)


@pytest.mark.once
def test_a_server_that_stops_lets_go_of_listeners_that_pause(server: Server) -> None:
    with listener(server), listener(server):
        told = server.stop()
    assert "Stopped." in told
    assert "Traceback" not in told
    assert "timeout" not in told, "it waits for nobody who may pause for ever"


@pytest.mark.once
def test_music_does_not_come_through_a_server_that_cannot_send_files_any_worse(song: Path) -> None:
    """Uvicorn as it comes has none of our additions."""
    plain = ("-m", "uvicorn", "--lifespan", "off", "--log-level", "warning", "playlist_backend.asgi:application")
    port = free_port()
    with serving(*plain, environment={"UVICORN_PORT": str(port)}, port=port) as server:
        server.call("POST", "playlist", {"track_id": "track-1"})
        assert hear(server, SONG).body == CONTENT
        assert hear(server, SONG, Range="bytes=7-1000000").body == CONTENT[7:1_000_001]
        with listener(server) as peer:
            os.truncate(song, SIZE // 2)
            size = 0
            with contextlib.suppress(ConnectionResetError):
                while told := peer.recv(1024 * 1024):
                    size += len(told)
            assert size < SIZE


@pytest.mark.once
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
