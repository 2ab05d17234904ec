"""The limits of a room, held against songs and boosts that come back. Pure: nothing is read or written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from playlist import types


class Limits(Struct, frozen=True):
    """What the limits count.

    By track, of the songs that may come back: how long each lasts, when it was started last, and whether it or its
    artist is blocked. `addresses`: where people joined from, by actor key, as far as it is known. `boosts`: when the
    actor boosted within the last hour; None where that has no limit.
    """

    now: datetime
    durations_ms: Mapping[str, int]
    started_at: Mapping[str, datetime]
    blocked: frozenset[str]
    addresses: Mapping[str, str]
    people_at_address: int
    boosts: frozenset[datetime] | None = None

    def against_song(
        self, track_id: str, adder_key: str, settings: Mapping[str, Any], waiting: Mapping[str, int]
    ) -> types.UndoReason | None:
        """Why a song cannot wait again. `settings` are flat; `waiting`: how many songs wait, by the adder's key."""
        minutes, started_at = settings["rules.repeat_after_minutes"], self.started_at.get(track_id)
        if minutes is not None and started_at is not None and self.now < started_at + timedelta(minutes=minutes):
            return "heard"
        seconds = settings["rules.max_track_seconds"]
        is_too_long = seconds is not None and self.durations_ms.get(track_id, 0) > 1000 * seconds
        if is_too_long or track_id in self.blocked or self._is_one_too_many(adder_key, settings, waiting):
            return "superseded"  # by a rule that was set later, or by the songs that wait instead
        return None

    def _is_one_too_many(self, adder_key: str, settings: Mapping[str, Any], waiting: Mapping[str, int]) -> bool:
        limit: int | None = settings["max_queued_per_person"]
        if limit is None or adder_key not in self.addresses:
            return False
        address = self.addresses[adder_key]
        at_address = sum(count for key, count in waiting.items() if address and self.addresses.get(key) == address)
        return waiting.get(adder_key, 0) >= limit or at_address >= limit * self.people_at_address

    def against_boost(self, boosted_at: datetime) -> types.UndoReason | None:
        """Why a boost that was taken back cannot count again: it counts within the hour for which it was spent."""
        return None if self.boosts is None or boosted_at in self.boosts else "expired"
