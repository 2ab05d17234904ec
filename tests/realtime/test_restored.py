"""A room that came from a backup, lost the beginning of its log, and forgot somebody: the past is told as before."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import LazySettings, settings
from django.core.management import call_command
from django.db import connection

from playlist import types
from playlist.checkpoints import Maker
from playlist.clock import database_now
from playlist.identity import Actor
from playlist.models import Event, Play, Playlist
from playlist.selectors.past import past_at, present
from playlist.upkeep import prune
from tests.realtime.client import V1Client, inside, same
from tests.realtime.conftest import FAST
from tests.rooms import Room
from tests.servers import ROOT, Server, environment_of_the_test_database, serving


class Backup:
    """What docs/operations.md says under "Back up and restore", done to the database of this test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._said = (ROOT / "docs" / "operations.md").read_text()

    def make(self) -> None:
        if connection.vendor == "sqlite":
            code = self._in_docs(r"python3 - <<'END'\n(.*?)END\n")
            subprocess.run([sys.executable, "-c", code], cwd=self._folder, check=True)
        else:
            self._run(self._in_docs(r"\n(pg_dump .*?)\n"))

    def restore(self) -> None:
        if connection.vendor == "sqlite":
            data = self._folder / "data"
            for name in ("playlist.sqlite3-wal", "playlist.sqlite3-shm"):
                (data / name).unlink(missing_ok=True)
            shutil.copyfile(self._folder / "backup.sqlite3", data / "playlist.sqlite3")
        else:
            connection.close()
            connection.close_pool()  # type: ignore[attr-defined]
            self._run(self._in_docs(r"`(pg_restore .*?)`"))

    def _in_docs(self, what: str) -> str:
        (found,) = re.findall(what, self._said, re.DOTALL)
        return str(found)

    def _run(self, command: str) -> None:
        environment = {**os.environ, **environment_of_the_test_database()}
        subprocess.run(command, shell=True, cwd=self._folder, env=environment, check=True)


