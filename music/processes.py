"""How child processes are started: without the server's secrets, and out of reach of the signals that end it.

Ctrl-C in a terminal and systemd's SIGTERM go to every process at once. A child that ended by them would be taken for
one that its file had ended; so it lives until its parent ends it, or is gone.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

#: What a child needs of the environment: no secret key, no password of a database.
_ENVIRONMENT = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "TEMP")


def start(
    command: Sequence[str | bytes], *, stdin: int, stdout: int, stderr: int | None = None, cwd: Path | None = None
) -> subprocess.Popen[bytes]:
    """Run this program; no shell reads the arguments."""
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    if sys.platform == "win32":
        return subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=stderr, cwd=cwd, env=environment)  # noqa: S603
    # Signals that this thread blocks now are blocked in the child for good.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        return subprocess.Popen(  # noqa: S603
            command, stdin=stdin, stdout=stdout, stderr=stderr, cwd=cwd, env={**environment, "LC_ALL": "C"}
        )
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
