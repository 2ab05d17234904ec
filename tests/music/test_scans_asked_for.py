"""Scans that somebody asks for: over REST, in the admin, by command; one at a time, whoever runs it."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.models import F
from django.test import Client

from music import runner, state
from music.management.commands import import_music
from music.models import AudioFile, Scan
from music.runner import Runner
from music.state import Overtaken, Progress
from playlist.models import Track, User
from tests.api.client import Api, account, guest
from tests.music.shelf import Shelf


@pytest.fixture
def shelf(tmp_path: Path, settings: Any) -> Shelf:
    settings.MUSIC_DIR = (tmp_path / "music",)
    shelf = Shelf(tmp_path / "music")
    shelf.put("a.wav", 1, title="One", artist="Anna", album="First")
    shelf.put("b.wav", 2, title="Two", artist="Bob")
    shelf.write("c.mp3", b"no music")
    return shelf


def test_the_library_tells_how_much_there_is_and_staff_what_failed(shelf: Shelf) -> None:
    before: Any = Api().get("library").json
    assert (before["tracks"], before["scan"]["state"], before["scan"]["started_at"]) == (0, "idle", None)
    shelf.scan()
    told: Any = guest("Eve").get("library").json
    counts = {name: told[name] for name in ("tracks", "albums", "artists", "duration_ms", "with_audio")}
    assert counts == {"tracks": 2, "albums": 1, "artists": 2, "duration_ms": 100, "with_audio": 2}
    scan = told["scan"]
    assert (scan["state"], scan["found"], scan["done"], scan["added"], scan["failed"]) == ("idle", 3, 3, 2, [])
    assert scan["started_at"] <= scan["finished_at"]
    operator = account("operator")
    User.objects.filter(username="operator").update(is_staff=True)
    (failure,) = operator.get("library").json["scan"]["failed"]
    assert (Path(failure["path"]).name, bool(failure["reason"])) == ("c.mp3", True)


def test_only_staff_ask_for_a_scan(shelf: Shelf) -> None:
    assert Api().post("library/scan").code == "AUTH_REQUIRED"
    assert account("anna").post("library/scan").code == "FORBIDDEN"
    operator = account("operator")
    User.objects.filter(username="operator").update(is_staff=True)
    asked = operator.post("library/scan")
    assert (asked.status, asked.json["scan"]["state"]) == (202, "scanning")
    assert operator.post("library/scan").status == 202
    assert Scan.objects.count() == 1
    user = User.objects.create_superuser(username="admin", name="Admin", password="x")
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    waiting = Scan.objects.get()
    Scan.objects.update(state=Scan.State.DONE)
    client.post("/admin/music/scan/", {"action": "scan_now", "_selected_action": [str(waiting.pk)]})
    assert Scan.objects.filter(state=Scan.State.REQUESTED).count() == 1


def test_files_and_scans_can_be_looked_at(shelf: Shelf) -> None:
    shelf.scan()
    user = User.objects.create_superuser(username="admin", name="Admin", password="x")
    client = Client(SERVER_NAME="localhost", raise_request_exception=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for model in (AudioFile, Scan):
        address = f"/admin/music/{model._meta.model_name}/"
        assert client.get(address, {"q": "o"}).status_code == 200
        row = model._default_manager.first()
        assert row is not None
        assert client.get(f"{address}{row.pk}/change/").status_code == 200
        assert client.post(f"{address}{row.pk}/change/", {}).status_code == 403
    for kind, shown in (("track", 2), ("failure", 1), ("silent", 0), ("missing", 0), ("hidden", 0)):
        page = client.get("/admin/music/audiofile/", {"is": kind})
        assert page.context["cl"].result_count == shown


def test_one_scan_runs_at_a_time_and_a_silent_one_is_taken_over() -> None:
    first, second = state.request(), state.request([b"/other"])
    assert state.request([b"/other"]) == second
    assert state.claim() == first
    assert state.claim() is None
    mine = Scan.objects.get(pk=first.pk)
    Scan.objects.filter(pk=first.pk).update(heartbeat=F("heartbeat") - state.LEASE - timedelta(seconds=1))
    assert state.is_wanted()
    taken = state.claim()
    assert taken == first
    assert taken.runner != mine.runner
    with pytest.raises(Overtaken):
        state.hold(mine)
    state.hold(taken)
    progress = Progress()
    state.finish(mine, progress)
    assert Scan.objects.get(pk=first.pk).state == Scan.State.SCANNING
    state.finish(taken, progress)
    assert state.claim() == second


def test_a_scan_from_a_future_that_the_clock_left_is_taken_over() -> None:
    state.request()
    assert state.claim() is not None
    Scan.objects.update(heartbeat=F("heartbeat") + timedelta(days=1))
    assert state.claim() is not None


def test_a_scan_that_cannot_run_says_why(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("the disk is on fire")

    monkeypatch.setattr("music.scan.difference", broken)
    scan = state.request()
    claimed = state.claim()
    assert claimed is not None
    runner.run(claimed)
    scan.refresh_from_db()
    assert (scan.state, scan.reason) == (Scan.State.FAILED, "the disk is on fire")
    with pytest.raises(CommandError, match="the disk is on fire"):
        call_command("import_music")


def test_the_command_scans_by_itself_where_no_server_does(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_music, "SERVER_SECONDS", 0)
    other = Shelf(tmp_path / "other")
    other.put("d.wav", 4, title="Four", artist="Dora")
    said = StringIO()
    call_command("import_music", str(other.root), stdout=said)
    assert "4 files; 3 new tracks" in said.getvalue()
    assert "c.mp3" in said.getvalue()
    assert Track.objects.filter(title="Four").exists()
    # It is still there, although it lies in no folder that is scanned now.
    assert shelf.scan().missing == 0
    with pytest.raises(CommandError, match="no folder"):
        call_command("import_music", str(tmp_path / "nowhere"))


def test_the_command_waits_for_the_server_that_runs(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(runner, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(import_music, "SERVER_SECONDS", 300)
    server = Runner()
    server.start()
    try:
        said = StringIO()
        call_command("import_music", stdout=said)
        assert "3 files; " in said.getvalue()
        # And it watches.
        shelf.put("new.wav", 3, title="New", artist="Anna")
        wait_for("New")
    finally:
        server.stop()
    settings.MUSIC_DIR = ()
    with pytest.raises(CommandError, match="Name a folder"):
        call_command("import_music")


@pytest.mark.pure
def test_a_change_of_the_folders_is_noted_once_the_database_is_there_again(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MUSIC_DIR = ()
    tries: list[str] = []

    def request() -> None:
        tries.append("refused" if len(tries) < 2 else "noted")
        if tries[-1] == "refused":
            raise OperationalError("the database system is shutting down")

    monkeypatch.setattr(state, "request", request)
    monkeypatch.setattr(runner, "watch", lambda folders, stopping: [None])
    monkeypatch.setattr(runner, "_AGAIN_SECONDS", 0.0)
    Runner()._watch()
    assert tries == ["refused", "refused", "noted"]


def wait_for(title: str) -> None:
    """As long as a busy machine takes."""

    for _ in range(600):
        if Track.objects.filter(title=title).exists():
            return
        connection.close()

        time.sleep(0.1)
    raise AssertionError(f"{title} was not noticed")


def test_only_a_scan_that_changed_something_is_told_in_the_log(shelf: Shelf, caplog: pytest.LogCaptureFixture) -> None:
    """A folder on another machine is scanned once a minute."""
    caplog.set_level(logging.INFO)
    shelf.scan()
    shelf.scan()
    (said,) = (each.getMessage() for each in caplog.records if each.name == "music.runner")
    assert said == "Scanned the music: 3 files; 2 new tracks, 0 files changed, 0 tracks missing, 1 without music"
