"""Scan the music folders now, and wait until that is done."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

import msgspec
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from music import runner, state
from music.models import Scan
from music.progress import shown
from music.state import Failure

#: How long a server has to begin with the scan, before this command does it by itself.
SERVER_SECONDS = 3.0
_LOOK_SECONDS = 0.25
_FAILURES_SHOWN = 10


class Command(BaseCommand):
    help = "Bring the music of MUSIC_DIR, and of these folders, into the library; a server that runs does it itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folders", nargs="*", metavar="DIR", help="folders beside those of MUSIC_DIR")

    def handle(self, *, folders: Sequence[str], **_: object) -> None:
        if not folders and not settings.MUSIC_DIR:
            raise CommandError("Name a folder of music, here or in MUSIC_DIR.")
        for folder in folders:
            if not Path(folder).is_dir():
                raise CommandError(f"{folder} is no folder.")
        scan = state.request(os.path.realpath(os.fsencode(folder)) for folder in folders)
        self._wait_for(scan)
        if scan.state == Scan.State.FAILED:
            raise CommandError(f"The scan failed: {scan.reason}.")
        self._summarize(scan)

    def _wait_for(self, scan: Scan) -> None:
        """Wait until the scan is over. Run what nobody runs, which may be one that was asked for before."""
        with shown(lambda: (scan.done, scan.found)):
            unclaimed_since: float | None = None
            while scan.state not in (Scan.State.DONE, Scan.State.FAILED):
                if not state.is_wanted() or state.is_running():
                    unclaimed_since = None
                elif unclaimed_since is None:
                    unclaimed_since = time.monotonic()
                elif time.monotonic() - unclaimed_since >= SERVER_SECONDS:
                    break
                time.sleep(_LOOK_SECONDS)
                scan.refresh_from_db()
            else:
                return
        claimed = state.claim()
        if claimed is not None:
            runner.run(claimed, alone=True)
        scan.refresh_from_db()
        self._wait_for(scan)

    def _summarize(self, scan: Scan) -> None:
        self.stdout.write(
            f"{scan.found} files; {scan.added} new tracks, {scan.changed} files changed, {scan.missing} tracks missing."
        )
        if not scan.failures:
            return
        self.stdout.write(f"{scan.failures} files or folders cannot be played:")
        for failure in msgspec.json.decode(scan.failed_json, type=list[Failure])[:_FAILURES_SHOWN]:
            self.stdout.write(f"  {failure.path}: {failure.reason}")
