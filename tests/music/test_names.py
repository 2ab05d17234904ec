"""What files without tags are called."""

from __future__ import annotations

import pytest

from music.names import Names, names_of

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("Title.mp3", Names("Title")),
        ("Artist/Album/03 - Title.mp3", Names("Title", "Artist", "Album", 3)),
        ("Artist/2003 - Album/03. Title.flac", Names("Title", "Artist", "Album", 3, None, 2003)),
        ("Artist - Album (1999)/CD2/07 Title.ogg", Names("Title", "Artist", "Album", 7, 2, 1999)),
        ("Album/1-03 Title.mp3", Names("Title", "", "Album", 3, 1)),
        ("Artist - Title.mp3", Names("Title", "Artist")),
        ("Artist - Album - 03 - Title.mp3", Names("Title", "Artist", "Album", 3)),
        ("03 - Artist - Title.mp3", Names("Title", "Artist", "", 3)),
        ("a_b_c.mp3", Names("a b c")),
        ("99 Luftballons.mp3", Names("99 Luftballons")),
        ("1979.mp3", Names("1979")),
        ("07.mp3", Names("07", "", "", 7)),
        ("Artist/Album/10.000 Nights.mp3", Names("10.000 Nights", "Artist", "Album")),
        ("Artist/Album/Jay-Z.mp3", Names("Jay-Z", "Artist", "Album")),
        ("no ending", Names("no ending")),
        (".mp3", Names(".mp3")),
        ("\u200b.mp3", Names("Untitled")),
        ("", Names("Untitled")),
    ],
)
def test_names_of_files_and_folders(path: str, names: Names) -> None:
    assert names_of(path.encode()) == names


def test_a_name_that_is_no_utf8_is_shown_as_far_as_it_can_be() -> None:
    assert names_of(b"caf\xe9.mp3").title == "caf\ufffd"
    assert len(names_of(b"x" * 255 + b".mp3").title) == 255
