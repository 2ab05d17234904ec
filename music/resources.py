"""What clients are told of the library as a whole and of its scans."""

from __future__ import annotations

from functools import lru_cache
from time import monotonic
from typing import Literal

import msgspec
from django.db.models import Count, F, Sum
from django.db.models.functions import Coalesce, NullIf
from msgspec import Struct

from music.models import Scan
from music.state import Failure
from playlist.selectors.library import listed_tracks
from playlist.types.fields import Moment

#: While a scan runs, every open page asks again and again.
_COUNTED_SECONDS = 2.0


class ScanProgress(Struct, frozen=True, kw_only=True):
    """The scan that runs, or the last one. `found` and `done` count files, `missing` tracks that lost their file."""

    state: Literal["idle", "scanning"]
    found: int
    done: int
    added: int
    changed: int
    missing: int
    #: At most a hundred; empty for callers who are not staff.
    failed: list[Failure]
    started_at: Moment | None
    finished_at: Moment | None


class Library(Struct, frozen=True, kw_only=True):
    """How much there is to choose from, and the state of the scan."""

    tracks: int
    albums: int
    artists: int
    duration_ms: int
    with_audio: int
    scan: ScanProgress


def library_now(*, with_failures: bool) -> Library:
    scan = Scan.objects.filter(state=Scan.State.SCANNING).first() or Scan.objects.order_by("-pk").first() or Scan()
    counted = counts(scan.pk, scan.state, int(monotonic() / _COUNTED_SECONDS))
    return Library(**counted, scan=_progress(scan, with_failures=with_failures))


@lru_cache(maxsize=1)
def counts(scan_id: int | None, state: str, period: int) -> dict[str, int]:
    """How much there is. Counted once in a period, and anew when a scan begins or ends: it reads the whole library."""
    counted = (
        listed_tracks()
        .select_related(None)
        .aggregate(
            tracks=Count("pk"),
            albums=Count("album_id", distinct=True),
            artists=Count("artist_id", distinct=True),
            duration_ms=Sum(Coalesce(NullIf("duration_ms", 0), 1000 * F("duration_seconds"))),
            with_audio=Count("audio_url"),
        )
    )
    return {name: value or 0 for name, value in counted.items()}


def _progress(scan: Scan, *, with_failures: bool) -> ScanProgress:
    waits = scan.pk is not None and scan.state in (Scan.State.REQUESTED, Scan.State.SCANNING)
    return ScanProgress(
        state="scanning" if waits else "idle",
        found=scan.found,
        done=scan.done,
        added=scan.added,
        changed=scan.changed,
        missing=scan.missing,
        failed=msgspec.json.decode(scan.failed_json, type=list[Failure]) if with_failures else [],
        started_at=scan.started_at,
        finished_at=scan.finished_at,
    )
