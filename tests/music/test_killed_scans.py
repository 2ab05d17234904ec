"""SIGKILL during a scan, again and again: the next one ends as an undisturbed one would have."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from music.models import AudioFile, Scan
from playlist.selectors.library import tracks
from tests.music.owner import Owner
from tests.music.shelf import Shelf
from tests.servers import DEADLINE, ROOT, environment_of_the_test_database

#: About as many statements as a scan makes that is not disturbed.
_STATEMENTS = 260


def scan_killed_at(statement: int, shelf: Shelf) -> bool:
    """Whether a scan in a process of its own was killed before it was over."""
    environment = {**environment_of_the_test_database(), "MUSIC_DIR": str(shelf.root)}
    command = [sys.executable, "-m", "tests.music.killed_scan", str(statement)]
    ran = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE)
    assert ran.returncode in (0, -signal.SIGKILL), ran.stderr
    return ran.returncode != 0


def killed_scans(seed: int, times: int, tmp_path: Path, settings: Any) -> None:
    shelf = Shelf(tmp_path / "music")
    settings.MUSIC_DIR = (shelf.root,)
    owner, chance = Owner(shelf, seed), random.Random(seed)
    owner.begin(40)
    shelf.scan()
    owner.check()
    owner.act(60)
    killed = [scan_killed_at(chance.randrange(_STATEMENTS), shelf) for _ in range(times)]
    assert any(killed)
    assert not scan_killed_at(-1, shelf)
    owner.check()
    assert not Scan.objects.filter(state__in=(Scan.State.REQUESTED, Scan.State.SCANNING)).exists()
    there = AudioFile.objects.filter(missing_since__isnull=True)
    assert there.count() == len(owner.files)
    found = tracks(query="artist", limit=500, cursor=None)
    assert {track.pk for track in found.rows} == {owner.tracks[song] for song in owner.files.values()}
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO playlist_search_index(playlist_search_index) VALUES ('integrity-check')")
            cursor.execute("SELECT k, v FROM playlist_search_index_config WHERE k LIKE '%merge'")
            assert dict(cursor.fetchall()) == {"automerge": 4, "crisismerge": 16}


def test_scans_that_are_killed(tmp_path: Path, settings: Any) -> None:
    killed_scans(1, 3, tmp_path, settings)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(10))
def test_scans_that_are_killed_ten_times(seed: int, tmp_path: Path, settings: Any) -> None:
    killed_scans(seed, 10, tmp_path, settings)
