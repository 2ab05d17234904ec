"""Notices that something changed in the music folders. What changed, the scan finds out: it costs next to nothing."""

from __future__ import annotations

import contextlib
import logging
import re
import select
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Self

import watchfiles
from watchfiles import Change

from playlist.errors import reason_of

logger = logging.getLogger(__name__)
# It tells of every change.
logging.getLogger("watchfiles").setLevel(logging.WARNING)

#: Changes come in crowds: a scan waits until there were none for so long, or until so long after the first.
_QUIET_MS, _AT_LATEST_MS = 1000, 30_000
#: How often a folder is scanned of whose changes nobody tells, and mounts are looked for; and how often the other
#: folders are scanned, for what went unnoticed.
POLL_SECONDS, RECHECK_SECONDS = 60.0, 3600.0
#: Where changes come from other machines, of which this one's kernel hears nothing.
_REMOTE = frozenset(
    ["nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "davfs", "virtiofs", "vboxsf", "prl_fs"]
)
#: What lies where, on Linux: a file that can be waited for. How it writes a blank.
_MOUNTS = Path("/proc/self/mounts")
_OCTAL = re.compile(r"\\([0-7]{3})")


def watch(folders: Sequence[Path], stopping: threading.Event) -> Iterator[None]:
    """Yield whenever a scan may find something, until `stopping` is set."""
    while not stopping.is_set():
        mounts = _mounts()
        if not any(is_remote(folder, mounts) for folder in folders):
            try:
                for _ in _told(folders, stopping):
                    yield
                continue
            except (OSError, ValueError) as error:
                # No such folder yet, no inotify left, or a name that the library cannot take.
                logger.warning("The music folders are looked through every minute: %s", reason_of(error))
        if not stopping.wait(POLL_SECONDS):
            yield


def _told(folders: Sequence[Path], stopping: threading.Event) -> Iterator[None]:
    """Yield for what the kernel tells, and once more before the end, at which the folders are to be watched anew.

    A disk that was mounted again is another one to the kernel, which tells nothing of it: not even that it came.
    """
    with MountEvents() as mounts:
        changes = watchfiles.watch(
            *folders,
            watch_filter=_counts,
            debounce=_AT_LATEST_MS,
            step=_QUIET_MS,
            stop_event=stopping,
            rust_timeout=int(1000 * POLL_SECONDS),
            yield_on_timeout=True,
            raise_interrupt=False,
            ignore_permission_denied=True,
        )
        recheck_at = time.monotonic() + RECHECK_SECONDS
        for told in changes:
            is_over = mounts.came()
            if told or is_over or time.monotonic() >= recheck_at:
                yield
                recheck_at = time.monotonic() + RECHECK_SECONDS
            if is_over:
                return


class MountEvents:
    """Whether something was mounted or unmounted on this machine. Never, where the system has no such list."""

    def __init__(self) -> None:
        self._mounts: IO[str] | None = None
        with contextlib.suppress(OSError):
            self._mounts = _MOUNTS.open()
            self._events = select.poll()
            self._events.register(self._mounts, select.POLLPRI)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._mounts is not None:
            self._mounts.close()

    def came(self) -> bool:
        """Since this was made, or asked."""
        return self._mounts is not None and bool(self._events.poll(0))


def _counts(change: Change, path: str) -> bool:
    return not Path(path).name.startswith(".")


def is_remote(folder: Path, mounts: str) -> bool:
    """Whether a folder lies on another machine, by what Linux says in /proc/self/mounts; "" where there is none."""
    kinds = {}
    for mount in mounts.splitlines():
        _, place, kind, *_ = mount.split(" ")
        kinds[_OCTAL.sub(lambda match: chr(int(match[1], 8)), place)] = kind
    resolved = folder.resolve()
    above = next((kinds[str(place)] for place in (resolved, *resolved.parents) if str(place) in kinds), "")
    return above in _REMOTE or above.startswith("fuse.")


def _mounts() -> str:
    try:
        return _MOUNTS.read_text(errors="surrogateescape")
    except OSError:
        return ""
