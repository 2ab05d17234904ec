"""Uploads: what becomes a track, what is refused, and that nothing is left behind by what did not end well."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from music.models import AudioFile
from music.uploads import MEGABYTE
from playlist.models import User
from tests.api.client import Api, account, guest
from tests.music.library import hear
from tests.music.shelf import sound, tagged
from tests.servers import DEADLINE, Server, serving

pytestmark = pytest.mark.usefixtures("tracks")

UPLOAD = "/api/tracks/upload"
BOUNDARY = "----a-boundary-of-the-test"
FORM = f"multipart/form-data; boundary={BOUNDARY}"


class Told(NamedTuple):
    status: int
    headers: dict[str, str]
    json: Any

    @property
    def code(self) -> str:
        return str(self.json["error"]["code"])


def form(content: bytes, name: str = "song.wav", field: str = "file") -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


class Door(NamedTuple):
    """A server with a data folder of its own."""

    server: Server
    data: Path

    def post(self, body: bytes | Iterable[bytes], who: Api | None, path: str = UPLOAD, **headers: str) -> Told:
        caller = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=DEADLINE)
        token = {"Authorization": f"Bearer {who.token}"} if who else {}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        caller.request("POST", path, body, {"Content-Type": FORM, **token, **given})
        response = caller.getresponse()
        told = json.loads(response.read())
        caller.close()
        return Told(response.status, {name.lower(): value for name, value in response.getheaders()}, told)

    def kept(self) -> list[str]:
        folder = self.data / "uploads"
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


@contextmanager
def door(data: Path, **environment: str) -> Iterator[Door]:
    with serving(environment={"DATA_DIR": str(data), "STORAGE_RESERVE_MB": "0", **environment}) as server:
        yield Door(server, data)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_a_song_is_uploaded_and_can_be_heard(data: Path) -> None:
    vera, wave = account("Vera"), tagged(sound(1), title="Mine", artist="Me", album="Us", number="3")
    with door(data) as there:
        told = there.post(form(wave), vera)
        assert (told.status, told.json["title"], told.json["artist"]) == (201, "Mine", "Me")
        assert told.headers["location"] == f"/api/tracks/{told.json['id']}"
        assert told.json["duration_ms"] == 50
        heard = hear(there.server, told.json["audio_url"], Authorization=f"Bearer {vera.token}")
        assert heard.body == wave
        assert there.server.call("POST", "playlist", {"track_id": told.json["id"]})[0] == 201
        assert len(there.kept()) == 1
        # What one uploads is one's own to edit.
        edited = vera.patch(f"tracks/{told.json['id']}", {"title": "Ours"})
        assert (edited.status, edited.json["title"]) == (200, "Ours")


def test_a_song_without_tags_has_the_name_of_its_file(data: Path) -> None:
    with door(data) as there:
        told = there.post(form(sound(2), "03 - Some Band - Späte Züge.txt"), account("Vera"), f"{UPLOAD}/")
        assert told.status == 201
        assert told.json["title"] == "Späte Züge", "and what it is, its content says, not its name"


def test_the_same_recording_is_one_track(data: Path) -> None:
    vera, ben = account("Vera"), account("Ben")
    with door(data) as there:
        first = there.post(form(tagged(sound(3), title="One", artist="Two")), vera)
        again = there.post(form(tagged(sound(3), title="One", artist="Two", year="1999")), ben)
        assert (first.status, again.status) == (201, 200)
        assert again.json == first.json
        assert len(there.kept()) == 1
        assert AudioFile.objects.get().uploaded_by == User.objects.get(username="Vera")


@pytest.mark.once
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "NOT_AUDIO"),
        (b"This is a text, whatever it is called.\n" * 100, "NOT_AUDIO"),
        (sound(4)[:20], "NOT_AUDIO"),
        (b"PK\x03\x04" + bytes(50_000), "NOT_AUDIO"),
    ],
    ids=["nothing", "text", "cut off", "zip"],
)
def test_what_is_no_music_is_refused_and_leaves_nothing(data: Path, content: bytes, code: str) -> None:
    with door(data) as there:
        told = there.post(form(content, "song.mp3"), account("Vera"))
        assert (told.code, told.status) == (code, 415)
        assert there.kept() == []
        assert not AudioFile.objects.exists()


@pytest.mark.once
def test_odd_forms_are_refused(data: Path) -> None:
    vera = account("Vera")
    twice = form(sound(5)).removesuffix(f"--{BOUNDARY}--\r\n".encode()) + form(sound(6))
    with door(data) as there:
        for body, headers, code in (
            (b"{}", {"Content_Type": "application/json"}, "UNSUPPORTED_MEDIA_TYPE"),
            (b"", {"Content_Type": "multipart/form-data"}, "UNSUPPORTED_MEDIA_TYPE"),
            (form(sound(5), field="other"), {}, "VALIDATION_ERROR"),
            (twice, {}, "VALIDATION_ERROR"),
            (form(sound(5))[:-10], {}, "MALFORMED"),
            (b"no boundary at all", {}, "MALFORMED"),
            (b"\r\n" * 200_000, {}, "MALFORMED"),
            (form(bytes(100_000), field="other"), {}, "TOO_LARGE"),
        ):
            assert there.post(body, vera, **headers).code == code, (body[:80], headers)
        for method in ("GET", "PUT", "DELETE"):
            heard = hear(there.server, UPLOAD, method)
            assert (heard.status, heard.headers["allow"]) == (405, "POST, OPTIONS")
        heard = hear(there.server, UPLOAD, "OPTIONS")
        assert (heard.status, heard.headers["allow"]) == (204, "POST, OPTIONS")
        assert there.kept() == []


def test_who_may_upload(data: Path) -> None:
    vera, staff = account("Vera"), account("Staff")
    User.objects.filter(username="Staff").update(is_staff=True)
    with door(data) as there:
        assert there.post(form(sound(7)), None).code == "AUTH_REQUIRED"
        assert there.post(form(sound(7)), guest("Gast")).code == "FORBIDDEN"
        assert there.post(form(sound(7)), vera, Origin="http://evil.example").code == "FORBIDDEN"
        assert there.post(form(sound(7)), vera, Origin="http://localhost:5173").status == 201
    with door(data, UPLOADS="staff") as there:
        assert there.post(form(sound(8)), vera).code == "FORBIDDEN"
        assert there.post(form(sound(8)), staff).status == 201
    with door(data, UPLOADS="off") as there:
        assert there.post(form(sound(9)), staff).code == "FORBIDDEN"
        assert len(there.kept()) == 2


@pytest.mark.once
def test_a_session_needs_the_csrf_token(data: Path) -> None:
    with door(data) as there:
        caller = http.client.HTTPConnection("127.0.0.1", there.server.port, timeout=DEADLINE)
        body = json.dumps({"username": "vera", "password": "long enough for this"})
        caller.request("POST", "/api/user/register", body, {"Content-Type": "application/json"})
        cookies = caller.getresponse().headers.get_all("Set-Cookie", [])
        caller.close()
        named = dict(cookie.split(";")[0].split("=", 1) for cookie in cookies)
        session = next(f"{name}={value}" for name, value in named.items() if name.startswith("sessionid"))
        name, token = next((name, value) for name, value in named.items() if name.startswith("csrftoken"))
        both = f"{session}; {name}={token}"
        assert there.post(form(sound(10)), None, Cookie=session).code == "FORBIDDEN"
        assert there.post(form(sound(10)), None, Cookie=both).code == "FORBIDDEN"
        assert there.post(form(sound(10)), None, Cookie=both, X_CSRFToken=token).status == 201


@pytest.mark.once
def test_limits_at_their_edges(data: Path) -> None:
    vera = account("Vera")
    size = len(sound(0, seconds=120))
    with door(data, UPLOAD_LIMIT_MB="1") as there:
        assert size < MEGABYTE
        assert there.post(form(sound(11, seconds=120)), vera).status == 201
        assert there.post(form(sound(12, seconds=132)), vera).code == "TOO_LARGE"
        told = there.post(form(bytes(8 * MEGABYTE)), vera)
        assert (told.status, told.json["error"]["details"]) == (413, {"limit_mb": 1})
        assert len(there.kept()) == 1
    with door(data, UPLOAD_QUOTA_MB="1") as there:
        told = there.post(form(sound(13, seconds=120)), vera)
        assert (told.status, told.code) == (507, "STORAGE_FULL")
        assert there.post(form(sound(13, seconds=120)), account("Ben")).status == 201, "a quota is a person's"
        assert there.post(form(sound(14)), vera).status == 201
        assert len(there.kept()) == 3
    with door(data, STORAGE_RESERVE_MB="1000000000") as there:
        assert there.post(form(sound(15)), vera).code == "STORAGE_FULL"
        assert len(there.kept()) == 3


def opened(there: Door, who: Api, size: int) -> socket.socket:
    """A connection that has said it will send a form of this size."""
    line = socket.create_connection(("127.0.0.1", there.server.port), timeout=DEADLINE)
    head = f"POST {UPLOAD} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {who.token}\r\n"
    line.sendall(f"{head}Content-Type: {FORM}\r\nContent-Length: {size}\r\n\r\n".encode())
    return line


def until(there: Door, parts: int) -> None:
    """Until so many files are coming in; a deadline for a hang."""
    give_up_at = time.monotonic() + DEADLINE
    while sum(name.endswith(".part") for name in there.kept()) != parts:
        assert time.monotonic() < give_up_at, there.kept()
        time.sleep(0.02)


@pytest.mark.once
def test_a_line_that_breaks_and_a_server_that_is_killed_leave_nothing(data: Path) -> None:
    vera, body = account("Vera"), form(sound(16, seconds=400))
    with door(data) as there:
        line = opened(there, vera, len(body))
        line.sendall(body[: 2 * MEGABYTE])
        until(there, 1)
        line.close()
        until(there, 0)
        line = opened(there, vera, len(body))
        line.sendall(body[: 2 * MEGABYTE])
        until(there, 1)
        there.server.stop(signal.SIGKILL)
        assert len(there.kept()) == 1
    with door(data) as there:
        assert there.kept() == []
        told = there.post(body, vera)
        assert told.status == 201
        (kept,) = there.kept()
    (data / "uploads" / kept).rename(data / "uploads" / f"{kept}.part")  # killed when it had its row, but not its name
    (data / "uploads" / "0123456789").write_bytes(b"of a row that an older database does not have")
    with door(data) as there:
        assert there.kept() == sorted((kept, "0123456789"))
        heard = hear(there.server, told.json["audio_url"], Authorization=f"Bearer {vera.token}")
        assert body.count(heard.body) == 1
        assert vera.delete(f"tracks/{told.json['id']}").status == 204
    with door(data, UPLOAD_PROGRESS_SECONDS="0.5") as there:
        assert there.kept() == ["0123456789"], "somebody deleted the track"
        assert not AudioFile.objects.exists()
        line = opened(there, vera, len(body))
        line.sendall(body[:1000])
        response = http.client.HTTPResponse(line, method="POST")
        response.begin()
        assert response.status == 503, "it stands still"
        assert response.getheader("Connection") == "close"
        line.close()
        until(there, 0)


@pytest.mark.once
def test_a_slow_upload_takes_as_long_as_it_brings_something(data: Path) -> None:
    """Longer than any other request may take."""
    vera, body = account("Vera"), form(sound(17, seconds=20))
    with door(data, REQUEST_SECONDS="1") as there:
        line = opened(there, vera, len(body))
        for start in range(0, len(body), len(body) // 4 + 1):
            line.sendall(body[start : start + len(body) // 4 + 1])
            time.sleep(0.35)
        response = http.client.HTTPResponse(line, method="POST")
        response.begin()
        assert response.status == 201
        line.close()


@pytest.mark.once
def test_one_person_sends_a_few_files_at_a_time(data: Path) -> None:
    vera, body = account("Vera"), form(sound(18, seconds=400))
    with door(data) as there:
        lines = [opened(there, vera, len(body)) for _ in range(4)]
        for line in lines:
            line.sendall(body[:1000])
        until(there, 4)
        assert there.post(form(sound(19)), vera).code == "RATE_LIMITED"
        assert there.post(form(sound(19)), account("Ben")).status == 201
        for line in lines:
            line.close()
        until(there, 0)
        assert there.post(form(sound(20)), vera).status == 201
