"""The limits of a room on what is added: judged under the lock, for everybody, by the database's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from msgspec.structs import replace

from playlist import neighbours, types
from playlist.commands.limits import refusal_of
from playlist.commit import execute
from playlist.identity import SYSTEM, Actor, user_actor
from playlist.models import Participant, Play, RemovedItem, Track, User
from playlist.submissions import Outcome, Submission
from tests.plans import reads_all_of, steps_of
from tests.rooms import DORA, Room, id_of, person, refused

NOW = datetime(2026, 11, 26, 22, tzinfo=UTC)
HOME = "addr:home"


def guests_at(address: str, count: int) -> list[Actor]:
    return [replace(person(f"Guest {number}"), address=address) for number in range(count)]


@pytest.mark.pure
def test_a_track_may_last_as_long_as_the_rule_says_and_come_again_when_its_time_is_over() -> None:
    rules = replace(types.NO_RULES, max_track_seconds=180, repeat_after_minutes=60)

    def code(duration_ms: int = 1000, started_at: datetime | None = None, rules: types.Rules = rules) -> str | None:
        refusal = refusal_of(rules, "track-1", duration_ms, started_at, NOW)
        return refusal.code if refusal else None

    assert code(180_000) is None
    assert code(180_001) == "TOO_LONG"
    hour = timedelta(hours=1)
    assert code(started_at=NOW - hour) is None
    assert code(started_at=NOW - hour + timedelta(milliseconds=1)) == "PLAYED_RECENTLY"
    assert code(86_400_000, NOW, types.NO_RULES) is None
    told = refusal_of(rules, "track-1", 1000, NOW - hour / 2, NOW)
    assert told is not None
    assert told.details == {"again_at": "2026-11-26T22:30:00Z", "track_id": "track-1"}


def test_limits_hold_for_everybody_and_however_a_song_comes(room: Room, bob: Actor) -> None:
    restored, waiting = room.add("track-1", "track-2")
    room.do(types.TrackRemove(id=restored))
    room.do(types.PlaylistUpdate(rules=types.RulesChanges(max_track_seconds=182)))
    for who in (room.host, bob):
        refusal = refused(room, types.TrackAdd(track_id="track-3"), who)
        assert (refusal.code, refusal.details) == ("TOO_LONG", {"max_seconds": 182, "track_id": "track-3"})
        assert refused(room, types.TracksAdd(track_ids=["track-1", "track-4"]), who).code == "TOO_LONG"
    with room.proves("track.added"):
        room.do(types.TracksAdd(track_ids=["track-1", "track-2"]), by=bob)
    room.do(types.TrackRemove(id=waiting))
    Track.objects.filter(pk="track-2").update(duration_ms=183_000, duration_seconds=183)
    assert refused(room, types.TrackRestore(id=waiting)).code == "TOO_LONG"
    room.do(types.TrackAdd(track_id="track-5"), by=SYSTEM)


def test_played_means_started_however_short_and_whatever_became_of_it(room: Room, bob: Actor) -> None:
    room.do(types.PlaylistUpdate(rules=types.RulesChanges(repeat_after_minutes=120)))
    first, *_ = room.add("track-1", "track-2", "track-3")
    room.do(types.PlaybackPlay())
    room.do(types.TrackRemove(id=first))
    started = Play.objects.get(item_id=first).played_at
    again_at = msgspec.to_builtins(started + timedelta(hours=2))
    for who in (room.host, bob):
        refusal = refused(room, types.TrackAdd(track_id="track-1"), who)
        assert (refusal.code, refusal.details["again_at"]) == ("PLAYED_RECENTLY", again_at)
    assert refused(room, types.TracksAdd(track_ids=["track-4", "track-1"])).code == "PLAYED_RECENTLY"
    assert refused(room, types.TrackRestore(id=first)).code == "PLAYED_RECENTLY"
    with room.proves("track.added"):
        room.do(types.TracksAdd(track_ids=["track-4", "track-2"]))
    Play.objects.update(played_at=F("played_at") - timedelta(hours=2))
    with room.proves("track.added"):
        room.do(types.TrackRestore(id=first))
    other = Room.open()
    other.do(types.PlaylistUpdate(rules=types.RulesChanges(repeat_after_minutes=120)))
    other.add("track-1")


def test_a_rule_that_is_off_asks_nothing_and_one_that_is_on_asks_once(room: Room) -> None:
    def cost(track_id: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            (result,) = execute(room.id, [Submission(room.host, (types.TrackAdd(track_id=track_id),))], [])
        assert isinstance(result, Outcome)
        return len(caught)

    cost("track-1")
    without = cost("track-2")
    room.do(types.PlaylistUpdate(rules=types.RulesChanges(max_track_seconds=600)))
    assert cost("track-3") == without
    room.do(types.PlaylistUpdate(rules=types.RulesChanges(repeat_after_minutes=60)))
    assert cost("track-4") == without + 1
    room.do(types.PlaylistUpdate(max_queued_per_person=100))
    assert cost("track-5") == without + 2


def test_people_of_one_address_have_as_many_songs_waiting_as_20_people(room: Room, settings: object) -> None:
    settings.ADDRESS_PEOPLE = 2  # type: ignore[attr-defined]
    room.do(types.PlaylistUpdate(max_queued_per_person=2))
    one, two, three = guests_at(HOME, 3)
    room.add("track-1", "track-2", by=one)
    room.add("track-3", "track-4", by=two)
    refusal = refused(room, types.TrackAdd(track_id="track-5"), three)
    assert (refusal.code, refusal.details) == ("LIMIT_REACHED", {"limit": 4, "by": "address"})
    room.do(types.TrackVote(id=room.item("track-1").id, direction="up"), by=three)
    away = replace(three, address="addr:elsewhere")
    assert refused(room, types.TrackAdd(track_id="track-5"), away).code == "LIMIT_REACHED", "joined at home"
    (elsewhere,) = guests_at("addr:elsewhere", 1)
    room.add("track-5", by=elsewhere)
    (nowhere,) = guests_at("", 1)
    room.add("track-6", "track-7", by=nowhere)
    room.add("track-8", "track-9")
    room.do(types.TrackRemove(id=room.item("track-1").id))
    room.add("track-1", by=three)


def test_many_who_come_at_once_from_one_address_are_bounded_in_one_batch(room: Room, settings: object) -> None:
    settings.ADDRESS_PEOPLE = 2  # type: ignore[attr-defined]
    room.do(types.PlaylistUpdate(max_queued_per_person=1))
    crowd = guests_at(HOME, 6)
    asked = [Submission(who, (types.TrackAdd(track_id=f"track-{n}"),)) for n, who in enumerate(crowd, 1)]
    results = execute(room.id, asked, [])
    assert [isinstance(result, Outcome) for result in results] == [True, True, False, False, False, False]
    assert {who.user_id for who in crowd[:2]} <= set(Participant.objects.values_list("user", flat=True))


def test_without_a_limit_300_people_behind_one_address_join_add_and_vote(room: Room) -> None:
    crowd = guests_at(HOME, 300)
    first = room.add("track-1")[0]
    room.do(types.PlaylistUpdate(max_queued_per_person=300))
    votes = [Submission(who, (types.TrackVote(id=first, direction="up"),)) for who in crowd]
    assert all(isinstance(result, Outcome) for result in execute(room.id, votes, []))
    assert room.item("track-1").votes == 300
    ids = [id_of(who) for who in crowd]
    assert neighbours.people_counted(room.row, ids) == 20
    assert neighbours.people_counted(room.row, [*ids[:19], id_of(room.host), id_of(person("New"))]) == 21
    assert neighbours.people_counted(room.row, []) == 0


def test_a_caller_without_identity_counts_with_the_people_of_their_address(room: Room, settings: object) -> None:
    settings.ADDRESS_PEOPLE = 1  # type: ignore[attr-defined]
    main = Room.main()
    type(main.row).objects.filter(pk=main.id).update(max_queued_per_person=1)
    main.add("track-1", by=DORA)
    (eve,) = guests_at(DORA.key, 1)
    refusal = refused(main, types.TrackAdd(track_id="track-2"), eve)
    assert refusal.details == {"limit": 1, "by": "address"}
    main.do(types.TrackRemove(id=main.item("track-1").id), by=DORA)
    main.add("track-2", by=eve)
    staff = user_actor(User.objects.create_user(username="staff", password="x", is_staff=True))
    removed = RemovedItem.objects.get(track_id="track-1").pk
    assert refused(main, types.TrackRestore(id=removed), staff).details == {"limit": 1, "by": "address"}


def test_each_rule_reads_by_an_index(room: Room) -> None:
    (guest,) = guests_at(HOME, 1)
    first, _ = room.add("track-1", "track-2")
    room.do(types.BlockedSet(kind="tracks", id="track-9", blocked=True))
    rules = types.RulesChanges(max_track_seconds=600, repeat_after_minutes=60, boosts_per_hour=5)
    room.do(types.PlaylistUpdate(rules=rules, max_queued_per_person=9, order="votes"))
    asked: list[types.AnyCommand] = [types.TrackAdd(track_id="track-3"), types.TrackBoost(id=first)]
    with CaptureQueriesContext(connection) as caught:
        results = execute(room.id, [Submission(guest, (command,)) for command in asked], [])
    assert all(isinstance(result, Outcome) for result in results)
    told = [query["sql"] for query in caught if query["sql"].startswith("SELECT")]
    tables = [f"playlist_{name}" for name in ("play", "boost", "blocked", "participant", "playlisttrack")]
    for table in tables:
        reads = [statement for statement in told if f'"{table}"' in statement]
        assert reads, table
        for statement in reads:
            assert not reads_all_of(table, steps_of(statement.replace("%", "%%"), [])), statement