class Night:
    """A room with a host, and with Wilhelmine, who will be forgotten. `seen`: how it was at some revisions.

    All of it is written over REST, as no connection that lasts may see the database change under it.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        (self.host, _), (self.she, self.her_id) = (self._guest(name) for name in ("Hanna", "Wilhelmine"))
        _, made = server.call("POST", "playlists", {"name": "The room", "visibility": "public"}, headers=self.host)
        self.room = Room(Playlist.objects.get(slug=made["slug"]), Actor(key=""))
        self.seen: dict[int, types.Past] = {}

    def _guest(self, name: str) -> tuple[dict[str, str], int]:
        _, guest = self._server.call("POST", "guests", {"name": name})
        return {"Authorization": f"Bearer {guest['token']}"}, guest["user"]["id"]

    def goes_on_at(self, server: Server) -> None:
        self._server = server

    def go_on(self, turn: int) -> None:
        """More songs by both, with votes, moves, removals and undos."""
        by = self.she, self.she, self.host, self.host
        tracks = ({"track_id": f"track-{4 * turn + number}"} for number in range(1, 5))
        added = [self.call("POST", "items", track, by=who) for track, who in zip(tracks, by, strict=True)]
        first, second, third, last = (item["id"] for item in added)
        for voter, item, direction in (
            (self.she, second, "up"), (self.host, second, "up"), (self.she, third, "down"), (self.host, third, "up")
        ):  # fmt: skip
            self.call("POST", f"items/{item}/vote", {"direction": direction}, by=voter)
        self.call("PATCH", f"items/{last}", {"after": None})
        self.look()
        self.call("DELETE", f"items/{second}", by=self.she)
        self.call("POST", "undo", {"revisions": [self.head()]})
        self.call("PATCH", f"items/{first}", {"is_playing": True}, by=self.she)
        self.call("DELETE", f"items/{third}", by=self.she)
        self.look()

    def look(self) -> None:
        now = present(self.room.id)
        self.seen[now.snapshot.revision] = now

    def head(self) -> int:
        return self.room.row.revision

    def works(self, earliest: int, name: str) -> None:
        """Everything that is made of the log is there for the host, from `earliest` on; `name` is Wilhelmine's."""
        room, since = self.room, self.head()
        told = {revision: past for revision, past in self.seen.items() if earliest <= revision}
        assert len(told) > 1
        for revision, seen in told.items():
            past = past_at(room.id, revision)
            assert [item.id for item in past.snapshot.items] == [item.id for item in seen.snapshot.items]
            assert [item.votes for item in past.snapshot.items] == [item.votes for item in seen.snapshot.items]
            assert room.after(past) == present(room.id), "the log leads on from there"
            assert self.call("GET", f"at?revision={revision}")["revision"] == revision
        entries = self.call("GET", "activity?limit=200")
        assert {entry["actor"]["name"] for entry in entries if entry["actor"]} == {"Hanna", name}
        assert min(entry["revision"] for entry in entries) == max(earliest + 1, 1)
        self.undoes(entries)
        went_back_to = min(told)
        back = self.call("POST", "restore", {"revision": went_back_to})
        assert back["revision"] >= since
        waiting = {item.id for item in told[went_back_to].snapshot.items if item.played_at is None}
        left = {UUID(one["id"]) for one in back["left"]}
        items = self.call("GET", "items")
        assert {UUID(item["id"]) for item in items if item["played_at"] is None} == waiting - left
        self.is_told_outside(name)
        assert room.after(past_at(room.id, went_back_to)) == present(room.id)

    def undoes(self, entries: list[Any]) -> None:
        """The newest removal that can be undone is, and then again."""
        gone = next(entry for entry in entries if entry["type"] == "track.removed" and entry["undoable"])
        before = self.ids()
        undone = self.call("POST", "undo", {"revisions": [gone["revision"]]})
        assert undone == {"undone": [gone["revision"]], "left": []}
        assert self.ids() == before | {gone["details"]["id"]}
        self.call("POST", "undo", {"revisions": [self.head()]})
        assert self.ids() == before

    def ids(self) -> set[str]:
        return {item["id"] for item in self.call("GET", "items")}

    def is_told_outside(self, name: str) -> None:
        played = Play.objects.filter(playlist=self.room.id).count()
        for kind in ("m3u8", "xspf", "jspf", "csv"):
            path = f"/api/playlists/{self.room.slug}/export?format={kind}&what=history"
            status, text, _ = self._server.request("GET", path, headers=self.host)
            assert status == 200
            assert text.count("Song ") >= played > 0, text
        status, page, _ = self._server.request("GET", f"/r/{self.room.slug}/night", headers=self.host)
        assert (status, name in page, "Song 1" in page) == (200, True, True)
        assert name == "Wilhelmine" or "Wilhelmine" not in page

    def call(self, method: str, path: str, body: Any = None, *, by: dict[str, str] | None = None) -> Any:
        status, told = self._server.call(method, f"playlists/{self.room.slug}/{path}", body, headers=by or self.host)
        assert status < 300, told
        return told


@pytest.fixture
def folder(tracks: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> Path:
    """On SQLite with a database of its own, which no connection of an earlier test holds open."""
    settings.CHECKPOINT_EVENTS = 10
    if connection.vendor == "sqlite":
        (tmp_path / "data").mkdir()
        with closing(sqlite3.connect(tmp_path / "data" / "playlist.sqlite3")) as copy:
            connection.connection.backup(copy)
        monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "data" / "playlist.sqlite3"))
    return tmp_path


class Watchers:
    """Two who watch the night: one leaves early, and one comes late."""

    def __init__(self, night: Night) -> None:
        self.night = night
        token = night.host["Authorization"].removeprefix("Bearer ")
        self.early, self.late = V1Client(night.room.slug, token), V1Client(night.room.slug, token)

    async def both(self) -> None:
        """Both have what the server has."""
        for client in (self.early, self.late):
            await client.until_revision(await inside(self.night.head))
            assert same(client, await inside(self.night.room.snapshot))


