"""A library before and after its owner moved, renamed, retagged, converted, deleted and copied files."""

from __future__ import annotations

import random
import uuid

import pytest
from msgspec.structs import replace

from music.identity import Mark, is_copy, is_still, mark, matches

pytestmark = pytest.mark.pure

SONGS = 2200


def _library(chance: random.Random) -> list[Mark]:
    """Albums of eleven songs; half of them with MusicBrainz ids."""
    return [
        mark(
            f"song {number}",
            fingerprint=f"{chance.getrandbits(128):032x}",
            mb_recording=str(uuid.UUID(int=chance.getrandbits(128))) if number % 2 else "",
            title=f"Song {number % 700}",  # three albums share each title
            artist=f"Artist {number // 33}",
            album=f"Album {number // 11}",
            track_number=number % 11 + 1,
            duration_ms=chance.randrange(120_000, 400_000),
        )
        for number in range(SONGS)
    ]


def _retagged(song: Mark) -> Mark:
    return replace(song, title=song.title + " (remaster)", artist="the " + song.artist)


def _converted(song: Mark, chance: random.Random) -> Mark:
    """The same song by another encoder, which adds some milliseconds."""
    return replace(
        song, fingerprint=f"{chance.getrandbits(128):032x}", duration_ms=song.duration_ms + chance.randrange(-30, 30)
    )


@pytest.mark.parametrize("seed", range(5))
def test_of_950_changed_files_at_least_949_are_found_again_and_none_is_taken_by_a_stranger(seed: int) -> None:
    chance = random.Random(seed)
    library = _library(chance)
    gone = chance.sample(library, 1000)
    moved, retagged, converted, deleted = gone[:450], gone[450:850], gone[850:950], gone[950:]
    kept = (
        moved
        + [_retagged(song) if number % 2 else replace(song, mb_recording="") for number, song in enumerate(retagged)]
        + [_converted(song, chance) for song in converted]
    )
    strangers = [
        replace(_converted(song, chance), key=f"stranger {number}", mb_recording="", artist="somebody else")
        for number, song in enumerate(chance.sample(gone, 50))
    ]
    copies = [replace(song, key=f"copy of {song.key}") for song in chance.sample(moved, 50)]
    new = kept + strangers + copies
    chance.shuffle(new)

    found = matches(gone, new)

    right = [before for before, after in found if str(after.key).removeprefix("copy of ") == before.key]
    assert len(right) >= 949
    wrong = [(before, after) for before, after in found if str(after.key).removeprefix("copy of ") != before.key]
    assert wrong == []
    assert not {song.key for song in deleted} & {before.key for before, _ in found}
    assert len({after.key for _, after in found}) == len(found)


def test_each_step_pairs_only_what_fits_exactly_one() -> None:
    song = mark("gone", title="Help!", artist="The Beatles", duration_ms=140_000)
    live = replace(song, key="live", duration_ms=144_000)
    assert matches([song], [live]) == []

    again, once_more = replace(song, key="1", duration_ms=141_000), replace(song, key="2", duration_ms=139_000)
    assert matches([song], [again, once_more]) == []
    assert matches([again, once_more], [song]) == []
    assert matches([song], [again]) == [(song, again)]


def test_a_new_file_that_two_missing_ones_fit_goes_to_neither_although_one_of_them_fits_only_that() -> None:
    early = mark("early", title="a", artist="b", duration_ms=10_000)
    late = replace(early, key="late", duration_ms=15_000)
    between, far = replace(early, key="between", duration_ms=12_500), replace(early, key="far", duration_ms=17_500)
    assert matches([early, late], [between, far]) == []


def test_the_surest_mark_goes_first() -> None:
    gone = mark("gone", fingerprint="f", title="a", artist="b", duration_ms=1000)
    same_sound = mark("sound", fingerprint="f", title="c", artist="d", duration_ms=1000)
    same_name = mark("name", fingerprint="g", title="a", artist="b", duration_ms=1000)
    assert matches([gone], [same_name, same_sound]) == [(gone, same_sound)]


def test_copies_of_one_song_come_back_in_any_order() -> None:
    one, two = (mark(key, fingerprint="f", title="a", artist="b", duration_ms=1000) for key in "12")
    back = [replace(one, key="3"), replace(one, key="4")]
    assert {after.key for _, after in matches([one, two], back)} == {"3", "4"}


@pytest.mark.parametrize("artist", ["", "Unknown artist"])
def test_a_name_without_an_artist_is_no_name(artist: str) -> None:
    gone = mark("gone", title="01", artist=artist, duration_ms=1000)
    assert matches([gone], [replace(gone, key="new")]) == []
    assert not is_still(gone, gone)


def test_a_changed_file_is_the_song_it_was_by_its_sound_or_its_names() -> None:
    before = mark("x", fingerprint="f", title="Café", artist="b", duration_ms=1000)
    assert is_still(before, replace(before, title="other"))
    assert is_still(before, mark("x", fingerprint="g", title="CAFE", artist="B", duration_ms=9000))
    assert not is_still(before, mark("x", fingerprint="g", title="other", artist="b"))
    assert not is_still(mark("x"), mark("x"))


def test_two_files_of_one_sound_are_one_track_unless_people_named_them_apart() -> None:
    song = mark("a", fingerprint="f", title="a", artist="b")
    assert is_copy(song, replace(song, key="b", album="the best of b"))
    assert is_copy(song, mark("b", fingerprint="f", title="track 1"))
    assert not is_copy(song, replace(song, title="a (live)"))
    assert not is_copy(song, replace(song, fingerprint="g"))
    assert not is_copy(replace(song, fingerprint=""), replace(song, fingerprint=""))
