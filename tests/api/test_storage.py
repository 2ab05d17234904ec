"""The database as a thing that can be full, deleted, damaged or somebody else's, on real servers."""

from __future__ import annotations

import json
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from playlist.models import Track
from playlist.selectors import library
from playlist.types import ParticipantJoin, TrackVote
from playlist.upkeep import commit_something
from playlist_backend.server import PREPARATION_LOCK, _one_at_a_time
from tests.rooms import Room, person
from tests.servers import DEADLINE, PRODUCT, ROOT, Server, environment_of_the_test_database, free_port, serving

FRESH = (*PRODUCT, "--prepare")


def own(folder: Path, **environment: str) -> dict[str, str]:
    """The environment of a server with a database of its own in this folder."""
    return {"DATABASE_URL": "", "DATA_DIR": str(folder), **environment}


def start_that_fails(*command: str, **environment: str) -> str:
    """What a server says that does not start: its last line, since that is what somebody sees."""
    ran = subprocess.run(
        [sys.executable, *(command or FRESH)],
        env={**environment_of_the_test_database(), "PORT": str(free_port()), **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )
    assert ran.returncode == 1, ran.stderr
    assert "Traceback" not in ran.stderr
    return ran.stderr.strip().splitlines()[-1]


def guest(server: Server) -> int:
    return server.call("POST", "guests", {"name": "Anna"})[0]


@pytest.mark.once
def test_a_clean_stop_leaves_one_whole_private_file(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(*FRESH, environment=own(data)) as server:
        assert guest(server) == 201
        assert {path.name: path.stat().st_mode & 0o077 for path in data.glob("playlist.sqlite3*")} == {
            "playlist.sqlite3": 0,
            "playlist.sqlite3-wal": 0,
            "playlist.sqlite3-shm": 0,
            "playlist.sqlite3.lock": 0,
        }
        assert "Stopped." in server.stop()
    assert data.stat().st_mode & 0o777 == 0o700
    shutil.copy(data / "playlist.sqlite3", tmp_path / "copy.sqlite3")
    with closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as copy:
        assert copy.execute("SELECT count(*) FROM playlist_user WHERE name = 'Anna'").fetchone() == (1,)


@pytest.mark.once
def test_a_deleted_database_is_noticed_and_no_other_one_is_begun(tmp_path: Path) -> None:
    database = tmp_path / "playlist.sqlite3"
    with serving(*FRESH, environment=own(tmp_path)) as server:
        database.rename(tmp_path / "moved away")
        assert [guest(server) for _ in range(3)] == [503] * 3
        assert server.call("POST", "playlist", {"track_id": "track-20"})[0] == 503
        status, text, _ = server.ask("/readyz")
        assert (status, '"away"' in text) == (503, True)
        assert not database.exists()
        (tmp_path / "moved away").rename(database)
        assert guest(server) == 201, "what is back in its place is used again"
        said = server.stop()
    lines = [line for line in said.splitlines() if "was deleted or replaced while the server runs" in line]
    sentences = {line.partition(" WARNING ")[2] for line in lines}
    assert len(sentences) == len(lines) >= 2, "requests, /readyz and what goes on by itself say it, each of them once"
    assert "Traceback" not in said


@pytest.mark.once
def test_a_damaged_database_is_503_and_not_500(tmp_path: Path) -> None:
    with serving(*FRESH, environment=own(tmp_path)) as server:
        server.stop()
    database = tmp_path / "playlist.sqlite3"
    with serving(environment=own(tmp_path)) as server:
        with database.open("r+b") as file:
            file.write(b"\xa5" * database.stat().st_size)
        assert [guest(server) for _ in range(3)] == [503] * 3
        assert server.ask("/readyz")[0] == 503
        said = server.stop()
    assert "Traceback" not in said
    assert "Nothing can be committed: file is not a database" in said


@pytest.mark.once
def test_two_data_folders_on_one_sqlite_file_are_two_servers_on_one_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/one%20file.sqlite3"
    with serving(*FRESH, environment=own(tmp_path / "a", DATABASE_URL=url)):
        said = start_that_fails(**own(tmp_path / "b", DATABASE_URL=url))
    assert "a DATA_DIR and a PORT of its own" in said


@pytest.mark.once
@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgres://u:p@127.0.0.1:1/n", "refused"),
        ("postgres://u:p@127.0.0.1:1/n?no_such_option=1", "no_such_option"),
        ("sqlite:////dev/null/x.sqlite3", "Not a directory"),
        ("sqlite:///{folder}/no-database", "file is not a database"),
    ],
)
def test_a_database_that_cannot_be_used_stops_the_start_with_a_sentence(tmp_path: Path, url: str, reason: str) -> None:
    (tmp_path / "no-database").write_text("Some other file.\n" * 100)
    url = url.format(folder=tmp_path)
    for command in (FRESH, PRODUCT):
        said = start_that_fails(*command, **own(tmp_path, DATABASE_URL=url))
        assert reason in said
        assert "database" in said
    if url.startswith("sqlite"):
        assert "database" in start_that_fails("manage.py", "migrate", **own(tmp_path, DATABASE_URL=url))


