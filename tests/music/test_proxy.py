"""The proxies of deploy/ send the files that servers with MEDIA_ACCEL point at."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import wave
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from music.uploads import MEGABYTE
from tests.api.client import account
from tests.music.library import hear, put
from tests.music.test_upload import Door, form
from tests.realtime.conftest import installed
from tests.servers import ROOT, Server, free_port, serving

pytestmark = pytest.mark.usefixtures("tracks")

MUSIC = random.Random(3).randbytes(300_000)
ELSEWHERE = "https://pages.example.org"

#: What stands around deploy/nginx.conf: Debian's own, but for a folder and a user.
NGINX = """
user root;
daemon off;
pid nginx.pid;
error_log stderr;
events {{ }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    sendfile on;
    client_body_temp_path bodies;
    proxy_temp_path answers;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    {site}
}}
"""


@contextmanager
def in_front_of(server: Server, folder: Path, program: str) -> Iterator[Server]:
    start = {"caddy": caddy, "nginx": nginx}[program]
    port = free_port()
    process = start(port, server.port, folder)
    try:
        proxy = Server(process, port)
        proxy.wait_until_it_answers()
        yield proxy
    finally:
        process.terminate()
        process.communicate()


def caddy(port: int, server_port: int, folder: Path) -> subprocess.Popen[str]:
    homes = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(folder))
    return subprocess.Popen(
        [installed("caddy"), "run", "--adapter", "caddyfile", "--config", str(ROOT / "deploy/Caddyfile")],
        env={**os.environ, **homes, "SITE_ADDRESS": f"http://:{port}", "UPSTREAMS": f"127.0.0.1:{server_port}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def nginx(port: int, server_port: int, folder: Path) -> subprocess.Popen[str]:
    site = (ROOT / "deploy/nginx.conf").read_text()
    for there, here in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("127.0.0.1:8000", f"127.0.0.1:{server_port}"),
        ("/var/log/nginx/playlist.log", f"{folder}/access.log"),
    ):
        assert there in site
        site = site.replace(there, here)
    (folder / "nginx.conf").write_text(NGINX.format(site=site))
    return subprocess.Popen(
        [installed("nginx"), "-p", str(folder), "-c", "nginx.conf", "-e", "stderr"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.once
@pytest.mark.parametrize(("program", "accel"), [("caddy", "X-Sendfile"), ("nginx", "/internal/")])
def test_the_proxy_sends_the_file_wherever_it_is_and_whatever_its_name_is(
    tmp_path: Path, program: str, accel: str
) -> None:
    for number, name in enumerate(
        (b"plain.mp3", b"a b?c%41#+&=~.mp3", b"\xff\xfe\xc3\xa9.mp3", "Ümläut 音.flac".encode()), 1
    ):
        path = os.fsencode(tmp_path) + b"/folder %d/" % number + name
        Path(os.fsdecode(path)).parent.mkdir()
        Path(os.fsdecode(path)).write_bytes(MUSIC)
        put(f"track-{number}", path)
    environment = {
        "MEDIA_ACCEL": accel,
        "ALLOWED_ORIGINS": ELSEWHERE,
        "TRUSTED_PROXIES": "127.0.0.1",
        "DATA_DIR": str(tmp_path / "data"),
        "UPLOAD_LIMIT_MB": "2",
        "STORAGE_RESERVE_MB": "0",
    }
    with serving(environment=environment) as server, in_front_of(server, tmp_path, program) as proxy:
        for number in range(1, 5):
            proxy.call("POST", "playlist", {"track_id": f"track-{number}"})
            song = f"/media/audio/track-{number}"
            heard = hear(proxy, song)
            assert (heard.status, heard.body) == (200, MUSIC), f"the file of {song}"
            assert heard.headers["content-type"] == "audio/mpeg"
            assert heard.headers["cache-control"] == "private"
            assert heard.headers["x-content-type-options"] == "nosniff"
            assert not heard.headers.keys() & {"x-sendfile", "x-accel-redirect", "access-control-allow-origin"}
            part = hear(proxy, song, Range="bytes=1000-1999")
            assert (part.status, part.body) == (206, MUSIC[1000:2000])
            unchanged = {"Range": "bytes=1000-", "If-Range": heard.headers["etag"]}
            assert hear(proxy, song, **unchanged).body == MUSIC[1000:]
            assert hear(proxy, song, **unchanged | {"If-Range": '"another"'}).body == MUSIC
            assert hear(proxy, song, If_None_Match=heard.headers["etag"]).status == 304
            head = hear(proxy, song, "HEAD")
            assert (head.body, head.headers["content-length"]) == (b"", str(len(MUSIC)))
        _pages_of_allowed_origins_may_read_it(proxy)
        assert hear(proxy, "/media/audio/track-5").status == 404
        assert hear(proxy, f"/internal{tmp_path}/folder%201/plain.mp3").status == 404
        assert hear(proxy, f"{tmp_path}/folder%201/plain.mp3", X_Sendfile="/etc/passwd").status == 404, (
            "nobody names a path"
        )
        _uploads_are_bounded_by_the_server_alone(Door(proxy, tmp_path / "data"))
        if program == "nginx":  # Caddy says so after five seconds
            _it_says_in_the_clients_form_that_no_server_answers(server, proxy)
            logged = (tmp_path / "access.log").read_text()
            assert '"GET /media/audio/track-1" 206 1000\n' in logged
            assert "a-secret" not in logged


def _it_says_in_the_clients_form_that_no_server_answers(server: Server, proxy: Server) -> None:
    server.stop()
    status, answer, headers = proxy.ask("/api/tracks")
    assert (status, json.loads(answer)["error"]["code"], headers["retry-after"]) == (503, "UNAVAILABLE", "1")


def _pages_of_allowed_origins_may_read_it(proxy: Server) -> None:
    for asked, status in (("bytes=0-", 206), ("bytes=900000-", 416)):
        read = hear(proxy, "/media/audio/track-1?signature=a-secret", Origin=ELSEWHERE, Range=asked)
        assert (read.status, read.headers["access-control-allow-origin"]) == (status, ELSEWHERE)
        assert read.headers["access-control-allow-credentials"] == "true"
        assert "Content-Range" in read.headers["access-control-expose-headers"]
        assert "Origin" in read.headers["vary"]


def _uploads_are_bounded_by_the_server_alone(door: Door) -> None:
    uploader = account("Anna")
    largest = noise(2 * MEGABYTE)
    taken = door.post(form(largest), uploader)
    assert (taken.status, taken.json["duration_ms"]) == (201, round((len(largest) - 44) / 44.1 / 2))
    for body in (form(largest + bytes(200_000)), pieces(form(largest + bytes(8 * MEGABYTE)))):
        refused = door.post(body, uploader)
        assert (refused.status, refused.code, refused.json["error"]["details"]) == (413, "TOO_LARGE", {"limit_mb": 2})
    assert len(door.kept()) == 1, "nothing is left of what was refused"


def pieces(body: bytes) -> Iterable[bytes]:
    """As a client sends it that does not say how long it is."""
    return (body[start : start + 100_000] for start in range(0, len(body), 100_000))


def noise(size: int) -> bytes:
    """A WAV file of so many bytes."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 44_100, 0, "NONE", ""))
        sound.writeframes(random.Random(1).randbytes(size - 44))
    return file.getvalue()
