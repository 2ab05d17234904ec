"""Somebody who asks to be forgotten is: nothing in the database says that it was they."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from axes.models import AccessFailureLog
from django.conf import LazySettings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection

from playlist import forgetting, types, upkeep
from playlist.checkpoints import Maker
from playlist.clock import database_now
from playlist.forgetting import forgetting_resume, person_forget
from playlist.identity import Actor, adder_of, user_actor, user_key
from playlist.models import Checkpoint, Event, Forgetting, Play, Playlist, User
from playlist.present import saw
from playlist.pseudonym import Pseudonym
from playlist.selectors.past import past_at, past_told, present
from playlist.writer import Submission, get_writer
from tests.api.client import Api, account
from tests.rooms import Room, id_of

NAME = "wilhelmine"


class Evening:
    """Wilhelmine was in Alice's room and had one of her own. `ids` are her songs, by track."""

    def __init__(self, room: Room, bob: Actor) -> None:
        self.room, self.bob = room, bob
        self.api = account(NAME)
        self.she = user_actor(User.objects.get(username=NAME))
        hers = self.api.post("playlists", {"name": "The other room"}).json["slug"]
        self.hers = Room(Playlist.objects.get(slug=hers), self.she)
        self.api.post(f"playlists/{hers}/items", {"track_id": "track-1"})
        self.api.patch(f"playlists/{hers}", {"locked": True})
        self.api.put("favorites/track-2")
        tracks = ("track-1", "track-2", "track-3", "track-4")
        self.ids = dict(zip(tracks, room.add(*tracks, by=self.she), strict=True))
        (self.bobs, self.gone) = room.add("track-5", "track-6", by=bob)
        for item in (*self.ids.values(), self.bobs, self.gone):
            room.do(types.TrackVote(id=item, direction="up"), by=self.she, key=f"vote-{item}")
        room.do(types.TrackVote(id=self.ids["track-2"], direction="down"), by=bob, key="answered")
        self.waiting_at = room.row.revision
        Maker().make()
        room.do(types.TrackVote(id=self.bobs, direction="down"), by=self.she)
        room.do(types.PlaylistUpdate(order="fair", rules=types.RulesChanges(skip_share=1)))
        room.do(types.PlaybackPlay(item_id=self.ids["track-1"]), by=self.she)
        saw(room.id, [id_of(self.she), id_of(bob)])
        room.do(types.PlaybackSkip(item_id=self.ids["track-1"], want=True), by=self.she)
        room.do(types.TrackRemove(id=self.ids["track-3"]), by=bob)
        room.do(types.TrackRemove(id=self.gone), types.TrackRemove(id=self.ids["track-4"]), by=self.she)
        room.do(types.TrackRestore(id=self.ids["track-4"]), by=self.she)
        Play.objects.update(added_by_key="")  # as a server of an earlier version recorded it
        user = ContentType.objects.get_for_model(User)
        LogEntry.objects.create(
            user_id=id_of(room.host),
            content_type=user,
            object_id=str(id_of(self.she)),
            object_repr=f"{NAME} (9)",
            action_flag=CHANGE,
        )
        AccessFailureLog.objects.create(username=NAME, ip_address="203.0.113.9")

    def log(self) -> list[tuple[int, str]]:
        return list(Event.objects.filter(playlist=self.room.id).values_list("revision", "stamp"))


@pytest.fixture
def evening(room: Room, bob: Actor, settings: LazySettings) -> Evening:
    settings.CHECKPOINT_EVENTS = 10
    return Evening(room, bob)


