"""Fair order: everybody plays in turn, and whatever is done about it is told by the log."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from playlist import types
from playlist.errors import DomainError
from playlist.identity import SYSTEM, Actor, adder_of
from playlist.models import Playlist, PlaylistTrack
from playlist.selectors.queue import queue_explained
from tests.api.client import Api
from tests.rooms import DORA, Room, id_of, person

pytestmark = pytest.mark.usefixtures("tracks")


@pytest.fixture
def fair(room: Room) -> Room:
    room.do(types.PlaylistUpdate(order="fair"))
    return room


def turns(room: Room) -> tuple[int, dict[str | None, int]]:
    """The running round, and the next turns of those for whom that is a later one."""
    told = room.snapshot()["playlist"]["fair"]
    return told["round"], told["turns"]


def refusal(room: Room, command: types.AnyCommand, by: Actor | None = None) -> tuple[str, dict[str, object]]:
    with room.proves(), pytest.raises(DomainError) as refused:
        room.do(command, by=by)
    return refused.value.code, refused.value.details


def test_a_room_enters_fair_order_and_leaves_it(room: Room, bob: Actor) -> None:
    room.add("track-1", "track-2")
    room.add("track-3", by=bob)
    with room.proves("playlist.updated"):
        answer = room.answer(types.PlaylistUpdate(order="fair", name="In turn"))
    assert answer["fair"] == {"round": 0, "turns": {}} == room.events()[-1]["playlist"]["fair"]
    assert room.track_ids == ["track-1", "track-3", "track-2"]
    with room.proves("track.playing"):
        room.do(types.PlaybackPlay())
    assert turns(room) == (0, {adder_of(room.id, room.host.key): 1})
    with room.proves("playlist.updated"):
        assert room.answer(types.PlaylistUpdate(order="fair", name="Still in turn"))["fair"]["turns"] != {}
    with room.proves("playlist.updated"):
        assert room.answer(types.PlaylistUpdate(order="votes"))["fair"] is None
    assert room.events()[-1]["playlist"] == {"order": "votes", "fair": None}
    with room.proves("playlist.updated"):
        room.do(types.PlaylistUpdate(order="fair"))
    assert turns(room) == (0, {})
    assert Room.open(order="fair").snapshot()["playlist"]["fair"] == {"round": 0, "turns": {}}


def test_a_refused_submission_leaves_the_turns_as_they_were(fair: Room) -> None:
    fair.add("track-1")
    with fair.proves(), pytest.raises(DomainError):
        fair.do(types.PlaybackPlay(), types.PlaylistUpdate(order="manual"), types.TrackRemove(id=UUID(int=9)))
    assert turns(fair) == (0, {})


def test_nobody_waits_behind_one_persons_many_songs(fair: Room, bob: Actor, charlie: Actor) -> None:
    fair.add(*(f"track-{number}" for number in range(1, 7)))
    fair.do(types.PlaybackPlay())
    fair.add("track-7", "track-8", by=bob)
    fair.do(types.PlaybackNext())
    fair.add("track-9", by=charlie)
    heard = [fair.playing]
    for _ in range(7):
        with fair.proves("track.playing"):
            fair.do(types.PlaybackNext())
        heard.append(fair.playing)
    assert heard == ["track-7", "track-9", "track-2", "track-8", "track-3", "track-4", "track-5", "track-6"]


def test_what_the_server_added_has_no_turn_and_gives_way(room: Room, bob: Actor) -> None:
    """In every order, and its place is behind what people add, for clients that look at positions."""
    (servers,) = room.add("track-1", by=SYSTEM)
    PlaylistTrack.objects.filter(pk=servers).update(because_json='{"kind":"library"}')
    room.add("track-2", by=bob)
    room.do(types.TracksAdd(track_ids=["track-3", "track-4"]))
    by_position = sorted(room.items, key=lambda item: item.position)
    assert [item.track_id for item in by_position] == ["track-2", "track-3", "track-4", "track-1"]
    room.do(types.TrackVote(id=servers, direction="up"))
    for order in ("manual", "votes", "fair"):
        room.do(types.PlaylistUpdate(order=order))
        assert room.track_ids[-1] == "track-1", order
    room.do(types.PlaybackPlay(item_id=servers))
    assert turns(room) == (0, {})
    assert room.track_ids == ["track-1", "track-2", "track-3", "track-4"]


def test_ones_own_songs_change_places(fair: Room, bob: Actor) -> None:
    first, second = fair.add("track-1", "track-2", by=bob)
    (alices,) = fair.add("track-3")
    (third,) = fair.add("track-4", by=bob)
    with fair.proves("track.moved", "track.moved", "track.moved"):
        answer = fair.answer(types.TrackMove(id=third, after=None), by=bob)
    assert (answer["id"], answer["position"]) == (str(third), 1.0)
    assert fair.track_ids == ["track-4", "track-3", "track-1", "track-2"]
    with fair.proves("track.moved", "track.moved"):
        fair.do(types.TrackMove(id=third, after=first), by=bob)
    with fair.proves("track.moved", "track.moved"):
        fair.do(types.TrackMove(id=first, position=3.5), by=bob)
    with fair.proves():
        fair.do(types.TrackMove(id=first, after=third), by=bob)
        fair.do(types.TrackMove(id=second, position=1e9), by=bob)
    assert fair.track_ids == ["track-4", "track-3", "track-1", "track-2"]
    assert fair.item("track-3").position == 3.0
    fair.do(types.PlaybackPlay())
    with fair.proves("track.moved", "track.moved"):
        fair.do(types.TrackMove(id=second, after=third), by=bob)  # behind one's own that plays: in front
    (*_, last) = fair.track_ids
    assert (last, alices in {item.id for item in fair.items}) == ("track-1", True)


def test_songs_that_exchanged_their_places_get_exactly_those_back(fair: Room, bob: Actor) -> None:
    """So that what was done with them before can be undone behind that, at once or one after the other."""
    first, _, last = fair.add("track-1", "track-2", "track-3", by=bob)
    revisions, queues = [fair.row.revision], [fair.snapshot()["items"]]
    for moved in (last, first):
        fair.do(types.TrackMove(id=moved, after=None), by=bob)
        revisions.append(fair.row.revision)
        queues.append(fair.snapshot()["items"])
    start, between, end = revisions
    with fair.proves(*["track.moved"] * (end - start)):
        fair.do(types.LogUndo(person_id=id_of(bob), since_revision=start))
    assert fair.snapshot()["items"] == queues[0]
    fair.do(types.LogUndo(revisions=[*range(end + 1, fair.row.revision + 1)]))
    assert fair.snapshot()["items"] == queues[2]
    fair.do(types.LogUndo(revisions=[*range(between + 1, end + 1)]), by=bob)
    assert fair.snapshot()["items"] == queues[1]
    fair.do(types.LogUndo(revisions=[*range(start + 1, between + 1)]), by=bob)
    assert fair.snapshot()["items"] == queues[0]


@pytest.mark.parametrize("policy", ["open", "hosted"])
def test_other_peoples_songs_stay_where_they_are(fair: Room, bob: Actor, policy: types.Preset) -> None:
    """Whatever the room allows, and for the host as well: nobody gets a place by anything but a turn."""
    fair.do(types.PlaylistUpdate(policy=policy))
    alices, _ = fair.add("track-1", "track-2")
    bobs, _ = fair.add("track-3", "track-4", by=bob)
    conflict = ("CONFLICT", {"order": "fair"})
    assert refusal(fair, types.TrackMove(id=alices, after=None), bob) == conflict
    assert refusal(fair, types.TrackMove(id=bobs, after=None)) == conflict
    assert refusal(fair, types.TrackMove(id=bobs, after=alices), bob) == conflict
    assert refusal(fair, types.TrackMove(id=bobs, after=UUID(int=1)), bob) == conflict
    assert refusal(fair, types.TrackAdd(track_id="track-5", after=bobs), bob) == conflict
    assert refusal(fair, types.TracksAdd(track_ids=["track-5"], after=None)) == conflict
    fair.do(types.PlaybackPlay(item_id=bobs))
    assert refusal(fair, types.TrackMove(id=bobs, after=None), bob) == conflict  # it waits no more


def test_guests_of_a_hosted_room_move_nothing_in_other_orders(room: Room, bob: Actor) -> None:
    room.do(types.PlaylistUpdate(policy="hosted"))
    bobs, _ = room.add("track-1", "track-2", by=bob)
    assert refusal(room, types.TrackMove(id=bobs, position=9), bob)[0] == "FORBIDDEN"
    assert refusal(room, types.TrackAdd(track_id="track-3", after=bobs), bob)[0] == "FORBIDDEN"


def test_removing_the_playing_song_takes_the_next_ones_turn_too(fair: Room, bob: Actor) -> None:
    playing, _ = fair.add("track-1", "track-2")
    fair.add("track-3", by=bob)
    fair.do(types.PlaybackPlay())
    with fair.proves("track.playing", "track.removed"):
        fair.do(types.TrackRemove(id=playing))
    mine, his = adder_of(fair.id, fair.host.key), adder_of(fair.id, bob.key)
    assert (fair.playing, turns(fair)) == ("track-3", (0, {mine: 1, his: 1}))


def test_the_queue_tells_when_and_why(fair: Room, bob: Actor, django_assert_num_queries: Any) -> None:
    fair.add("track-1", "track-2", "track-3")
    fair.add("track-4", by=bob)
    fair.do(types.TrackVote(id=fair.item("track-4").id, direction="up"))
    stopped = Api().get(f"playlists/{fair.slug}/queue").json
    assert [(each["plays_at_ms"], each["round"]) for each in stopped] == [(None, 0), (None, 0), (None, 1), (None, 2)]
    fair.do(types.PlaybackPlay(item_id=fair.item("track-1").id))
    told = Api().get(f"playlists/{fair.slug}/queue/").json
    ends_at_ms = fair.snapshot()["playback"]["started_at_ms"] + fair.item("track-1").track.duration_ms
    assert told[0] == {
        "item_id": str(fair.item("track-4").id),
        "plays_at_ms": ends_at_ms,
        "round": 0,
        "because": [{"kind": "turn", "round": 0, "ahead": 0}],
    }
    assert [each["because"] for each in told[1:]] == [
        [{"kind": "turn", "round": 1, "ahead": 1}],
        [{"kind": "turn", "round": 2, "ahead": 2}],
    ]
    with django_assert_num_queries(5):  # the beginning and the end of the read among them, however many songs
        queue_explained(fair.row)
    private = Room.open(visibility="unlisted")
    assert Api().get(f"playlists/{private.slug}/queue").code == "AUTH_REQUIRED"


def test_callers_of_one_address_without_identity_share_their_turns() -> None:
    main = Room.main()
    Playlist.objects.filter(pk=main.id).update(order="fair", fair_json='{"round":0,"turns":{}}')
    anna = person("Anna")
    main.add("track-1", "track-2", by=DORA)
    main.add("track-3", by=anna)
    main.do(types.PlaybackPlay())
    assert main.track_ids == ["track-1", "track-3", "track-2"]
    assert turns(main)[1] == {adder_of(main.id, DORA.key): 1}
