"""What reading one file may cost: foreign bytes must not take a scan's time or the machine's memory."""

from __future__ import annotations

import errno
import io
import os
import stat
import time

#: Seconds of computing. A file of 0xFF bytes named .mp3 took twenty.
BUDGET_SECONDS = 1.0
#: The largest piece that is read at once; no tag is larger, whatever picture lies in it.
LARGEST_PIECE_BYTES = 64 * 1024 * 1024
#: Asking the kernel for the time costs as much as a small read.
_READS_UNCHECKED = 16


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
    """A file of `size` bytes whose reads fail once the budget is spent, whatever loops around them."""

    def __init__(self, raw: io.FileIO, size: int) -> None:
        super().__init__(raw)
        self._size = size
        self._until = time.thread_time() + BUDGET_SECONDS
        self._reads = 0

    @property
    def is_spent(self) -> bool:
        """tinytag turns every exception into one of its own, so whoever called it asks here."""
        return time.thread_time() > self._until

    def read(self, size: int | None = -1, /) -> bytes:
        self._reads += 1
        if self._reads % _READS_UNCHECKED == 0:
            self.check()
        left = max(0, self._size - self.tell())
        wanted = left if size is None or size < 0 else min(size, left)
        if wanted > LARGEST_PIECE_BYTES:
            raise TooMuch(f"A part of it is larger than {LARGEST_PIECE_BYTES // 1024**2} MB.")
        return super().read(wanted)

    def check(self) -> None:
        """Raises TooMuch if the budget is spent."""
        if self.is_spent:
            raise TooMuch(f"Reading it took more than {BUDGET_SECONDS:.0f} second of computing.")
