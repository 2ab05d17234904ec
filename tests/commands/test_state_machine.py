"""Any commands in any order: the old snapshot with the new events is always the fresh snapshot (Hypothesis)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, get_args
from uuid import UUID, uuid4

import hypothesis.strategies as st
import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec import UNSET

from playlist import library, types
from playlist.errors import DomainError
from playlist.identity import SYSTEM, Actor
from playlist.models import Operation, Participant, Playlist, Track
from playlist.present import saw
from playlist.selectors.past import past_at, present
from tests.fold import EMPTY, FRESH, apply_events
from tests.rooms import Room, id_of, make_tracks, person, without_stamp

TRACKS = [f"track-{number}" for number in range(1, 9)]

HOUR_MS = 3_600_000

#: What the server does behind the commands of a batch, where nothing is left to play.
REFILLS = ("track.removed", "track.added")

any_item = st.integers(0, 7)
any_person = st.integers(0, 3)
rights = st.fixed_dictionaries({}, optional=dict.fromkeys(types.GuestRights.__struct_fields__, st.booleans()))
rule_changes = st.builds(
    types.RulesChanges,
    guests=st.one_of(st.just(UNSET), st.builds(lambda given: types.GuestRightsChanges(**given), rights)),
    max_track_seconds=st.sampled_from([UNSET, None, 184]),
    repeat_after_minutes=st.sampled_from([UNSET, None, 1]),
    skip_share=st.sampled_from([UNSET, None, 0.34, 0.5, 1.0]),
    boosts_per_hour=st.sampled_from([UNSET, 0, 2]),
    fallback=st.sampled_from([UNSET, "off", "similar", "favorites", "library"]),
)
positions = st.one_of(st.sampled_from([0.0, 1.0, 2.0, -1.0, 1e9, -1e9]), st.floats(-1e9, 1e9))


class Queue(RuleBasedStateMachine):
    """Four people in one room; alice is its host. Refusals are welcome, as long as they change nothing."""

    @initialize()
    def open(self) -> None:
        make_tracks(len(TRACKS))
        self.room = Room.open()
        self.people = [self.room.host, *(person(name) for name in ("Bob", "Charlie", "Dora"))]
        self.state = self.room.snapshot()
        self.past = present(self.room.id)
        self.opened_at_ms = self.state["playback"]["server_time_ms"]
        self.clock = self.state["playback"]["clock"]
        self.first_host = self.state["playlist"]["host"]
        self.secret = ""
        self.removed: list[UUID] = []
        self.answers: dict[str, tuple[Actor, types.AnyCommand, bytes]] = {}

    def do(self, command: types.AnyCommand, who: int = 0) -> None:
        key = uuid4().hex
        actor = self.people[who]
        before = self.room.row.revision
        try:
            outcome = self.room.do(command, by=actor, key=key)
        except DomainError as refusal:
            assert refusal.code != "UNAVAILABLE"
            assert self.room.row.revision == before, "a refusal changes nothing"
        else:
            refilled = self.room.events(since=outcome.revision)
            assert not refilled or self.room.row.rules.fallback != "off"
            assert all(event["actor"] is None and event["type"] in REFILLS for event in refilled), refilled
            self.answers[key] = (actor, command, outcome.answer)

    def as_server(self, command: types.AnyCommand) -> None:
        self.room.do(command, by=SYSTEM)

    def an_item(self, number: int) -> UUID:
        items = self.room.items
        return items[number % len(items)].id if items else UUID(int=0)

    @rule(track=st.sampled_from(TRACKS), who=any_person, after=st.one_of(st.none(), any_item), at_end=st.booleans())
    def add(self, track: str, who: int, after: int | None, at_end: bool) -> None:
        if at_end:
            self.do(types.TrackAdd(track_id=track), who)
        else:
            self.do(types.TrackAdd(track_id=track, after=None if after is None else self.an_item(after)), who)

    @rule(tracks=st.lists(st.sampled_from(TRACKS), min_size=1), who=any_person, after=st.one_of(st.none(), any_item))
    def add_several(self, tracks: list[str], who: int, after: int | None) -> None:
        self.do(types.TracksAdd(track_ids=tracks, after=None if after is None else self.an_item(after)), who)

    @rule(number=any_item, who=any_person)
    def remove(self, number: int, who: int) -> None:
        item = self.an_item(number)
        self.do(types.TrackRemove(id=item), who)
        self.removed.append(item)

    @precondition(lambda self: self.removed)
    @rule(number=any_item, who=any_person)
    def restore(self, number: int, who: int) -> None:
        self.do(types.TrackRestore(id=self.removed[number % len(self.removed)]), who)

    @rule(share=st.floats(0, 1), who=any_person)
    def bring_back(self, share: float, who: int) -> None:
        """What was still to play at some revision, is, but for what was heard since."""
        then = int(share * self.room.row.revision)
        was = past_at(self.room.id, then)
        self.do(types.PlaylistRestore(revision=then), who)
        if self.people[who] == self.room.host:
            now = past_at(self.room.id, self.room.row.revision)
            waiting = {item.id for item in now.snapshot.items if item.played_at is None}
            wanted = {item.id for item in was.snapshot.items if item.played_at is None}
            assert waiting <= wanted
            assert all(now.keys[item_id] == was.keys[item_id] for item_id in waiting)

    @rule(back=st.lists(st.integers(0, 40), min_size=1, max_size=8), who=any_person)
    def undo(self, back: list[int], who: int) -> None:
        self.do(types.LogUndo(revisions=[max(0, self.room.row.revision - each) for each in back]), who)

    @rule(back=st.integers(1, 40), who=any_person, whose=any_person)
    def undo_a_person(self, back: int, who: int, whose: int) -> None:
        since = max(0, self.room.row.revision - back)
        self.do(types.LogUndo(person_id=id_of(self.people[whose]), since_revision=since), who)

    @rule(number=any_item, after=st.one_of(st.none(), any_item), who=any_person)
    def move_after(self, number: int, after: int | None, who: int) -> None:
        place = None if after is None else self.an_item(after)
        self.do(types.TrackMove(id=self.an_item(number), after=place), who)

    @rule(number=any_item, position=positions, who=any_person)
    def move_to(self, number: int, position: float, who: int) -> None:
        self.do(types.TrackMove(id=self.an_item(number), position=position), who)

    @rule(number=any_item, who=any_person, direction=st.sampled_from(["up", "down", "none"]))
    def vote(self, number: int, who: int, direction: types.Direction) -> None:
        self.do(types.TrackVote(id=self.an_item(number), direction=direction), who)

    @rule(track=st.sampled_from(TRACKS), who=any_person, is_artist=st.booleans(), blocked=st.booleans())
    def block(self, track: str, who: int, is_artist: bool, blocked: bool) -> None:
        if is_artist:
            artist = Track.objects.values_list("artist", flat=True).get(pk=track)
            self.do(types.BlockedSet(kind="artists", id=artist, blocked=blocked), who)
        else:
            self.do(types.BlockedSet(kind="tracks", id=track, blocked=blocked), who)

    @rule(number=any_item, who=any_person)
    def boost(self, number: int, who: int) -> None:
        self.do(types.TrackBoost(id=self.an_item(number)), who)

    @rule(number=st.one_of(st.none(), any_item), who=any_person)
    def play(self, number: int | None, who: int) -> None:
        self.do(types.PlaybackPlay(item_id=None if number is None else self.an_item(number)), who)

    @rule(who=any_person)
    def pause(self, who: int) -> None:
        self.do(types.PlaybackPause(), who)

    @rule(who=any_person)
    def next(self, who: int) -> None:
        self.do(types.PlaybackNext(), who)

    @rule(who=any_person)
    def previous(self, who: int) -> None:
        self.do(types.PlaybackPrevious(), who)

    @rule(seconds=st.floats(0, 200), who=any_person)
    def seek(self, seconds: float, who: int) -> None:
        self.do(types.PlaybackSeek(position_seconds=seconds), who)

    @rule(here=st.sets(any_person), who=any_person, want=st.booleans(), missed=st.booleans())
    def want_skip(self, here: set[int], who: int, want: bool, missed: bool) -> None:
        """A vote to skip what is current, or what no longer is; it skips exactly when it is enough."""
        saw(self.room.id, [id_of(self.people[each]) for each in here])
        current = next((item.id for item in self.room.items if item.is_playing), UUID(int=0))
        before = self.room.row.revision
        self.do(types.PlaybackSkip(item_id=UUID(int=0) if missed else current, want=want), who)
        told = [event for event in self.room.events(since=before) if event["type"].startswith(("playback.", "track.p"))]
        votes = [event for event in told if event["type"] == "playback.skip_voted"]
        for vote in votes:
            skipped = any(event["type"] == "track.playing" for event in told)
            assert skipped == (want and vote["votes"] >= vote["needed"]), (vote, told)

    @rule(is_over=st.booleans())
    def end(self, is_over: bool) -> None:
        """The conductor's look: what is over is followed by the next item, and what is not plays on."""
        row = self.room.row
        current = next((item.id for item in self.room.items if item.is_playing), UUID(int=0))
        began, before = row.playback_started_at_ms or 0, row.revision
        if is_over:
            began -= HOUR_MS
            Playlist.objects.filter(pk=row.pk, playback_state="playing").update(playback_started_at_ms=began)
        self.as_server(types.PlaybackEnded(item_id=current, started_at_ms=began))
        assert (self.room.row.revision > before) == (is_over and row.playback_state == "playing")

    @rule()
    def wake(self) -> None:
        self.as_server(types.PlaybackWake())

    @rule(volume=st.integers(0, 100), who=any_person)
    def volume(self, volume: int, who: int) -> None:
        self.do(types.PlaybackVolume(volume=volume), who)

    @rule(
        changes=st.fixed_dictionaries(
            {},
            optional={
                "order": st.sampled_from(["manual", "votes", "fair"]),
                "policy": st.sampled_from(["open", "hosted"]),
                "rules": rule_changes,
                "locked": st.booleans(),
                "max_queued_per_person": st.sampled_from([None, 1, 3]),
                "name": st.sampled_from(["One", "Two"]),
            },
        ),
        who=any_person,
    )
    def update(self, changes: dict[str, Any], who: int) -> None:
        self.do(types.PlaylistUpdate(**changes), who)

    @rule(who=any_person, ban=st.booleans(), items=st.booleans())
    def remove_person(self, who: int, ban: bool, items: bool) -> None:
        user_id = id_of(self.people[who])
        self.do(types.ParticipantRemove(user_id=user_id, ban=ban, remove_items=items))

    @rule(who=any_person, whom=any_person, role=st.sampled_from(get_args(types.Role)))
    def give_a_role(self, who: int, whom: int, role: types.Role) -> None:
        self.do(types.ParticipantUpdate(user_id=id_of(self.people[whom]), role=role), who)

    @rule(who=any_person)
    def make_a_wall_link(self, who: int) -> None:
        """Without a key, as the host link."""
        with suppress(DomainError):
            self.room.do(types.DisplayLinkRenew(), by=self.people[who])

    @rule(who=any_person)
    def make_a_host_link(self, who: int) -> None:
        """Without a key, as REST does it: no secret is remembered."""
        with suppress(DomainError):
            self.secret = self.room.answer(types.HostLinkRenew(), by=self.people[who])["secret"]

    @rule(who=any_person)
    def claim(self, who: int) -> None:
        self.do(types.HostClaim(secret=self.secret), who)

    @rule(who=any_person)
    def join(self, who: int) -> None:
        self.do(types.ParticipantJoin(), who)

    @rule(track=st.sampled_from(TRACKS), title=st.sampled_from(["A", "B"]))
    def edit_track(self, track: str, title: str) -> None:
        try:
            library.track_update(track, types.TrackChanges(title=title))
        except DomainError as refusal:
            assert refusal.code == "TRACK_NOT_FOUND"

    @rule(track=st.sampled_from(TRACKS))
    def delete_track_and_bring_it_back(self, track: str) -> None:
        library.track_delete(track)
        make_tracks(len(TRACKS))

    @precondition(lambda self: self.answers)
    @rule(number=any_item)
    def repeat(self, number: int) -> None:
        """A key that comes back gets its answer, unless its owner was put out since; and it changes nothing."""
        key = list(self.answers)[number % len(self.answers)]
        actor, command, answer = self.answers[key]
        before = self.room.row.revision
        is_banned = Participant.objects.filter(
            playlist=self.room.id, user=actor.user_id, banned_at__isnull=False
        ).exists()
        try:
            assert self.room.do(command, by=actor, key=key).answer == answer
        except DomainError as refusal:
            assert (refusal.code, is_banned) == ("FORBIDDEN", True)
        else:
            assert not is_banned
        assert self.room.row.revision == before

    @invariant()
    def the_log_tells_all(self) -> None:
        if not hasattr(self, "room"):
            return
        fresh = self.room.snapshot()
        events = self.room.events(since=self.state["revision"])
        assert without_stamp(apply_events(self.state, events)) == without_stamp(fresh)
        self.state = fresh
        self.room.check()

    def teardown(self) -> None:
        if hasattr(self, "room"):
            playback = {**EMPTY["playback"], "server_time_ms": self.opened_at_ms, "clock": self.clock}
            playlist = {**self.state["playlist"], **FRESH, "host": self.first_host}
            whole = apply_events(EMPTY | {"playback": playback, "playlist": playlist}, self.room.events())
            assert without_stamp(whole) == without_stamp(self.state)
            assert self.room.after(self.past) == present(self.room.id)
            assert Operation.objects.filter(playlist=self.room.id).count() == len(self.answers)
            self.room.row.delete()
        connection.close()


@pytest.mark.parametrize("examples", [25, pytest.param(400, marks=pytest.mark.long)])
def test_any_commands_in_any_order(examples: int) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Queue,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=examples == 25,
            print_blob=True,
        ),
    )
