"""A room for tests: alice is its host, bob is in it, charlie is a stranger, and nobody knows dora's name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.db.models import Sum
from django.db.models.functions import Coalesce

from playlist import accounts, library, types
from playlist.commands.playlists import playlist_create
from playlist.errors import DomainError
from playlist.identity import Actor, address_actor, user_actor
from playlist.models import MAIN_SLUG, Event, Playlist, PlaylistTrack
from playlist.past import PastFolding
from playlist.selectors.items import items_of
from playlist.selectors.past import lines, present
from playlist.selectors.snapshot import snapshot
from playlist.submissions import Outcome, Submission
from playlist.writer import get_writer
from tests.fold import State, apply_events


def make_tracks(count: int, prefix: str = "track") -> list[str]:
    """A library of tracks with ids `track-1`…; the first, fourth, seventh… are by the same artist."""
    entries = [
        (
            f"{prefix}-{number}",
            types.NewTrack(
                title=f"Song {number}",
                artist=f"Artist {number % 3}",
                album=f"Album {number % 5}",
                genre="Rock" if number % 2 else "Jazz",
                duration_seconds=180 + number,
            ),
        )
        for number in range(1, count + 1)
    ]
    library.tracks_import(entries)
    return [track_id for track_id, _ in entries]


def person(name: str) -> Actor:
    return user_actor(accounts.guest_create(name))


def id_of(actor: Actor) -> int:
    """The id of somebody with an identity."""
    assert actor.user_id is not None
    return actor.user_id


DORA = address_actor("203.0.113.7")


class Room:
    """A playlist with people in it, and a way to act in it and to look at it."""

    def __init__(self, playlist: Playlist, host: Actor) -> None:
        self.id = playlist.pk
        self.slug = playlist.slug
        self.host = host

    @classmethod
    def open(cls, **settings: Any) -> Room:
        alice = accounts.guest_create("Alice")
        fields = {"name": "The room", "visibility": "public", **settings}
        return cls(playlist_create(alice, types.NewPlaylist(**fields)), user_actor(alice))

    @classmethod
    def main(cls) -> Room:
        return cls(Playlist.objects.get(slug=MAIN_SLUG), DORA)

    @property
    def row(self) -> Playlist:
        return Playlist.objects.get(pk=self.id)

    @property
    def items(self) -> list[types.Item]:
        """As they stand, in playing order."""
        return items_of(self.row)

    @property
    def track_ids(self) -> list[str]:
        return [item.track_id for item in self.items]

    @property
    def playing(self) -> str | None:
        """The id of the track that is current."""
        return next((item.track_id for item in self.items if item.is_playing), None)

    def item(self, track_id: str) -> types.Item:
        (found,) = [item for item in self.items if item.track_id == track_id]
        return found

    def do(self, *commands: types.AnyCommand, by: Actor | None = None, key: str | None = None) -> Outcome:
        """Submit, and wait. Raises the refusal."""
        return get_writer().submit_and_wait(self.id, Submission(by or self.host, commands, key))

    def answer(self, *commands: types.AnyCommand, by: Actor | None = None, key: str | None = None) -> Any:
        return msgspec.json.decode(self.do(*commands, by=by, key=key).answer)

    def add(self, *track_ids: str, by: Actor | None = None) -> list[UUID]:
        return [UUID(self.answer(types.TrackAdd(track_id=track_id), by=by)["id"]) for track_id in track_ids]

    def snapshot(self) -> State:
        """What a client that connects now is told, as plain JSON."""
        whole = snapshot(self.id)
        decoded: State = msgspec.json.decode(msgspec.json.encode(whole))
        return decoded

    def events(self, since: int = 0) -> list[dict[str, Any]]:
        bodies = Event.objects.filter(playlist=self.id, revision__gt=since).order_by("revision")
        return [msgspec.json.decode(body) for body in bodies.values_list("body", flat=True)]

    @contextmanager
    def proves(self, *expected: str, differs: bool | None = None) -> Iterator[None]:
        """What happens inside is told by events: the state before, with them, is the state after.

        `expected`: the types of these events. Without any, nothing may change; with some, something must, unless
        `differs` says that they cancel out.
        """
        before, past = self.snapshot(), present(self.id)
        yield
        after = self.snapshot()
        events = self.events(since=before["revision"])
        assert tuple(event["type"] for event in events) == expected
        folded = apply_events(before, events)
        assert without_stamp(folded) == without_stamp(after)
        assert self.after(past) == present(self.id), "the log tells who voted and who added"
        unmoved = {**after, "revision": 0, "playlist": {**after["playlist"], "revision": 0}}
        was = {**before, "revision": 0, "playlist": {**before["playlist"], "revision": 0}}
        assert (without_stamp(unmoved) != without_stamp(was)) == (bool(expected) if differs is None else differs)
        self.check()

    def after(self, past: types.Past) -> types.Past:
        """A past as the log leads on from there."""
        folding = PastFolding(past)
        for line in lines(self.id, folding.revision, self.row.revision):
            folding.follow(line)
        return folding.past()

    def check(self) -> None:
        """What must hold at any time: a log without holes, votes that are their sum, places that are distinct."""
        row = self.row
        revisions = list(Event.objects.filter(playlist=row).order_by("revision").values_list("revision", flat=True))
        assert revisions == list(range(1, row.revision + 1)), (row.revision, revisions[-3:], len(revisions))
        if revisions:
            assert Event.objects.get(playlist=row, revision=row.revision).stamp == row.stamp
        items = PlaylistTrack.objects.filter(playlist=row)
        assert sum(item.is_playing for item in items) <= 1
        assert (row.playback_state == "stopped") == (not any(item.is_playing for item in items))
        assert len({item.position for item in items}) == len(items)
        assert len({item.track_id for item in items}) == len(items)
        for item in items.annotate(sum_of_votes=Coalesce(Sum("vote_rows__value"), 0)):
            assert item.votes == item.sum_of_votes


def without_stamp(state: State) -> State:
    return {name: value for name, value in state.items() if name != "stamp"}


def refused(room: Room, command: types.AnyCommand, by: Actor | None = None) -> DomainError:
    """The refusal of a command, which changes nothing."""
    with room.proves(), pytest.raises(DomainError) as refusal:
        room.do(command, by=by)
    return refusal.value