@pytest.mark.once
def test_a_port_in_use_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    with serving() as server:
        said = start_that_fails(*PRODUCT, PORT=str(server.port), HOST="127.0.0.1", REDIS_URL="redis://127.0.0.1:1")
    assert f"127.0.0.1:{server.port} cannot be used" in said


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has the lock on its file")
def test_preparations_keep_their_lock_when_seeding_gives_the_connection_back() -> None:
    def is_free() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [PREPARATION_LOCK])
            (got,) = cursor.fetchone()
            cursor.execute("SELECT pg_advisory_unlock_all()")
        return bool(got)

    with _one_at_a_time():
        connection.close()
        assert not is_free()
    assert is_free()


@pytest.mark.once
@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are set with prlimit")
def test_a_full_disk_is_told_and_it_goes_on_by_itself_when_there_is_room(tmp_path: Path) -> None:
    with serving(*FRESH, environment=own(tmp_path)) as server:
        pid, unlimited = server.process.pid, resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
        # Files that may not grow fail like those on a full disk.
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, unlimited[1]))
        assert [guest(server) for _ in range(3)] == [503] * 3
        status, text, _ = server.ask("/readyz")
        assert (status, '"away"' in text) == (503, True)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)
        assert guest(server) == 201
        give_up_at = time.monotonic() + DEADLINE
        while server.ask("/readyz")[0] != 200 and time.monotonic() < give_up_at:
            time.sleep(0.1)
        assert server.ask("/readyz")[0] == 200
        said = server.stop()
    assert "Traceback" not in said
    assert said.count("Nothing can be committed") == 1
    assert said.count("The database did not answer") == 1


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL's disk may be another machine's")
def test_a_disk_with_room_for_a_page_and_not_for_a_command_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    commit_something()
    left = shutil.disk_usage("/")._replace(free=50_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: left)
    with pytest.raises(OperationalError, match="full"):
        commit_something()


def told(room: Room) -> str:
    """What clients are told of the room, with times to the millisecond."""
    return re.sub(r"(\.\d{3})\d{3}Z", r"\1Z", json.dumps(room.snapshot(), indent=1))


def test_another_database_takes_over_all_of_it(room: Room, tracks: list[str], tmp_path: Path) -> None:
    """By the commands that docs/operations.md names; with the next ids, and what triggers keep."""
    (item,) = room.add(tracks[0])
    room.do(TrackVote(id=item, direction="up"))
    before, file = told(room), str(tmp_path / "all.jsonl")
    options = {"natural_foreign": True, "exclude": ["contenttypes", "auth.permission"], "format": "jsonl"}
    call_command("dumpdata", output=file, verbosity=0, **options)
    call_command("flush", interactive=False, verbosity=0)
    call_command("loaddata", file, verbosity=0)
    assert told(room) == before
    found = library.tracks(query=Track.objects.get(pk=tracks[3]).title, limit=20, cursor=None).rows[0]
    assert found.pk == tracks[3]
    room.do(ParticipantJoin(), by=person("Dora"))
    room.add(tracks[1])