@pytest.mark.once
async def test_the_past_survives_a_backup_a_cut_log_and_a_forgotten_person(folder: Path) -> None:
    backup = Backup(folder)
    with serving(environment=FAST) as server:
        night = await inside(Night, server)
        room, watchers = night.room, Watchers(night)
        early, late = watchers.early, watchers.late
        for turn in range(2):
            await inside(night.go_on, turn)
        await inside(Maker().make)
        await inside(backup.make)
        kept, saved = dict(night.seen), await inside(present, room.id)
        await early.open(server)
        await inside(night.go_on, 2)
        head = await inside(night.head)
        await asyncio.gather(early.until_revision(head), late.open(server))
        await late.until_revision(head)
        await asyncio.gather(early.abort(), late.abort())
        server.stop()
    lost, night.seen = set(night.seen) - set(kept), kept
    await inside(backup.restore)
    assert await inside(present, room.id) == saved
    with serving(environment=FAST) as server:
        night.goes_on_at(server)
        await _what_was_lost_is_not_told(server, watchers, lost, saved.snapshot.revision)
        await _the_night_goes_on(server, watchers, head)
        cut = await _the_log_is_cut(server, watchers)
        await _somebody_is_forgotten(server, watchers, cut)


async def _what_was_lost_is_not_told(server: Server, watchers: Watchers, lost: set[int], earliest: int) -> None:
    early, slug = watchers.early, watchers.night.room.slug
    await early.open(server)
    await early.until(lambda: early.reasons == ["initial", "cursor_ahead"])
    for revision in lost:
        status, told = await inside(server.call, "GET", f"playlists/{slug}/at?revision={revision}")
        assert status == 404
        assert earliest <= told["error"]["details"]["earliest"] < min(lost)
    refused = await early.command("log.undo", revisions=[max(lost)])
    assert refused["error"]["details"]["left"] == [{"revision": max(lost), "reason": "expired"}]


async def _the_night_goes_on(server: Server, watchers: Watchers, head: int) -> None:
    night, late = watchers.night, watchers.late
    await inside(night.works, 0, "Wilhelmine")
    await inside(night.go_on, 2)
    await inside(night.works, 0, "Wilhelmine")
    assert await inside(night.head) > head, "past what anybody knew"
    await late.open(server)
    await late.until(lambda: late.reasons == ["initial", "history_changed"])
    await watchers.both()
    await watchers.early.abort()


async def _the_log_is_cut(server: Server, watchers: Watchers) -> int:
    """The first revision that is kept."""
    night, early, late = watchers.night, watchers.early, watchers.late
    await inside(Maker().make)
    cut = await inside(cut_the_log, night)
    await inside(night.works, cut, "Wilhelmine")
    await late.until_revision(await inside(night.head))
    await early.open(server)
    await early.until_revision(late.revision)
    await early.abort()
    assert "Wilhelmine" in str(early.state) and "Wilhelmine" in str(late.state)
    return cut


async def _somebody_is_forgotten(server: Server, watchers: Watchers, cut: int) -> None:
    night, early, late = watchers.night, watchers.early, watchers.late
    seen = len(early.reasons)
    await inside(call_command, "forget", str(night.her_id))
    await late.until(lambda: late.reasons == ["initial", "history_changed", "history_changed"])
    await early.open(server)
    await early.until(lambda: early.reasons[seen:] == ["history_changed"])
    assert "Wilhelmine" not in str(early.state) + str(late.state)
    await inside(night.works, cut, "Somebody")
    await watchers.both()
    await asyncio.gather(early.abort(), late.abort())
    await late.open(server)
    await late.until_revision(late.revision)
    await late.command("playback.pause")
    assert len(late.reasons) == 3, "what it has seen since is resumed exactly"
    await late.close()


def cut_the_log(night: Night) -> int:
    """Let the first half of what was seen be too old, and prune. Returns the first revision that is kept."""
    seen = sorted(night.seen)
    last = seen[len(seen) // 2]
    old = database_now() - timedelta(days=settings.EVENTS_KEPT_DAYS, hours=1)
    Event.objects.filter(playlist=night.room.id, revision__lte=last).update(at=old)
    assert prune().events == last
    return last
