"""Pictures and texts beside the files: a scan notices them although no music file changed."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from PIL import Image

from music.models import AudioFile
from playlist.models import Track
from tests.music.shelf import Shelf


def picture(color: str) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (20, 20), color).save(content, "PNG")
    return content.getvalue()


@pytest.fixture
def album(tmp_path: Path, settings: Any) -> Shelf:
    """Two songs of one album, scanned, and one of another."""
    settings.MUSIC_DIR = (tmp_path / "music",)
    settings.DATA_DIR = tmp_path
    shelf = Shelf(tmp_path / "music")
    for seed, name in enumerate(("a/1.wav", "a/2.wav", "b/1.wav")):
        shelf.put(name, seed, title=name, artist="Anna")
    shelf.scan()
    return shelf


def covers() -> dict[str, str | None]:
    return dict(Track.objects.order_by("title").values_list("title", "cover_url"))


def test_a_picture_that_comes_changes_or_goes_is_the_cover_of_its_folder(album: Shelf) -> None:
    album.write("a/cover.png", picture("red"))
    assert album.scan().changed == 2
    red = covers()
    assert red["a/1.wav"] == red["a/2.wav"] is not None
    assert red["b/1.wav"] is None

    album.write("a/cover.png", picture("blue"))
    assert album.scan().changed == 2
    assert covers()["a/1.wav"] not in (None, red["a/1.wav"])
    assert album.scan().changed == 0

    (album.root / "a/cover.png").unlink()
    assert album.scan().changed == 2
    assert covers()["a/1.wav"] is None


def test_a_text_that_comes_belongs_to_its_song(album: Shelf) -> None:
    album.write("a/2.lrc", b"[00:01.00]words")
    assert album.scan().changed == 1
    assert list(AudioFile.objects.exclude(lyrics="").values_list("title", "lyrics")) == [("a/2.wav", "[00:01.00]words")]


def test_covers_that_a_restored_backup_lacks_are_made_again(album: Shelf) -> None:
    album.write("a/cover.png", picture("red"))
    album.scan()
    made = settings.DATA_DIR / "covers" / f"{AudioFile.objects.exclude(cover_key='')[0].cover_key}-96.jpg"
    made.unlink()
    assert album.scan().changed == 2
    assert made.exists()
    assert album.scan().changed == 0


def test_a_cover_that_the_disk_did_not_take_is_made_by_the_next_scan(album: Shelf) -> None:
    green = picture("green")
    album.write("a/cover.png", green)
    key = hashlib.blake2b(green, digest_size=16).hexdigest()
    obstacle = settings.DATA_DIR / "covers" / f"{key}-640.jpg"
    obstacle.mkdir(parents=True)
    assert album.scan().changed == 2
    assert covers()["a/1.wav"] is None
    obstacle.rmdir()
    assert album.scan().changed == 2
    assert covers()["a/1.wav"] == f"/media/covers/{key}"
    assert album.scan().changed == 0
