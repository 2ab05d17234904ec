"""What is done to files in the background, one niced ffmpeg at a time: loudness, and versions that browsers play.

The rows say what is left to do, so a restart goes on where the last process was. What stands in a queue comes first,
then what was played, then the rest.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Q

from music import ffmpeg
from music.conversion import PART, convert
from music.files import converted_folder, playable, settle
from music.formats import FORMATS, UNPLAYED
from music.loudness import Loudness, measure
from music.models import AudioFile
from playlist import bulk, library
from playlist.clock import database_now
from playlist.models import PlaylistTrack

try:
    import fcntl
except ImportError:  # Windows: a second process may do the same work once more
    fcntl = None  # type: ignore[assignment]

logger = logging.getLogger(__name__)

#: How often it looks for work while there is none.
IDLE_SECONDS = 20.0
_STOP_SECONDS = 10.0
_WITHOUT_FFMPEG = (
    "ffmpeg is not installed: songs whose tags tell no loudness play as they are, and most browsers do not play WMA, "
    "ALAC and AIFF."
)
#: Files between two looks at what is queued by now.
_ROUND = 10
_REASON_WIDTH = 200
_ENDING = ".opus"

_UNMEASURED = Q(loudness_from="")
_UNCONVERTED = Q(format__in=UNPLAYED, converted="", conversion_reason="")


class Job(NamedTuple):
    """`do` returns whether the file is done with; else it is put off."""

    file: AudioFile
    do: Callable[[AudioFile, threading.Event], bool]


class Background:
    """The thread that does it. Of several processes on one DATA_DIR one works, and another takes over when it ends."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="music-background", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End within a second or so: ffmpeg is ended, and its file is done another time."""
        self._stopping.set()
        self._thread.join(_STOP_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with _alone() as mine:
                    if mine:
                        self._work()
            except DatabaseError as error:
                logger.warning("The work on files in the background pauses: %s", error)
            except Exception:
                logger.exception("The work on files in the background pauses")
            finally:
                connection.close()
            self._stopping.wait(IDLE_SECONDS)

    def _work(self) -> None:
        tidy_up()
        put_off: set[int] = set()  # files on a disk that is away, say: they must not keep the others waiting
        while not self._stopping.is_set():
            jobs = round_of_work(put_off)
            if jobs and ffmpeg.program("ffmpeg") is None:
                logger.info(_WITHOUT_FFMPEG)
                self._stopping.wait()
            put_off |= {job.file.pk for job in jobs if not self._do(job)}
            if not jobs:
                put_off.clear()
                connection.close()
                self._stopping.wait(IDLE_SECONDS)

    def _do(self, job: Job) -> bool:
        try:
            return not self._stopping.is_set() and job.do(job.file, self._stopping)
        except ffmpeg.Stopped:
            return False


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other process does this work; it is kept out until the end of the block."""
    path = Path(settings.DATA_DIR) / "background.lock"
    with path.open("w") as lock:
        if fcntl is not None:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
        yield True


def round_of_work(put_off: Collection[int] = ()) -> list[Job]:
    """The next jobs, the most urgent first, without those that are put off."""
    queued = PlaylistTrack.objects.filter(played_at__isnull=True).values("track_id")
    played = PlaylistTrack.objects.values("track_id")
    jobs: dict[tuple[int, bool], Job] = {}
    for wanted in (Q(track_id__in=queued), Q(track_id__in=played), Q()):
        for left, do in ((_UNCONVERTED, convert_file), (_UNMEASURED, measure_file)):
            if len(jobs) < _ROUND:
                for file in playable().filter(wanted, left).exclude(pk__in=put_off).order_by("pk")[:_ROUND]:
                    jobs.setdefault((file.pk, do is convert_file), Job(file, do))
    return list(jobs.values())


def measure_file(file: AudioFile, stopping: threading.Event) -> bool:
    """Measure this file and tell who plays it. What cannot be measured is not tried again until the file changes."""
    try:
        found = measure(bytes(file.path), FORMATS[file.format], file.duration_ms, stopping)
    except ffmpeg.Failed as error:
        if not _is_there(file):
            return False
        logger.warning("The loudness of %s cannot be measured: %s", file.shown_path, error)
        found = Loudness(None, None)
    return _keep(file, _UNMEASURED, gain_db=found.gain_db, peak=found.peak, loudness_from="measured")


def convert_file(file: AudioFile, stopping: threading.Event) -> bool:
    """Make the version of this file that browsers play. One sound is converted once, whatever tags it gets."""
    name = (file.fingerprint or f"{file.pk}-{file.mtime_ns:x}") + _ENDING
    target = converted_folder() / name
    try:
        if not target.exists():
            convert(bytes(file.path), FORMATS[file.format], target, file.duration_ms, stopping)
    except OSError as error:
        logger.warning("%s cannot be converted for browsers: %s", file.shown_path, error.strerror)
        return False
    except ffmpeg.Failed as error:
        logger.warning("%s cannot be converted for browsers: %s", file.shown_path, error)
        if not _is_there(file) or "No space left" in str(error):
            return False
        return _keep(file, _UNCONVERTED, conversion_reason=str(error)[:_REASON_WIDTH])
    return _keep(file, _UNCONVERTED, converted=name)


def _is_there(file: AudioFile) -> bool:
    """Whether the file still lies where it lay; if not, that is why ffmpeg failed."""
    return Path(file.local_path).exists()


def _keep(file: AudioFile, still: Q, **columns: object) -> bool:
    """Write down what was found out, unless the file has changed meanwhile."""
    same = AudioFile.objects.filter(still, pk=file.pk, size=file.size, mtime_ns=file.mtime_ns)
    with bulk.turn(), transaction.atomic():
        if not same.update(**columns):
            return True
        settle([str(file.track_id)], database_now())
    library.tell_holders([str(file.track_id)])
    return True


def tidy_up() -> None:
    """Remove versions whose files are gone, and have those made again that a restored backup lacks."""
    folder = converted_folder()
    folder.mkdir(parents=True, exist_ok=True)
    there = {path.name: path for path in folder.iterdir()}
    known = set(AudioFile.objects.exclude(converted="").values_list("converted", flat=True))
    for name, path in there.items():
        if name not in known and (name.endswith(_ENDING) or name.endswith(PART)):
            path.unlink(missing_ok=True)
    for file in AudioFile.objects.filter(converted__in=known - there.keys()):
        _keep(file, Q(converted=file.converted), converted="")
