"""One transaction, many submissions: what each is worth, whatever the others are, and what it costs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from playlist import commit, types
from playlist.commands import votes
from playlist.errors import DomainError
from playlist.identity import Actor, address_actor
from playlist.models import Event, Operation, Participant, PlaylistTrack, Vote
from playlist.selectors.log import log_after
from playlist.submissions import Outcome, Submission
from tests.rooms import Room, id_of, make_tracks, person
from tests.writer.batches import codes, execute


def votes_for(item: UUID, count: int, keyed: bool = False) -> list[Submission]:
    """One vote each by as many people who have no identity."""
    return [
        Submission(
            actor=address_actor(f"10.0.{number // 250}.{number % 250}"),
            commands=(types.TrackVote(id=item, direction="up"),),
            key="vote" if keyed else None,
        )
        for number in range(count)
    ]


BAD: dict[str, types.AnyCommand] = {
    "item": types.TrackRemove(id=UUID(int=1)),
    "track": types.TrackAdd(track_id="nothing"),
    "vote": types.TrackVote(id=UUID(int=1), direction="up"),
    "right": types.TrackPurge(track_id="track-1"),
}


@pytest.mark.parametrize("bad", sorted(BAD))
@pytest.mark.parametrize("place", [0, 10, 19])
def test_a_bad_submission_in_a_batch_of_20_harms_no_neighbour(room: Room, bad: str, place: int) -> None:
    items = room.add(*(f"track-{number}" for number in range(1, 11)))
    submissions = [
        Submission(room.host, (types.TrackVote(id=items[number // 2], direction="up" if number % 2 else "down"),))
        for number in range(20)
    ]
    submissions[place] = Submission(room.host, (BAD[bad],))
    with room.proves(*["track.voted"] * 19):
        results = execute(room.id, submissions)
    assert [number for number, code in enumerate(codes(results)) if code != "ok"] == [place]


@pytest.mark.parametrize("place", [0, 10, 19])
def test_an_error_of_the_database_in_a_batch_of_20_harms_no_neighbour(
    room: Room, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    """A vote that the checks let through and a constraint does not: the whole set-based statement fails."""
    (item,) = room.add("track-1")
    submissions = votes_for(item, 20)
    poisoned = submissions[place].actor.key
    save_votes = votes.votes_save

    def poisonous(values: dict[tuple[UUID, str], int], stored: dict[tuple[UUID, str], int]) -> None:
        save_votes({key: 7 if key[1] == poisoned else value for key, value in values.items()}, stored)

    monkeypatch.setattr(votes, "votes_save", poisonous)
    main = Room.main()
    (item,) = main.add("track-1")
    submissions = [
        Submission(submission.actor, (types.TrackVote(id=item, direction="up"),)) for submission in submissions
    ]
    lines: list[types.LogLine] = []
    with main.proves(*["track.voted"] * 19):
        results = commit.execute(main.id, submissions, lines)
    assert lines == log_after(main.id, 1, 100), "what was committed one by one, byte for byte"
    assert [number for number, code in enumerate(codes(results)) if code != "ok"] == [place]


def test_a_submission_is_all_or_nothing(room: Room) -> None:
    first, _second = room.add("track-1", "track-2")
    room.do(types.PlaybackPlay())
    submission = Submission(
        room.host,
        (
            types.TrackMove(id=first, position=9.0),
            types.PlaybackPause(),
            types.PlaylistUpdate(name="Renamed"),
            types.TrackRemove(id=UUID(int=1)),
        ),
    )
    with room.proves("track.voted"):
        results = execute(
            room.id, [submission, Submission(room.host, (types.TrackVote(id=first, direction="up"),)), submission]
        )
    assert codes(results) == ["ITEM_NOT_FOUND", "ok", "ITEM_NOT_FOUND"]
    assert (room.row.name, room.row.playback_state) == ("The room", "playing")


def test_a_batch_says_what_it_has_added_to_the_log(room: Room) -> None:
    main = Room.main()
    (item,) = main.add("track-1")
    submissions = [*votes_for(item, 3), Submission(main.host, (BAD["item"],)), *votes_for(item, 1)]
    lines: list[types.LogLine] = []
    commit.execute(main.id, submissions, lines)
    assert [line.type for line in lines] == ["track.voted"] * 3, "one is refused, and one repeats another"
    assert log_after(main.id, 1, 100) == lines, "byte for byte"


def test_two_commands_under_one_key_are_one_operation(room: Room) -> None:
    first, second = room.add("track-1", "track-2")
    submission = Submission(
        room.host, (types.TrackMove(id=second, after=None), types.PlaybackPlay(item_id=second)), "both", second
    )
    with room.proves("track.moved", "track.playing"):
        (outcome,) = execute(room.id, [submission])
    assert isinstance(outcome, Outcome)
    answer = msgspec.json.decode(outcome.answer)
    assert (answer["position"], answer["is_playing"], answer["my_vote"]) == (0.0, True, 0)
    assert {event["op_id"] for event in room.events()[-2:]} == {"both"}
    with room.proves():
        assert execute(room.id, [submission]) == [outcome]
    assert first


def test_a_key_repeats_its_answer_also_within_one_batch_and_after_the_state_moved_on(room: Room) -> None:
    (item,) = room.add("track-1")
    up = Submission(room.host, (types.TrackVote(id=item, direction="up"),), "a")
    down = Submission(room.host, (types.TrackVote(id=item, direction="down"),), "b")
    with room.proves("track.voted", "track.voted"):
        first, replayed, second, late = execute(room.id, [up, up, down, up])
    assert first == replayed == late != second
    assert room.item("track-1").votes == -1
    with room.proves():
        (again,) = execute(room.id, [up])
    assert again == first


def test_a_key_is_remembered_for_what_changed_nothing_and_not_for_a_refusal(room: Room) -> None:
    (item,) = room.add("track-1")
    neutral = Submission(room.host, (types.TrackVote(id=item, direction="none"),), "neutral")
    with room.proves():
        assert codes(execute(room.id, [neutral])) == ["ok"]
    assert Operation.objects.get().key == "neutral"
    add = Submission(room.host, (types.TrackAdd(track_id="track-1"),), "add")
    with room.proves():
        assert codes(execute(room.id, [add])) == ["DUPLICATE_TRACK"]
    room.do(types.TrackRemove(id=item))
    with room.proves("track.added"):
        assert codes(execute(room.id, [add])) == ["ok"]


def test_a_key_with_another_payload_is_a_conflict_and_another_persons_key_is_theirs(room: Room, bob: Actor) -> None:
    (item,) = room.add("track-1")
    up = types.TrackVote(id=item, direction="up")
    room.do(up, key="k")
    with room.proves(), pytest.raises(DomainError) as refusal:
        room.do(types.TrackVote(id=item, direction="down"), key="k")
    assert refusal.value.code == "OP_CONFLICT"
    with room.proves("track.voted"):
        room.do(up, by=bob, key="k")


def test_rights_change_within_a_batch(room: Room, bob: Actor) -> None:
    results = execute(
        room.id,
        [
            Submission(bob, (types.TrackAdd(track_id="track-1"),)),
            Submission(room.host, (types.ParticipantRemove(user_id=id_of(bob), ban=True),)),
            Submission(bob, (types.TrackAdd(track_id="track-2"),)),
        ],
    )
    assert codes(results) == ["ok", "ok", "FORBIDDEN"]


def test_a_refused_removal_takes_no_membership_that_was_won_before_it(room: Room, charlie: Actor) -> None:
    joins = Submission(charlie, (types.TrackAdd(track_id="track-1"),))
    refused = Submission(room.host, (types.ParticipantRemove(user_id=id_of(room.host)),))
    assert codes(execute(room.id, [joins, refused])) == ["ok", "FORBIDDEN"]
    assert Participant.objects.filter(playlist=room.id, user=charlie.user_id).exists()


def test_a_refused_removal_leaves_the_rights_of_who_it_was_about(room: Room, bob: Actor) -> None:
    banned_and_more = (types.ParticipantRemove(user_id=id_of(bob), ban=True), types.TrackRemove(id=UUID(int=1)))
    add = Submission(bob, (types.TrackAdd(track_id="track-1"),))
    assert codes(execute(room.id, [Submission(room.host, banned_and_more), add])) == ["ITEM_NOT_FOUND", "ok"]


@pytest.mark.parametrize("first", [types.ParticipantJoin(), types.TrackAdd(track_id="track-2")])
def test_who_came_in_before_the_door_was_locked_is_in(room: Room, charlie: Actor, first: types.AnyCommand) -> None:
    """As one by one, so in one batch."""
    lock = Submission(room.host, (types.PlaylistUpdate(locked=True),))
    add = Submission(charlie, (types.TrackAdd(track_id="track-1"),))
    results = execute(room.id, [Submission(charlie, (first,)), lock, add])
    assert codes(results) == ["ok", "ok", "ok"]


def test_after_a_deletion_the_rest_of_the_batch_finds_nothing(room: Room, charlie: Actor) -> None:
    (item,) = room.add("track-1")
    results = execute(
        room.id,
        [
            Submission(charlie, (types.ParticipantJoin(),)),
            Submission(room.host, (types.TrackVote(id=item, direction="up"),), "v"),
            Submission(room.host, (types.PlaylistDelete(),), "d"),
            Submission(room.host, (types.TrackVote(id=item, direction="down"),)),
            Submission(room.host, (types.TrackAdd(track_id="track-2"),)),
            Submission(room.host, (types.ParticipantRemove(user_id=id_of(charlie)),)),
        ],
    )
    assert codes(results) == ["ok"] * 3 + ["PLAYLIST_NOT_FOUND"] * 3
    assert not Operation.objects.exists()


def queries(room: Room, submissions: list[Submission]) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert set(codes(execute(room.id, submissions))) == {"ok"}
    return len(captured)


def test_a_vote_costs_the_same_queries_whatever_the_queue_the_room_and_the_batch() -> None:
    """Guards the group commit: votes per second must not depend on how many vote."""
    track_ids = make_tracks(300)
    main = Room.main()
    (item,) = main.add(track_ids[0])
    alone = queries(main, votes_for(item, 1, keyed=True))
    main.add(*track_ids[1:])
    for number in range(50):
        person(f"P{number}")
    hundred = queries(main, votes_for(item, 100, keyed=True)[1:])
    assert hundred <= alone <= 16, (alone, hundred)
    for direction in ("down", "none"):
        again = [
            Submission(vote.actor, (types.TrackVote(id=item, direction=direction),)) for vote in votes_for(item, 100)
        ]
        assert queries(main, again) <= 16
    main.check()
    assert not Vote.objects.exists()


def test_a_full_batch_of_votes_by_new_people_is_one_commit(room: Room) -> None:
    (item,) = room.add("track-1")
    people = [person(f"P{number}") for number in range(128)]
    votes = [Submission(actor, (types.TrackVote(id=item, direction="up"),), f"k{actor.key}") for actor in people]
    with room.proves(*["track.voted"] * 128):
        assert set(codes(execute(room.id, votes))) == {"ok"}
    assert Participant.objects.filter(playlist=room.id).count() == 129


def test_constraints_hold_what_the_commands_check(room: Room) -> None:
    """The tables themselves refuse what must not be, whoever writes."""
    (item,) = room.add("track-1")
    room.do(types.TrackVote(id=item, direction="up"), key="k")
    room.do(types.PlaybackPlay())
    row = PlaylistTrack.objects.get()
    clones: list[Any] = [
        PlaylistTrack(**{**_fields(row), "id": UUID(int=1), "is_playing": False}),
        PlaylistTrack(**{**_fields(row), "id": UUID(int=2), "track_id": "track-2"}),
        Vote(item=row, actor_key=room.host.key, value=-1),
        Vote(item=row, actor_key="else", value=0),
    ]
    clones += [type(row)(**{**_fields(row), "id": None}) for row in (*Operation.objects.all(), *Event.objects.all())]
    clones.append(Participant(playlist=room.row, user_id=id_of(room.host)))
    for clone in clones:
        with pytest.raises(IntegrityError):
            clone.save(force_insert=True)


def _fields(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
