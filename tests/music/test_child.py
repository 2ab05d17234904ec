"""The process that reads, and what becomes of the files behind one that ends it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from music import child
from music.child import NICENESS, Readers
from music.reading import Ask, Reading

pytestmark = pytest.mark.pure


def child_of(readers: Readers) -> int:
    assert readers._child is not None
    return readers._child._process.pid


def ask(path: Path) -> Ask:
    return Ask(bytes(path), name=b"Somebody/Something/01 - Named.mp3")


def test_one_reading_for_each_file_in_order(sounds: dict[str, Path], tmp_path: Path) -> None:
    text = tmp_path / "text.mp3"
    text.write_text("no music")
    paths = [*sounds.values(), text, tmp_path / "gone.mp3", *sounds.values()]
    with Readers(tmp_path / "covers") as readers:
        readings = list(readers.read(ask(path) for path in paths))
        assert os.getpriority(os.PRIO_PROCESS, child_of(readers)) >= NICENESS
    assert [reading.path for reading in readings] == [bytes(path) for path in paths]
    assert [bool(reading.reason) for reading in readings] == [False] * len(sounds) + [True] * 2 + [False] * len(sounds)
    assert (readings[0].title, readings[0].artist, readings[0].album) == ("Named", "Somebody", "Something")


def test_a_crash_costs_one_file(sounds: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deadly = tmp_path / "deadly.wav"
    deadly.write_bytes(sounds["wav"].read_bytes())
    send = child._Child.send

    def send_and_die(self: child._Child, asks: list[Ask]) -> None:
        if bytes(deadly) in [each.path for each in asks]:
            self._process.kill()
        send(self, asks)

    monkeypatch.setattr(child._Child, "send", send_and_die)
    with Readers(None) as readers:
        asked = [ask(sounds["wav"]), ask(deadly), ask(sounds["flac"])]
        reasons = [reading.reason for reading in readers.read(asked)]
        assert reasons == ["", "Reading it ended the process that reads (signal 9).", ""]


def test_a_child_that_somebody_ends_costs_no_file_of_a_group(sounds: dict[str, Path]) -> None:
    path = sounds["wav"]
    with Readers(None) as readers:
        list(readers.read([ask(path)]))
        first = child_of(readers)
        os.kill(first, signal.SIGSTOP)
        asked = readers.read([ask(path)] * 3)
        os.kill(first, signal.SIGKILL)
        assert [reading.reason for reading in asked] == [""] * 3
        assert child_of(readers) != first


def test_a_file_that_takes_too_long_costs_itself(sounds: dict[str, Path]) -> None:
    path = sounds["wav"]
    with Readers(None) as readers:
        list(readers.read([ask(path)]))
        hanging = child_of(readers)
        os.kill(hanging, signal.SIGSTOP)
        readers.file_seconds = 0.1
        assert [reading.reason for reading in readers.read([ask(path)])] == ["Reading it took longer than 0 seconds."]
        readers.file_seconds = 60
        assert [reading.reason for reading in readers.read([ask(path)])] == [""]
        with pytest.raises(ProcessLookupError):
            os.kill(hanging, 0)


def test_a_file_that_hangs_in_a_group_is_waited_for_once(
    sounds: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = tmp_path / "hanging.wav"
    hanging.write_bytes(sounds["wav"].read_bytes())
    send, answer = child._Child.send, child._Child.answer
    hung: set[child._Child] = set()
    waited: list[float] = []

    def send_and_hang(self: child._Child, asks: list[Ask]) -> None:
        if bytes(hanging) in [each.path for each in asks]:
            os.kill(self._process.pid, signal.SIGSTOP)
            hung.add(self)
        send(self, asks)

    def answer_for_sure(self: child._Child, seconds: float) -> list[Reading] | child._Failure:
        if self not in hung:
            return answer(self, 3600)
        waited.append(seconds)
        return answer(self, 0)

    monkeypatch.setattr(child._Child, "send", send_and_hang)
    monkeypatch.setattr(child._Child, "answer", answer_for_sure)
    with Readers(None) as readers:
        asked = [ask(sounds["wav"]), ask(hanging), ask(sounds["flac"])]
        reasons = [reading.reason for reading in readers.read(asked)]
    assert reasons == ["", "Reading it took longer than 0 seconds.", ""]
    assert sum(waited) < 1.2 * child.FILE_SECONDS


def test_two_read_at_once_without_waiting_for_each_other(sounds: dict[str, Path]) -> None:
    with Readers(None) as scan, Readers(None) as upload:
        under_way = scan.read(ask(path) for path in sounds.values())
        next(under_way)
        os.kill(child_of(scan), signal.SIGSTOP)
        assert [reading.reason for reading in upload.read([ask(sounds["flac"])])] == [""]


def test_nothing_of_the_child_is_left(sounds: dict[str, Path]) -> None:
    with Readers(None) as readers:
        list(readers.read([ask(sounds["wav"])]))
        child = child_of(readers)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_ends_the_server_does_not_end_its_child_in_the_middle_of_a_file(
    sign: int, sounds: dict[str, Path]
) -> None:
    with Readers(None) as readers:
        list(readers.read([ask(sounds["wav"])]))
        os.kill(child_of(readers), sign)
        assert [reading.reason for reading in readers.read([ask(sounds["wav"])])] == [""]


def test_secrets_are_not_for_the_child(sounds: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "secret")
    with Readers(None) as readers:
        list(readers.read([ask(sounds["wav"])]))
        environment = Path(f"/proc/{child_of(readers)}/environ")
        if environment.exists():
            assert b"SECRET" not in environment.read_bytes()


def test_a_cover_that_cannot_be_made_is_a_line_in_the_log(
    sounds: dict[str, Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    song = tmp_path / "a.wav"
    song.write_bytes(sounds["wav"].read_bytes())
    (tmp_path / "cover.jpg").write_text("no picture")
    with Readers(tmp_path / "covers") as readers:
        assert [reading.reason for reading in readers.read([Ask(bytes(song), beside=1)])] == [""]
    assert f"No cover for {song}: The picture cannot be used" in caplog.text
