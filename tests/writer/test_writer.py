"""The one door: batching, withdrawing, limits, and that nothing a caller does can hurt it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections

from playlist import commit, metrics, nudge, types, writer
from playlist.errors import DomainError
from playlist.identity import Actor
from playlist.models import User
from playlist.submissions import Outcome, Result, Submission
from playlist.timeline import timeline
from playlist.types import LogLine
from playlist.writer import Writer
from tests.rooms import Room, id_of, person

WAIT = 60  # seconds; a deadline for a hang, never a measure


@pytest.fixture
def own_writer() -> Iterator[Writer]:
    made = Writer(threads=2, batch_limit=128, queue_limit=200)
    yield made
    made.close()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    held = Held()
    monkeypatch.setattr(commit, "execute", held.execute)
    yield held
    held.let_go.set()


class Held:
    """Stops the writer at its first batch until it is let go, and notes the size of every batch."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.reached = threading.Event()
        self.let_go = threading.Event()
        self._execute = commit.execute

    def execute(self, playlist_id: int, submissions: Sequence[Submission], lines: list[LogLine]) -> list[Result]:
        self.sizes.append(len(submissions))
        self.reached.set()
        assert self.let_go.wait(WAIT)
        return self._execute(playlist_id, submissions, lines)


def adds(actor: Actor, count: int) -> list[Submission]:
    return [Submission(actor, (types.TrackAdd(track_id=f"track-{number}"),)) for number in range(1, count + 1)]


def test_what_arrives_during_a_batch_is_the_next_batch(room: Room, own_writer: Writer, held: Held) -> None:
    first, *rest = adds(room.host, 12)
    futures = [own_writer.submit(room.id, first)]
    assert held.reached.wait(WAIT)
    futures += [own_writer.submit(room.id, submission) for submission in rest]
    held.let_go.set()
    revisions = [future.result(WAIT).revision for future in futures]
    assert held.sizes == [1, 11]
    assert revisions == list(range(1, 13))


def test_a_batch_has_a_limit(room: Room, held: Held) -> None:
    small = Writer(threads=1, batch_limit=4, queue_limit=200)
    first, *rest = adds(room.host, 12)
    futures = [small.submit(room.id, first)]
    assert held.reached.wait(WAIT)
    futures += [small.submit(room.id, submission) for submission in rest]
    held.let_go.set()
    assert len([future.result(WAIT) for future in futures]) == 12
    assert held.sizes == [1, 4, 4, 3]
    small.close()


def test_callers_that_go_away_harm_nobody(room: Room, own_writer: Writer, held: Held) -> None:
    first, *rest = adds(room.host, 12)
    claimed = own_writer.submit(room.id, first)
    assert held.reached.wait(WAIT)
    waiting = [own_writer.submit(room.id, submission) for submission in rest]
    assert not claimed.cancel(), "what a batch has claimed cannot be withdrawn"
    withdrawn = [future for future in waiting[::2] if future.cancel()]
    held.let_go.set()
    assert claimed.result(WAIT)
    kept = [future.result(WAIT) for future in waiting[1::2]]
    assert (len(withdrawn), len(kept)) == (6, 5)
    assert len(room.items) == 6, "who withdrew left nothing behind"
    with pytest.raises(CancelledError):
        withdrawn[0].result(WAIT)
    assert own_writer.submit(room.id, Submission(room.host, (types.PlaybackPlay(),))).result(WAIT)


def test_a_full_queue_says_so_at_once(room: Room, held: Held) -> None:
    small = Writer(threads=1, batch_limit=128, queue_limit=3)
    first, *rest = adds(room.host, 5)
    futures = [small.submit(room.id, first)]
    assert held.reached.wait(WAIT)
    futures += [small.submit(room.id, submission) for submission in rest[:3]]
    with pytest.raises(DomainError) as refusal:
        small.submit(room.id, rest[3])
    assert refusal.value.code == "UNAVAILABLE"
    held.let_go.set()
    assert [future.result(WAIT).revision for future in futures] == [1, 2, 3, 4]
    small.close()