def everything() -> Iterator[tuple[str, str]]:
    """Each value of each table, as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for value in row:
                    if isinstance(value, bytes | memoryview):
                        yield table, _unpacked(bytes(value)).decode(errors="replace")
                    elif value is not None:
                        yield table, str(value)


def _unpacked(value: bytes) -> bytes:
    try:
        return zlib.decompress(value)
    except zlib.error:
        return value


def tables_that_know(she: Actor, room: Room) -> set[str]:
    mark = adder_of(room.id, she.key)
    traces = re.compile(rf'{NAME}|\b{she.key}\b|{mark}|"id":{she.user_id},"name"', re.IGNORECASE)
    return {table for table, text in everything() if traces.search(text)}


def person_of(item: dict[str, Any]) -> tuple[str, str]:
    return item["added_by"], item["adder"]


def dies_while_it_changes_the_log(evening: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    """A forgetting; the person is locked out from then on."""
    change = forgetting._replace_by_and_by

    def dies(rows: Any, *others: Any) -> int:
        if rows.model is Event:
            raise SystemExit
        return change(rows, *others)

    with monkeypatch.context() as patched:
        patched.setattr(forgetting, "_replace_by_and_by", dies)
        with pytest.raises(SystemExit):
            person_forget(id_of(evening.she))
    assert Forgetting.objects.get().user_id == evening.she.user_id
    path = f"playlists/{evening.room.slug}/items"
    assert evening.api.post(path, {"track_id": "track-9"}).code == "AUTH_REQUIRED"


def is_told_as_somebody(evening: Evening, stands_for: str, folder: Path) -> None:
    """By the API, and on the page of the night."""
    room, api = evening.room, Api()
    assert api.get(f"playlists/{room.slug}/at?revision={evening.waiting_at}").json["items"][0]["added_by"] == "Somebody"
    assert [play["added_by"] for play in api.get(f"playlists/{room.slug}/history").json] == ["Somebody"]
    told = api.get(f"playlists/{room.slug}/activity").json
    person = {"id": int(stands_for.removeprefix("user:")), "name": "Somebody"}
    assert person in [entry["actor"] for entry in told]
    assert api.get(f"playlists/{room.slug}/activity?person={person['id']}").json
    call_command("export_night", room.slug, output=folder / "night.html")
    page = (folder / "night.html").read_text()
    assert ("Somebody" in page, NAME in page.lower()) == (True, False)


def lost_its_host(hers: Room) -> None:
    assert hers.snapshot()["playlist"]["host"] is None
    assert hers.events()[-1]["playlist"] == {"host": None}
    assert hers.after(past_at(hers.id, 0)) == present(hers.id)
    hers.check()


def test_nothing_knows_them_and_everything_goes_on(
    evening: Evening, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    room, she = evening.room, evening.she
    knew = tables_that_know(she, room)
    tables = ("playlist", "event", "playlisttrack", "removeditem", "vote", "play", "operation", "checkpoint", "user")
    assert {f"playlist_{table}" for table in tables} <= knew
    log, then = evening.log(), past_at(room.id, evening.waiting_at)
    told_before = past_told(room.id, evening.waiting_at)
    dies_while_it_changes_the_log(evening, monkeypatch)
    stands_for = user_key(Forgetting.objects.get().replacement_id)
    assert forgetting_resume() == 1
    assert not Forgetting.objects.exists()

    assert tables_that_know(she, room) == set()
    assert evening.log() == log
    items = {item["track_id"]: person_of(item) for item in room.snapshot()["items"]}
    mark = adder_of(room.id, stands_for)
    assert items == {
        "track-1": ("Somebody", mark), "track-2": ("Somebody", mark), "track-4": ("Somebody", mark),
        "track-5": ("Bob", adder_of(room.id, evening.bob.key)),
    }  # fmt: skip
    room.check()
    past = past_at(room.id, evening.waiting_at)
    assert past.keys[evening.bobs].votes == {stands_for: 1}
    assert [item.id for item in past.snapshot.items] == [item.id for item in then.snapshot.items]
    assert room.after(past) == present(room.id), "the log leads on from there"
    Maker().make()
    is_told_as_somebody(evening, stands_for, tmp_path)
    with room.proves("track.added", "track.added", "track.voted"):
        restore = types.PlaylistRestore(revision=evening.waiting_at)
        get_writer().submit_and_wait(room.id, Submission(room.host, (restore,), told=told_before))  # holds no more
    back = {item["track_id"]: person_of(item) for item in room.snapshot()["items"]}
    assert back["track-3"] == ("Somebody", mark)
    assert tables_that_know(she, room) == set()
    lost_its_host(evening.hers)
    assert str(person_forget(id_of(she))) == "Changed rows: 0, rooms: 0."


def test_a_room_that_is_brought_back_while_the_log_is_edited_knows_them_no_more(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, change = evening.room, forgetting._replace_by_and_by
    restored: list[int] = []

    def late(rows: Any, *others: Any) -> int:
        if rows.model is Event and not restored and rows.filter(playlist=room.id).exists():
            restored.append(room.do(types.PlaylistRestore(revision=evening.waiting_at)).revision)
            assert evening.she.key in {key for keys in present(room.id).keys.values() for key in keys.votes}
        return change(rows, *others)

    monkeypatch.setattr(forgetting, "_replace_by_and_by", late)
    person_forget(id_of(evening.she))
    assert restored == [room.row.revision]
    assert tables_that_know(evening.she, room) == set()
    assert room.after(past_at(room.id, evening.waiting_at)) == present(room.id)


def test_what_an_old_backup_brings_back_is_forgotten_again(evening: Evening, settings: LazySettings) -> None:
    """Pruned, with the account gone, by the command."""
    room, she = evening.room, evening.she
    User.objects.get(pk=id_of(she)).delete()
    old = database_now() - timedelta(days=settings.EVENTS_KEPT_DAYS, hours=1)
    Event.objects.filter(playlist=room.id, revision__lte=evening.waiting_at).update(at=old)
    upkeep.prune()
    assert Checkpoint.objects.filter(playlist=room.id).order_by("revision")[0].revision == evening.waiting_at
    said = StringIO()
    call_command("forget", str(she.user_id), stdout=said)
    assert "Changed" in said.getvalue()
    assert tables_that_know(she, room) - {"axes_accessfailurelog"} == set()
    assert room.after(past_at(room.id, evening.waiting_at)) == present(room.id)
    with pytest.raises(CommandError, match="no account 'nobody'"):
        call_command("forget", "nobody")


@pytest.mark.pure
def test_only_the_person_is_replaced() -> None:
    pseudonym = Pseudonym(("user:7", "user:99"), ("a7", "b9"), (7, 99))
    for body, after in (
        ('{"actor":{"id":7,"name":"W"},"x":1.0}', '{"actor":{"id":99,"name":"Somebody"},"x":1.0}'),
        ('{"actor":{"id":8,"name":"W"}}', None),
        ('{"id":7,"slug":"x","name":"The room"}', None),
        ('{"added_by":"W","adder":"a7","id":7}', '{"added_by":"Somebody","adder":"b9","id":7}'),
        ('{"added_by":"W","adder":"a8"}', None),
        ('{"turns":{"a7":2,"a8":1}}', '{"turns":{"b9":2,"a8":1}}'),
        ('[["user:7",1],["user:70",-1]]', '[["user:99",1],["user:70",-1]]'),
        ('{"id":7,"name":"W","role":"host"}', '{"id":99,"name":"Somebody","role":"host"}'),
        ('{"title":"user:7 and a7"}', None),
    ):
        assert pseudonym.applied(body) == (after or body)
        assert after is None or any(trace in body for trace in pseudonym.traces())
