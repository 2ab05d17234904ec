"""A server with MUSIC_DIR, as `run.py serve` starts it."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from playlist.models import Track
from tests.music.shelf import Shelf
from tests.servers import DEADLINE, PRODUCT, Server, serving


def library_once_scanned(server: Server, tracks: int) -> Any:
    for _ in range(10 * DEADLINE):
        _, library = server.call("GET", "library")
        if library["scan"]["state"] == "idle" and library["tracks"] == tracks:
            return library
        time.sleep(0.1)
    raise AssertionError(library)


def test_a_folder_becomes_the_library_and_main_starts_empty(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "music")
    for number in range(60):
        shelf.put(f"{number}.wav", number, title=f"Song {number}", artist="Anna")
    with serving(*PRODUCT, "--prepare", environment={"MUSIC_DIR": str(shelf.root)}) as server:
        library = library_once_scanned(server, 60)
        assert (library["scan"]["found"], library["with_audio"]) == (60, 60)
        assert server.call("GET", "playlist") == (200, [])
        shelf.put("new.wav", 60, title="New", artist="Anna")
        library_once_scanned(server, 61)
        output = server.stop()
    assert server.process.returncode in (0, -signal.SIGTERM)
    assert "Traceback" not in output
    assert set(Track.objects.values_list("artist__name", flat=True)) == {"Anna"}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL merges nothing")
def test_a_server_puts_the_settings_of_the_search_index_back_that_a_killed_process_left() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO playlist_search_index(playlist_search_index, rank) VALUES ('automerge', 0)")
        connection.close()
    with serving():
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT v FROM playlist_search_index_config WHERE k = 'automerge'")
        assert cursor.fetchone() == (4,)
