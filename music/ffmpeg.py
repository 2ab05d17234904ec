"""ffmpeg and ffprobe, which are optional: found in PATH, run at the lowest priority, and ended in time."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import threading
from collections.abc import Sequence
from functools import cache

from music import processes

#: The lowest of priorities.
_NICENESS = 19
_LOOK_SECONDS = 0.5
#: Nothing but files: some containers name others, which must not be fetched.
_FILES_ONLY = ("-protocol_whitelist", "file,pipe")


class Failed(Exception):
    """ffmpeg did not do what was asked; the message is the last line it wrote, or that it took too long."""


class Stopped(Exception):
    """It was ended because the server stops."""


@cache
def program(name: str) -> str | None:
    """Where ffmpeg or ffprobe is; None where it is not installed."""
    return shutil.which(name)


def source(path: bytes, demuxer: str) -> list[str | bytes]:
    """The arguments that name an input: an absolute path, whatever stands in it, in a format that was found before."""
    return [*_FILES_ONLY, "-f", demuxer, "-i", b"file:" + path]


def run(name: str, arguments: Sequence[str | bytes], *, seconds: float, stopping: threading.Event | None = None) -> str:
    """Run it and return what it wrote, errors too. Raises Failed; Stopped once `stopping` is set."""
    where = program(name)
    if where is None:
        raise Failed(f"{name} is not installed.")
    nice = shutil.which("nice")
    lowest = [nice, "-n", str(_NICENESS)] if nice else []
    process = processes.start(
        [*lowest, where, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    with process:
        try:
            written = _output(process, seconds, stopping or threading.Event())
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
    if process.returncode != 0:
        raise Failed(_last_line(written, arguments) or f"It ended with {process.returncode}.")
    return written


def _last_line(written: str, arguments: Sequence[str | bytes]) -> str:
    """What went wrong, without the name of the file."""
    line = written.strip().rpartition("\n")[2]
    for name in (argument.decode("utf-8", "replace") for argument in arguments if isinstance(argument, bytes)):
        line = line.removeprefix(f"{name}: ")
    return line


def _output(process: subprocess.Popen[bytes], seconds: float, stopping: threading.Event) -> str:
    """What the process writes until it ends."""
    left = seconds
    while True:
        try:
            written, _ = process.communicate(timeout=min(_LOOK_SECONDS, left))
            break
        except subprocess.TimeoutExpired:
            left -= _LOOK_SECONDS
        if stopping.is_set():
            raise Stopped
        if left <= 0:
            raise Failed(f"It took longer than {seconds:.0f} seconds.")
    return written.decode("utf-8", "replace")
