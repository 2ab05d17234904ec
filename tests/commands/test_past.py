"""A room as it was: checkpoints, and the log from there on, are what clients saw then."""

from __future__ import annotations

from datetime import timedelta
from math import nextafter
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from playlist import checkpoints as checkpointing
from playlist import types, upkeep
from playlist.checkpoints import Maker, turn
from playlist.clock import database_now
from playlist.errors import DomainError
from playlist.identity import Actor
from playlist.lease import LEASE, Lease, LostTurn
from playlist.models import Checkpoint, Event, Play, RemovedItem, Track, Upkeep
from playlist.selectors.past import past_at, past_told, present, revision_at
from playlist.writer import Submission, get_writer
from tests.api.client import Api
from tests.rooms import Room


@pytest.fixture(autouse=True)
def small_steps(settings: LazySettings) -> None:
    settings.CHECKPOINT_EVENTS = 10


class Evening:
    """A room in which things happen. `seen` is what was there at each revision that a command ended at."""

    def __init__(self, room: Room, bob: Actor) -> None:
        self.room, self.bob = room, bob
        self.seen: dict[int, types.Past] = {}
        self.look()

    def look(self) -> None:
        now = present(self.room.id)
        self.seen[now.snapshot.revision] = now

    def do(self, *commands: types.AnyCommand, by: Actor | None = None) -> Any:
        answer = self.room.answer(*commands, by=by)
        self.look()
        return answer

    def go_on(self, turn: int) -> None:
        """Some 20 events of most kinds."""
        first, second = (
            UUID(self.do(types.TrackAdd(track_id=f"track-{2 * turn + n}"), by=by)["id"])
            for n, by in ((1, None), (2, self.bob))
        )
        votes: tuple[tuple[Actor | None, UUID, types.Direction], ...] = (
            (None, first, "up"), (self.bob, first, "up"), (self.bob, second, "down"), (None, first, "none"),
            (None, second, "up"), (self.bob, first, "down"), (self.bob, second, "none"),
        )  # fmt: skip
        for voter, item, direction in votes:
            self.do(types.TrackVote(id=item, direction=direction), by=voter)
        self.do(types.TrackMove(id=second, after=None))
        self.do(types.TrackRemove(id=first))
        self.do(types.TrackRestore(id=first))
        self.do(types.TrackRemove(id=second), types.TrackRestore(id=second), by=self.bob)
        self.do(types.PlaybackPlay(item_id=first))
        self.do(types.PlaybackSeek(position_seconds=10))
        self.do(types.PlaybackPause(), by=self.bob)
        self.do(types.PlaylistUpdate(order="votes", name=f"Round {turn}"))
        self.do(types.TrackVote(id=second, direction="up"), by=self.bob)
        self.do(types.PlaybackNext())
        self.do(types.PlaylistUpdate(order="manual"))


@pytest.fixture
def evening(room: Room, bob: Actor) -> Evening:
    evening = Evening(room, bob)
    for number in range(2):
        evening.go_on(number)
    return evening


def checkpoints(room: Room) -> list[int]:
    return list(Checkpoint.objects.filter(playlist=room.id).values_list("revision", flat=True))


def test_every_revision_is_what_was_seen_then_by_few_rows(evening: Evening) -> None:
    room, head = evening.room, evening.room.row.revision
    assert checkpoints(room) == [0], "a new room begins with one"
    assert head > 35
    assert Maker().make() == 1 + head // 10, "main has none yet"
    assert checkpoints(room) == list(range(0, head + 1, 10))
    assert Maker().make() == 0
    for revision, seen in evening.seen.items():
        with CaptureQueriesContext(
            connection,
        ) as read:
            assert past_at(room.id, revision) == seen, revision
        if revision < head:
            assert sum("playlist_checkpoint" in each["sql"] for each in read) == 1
            assert sum("playlist_event" in each["sql"] for each in read) <= 1
            assert len(read) <= 5, [each["sql"] for each in read]
    Event.objects.filter(playlist=room.id, revision__lte=10).delete()
    assert past_at(room.id, 15) == evening.seen[15], "nothing before the checkpoint is read"
    with pytest.raises(DomainError) as gone:
        past_at(room.id, 5)
    assert (gone.value.code, gone.value.details) == ("NOT_FOUND", {"earliest": 10})
    with pytest.raises(DomainError) as to_come:
        past_at(room.id, head + 1)
    assert to_come.value.details == {"earliest": head}
    for tell in (lambda: past_at(0, 5), lambda: revision_at(0, room.row.created_at)):
        with pytest.raises(DomainError) as deleted:
            tell()
        assert deleted.value.code == "PLAYLIST_NOT_FOUND"


