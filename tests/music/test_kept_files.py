"""Uploaded files on the disk, without a server: none is lost, and none that is refused stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper as DatabaseWrapper

from music.models import AudioFile
from music.uploads import Part, accept
from playlist import types
from playlist.errors import DomainError
from playlist.models import User
from tests.music.shelf import sound

pytestmark = pytest.mark.usefixtures("tracks")


def test_a_disk_that_takes_no_new_name_is_full_and_no_fault(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    (tmp_path / "uploads").write_bytes(b"")  # so that nothing can be made in it
    with pytest.raises(DomainError) as told:
        Part()
    assert told.value.code == "STORAGE_FULL"


def test_a_commit_whose_answer_was_lost_loses_no_file(
    settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one who sent it sends it again, and is told that the song is there: so its file has to be."""
    settings.DATA_DIR = tmp_path
    vera = User.objects.create(username="vera", password="-")
    as_always = DatabaseWrapper.commit

    def cut_after(self: Any) -> None:
        as_always(self)
        monkeypatch.undo()
        raise OperationalError("server closed the connection unexpectedly")

    def send() -> tuple[types.Track, bool]:
        part = Part()
        try:
            part.write(sound(20))
            return accept(part, vera, b"song.wav")
        finally:
            part.discard()  # as is done whatever happened
            part.close()

    monkeypatch.setattr(DatabaseWrapper, "commit", cut_after)
    with pytest.raises(OperationalError):
        send()
    track, is_new = send()
    row = AudioFile.objects.get(track=track.id)
    assert (is_new, [str(path) for path in (tmp_path / "uploads").iterdir()]) == (False, [row.shown_path])
