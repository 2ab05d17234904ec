"""The limits of a room on what is added. They hold for everybody, the host as well, and not for the server itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from django.conf import settings
from django.db.models import Count, Q

from playlist import types
from playlist.change import Change
from playlist.errors import DomainError
from playlist.identity import SYSTEM
from playlist.models import Track
from playlist.neighbours import keys_joined_from
from playlist.selectors.limits import blocked_among, last_started


def check_limits(change: Change, adder_key: str, tracks: Sequence[Track]) -> None:
    """Raises the first refusal of these tracks as new songs of the adder: one query for each rule that is on.

    BLOCKED, TOO_LONG, PLAYED_RECENTLY, LIMIT_REACHED.
    """
    if adder_key == SYSTEM.key:
        return
    rules = change.playlist.rules
    _check_blocked(change, tracks)
    minutes = rules.repeat_after_minutes
    since = None if minutes is None else change.now - timedelta(minutes=minutes)
    played = {} if since is None else last_started(change.playlist, [track.pk for track in tracks], since)
    for track in tracks:
        if refusal := refusal_of(rules, track.pk, track.exact_duration_ms, played.get(track.pk), change.now):
            raise refusal
    _check_waiting(change, adder_key, len(tracks))


def _check_blocked(change: Change, tracks: Sequence[Track]) -> None:
    """Raises BLOCKED for the first track that is blocked, or whose artist is."""
    for track_id, by in blocked_among(change.playlist, tracks).items():
        message = f"This {'song' if by == 'track' else 'artist'} is blocked here."
        raise DomainError("BLOCKED", message, {"by": by, "track_id": track_id})


def refusal_of(
    rules: types.Rules, track_id: str, duration_ms: int, started_at: datetime | None, now: datetime
) -> DomainError | None:
    """What the rules say against a track that was started last at `started_at`."""
    seconds, minutes = rules.max_track_seconds, rules.repeat_after_minutes
    if seconds is not None and duration_ms > 1000 * seconds:
        details = {"max_seconds": seconds, "track_id": track_id}
        return DomainError("TOO_LONG", f"Songs may last {seconds} seconds here.", details)
    if minutes is not None and started_at is not None:
        again_at = started_at + timedelta(minutes=minutes)
        if now < again_at:
            details = {"again_at": msgspec.to_builtins(again_at), "track_id": track_id}
            return DomainError("PLAYED_RECENTLY", f"This song was played less than {minutes} minutes ago.", details)
    return None


def _check_waiting(change: Change, adder_key: str, added: int) -> None:
    """Raises LIMIT_REACHED if the adder, or all who joined from their address, would have too many songs waiting."""
    limit = change.playlist.max_queued_per_person
    if limit is None:
        return
    address = change.address_of(adder_key)
    near = Q(added_by_key__in={adder_key, address, *change.keys_at(address)}) | Q(
        added_by_key__in=keys_joined_from(change.playlist, address)
    )
    waiting = change.playlist.items.filter(near, played_at__isnull=True).order_by()
    counts = dict(waiting.values_list("added_by_key").annotate(Count("pk")))
    if counts.get(adder_key, 0) + added > limit:
        raise DomainError("LIMIT_REACHED", f"Each person may have {limit} songs waiting.", {"limit": limit})
    together = limit * settings.ADDRESS_PEOPLE
    if address and sum(counts.values()) + added > together:
        message = f"All people of one network may have {together} songs waiting."
        raise DomainError("LIMIT_REACHED", message, {"limit": together, "by": "address"})
