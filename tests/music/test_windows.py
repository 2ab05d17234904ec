"""Windows over HTTP: what they say, who may have them, and how often."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.client import guest
from tests.music.library import Heard, hear, put
from tests.servers import Server, serving

pytestmark = [pytest.mark.usefixtures("tracks"), pytest.mark.once]

RATE, SECONDS = 8000, 12
SAMPLES = b"".join(struct.pack("<h", at % 30_000) for at in range(RATE * SECONDS + 3))
VERSION = "00c0ffee00c0ffee"


def wav(samples: bytes) -> bytes:
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, 2 * RATE, 2, 16)
    data = struct.pack("<4sI", b"data", len(samples)) + samples
    return struct.pack("<4sI4s", b"RIFF", 4 + len(form) + len(data), b"WAVE") + form + data


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.wav"
    path.write_bytes(wav(SAMPLES))
    put("track-1", path, content_type="audio/wav", kind="wav", version=VERSION)
    return path


@pytest.fixture
def server(song: Path) -> Iterator[Server]:
    with serving() as running:
        running.call("POST", "playlist", {"track_id": "track-1"})
        yield running


def window(server: Server, query: str, **headers: str) -> Heard:
    return hear(server, f"/media/audio/track-1/window?v={VERSION}&{query}", **headers)


def code_of(heard: Heard) -> str:
    return str(json.loads(heard.body)["error"]["code"])


def test_neighbouring_windows_share_no_sample_and_leave_none_out(server: Server) -> None:
    found, at_ms = b"", 0
    for duration_ms in (1, 333, 5000, 1, 5000, 10_000):
        heard = window(server, f"from_ms={at_ms}&duration_ms={duration_ms}")
        assert heard.status == 200
        assert heard.headers["content-type"] == "audio/wav"
        assert heard.headers["cache-control"] == "private, max-age=31536000, immutable"
        assert heard.headers["x-window-rate"] == str(RATE)
        assert float(heard.headers["x-window-from-ms"]) == pytest.approx(len(found) / 2 / RATE * 1000)
        skip, samples = int(heard.headers["x-window-skip"]), int(heard.headers["x-window-samples"])
        content = heard.body[heard.body.index(b"data") + 8 :]
        found += content[2 * skip : 2 * (skip + samples)]
        at_ms += duration_ms
    assert found == SAMPLES


def test_a_window_that_is_not_there(server: Server, song: Path) -> None:
    assert code_of(window(server, "from_ms=12001&duration_ms=100")) == "RANGE_NOT_SATISFIABLE"
    assert window(server, "from_ms=12001&duration_ms=100").status == 416
    for query in ("", "from_ms=0", "from_ms=-1&duration_ms=5", "from_ms=x&duration_ms=5", "from_ms=0&duration_ms=10001",
                  "from_ms=0&duration_ms=0", "from_ms=99999999999&duration_ms=1"):  # fmt: skip
        assert code_of(window(server, query)) == "VALIDATION_ERROR"
    other = hear(server, "/media/audio/track-1/window?v=other&from_ms=0&duration_ms=5")
    assert (other.status, code_of(other)) == (404, "NOT_FOUND")
    assert hear(server, "/media/audio/track-2/window?v=x&from_ms=0&duration_ms=5").status == 404
    os.utime(song, ns=(0, 0))
    assert window(server, "from_ms=0&duration_ms=5").status == 404, "the file is another one, and not read yet"


def test_what_has_to_be_taken_whole(server: Server, tmp_path: Path) -> None:
    for number, (kind, content) in enumerate((("mp3", b"\xff" * 9000), ("wav", b"RIFF"), ("flac", b"fLaC\x00"),
                                              ("wma", SAMPLES)), 2):  # fmt: skip
        path = tmp_path / f"{number}.{kind}"
        path.write_bytes(content)
        put(f"track-{number}", path, kind=kind, version=VERSION)
        server.call("POST", "playlist", {"track_id": f"track-{number}"})
        heard = hear(server, f"/media/audio/track-{number}/window?v={VERSION}&from_ms=0&duration_ms=100")
        assert (heard.status, code_of(heard)) == (409, "NOT_CUTTABLE")


def test_who_may_and_how_often(song: Path) -> None:
    """Rights are those of the file, and everybody has a bucket of their own."""
    put("track-2", song.rename(song.with_name("2.wav")), kind="wav", version=VERSION)
    path = f"/media/audio/track-2/window?v={VERSION}&from_ms=0&duration_ms=5"
    with serving(environment={"WINDOWS_PER_SECOND": "0.01"}) as server:
        assert hear(server, path).status == 401
        anna, bob = (f"Bearer {guest(name).token}" for name in ("Anna", "Bob"))
        assert [hear(server, path, Authorization=anna).status for _ in range(2)] == [200, 429]
        refused = hear(server, path, Authorization=anna, Origin="http://localhost:5173")
        assert int(refused.headers["retry-after"]) >= 1
        assert hear(server, path, Authorization=bob, Origin="http://localhost:5173").status == 200


def test_a_window_can_be_asked_about(server: Server) -> None:
    head = hear(server, f"/media/audio/track-1/window?v={VERSION}&from_ms=0&duration_ms=5", "HEAD")
    assert (head.status, head.body, head.headers["x-window-samples"]) == (200, b"", "40")