def test_a_playlist_does_not_wait_for_another(room: Room, own_writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    main = Room.main()
    held = Held()
    execute = commit.execute

    def only_the_room(playlist_id: int, submissions: Sequence[Submission], lines: list[LogLine]) -> list[Result]:
        return (held.execute if playlist_id == room.id else execute)(playlist_id, submissions, lines)

    monkeypatch.setattr(commit, "execute", only_the_room)
    stuck = own_writer.submit(room.id, adds(room.host, 1)[0])
    assert held.reached.wait(WAIT)
    assert own_writer.submit(main.id, adds(room.host, 1)[0]).result(WAIT)
    held.let_go.set()
    assert stuck.result(WAIT)


def test_a_fault_in_a_batch_is_unavailable_and_the_writer_goes_on(
    room: Room, own_writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: Any) -> list[Result]:
        monkeypatch.undo()
        raise RuntimeError("a fault")

    monkeypatch.setattr(commit, "execute", fault)
    first, second = adds(room.host, 2)
    with pytest.raises(DomainError) as refusal:
        own_writer.submit(room.id, first).result(WAIT)
    assert refusal.value.code == "UNAVAILABLE"
    assert own_writer.submit(room.id, second).result(WAIT)


@pytest.mark.parametrize("where", ["metrics", "results"])
def test_a_fault_around_a_batch_ends_no_thread_and_keeps_no_playlist(
    room: Room, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Whatever goes wrong between the claim and the answers: the caller hears, and the next submission is committed."""

    def fault(*_: Any, **__: Any) -> Any:
        monkeypatch.undo()
        raise RuntimeError("a fault")

    def too_few(*_: Any) -> list[Result]:
        monkeypatch.undo()
        return []

    single = Writer(threads=1, batch_limit=128, queue_limit=200)
    if where == "metrics":
        monkeypatch.setattr(metrics.BATCH_SIZE, "observe", fault)
    else:
        monkeypatch.setattr(commit, "execute", too_few)
    first, second = adds(room.host, 2)
    future = single.submit(room.id, first)
    try:
        assert future.result(WAIT).revision == 1
    except DomainError as refusal:
        assert (refusal.code, where) == ("UNAVAILABLE", "results")
    assert single.submit(room.id, second).result(WAIT)
    single.close()


def test_an_event_beside_a_refusal_is_told_at_once(
    room: Room, own_writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock was set while a song plays: whatever is asked next, its start moves along in the same commit."""
    room.add("track-1")
    room.do(types.PlaybackPlay())
    playing = room.row
    monkeypatch.setattr(timeline, "shift_ms", lambda playlist_id, started_at_ms: 60_000)
    told: list[tuple[int, int, list[LogLine]]] = []
    monkeypatch.setattr(nudge, "tell", lambda *heard: told.append(heard))
    refused = own_writer.submit(room.id, Submission(room.host, (types.TrackAdd(track_id="nothing"),)))
    with pytest.raises(DomainError):
        refused.result(WAIT)
    assert room.row.playback_started_at_ms == (playing.playback_started_at_ms or 0) + 60_000
    ((_, revision, lines),) = told
    assert (revision, [line.type for line in lines]) == (playing.revision + 1, ["playback.changed"])


def test_without_a_thread_the_caller_hears_and_the_next_one_is_served(
    room: Room, own_writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left(_: threading.Thread) -> None:
        monkeypatch.undo()
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", none_left)
    first, second = adds(room.host, 2)
    with pytest.raises(DomainError) as refusal:
        own_writer.submit(room.id, first)
    assert refusal.value.code == "UNAVAILABLE"
    assert own_writer.submit(room.id, second).result(WAIT).revision == 1


def test_a_caller_waits_only_so_long(room: Room, own_writer: Writer, held: Held, settings: Any) -> None:
    own_writer.submit(room.id, adds(room.host, 1)[0])
    assert held.reached.wait(WAIT)
    settings.WRITE_TIMEOUT_SECONDS = 0.01
    with pytest.raises(DomainError) as refusal:
        own_writer.submit_and_wait(room.id, adds(room.host, 2)[1])
    assert refusal.value.code == "UNAVAILABLE"
    held.let_go.set()
    own_writer.close()
    assert room.track_ids == ["track-1"], "who stopped waiting in time is not committed"


def test_closing_commits_what_is_queued_and_takes_nothing_more(room: Room, own_writer: Writer, held: Held) -> None:
    futures = [own_writer.submit(room.id, submission) for submission in adds(room.host, 3)]
    closing = threading.Thread(target=own_writer.close)
    closing.start()
    held.let_go.set()
    closing.join(WAIT)
    assert [future.result(0).revision for future in futures] == [1, 2, 3]
    with pytest.raises(DomainError):
        own_writer.submit(room.id, adds(room.host, 4)[3])


@pytest.fixture
def pool_of_8() -> Iterator[None]:
    """PostgreSQL with 8 connections for everybody. SQLite has no pool, and the test holds there all the same."""
    options = connection.settings_dict["OPTIONS"]
    if "pool" not in options:
        yield
        return
    before = options["pool"]
    connections.close_all()
    connection.close_pool()  # type: ignore[attr-defined]
    options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
    yield
    connections.close_all()
    connection.close_pool()  # type: ignore[attr-defined]
    options["pool"] = before


@pytest.mark.usefixtures("pool_of_8")
def test_64_callers_share_8_connections(room: Room) -> None:
    """Each looks somebody up, as a view does with a token, and then waits for the writer."""
    people = [person(f"P{number}") for number in range(64)]
    (item,) = room.add("track-1")

    def call(actor: Actor) -> Outcome:
        try:
            assert User.objects.get(pk=id_of(actor)).name == actor.name
            return room.do(types.TrackVote(id=item, direction="up"), by=actor)
        finally:
            connection.close()

    with ThreadPoolExecutor(64) as callers:
        for _ in range(4):
            outcomes = list(callers.map(call, people))
    assert len(outcomes) == 64
    assert room.item("track-1").votes == 64
    room.check()


def in_parallel(tasks: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run them at once, each in a thread of its own; what each returned or raised."""
    start = threading.Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> Any:
        start.wait(WAIT)
        try:
            return task()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as threads:
        return list(threads.map(run, tasks))


def test_one_key_50_times_in_parallel_is_one_effect_and_one_answer(room: Room) -> None:
    """Through two writers, as of two processes."""
    writers = [Writer(threads=1, batch_limit=128, queue_limit=4096) for _ in range(2)]
    same = Submission(room.host, (types.TrackAdd(track_id="track-1"),), "the key")
    other = Submission(room.host, (types.TrackAdd(track_id="track-2"),), "the key")
    with room.proves("track.added"):
        outcomes = in_parallel([lambda w=w: w.submit_and_wait(room.id, same) for w in writers * 25])  # type: ignore[misc]
    assert len(set(map(repr, outcomes))) == 1
    assert isinstance(outcomes[0], Outcome)
    refusals = in_parallel([lambda w=w: w.submit_and_wait(room.id, other) for w in writers * 5])  # type: ignore[misc]
    assert {refusal.code for refusal in refusals} == {"OP_CONFLICT"}
    for made in writers:
        made.close()


def test_20_people_who_press_next_at_once_skip_one_track(room: Room) -> None:
    first, *_ = room.add("track-1", "track-2", "track-3")
    room.do(types.PlaybackPlay())
    with room.proves("track.playing"):
        results = in_parallel([lambda: room.do(types.PlaybackNext(expect_item_id=first))] * 20)
    assert sum(isinstance(result, Outcome) for result in results) == 1
    assert room.playing == "track-2"


def test_a_future_that_was_resolved_from_outside_stops_nothing(room: Room, held: Held) -> None:
    single = Writer(threads=1, batch_limit=128, queue_limit=200)
    first, second, third = adds(room.host, 3)
    futures = [single.submit(room.id, first)]
    assert held.reached.wait(WAIT)
    spoiled = single.submit(room.id, second)
    spoiled.set_result(Outcome(0, b"null"))
    futures.append(single.submit(room.id, third))
    held.let_go.set()
    assert [future.result(WAIT).revision for future in futures] == [1, 2]
    single.close()


def test_futures_are_resolved_exactly_once() -> None:
    """A future that somebody resolved from outside must not take the writer's thread with it."""
    future: Future[Outcome] = Future()
    future.set_result(Outcome(1, b"null"))
    writer._resolve(future, Outcome(2, b"null"))
    assert future.result(0).revision == 1
