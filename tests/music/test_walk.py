"""What of a folder may be music, and what becomes of the rest."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from music import watch
from music.walk import Found, Unreadable, distinct, is_gone, walk

pytestmark = pytest.mark.pure


def names(root: Path, *skipped: Path) -> list[str]:
    found = walk(os.fsencode(root), [os.fsencode(folder) for folder in skipped])
    return sorted(os.fsdecode(each.path).removeprefix(f"{root}/") for each in found if isinstance(each, Found))


def test_only_files_that_may_be_music_are_found(tmp_path: Path) -> None:
    (tmp_path / "a/.hidden").mkdir(parents=True)
    for name in ("a/1.MP3", "a/2.flac", "a/cover.jpg", "a/.3.mp3", "a/._4.mp3", "a/.hidden/5.mp3", "a/6", "7.opus"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "folder.mp3").mkdir()
    (tmp_path / "folder.mp3/8.ogg").write_bytes(b"x")
    os.mkfifo(tmp_path / "a/pipe.mp3")
    assert names(tmp_path) == ["7.opus", "a/1.MP3", "a/2.flac", "folder.mp3/8.ogg"]
    assert names(tmp_path, tmp_path / "a") == ["7.opus", "folder.mp3/8.ogg"]


def test_links_to_files_are_followed_and_links_to_folders_are_not(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/1.mp3").write_bytes(b"x")
    (tmp_path / "a/loop").symlink_to(tmp_path)
    (tmp_path / "a/loop.mp3").symlink_to(tmp_path / "a")
    (tmp_path / "2.mp3").symlink_to(tmp_path / "a/1.mp3")
    (tmp_path / "3.mp3").symlink_to(tmp_path / "nothing")
    (tmp_path / "4.mp3").symlink_to(tmp_path / "4.mp3")
    assert names(tmp_path) == ["2.mp3", "a/1.mp3"]


def test_a_folder_that_is_not_there_and_a_path_that_is_too_long_are_said(tmp_path: Path) -> None:
    gone, deep = os.fsencode(tmp_path / "gone"), os.fsencode(tmp_path / ("x" * 5000))
    assert list(walk(gone)) == [Unreadable(gone, "It cannot be read: No such file or directory.")]
    assert list(walk(deep)) == [Unreadable(deep, "It cannot be read: File name too long.")]
    assert is_gone(gone)
    assert not is_gone(deep)


def test_folders_within_others_are_walked_once(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "ab").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    given = [os.fsencode(tmp_path / name) for name in ("a/b", "a", "link", "ab", "a/../a")]
    assert distinct(given) == [os.fsencode(tmp_path / "a"), os.fsencode(tmp_path / "ab")]


def test_a_folder_on_another_machine_is_looked_through_and_one_on_this_is_watched(tmp_path: Path) -> None:
    remote = f"nas:/music {tmp_path}/my\\040nas nfs4 rw 0 0\nssh {tmp_path}/s fuse.sshfs rw 0 0\n"
    mounts = f"/dev/sda1 / ext4 rw 0 0\n{remote}"
    (tmp_path / "my nas/a").mkdir(parents=True)
    assert watch.is_remote(tmp_path / "my nas/a", mounts)
    assert watch.is_remote(tmp_path / "s", mounts)
    assert not watch.is_remote(tmp_path, mounts)
    assert not watch.is_remote(tmp_path, "")


def test_folders_are_watched_anew_once_something_was_mounted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that comes back is another one to the kernel, which would tell nothing of it."""
    came = iter([False, True, False])
    watched: list[Path] = []

    def told(folder: Path, **_: object) -> Iterator[set[str]]:
        watched.append(folder)
        yield set()
        yield {"a change"} if len(watched) == 2 else set()

    monkeypatch.setattr(watch.MountEvents, "came", lambda self: next(came))
    monkeypatch.setattr("watchfiles.watch", told)
    monkeypatch.setattr(watch, "_mounts", lambda: "")
    seen = watch.watch([tmp_path], threading.Event())
    next(seen)
    assert (len(watched), list(came)) == (1, [False])
    came = iter([False, False])
    next(seen)
    assert watched == [tmp_path] * 2