def test_a_time_is_found_as_its_revision(evening: Evening) -> None:
    room = evening.room
    log = Event.objects.filter(playlist=room.id).order_by("revision")
    begun = room.row.created_at
    for event in log:  # one a minute
        Event.objects.filter(pk=event.pk).update(at=begun + timedelta(minutes=event.revision))
    Maker().make()
    for revision in (1, 9, 10, 11, 25, room.row.revision):
        assert revision_at(room.id, begun + timedelta(minutes=revision)) == revision
        assert revision_at(room.id, begun + timedelta(minutes=revision, seconds=59)) == revision
    assert revision_at(room.id, begun + timedelta(seconds=59)) == 0
    with pytest.raises(DomainError) as gone:
        revision_at(room.id, begun - timedelta(seconds=1))
    assert gone.value.details == {"earliest": 0}


def test_one_process_at_a_time_makes_them_and_another_goes_on(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = evening.room
    with turn() as held:
        assert Maker().make() == 0
        held.keep()
        # It stops, and its turn is over by and by.
        Upkeep.objects.filter(name="checkpoints").update(begun_at=database_now() - LEASE - timedelta(seconds=1))
        other = Lease("checkpoints")
        assert other.take()
        with pytest.raises(LostTurn):  # and it may not go on
            held.keep()
        other.give_back()
    Upkeep.objects.filter(name="checkpoints").update(begun_at=database_now() + timedelta(days=300))
    assert Maker().make() > 1, "a time that a wrong clock gave holds nobody up"
    made = checkpoints(room)
    Checkpoint.objects.filter(playlist=room.id, revision__gte=30).delete()
    maker = Maker()
    maker.make()
    assert checkpoints(room) == made, "it goes on where it was"
    Checkpoint.objects.filter(playlist=room.id, revision__gte=30).delete()
    with CaptureQueriesContext(connection) as read:
        assert maker.make() == 0, "nothing has changed"
    assert len(read) == 2
    assert not any("playlist_upkeep" in each["sql"] or "COALESCE" in each["sql"] for each in read)
    evening.do(types.TrackAdd(track_id="track-9"))
    with turn():
        assert maker.make() == 0
    assert maker.make() == len(made) - 3, "those that another process did not make, either"
    monkeypatch.setattr(checkpointing, "WAITED_SECONDS", 0)
    with turn(), pytest.raises(LostTurn), turn():
        pass


def test_rooms_of_earlier_versions_have_a_past_from_now_on(evening: Evening) -> None:
    room = evening.room
    Checkpoint.objects.all().delete()
    Maker().make()
    begun = room.row.revision
    assert checkpoints(room) == [begun]
    evening.go_on(4)
    # A server of an earlier version, which is being replaced, says less.
    line = Event.objects.filter(playlist=room.id, revision__gt=begun + 12, type="track.added", before__isnull=False)
    told_badly = line.order_by("revision").first()
    assert told_badly is not None
    Event.objects.filter(pk=told_badly.pk).update(before=None)
    assert Maker().make() == 2
    head = room.row.revision
    assert checkpoints(room) == [begun, begun + 10, head]
    assert past_at(room.id, told_badly.revision - 1).snapshot.revision == told_badly.revision - 1
    with pytest.raises(DomainError) as untold:
        past_at(room.id, told_badly.revision)
    assert untold.value.details == {"earliest": head}


def test_what_is_kept_of_the_log_can_be_told_to_its_edge(evening: Evening, settings: LazySettings) -> None:
    room = evening.room
    Maker().make()
    month = timedelta(days=settings.EVENTS_KEPT_DAYS)
    old = Event.objects.filter(playlist=room.id, revision__lte=24)
    old.update(at=database_now() - month - timedelta(hours=1))
    removed = room.add("track-11", "track-12")
    evening.do(*(types.TrackRemove(id=item) for item in removed))
    RemovedItem.objects.filter(pk=removed[0]).update(removed_at=database_now() - month - timedelta(hours=1))
    long_ago = database_now() - timedelta(days=settings.HISTORY_KEPT_DAYS, hours=1)
    first_play = Play.objects.filter(playlist=room.id).order_by("pk")[0]
    Play.objects.filter(pk=first_play.pk).update(played_at=long_ago)
    plays = Play.objects.count()

    pruned = upkeep.prune()
    assert (pruned.events, pruned.removed_items, pruned.plays) == (24, 1, 1)
    assert Play.objects.count() == plays - 1
    assert RemovedItem.objects.filter(pk=removed[1]).exists()
    assert checkpoints(room)[:2] == [24, 30]
    for revision, seen in evening.seen.items():
        if revision >= 24:
            assert past_at(room.id, revision) == seen
        else:
            with pytest.raises(DomainError) as gone:
                past_at(room.id, revision)
            assert gone.value.details == {"earliest": 24}

    Event.objects.filter(playlist=room.id).update(at=database_now() - month - timedelta(hours=1))
    head = room.row.revision
    upkeep.prune()
    assert not Event.objects.filter(playlist=room.id).exists()
    assert checkpoints(room) == [head]
    assert past_at(room.id, head) == evening.seen[head]

    settings.HISTORY_KEPT_DAYS = 1
    Play.objects.filter(playlist=room.id).update(played_at=database_now() - timedelta(days=2))
    assert upkeep.prune().plays == 0, "what the log can bring back, the history must say was heard"


def test_it_is_read_over_rest_by_whoever_may_read_the_room(evening: Evening) -> None:
    api, room = Api(), evening.room
    answer = api.get(f"playlists/{room.slug}/at?revision=0")
    assert (answer.status, answer.json["revision"], answer.json["items"]) == (200, 0, [])
    now = database_now().isoformat().replace("+00:00", "Z")
    assert api.get(f"playlists/{room.slug}/at?at={now}").json == room.snapshot()
    for wrong in (
        "",
        "?revision=",
        "?revision=x",
        "?revision=1&at=" + now,
        "?at=yesterday",
        "?at=0001-01-01T00:00:00%2B09:00",
    ):
        assert api.get(f"playlists/{room.slug}/at{wrong}").code == "VALIDATION_ERROR", wrong
    before = api.get(f"playlists/{room.slug}/at?at=2001-01-01T00:00:00Z")
    assert (before.status, before.details) == (404, {"earliest": 0})
    room.do(types.PlaylistUpdate(visibility="unlisted"))
    assert api.get(f"playlists/{room.slug}/at?revision=0").code == "AUTH_REQUIRED"


def waiting(past: types.Past) -> dict[UUID, tuple[types.Item, types.ItemKeys]]:
    return {item.id: (item, past.keys[item.id]) for item in past.snapshot.items if item.played_at is None}


def test_what_is_still_to_play_comes_back_with_its_votes(
    room: Room, bob: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between then and now: songs came, went, moved, were voted on, played, and all were numbered anew."""
    evening = Evening(room, bob)
    played, kept, removed, heard, heard_anew, gone, playing = room.add(
        "track-1", "track-2", "track-3", "track-4", "track-5", "track-6", "track-7", by=bob
    )
    for voter, item in ((None, kept), (bob, kept), (bob, removed), (None, gone), (bob, heard)):
        evening.do(types.TrackVote(id=item, direction="up"), by=voter)
    evening.do(types.PlaybackPlay(item_id=played))
    then = present(room.id)
    evening.do(types.TrackVote(id=kept, direction="down"), by=bob)
    evening.do(types.TrackVote(id=kept, direction="none"))
    evening.do(types.TrackMove(id=kept, after=None), types.TrackMove(id=gone, after=None))
    evening.do(types.TrackRemove(id=removed), types.TrackRemove(id=gone), by=bob)
    later, _ = room.add("track-8", "track-9")
    evening.do(types.TrackVote(id=later, direction="up"), by=bob)
    evening.do(types.PlaybackPlay(item_id=heard))
    evening.do(types.PlaybackPlay(item_id=heard_anew))
    evening.do(types.PlaybackPlay(item_id=playing))
    (again,) = room.add("track-5")
    Track.objects.filter(pk="track-6").update(deleted_at=database_now())

    began, instead = room.row.revision, present(room.id)
    playback = room.row.playback_started_at_ms
    with pytest.raises(DomainError) as refused:
        room.do(types.PlaylistRestore(revision=then.snapshot.revision), by=bob)
    assert refused.value.code == "FORBIDDEN"
    restore = types.PlaylistRestore(revision=then.snapshot.revision)
    with room.proves(*["track.removed"] * 3, "track.moved", "track.added", *["track.voted"] * 2):
        answer = room.answer(restore, key="once")
    now = present(room.id)
    assert waiting(now) == {pk: row for pk, row in waiting(then).items() if pk in (kept, removed)}
    assert room.row.playback_started_at_ms == playback
    assert room.playing == "track-7"
    assert again not in now.keys
    assert (answer["from"], answer["revision"]) == (began, room.row.revision)
    reasons = {UUID(left["id"]): left["reason"] for left in answer["left"]}
    assert reasons == {heard: "heard", heard_anew: "heard", playing: "heard", gone: "gone"}
    assert RemovedItem.objects.filter(pk=later, removed_by_key=room.host.key).exists()
    assert not RemovedItem.objects.filter(pk=removed).exists()
    assert room.answer(restore, key="once") == answer
    told = past_told(room.id, then.snapshot.revision)
    with room.proves(), monkeypatch.context() as patched:
        patched.delattr("playlist.commands.past.past_at")  # it is not told again under the lock
        repeated = get_writer().submit_and_wait(room.id, Submission(room.host, (restore,), told=told))
        assert msgspec.json.decode(repeated.answer)["left"] == answer["left"]
    evening.do(types.LogUndo(revisions=list(range(began + 1, answer["revision"] + 1))))
    assert waiting(present(room.id)) == waiting(instead), "it is undone like anything else"
    Maker().make()
    assert past_at(room.id, answer["revision"]) == now


def test_a_place_that_something_heard_has_by_now_is_next_to_it(room: Room) -> None:
    first, second, third = room.add("track-1", "track-2", "track-3")
    then = room.row.revision
    room.do(types.TrackRemove(id=first))
    room.do(types.PlaybackPlay(item_id=third))
    room.do(types.TrackMove(id=third, position=1.0), types.TrackMove(id=second, position=7.0))
    (later,) = room.add("track-4")
    room.do(types.PlaybackPlay(item_id=later))
    room.do(types.TrackMove(id=later, position=2.0))
    with room.proves("track.added"):
        room.do(types.PlaylistRestore(revision=then))  # the second stands behind what took its place already
    assert room.track_ids == ["track-3", "track-1", "track-4", "track-2"]
    room.do(types.TrackRemove(id=first), types.TrackMove(id=later, position=nextafter(1.0, 2.0)))
    with room.proves("track.moved", "playlist.reordered", "track.added"):  # no double is left between the two
        room.do(types.PlaylistRestore(revision=then))
    assert room.track_ids == ["track-3", "track-1", "track-4", "track-2"]
    room.do(types.PlaylistUpdate(order="votes"))
    room.do(types.TrackBoost(id=second))
    with room.proves("track.boosted"):
        room.do(types.PlaylistRestore(revision=room.row.revision - 1))
    assert room.item("track-2").boosted_at is None
