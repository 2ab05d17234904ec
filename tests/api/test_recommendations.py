"""Songs that would fit a room, each with a reason that names nobody."""

from __future__ import annotations

import pytest
from django.utils import timezone

from playlist import library, present, types
from playlist.favorites import favorite_add
from playlist.identity import Actor
from playlist.models import Play, Playlist, Track, User
from playlist.selectors.recommendations import Found, recommendations, spread, varied
from tests.api.client import Api
from tests.rooms import Room, id_of

SONGS = [
    # id, title, artist, album, genre
    ("seed", "Seed", "Nina", "Live", "Jazz"),
    ("album", "Beside it", "Somebody", "Live", ""),
    ("artist", "By her", "Nina", "Studio", "Soul"),
    ("genre", "Like it", "Others", "Else", "jazz"),
    ("beside", "Played after it", "Far", "Away", "Polka"),
    ("liked", "Liked by both", "Nobody", "Known", "Noise"),
    ("stranger", "Nothing in common", "X", "Y", "Z"),
]


def reasons(room: Room, limit: int = 20) -> dict[str, types.RecommendationReason]:
    here = present.people_in(room.id)
    found = recommendations(room.row, here, timezone.now(), limit)
    return {one.track.id: one.because for one in found}


@pytest.fixture
def room() -> Room:
    told = [
        (id_, types.NewTrack(title=title, artist=artist, album=album, genre=genre, duration_seconds=200))
        for id_, title, artist, album, genre in SONGS
    ]
    library.tracks_import(told)
    return Room.open()


def test_each_reason_finds_its_song_and_nothing_else_does(room: Room, bob: Actor) -> None:
    live = Track.objects.get(pk="seed").album
    Track.objects.filter(pk="album").update(album=live)
    other = Room.open()
    other.add("seed", "beside")
    other.do(types.PlaybackPlay())
    other.do(types.PlaybackNext())
    room.add("seed")
    for person in (room.host, bob):
        favorite_add(User.objects.get(pk=id_of(person)), "liked")

    of_seed: dict[str, types.RecommendationKind] = {
        "beside": "played_together",
        "album": "same_album",
        "artist": "same_artist",
        "genre": "same_genre",
    }
    wanted = {id_: types.RecommendationReason(kind=kind, track_id="seed") for id_, kind in of_seed.items()}
    assert reasons(room) == wanted
    present.saw(room.id, [id_of(bob)])
    assert reasons(room) == wanted, "one person's favourites would be named by being the only ones"
    present.saw(room.id, [id_of(bob), id_of(room.host)])
    assert reasons(room) == {**wanted, "liked": types.RecommendationReason(kind="favorite")}
    present.forget(room.id)

    room.add("artist", "beside")
    room.do(types.PlaybackPlay(item_id=room.item("artist").id))
    room.do(types.PlaybackNext())
    assert not {"artist", "beside", "seed"} & set(reasons(room)), "what was played stands in the queue, too"


def test_what_cannot_be_heard_is_not_recommended(room: Room) -> None:
    room.add("seed")
    assert set(reasons(room)) == {"artist", "genre"}
    Track.objects.filter(pk__in=["artist", "stranger"]).update(audio_url="/media/audio/x")
    assert set(reasons(room)) == {"artist"}, "where anything sounds, only what sounds"
    Track.objects.filter(pk="artist").update(missing_since=timezone.now())
    assert reasons(room) == {}


def test_what_the_server_added_itself_is_no_sign_of_taste(room: Room) -> None:
    room.add("seed")
    main = Playlist.objects.get(slug="main")
    played = {"playlist": main, "item_id": room.item("seed").id, "track_json": "{}", "played_at": timezone.now()}
    for track_id, added_by in (("seed", "Anna"), ("stranger", ""), ("beside", "Anna")):
        Play.objects.create(track_id=track_id, added_by=added_by, **played)
    assert reasons(room)["beside"].kind == "played_together"
    assert "stranger" not in reasons(room)


def test_over_rest(api: Api, room: Room) -> None:
    room.add("seed")
    path = f"playlists/{room.slug}/recommendations"
    answer = api.get(path)
    assert answer.status == 200
    assert {one["track"]["id"] for one in answer.json} == {"artist", "genre"}
    assert answer.json == api.get(f"{path}/?limit=50").json, "the same until the next song starts"
    assert {tuple(sorted(one["because"])) for one in answer.json} == {("kind", "track_id")}
    assert len(api.get(f"{path}?limit=1").json) == 1
    for limit in ("0", "x", "-1"):
        assert api.get(f"{path}?limit={limit}").code == "VALIDATION_ERROR"
    assert api.get("playlists/nowhere/recommendations").code == "PLAYLIST_NOT_FOUND"
    assert api.get("playlists/main/recommendations").json == [], "nothing to start from"


@pytest.mark.pure
def test_reasons_take_turns_and_so_do_artists() -> None:
    by_artist = [Found(id_, "same_artist", "s") for id_ in ("a1", "a2", "a3", "b1")]
    liked = [Found(id_, "favorite") for id_ in ("a2", "c1")]
    found = list(varied([by_artist, [], liked]))
    assert [one.track_id for one in found] == ["a1", "a2", "a3", "c1", "b1"]
    assert [one.kind for one in found if one.track_id == "a2"] == ["favorite"]
    artists = {"a1": 1, "a2": 1, "a3": 1, "b1": 2, "c1": 3}
    assert [one.track_id for one in spread(found, artists)] == ["a1", "a2", "c1", "b1", "a3"]
