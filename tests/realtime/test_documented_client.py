"""The client in docs/protocol.md is run as it stands there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from playlist.models import Playlist
from tests.rooms import Room
from tests.servers import ROOT, Server


def test_the_documented_client_works(server: Server, tmp_path: Path) -> None:
    found = re.search(r"```python\n(.*?)```", (ROOT / "docs" / "protocol.md").read_text(), re.DOTALL)
    assert found is not None
    program = tmp_path / "client.py"
    program.write_text(found[1])
    client = subprocess.Popen(
        [sys.executable, str(program), f"ws://127.0.0.1:{server.port}/ws"], stdout=subprocess.PIPE, text=True
    )
    assert client.stdout is not None
    try:
        assert client.stdout.readline() == "0\n"
        first = server.call("POST", "playlist", {"track_id": "track-1"})[1]
        assert client.stdout.readline() == "1 | Song 1\n"
        server.call("POST", f"playlist/{first['id']}/vote", {"direction": "up"})
        assert client.stdout.readline() == "2 | Song 1\n"
        server.call("POST", "playlist", {"track_id": "track-2"})
        assert client.stdout.readline() == "3 | Song 1 | Song 2\n"
        server.call("DELETE", f"playlist/{first['id']}")
        assert client.stdout.readline() == "4 | Song 2\n"
    finally:
        client.kill()
        client.communicate()
    assert Playlist.objects.get(slug="main").revision == 4
    Room.main().check()
