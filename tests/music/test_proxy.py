"""The proxy of deploy/Caddyfile sends the files that servers with MEDIA_ACCEL point at."""

from __future__ import annotations

import io
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


@contextmanager
def in_front_of(server: Server, folder: Path) -> Iterator[Server]:
    port = free_port()
    homes = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(folder))
    process = subprocess.Popen(
        [installed("caddy"), "run", "--adapter", "caddyfile", "--config", str(ROOT / "deploy/Caddyfile")],
        env={**os.environ, **homes, "SITE_ADDRESS": f"http://:{port}", "UPSTREAMS": f"127.0.0.1:{server.port}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        proxy = Server(process, port)
        proxy.wait_until_it_answers()
        yield proxy
    finally:
        process.kill()
        process.communicate()


@pytest.mark.once
def test_the_proxy_sends_the_file_wherever_it_is_and_whatever_its_name_is(tmp_path: Path) -> None:
    for number, name in enumerate(
        (b"plain.mp3", b"a b?c%41#+&=~.mp3", b"\xff\xfe\xc3\xa9.mp3", "Ümläut 音.flac".encode()), 1
    ):
        path = os.fsencode(tmp_path) + b"/folder %d/" % number + name
        Path(os.fsdecode(path)).parent.mkdir()
        Path(os.fsdecode(path)).write_bytes(MUSIC)
        put(f"track-{number}", path)
    environment = {
        "MEDIA_ACCEL": "X-Sendfile",
        "TRUSTED_PROXIES": "127.0.0.1",
        "DATA_DIR": str(tmp_path / "data"),
        "UPLOAD_LIMIT_MB": "2",
        "STORAGE_RESERVE_MB": "0",
    }
    with serving(environment=environment) as server, in_front_of(server, tmp_path) as proxy:
        for number in range(1, 5):
            proxy.call("POST", "playlist", {"track_id": f"track-{number}"})
            song = f"/media/audio/track-{number}"
            heard = hear(proxy, song)
            assert (heard.status, heard.body) == (200, MUSIC), f"the file of {song}"
            assert heard.headers["content-type"] == "audio/mpeg"
            assert heard.headers["cache-control"] == "private"
            assert "x-sendfile" not in heard.headers
            part = hear(proxy, song, Range="bytes=1000-1999")
            assert (part.status, part.body) == (206, MUSIC[1000:2000])
            assert hear(proxy, song, If_None_Match=heard.headers["etag"]).status == 304
            head = hear(proxy, song, "HEAD")
            assert (head.body, head.headers["content-length"]) == (b"", str(len(MUSIC)))
        assert hear(proxy, "/media/audio/track-5").status == 404
        assert hear(proxy, f"{tmp_path}/folder%201/plain.mp3", X_Sendfile="/etc/passwd").status == 404, (
            "nobody names a path"
        )
        _uploads_are_bounded_by_the_server_alone(Door(proxy, tmp_path / "data"))


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
