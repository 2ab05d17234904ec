"""What reading one file may cost: foreign bytes must not take a scan's time or the machine's memory."""

from __future__ import annotations

import errno
import io
import os
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

#: Seconds of computing. A file of 0xFF bytes named .mp3 took twenty.
BUDGET_SECONDS = 1.0
#: Code that swallows the exception gets it again after so long.
_AGAIN_SECONDS = 0.05
#: The largest piece that is read at once; no tag is larger, whatever picture lies in it.
LARGEST_PIECE_BYTES = 64 * 1024 * 1024


def open_regular(path: bytes) -> io.FileIO:
    """This file for reading. Raises OSError; EINVAL for what is no regular file.

    A named pipe would block until somebody wrote into it, so none is waited for.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    file = io.FileIO(descriptor)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "it is no regular file")
    return file


class TooMuch(Exception):
    """Reading this file costs more than it may; the message says of what."""


class Bounded(io.BufferedReader):
    """A file that gives no piece that is too large. Raises TooMuch.

    It adds as little as can be: tinytag reads fifty times from a file.
    """

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or not 0 <= size <= LARGEST_PIECE_BYTES:
            size = self._rest(size)
        return _read(self, size)

    def _rest(self, size: int | None) -> int:
        left = max(0, os.fstat(self.fileno()).st_size - self.tell())
        wanted = left if size is None or size < 0 else min(size, left)
        if wanted > LARGEST_PIECE_BYTES:
            raise TooMuch(f"A part of it is larger than {LARGEST_PIECE_BYTES // 1024**2} MB.")
        return wanted


_read = io.BufferedReader.read


class Budget:
    """Whether the computing time is spent: tinytag turns every exception into one of its own."""

    is_spent = False

    def check(self) -> None:
        """Raises TooMuch if it is."""
        if self.is_spent:
            raise TooMuch(f"Reading it took more than {BUDGET_SECONDS:.0f} second of computing.")


_budget = Budget()


@contextmanager
def budget() -> Iterator[Budget]:
    """Raises TooMuch inside the block once this process has computed for BUDGET_SECONDS, whatever loops there.

    For the main thread, one block at a time. By a timer of the process's own computing, since asking for the time with
    each read costs more than the reads. Where there is no such timer, only the parent's patience bounds a file.
    """
    _budget.is_spent = False
    if not hasattr(signal, "setitimer"):
        yield _budget
        return
    _handle_the_timer()
    try:
        signal.setitimer(signal.ITIMER_PROF, BUDGET_SECONDS, _AGAIN_SECONDS)
        yield _budget
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


@cache
def _handle_the_timer() -> None:
    """Once: to set a handler and to put back the one before took a tenth of what it takes to read a file."""
    signal.signal(signal.SIGPROF, _interrupt)


def _interrupt(*_: object) -> None:
    _budget.is_spent = True
    _budget.check()
