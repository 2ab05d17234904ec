"""Runs the scans that are asked for, on threads of a server's process or in `import_music`; and watches the folders."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from music import state
from music.child import Readers
from music.compare import cover_keys
from music.files import music_roots
from music.models import Scan
from music.progress import shown
from music.scan import Scanning, Stopped
from music.state import Overtaken, Progress
from music.walk import distinct
from music.watch import watch
from playlist.bulk import BulkWriter
from playlist.errors import reason_of

logger = logging.getLogger(__name__)

#: How often a process looks whether somebody asks for a scan.
LOOK_SECONDS = 1.0
#: And how long after a look that failed.
_AGAIN_SECONDS = 10.0
_STOP_SECONDS = 3.0


def run(scan: Scan, *, alone: bool = False, is_stopping: Callable[[], bool] = lambda: False) -> None:
    """Run a scan that this process has claimed. Raises Stopped, when the next process goes on with it.

    `alone`: nobody votes meanwhile, so that transactions may be large.
    """
    progress = Progress()
    covers = settings.DATA_DIR / "covers"
    covers.mkdir(exist_ok=True)
    roots = distinct([*music_roots(), *state.folders_of(scan)])
    writer = BulkWriter(is_alone=alone)
    try:
        with state.heartbeat(scan, progress), shown(progress.so_far), Readers(covers) as readers, writer:
            scanning = Scanning(scan, readers, writer, progress, is_stopping=is_stopping)
            scanning.run(roots, {os.path.realpath(os.fsencode(settings.DATA_DIR))}, cover_keys(covers))
    except (Stopped, KeyboardInterrupt):
        state.give_back(scan)
        raise
    except Overtaken:
        logger.warning("Another process took over the scan, of which this one had given no sign for too long")
    except Exception as error:
        logger.exception("The scan failed")
        state.finish(scan, progress, reason_of(error))
    else:
        state.finish(scan, progress)
        # Folders on other machines are scanned once a minute.
        logger.log(logging.INFO if progress.has_news else logging.DEBUG, "Scanned the music: %s", progress)


class Runner:
    """Scans in a server's process: when it starts, when somebody asks, and when the folders change."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        if settings.MUSIC_DIR:
            state.request()
            self._spawn(self._watch, "music-watch")
        self._spawn(self._run, "music-scan")

    def stop(self) -> None:
        """Leave a scan that runs to the next process, or to the next start."""
        self._stopping.set()
        for thread in self._threads:
            # One may wait for a reader that hangs; another process takes its scan over when it is silent.
            thread.join(_STOP_SECONDS)

    def _spawn(self, work: Callable[[], None], name: str) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _run(self) -> None:
        try:
            # The connection stays open: to open one for each look costs more than the look.
            while not self._stopping.wait(self._look()):
                pass
        except Stopped:
            pass
        finally:
            connection.close()

    def _look(self) -> float:
        """Run a scan that is asked for. Returns the seconds until the next look."""
        try:
            scan = state.claim() if state.is_wanted() else None
            if scan is not None:
                run(scan, is_stopping=self._stopping.is_set)
            return LOOK_SECONDS
        except DatabaseError as error:
            logger.warning("Scans are looked for again in a moment: %s", error)
        except Stopped:
            raise
        except Exception:
            logger.exception("Scans are looked for again in a moment")
        connection.close()
        return _AGAIN_SECONDS

    def _watch(self) -> None:
        for _ in watch([Path(os.fsdecode(folder)) for folder in music_roots()], self._stopping):
            # Nothing else would tell of this change before the folders are looked through, an hour later.
            while not _is_noted() and not self._stopping.wait(_AGAIN_SECONDS):
                pass


def _is_noted() -> bool:
    """Ask for a scan, unless the database is away."""
    try:
        state.request()
    except DatabaseError as error:
        logger.warning("A change of the music folders is noted in a moment: %s", error)
        return False
    finally:
        connection.close()
    return True
