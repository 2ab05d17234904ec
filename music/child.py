"""The process in which foreign bytes are read: `python -m music.child`, and its keeper `Readers`.

Whatever a file does to its reader, a crash, a loop, too much memory, costs this one process and this one file. It runs
at a low priority, knows no Django, and hears and answers frames (four bytes of length, then MessagePack) on its pipes:
lists of asks, and lists of readings until each is answered. A frame for each file took a tenth of an import.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple, Self

import msgspec

from music import processes
from music.reading import Ask, Reading

logger = logging.getLogger(__name__)

FILE_SECONDS = 20.0
NICENESS = 10
MEMORY_BYTES = 1024**3
#: Files that are asked for at once, while those before them are written; and how long the next of their readings may
#: take. Then each is asked for alone, with FILE_SECONDS: a file that hangs is waited for hardly longer than that.
_GROUP, GROUP_SECONDS = 32, 2.0
#: How long the child keeps readings that are ready, so that FILE_SECONDS are hardly shared with other files.
_KEPT_SECONDS = 0.1
_ROOT = Path(__file__).resolve().parent.parent


class Readers:
    """Keeps one child that reads files, and starts another one where it ends. For one thread.

    A scan has one, and each upload has one of its own, so that it does not wait for the scan.
    """

    def __init__(self, covers: Path | None, *, file_seconds: float = FILE_SECONDS) -> None:
        """Covers are written to that folder; without one no picture is looked at."""
        self._covers = covers
        self.file_seconds = file_seconds
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, asks: Iterable[Ask]) -> Iterator[Reading]:
        """One reading for each file, in the order of the files. Never raises for what stands in one."""
        coming = iter(asks)
        asked = self._ask(coming)
        while asked:
            heard = self._hear(self.file_seconds if len(asked) == 1 else min(GROUP_SECONDS, self.file_seconds))
            if isinstance(heard, _Failure):  # over which of these, only each alone can show
                heard = list(self._each_alone(asked)) if len(asked) > 1 else [_unread(asked[0], heard)]
            # The child reads on while the caller is busy with these.
            asked = asked[len(heard) :] or self._ask(coming)
            for reading in heard:
                if reading.cover_reason:
                    shown = reading.path.decode("utf-8", "replace")
                    logger.warning("No cover for %s: %s", shown, reading.cover_reason)
                yield reading

    def _each_alone(self, asks: Iterable[Ask]) -> Iterator[Reading]:
        for ask in asks:
            self._send([ask])
            heard = self._hear(self.file_seconds)
            yield _unread(ask, heard) if isinstance(heard, _Failure) else heard[0]

    def _ask(self, coming: Iterator[Ask]) -> list[Ask]:
        """Ask for the next files. The child has answered all before them, so it takes these off its pipe."""
        asks = list(islice(coming, _GROUP))
        if asks:
            self._send(asks)
        return asks

    def close(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None

    def _send(self, asks: Sequence[Ask]) -> None:
        if self._child is None:
            self._child = _Child(self._covers)
        self._child.send(asks)

    def _hear(self, seconds: float) -> list[Reading] | _Failure:
        """The child's next readings; or why there are none, after which another child reads."""
        assert self._child is not None
        heard = self._child.answer(seconds)
        if isinstance(heard, _Failure):
            self.close()
        return heard


class _Failure(NamedTuple):
    """Why a child gave no reading. `may_pass`: the disk or the network may be at fault."""

    reason: str
    may_pass: bool = False


class _Child:
    """One process, and the thread that hears it."""

    def __init__(self, covers: Path | None) -> None:
        arguments = [str(covers.resolve())] if covers is not None else []
        self._process = processes.start(
            [sys.executable, "-m", "music.child", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=_ROOT,
        )
        self._answers: queue.SimpleQueue[list[Reading] | None] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, name="music-child", daemon=True)
        self._listener.start()

    def send(self, asks: Sequence[Ask]) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it has ended; `answer` says so
            _write_frame(self._process.stdin, msgspec.msgpack.encode(asks))

    def answer(self, seconds: float) -> list[Reading] | _Failure:
        """The next readings, or why there are none; then the process is of no use any more."""
        try:
            readings = self._answers.get(timeout=seconds)
        except queue.Empty:
            return _Failure(f"Reading it took longer than {seconds:.0f} seconds.", may_pass=True)
        if readings is not None:
            return readings
        return _Failure(f"Reading it ended the process that reads ({_how_ended(self._process.wait())}).")

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._listener.join()
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def _listen(self) -> None:
        decoder = msgspec.msgpack.Decoder(list[Reading])
        assert self._process.stdout is not None
        with self._process.stdout as stream:
            while (frame := _read_frame(stream)) is not None:
                try:
                    self._answers.put(decoder.decode(frame))
                except msgspec.MsgspecError:  # a child out of its mind
                    break
        self._answers.put(None)
        self._process.kill()


def _unread(ask: Ask, failure: _Failure) -> Reading:
    """The reading of a file that failed its reader. With size and time, unless it shall be read again."""
    size = mtime_ns = 0
    if not failure.may_pass:
        with contextlib.suppress(OSError):
            found = os.stat(ask.path)  # noqa: PTH116 - bytes
            size, mtime_ns = found.st_size, found.st_mtime_ns
    return Reading(path=ask.path, size=size, mtime_ns=mtime_ns, beside=ask.beside, reason=failure.reason)


def _how_ended(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"


def _write_frame(stream: IO[bytes], frame: bytes) -> None:
    stream.write(len(frame).to_bytes(4, "big") + frame)
    stream.flush()


def _read_frame(stream: IO[bytes]) -> bytes | None:
    """The next frame; None at the end."""
    head = stream.read(4)
    frame = stream.read(int.from_bytes(head, "big")) if len(head) == 4 else b""
    return frame if frame and len(frame) == int.from_bytes(head, "big") else None


def main(arguments: list[str]) -> None:
    """Answer asks until the parent closes the pipe or is gone."""
    _restrain()
    # Nothing that a library prints may get between the frames.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    from music.covers import Covers
    from music.inspection import inspect

    covers = Covers(Path(arguments[0])) if arguments else None
    decoder = msgspec.msgpack.Decoder(list[Ask])
    while (frame := _read_frame(sys.stdin.buffer)) is not None:
        ready: list[Reading] = []
        since = time.monotonic()
        _limit_computing()
        for ask in decoder.decode(frame):
            try:
                ready.append(inspect(ask, covers))
            except Exception:
                logger.exception("A file could not be read: %r", ask.path)
                fault = _Failure("Reading it failed by a fault of the server, which is in its log.")
                ready.append(_unread(ask, fault))
            if time.monotonic() - since > _KEPT_SECONDS:
                _write_frame(answers, msgspec.msgpack.encode(ready))
                ready, since = [], time.monotonic()
                _limit_computing()
        if ready:
            _write_frame(answers, msgspec.msgpack.encode(ready))


def _restrain() -> None:
    if sys.platform != "win32":
        import resource

        os.nice(NICENESS)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_computing() -> None:
    """Let the kernel end this process after FILE_SECONDS more of computing, should its parent be gone.

    Whatever is read within _KEPT_SECONDS shares them.
    """
    if sys.platform != "win32":
        import resource

        until = int(time.process_time() + FILE_SECONDS) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main(sys.argv[1:])
