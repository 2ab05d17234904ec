"""Files in the library, without a scan: bytes on the disk and the rows that a scan would write."""

from __future__ import annotations

import http.client
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from music.models import AudioFile, digest_of
from playlist.models import Track
from tests.servers import DEADLINE, Server


def put(
    track_id: str, path: Path | bytes, *, content_type: str = "audio/mpeg", kind: str = "mp3", version: str = "0123abcd"
) -> AudioFile:
    """Make the file at `path` the one that sounds for the track."""
    raw = path if isinstance(path, bytes) else os.fsencode(path)
    told = Path(os.fsdecode(raw)).stat()
    Track.objects.filter(pk=track_id).update(audio_version=version)
    return AudioFile.objects.create(
        track_id=track_id,
        path=raw,
        path_digest=digest_of(raw),
        size=told.st_size,
        mtime_ns=told.st_mtime_ns,
        fingerprint="f" * 32,
        format=kind,
        content_type=content_type,
        loudness_from="measured",  # else a server measures it, and the track gets another version
    )


class Heard(NamedTuple):
    """An answer, with its body in bytes."""

    status: int
    headers: dict[str, str]
    body: bytes


def hear(server: Server, path: str, method: str = "GET", **headers: str) -> Heard:
    """Ask for exactly this path; `headers` with underscores for dashes."""
    caller = http.client.HTTPConnection("127.0.0.1", server.port, timeout=DEADLINE)
    try:
        caller.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers.items():
            caller.putheader(name.replace("_", "-"), value)
        caller.endheaders()
        response = caller.getresponse()
        named = {name.lower(): value for name, value in response.getheaders()}
        return Heard(response.status, named, response.read())
    finally:
        caller.close()


def eventually(holds: Callable[[], bool]) -> None:
    """What the server does in its own time."""
    give_up_at = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < give_up_at
        time.sleep(0.2)
