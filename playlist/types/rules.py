"""The rules of a room: what guests may do, and the limits that hold for everybody in it.

`policy` names the two usual sets of guests' rights; any other set reads `custom`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType, json
from msgspec.structs import asdict, replace

#: What a participant who is not host may be allowed to do. One's own songs may always be removed.
Right = Literal["add", "vote", "downvote", "move", "remove_any", "playback"]
Preset = Literal["open", "hosted"]
Policy = Literal["open", "hosted", "custom"]
#: What the server adds when the queue runs empty.
BlockedKind = Literal["tracks", "artists"]
Fallback = Literal["off", "similar", "favorites", "library"]

TrackSecondsLimit: TypeAlias = Annotated[int, Meta(ge=1, le=86_400)]
#: Up to a week.
RepeatMinutes: TypeAlias = Annotated[int, Meta(ge=1, le=10_080)]
SkipShare: TypeAlias = Annotated[float, Meta(ge=0.05, le=1)]
BoostsPerHour: TypeAlias = Annotated[int, Meta(ge=0, le=100)]


class GuestRights(Struct, frozen=True, kw_only=True):
    """What participants may do who are not host; `downvote` needs `vote`, too."""

    add: bool
    vote: bool
    downvote: bool
    move: bool
    remove_any: bool
    playback: bool

    def allow(self, right: Right) -> bool:
        allowed: bool = getattr(self, right)
        return allowed


class Rules(Struct, frozen=True, kw_only=True):
    """All rules. `guests` and `boosts_per_hour` do not bind the host and cohosts; the others hold for everybody.

    `repeat_after_minutes`: nothing is added that was started less than so long ago. `skip_share`: the share of those
    present whose votes skip a song. Null: no such rule.
    """

    guests: GuestRights
    max_track_seconds: int | None
    repeat_after_minutes: int | None
    skip_share: float | None
    boosts_per_hour: int
    fallback: Fallback


class GuestRightsChanges(Struct, frozen=True, kw_only=True):
    add: bool | UnsetType = UNSET
    vote: bool | UnsetType = UNSET
    downvote: bool | UnsetType = UNSET
    move: bool | UnsetType = UNSET
    remove_any: bool | UnsetType = UNSET
    playback: bool | UnsetType = UNSET


class RulesChanges(Struct, frozen=True, kw_only=True):
    """Rules to change; what is absent stays as it is. Rows keep rules in this form, on top of NO_RULES."""

    guests: GuestRightsChanges | UnsetType = UNSET
    max_track_seconds: TrackSecondsLimit | UnsetType | None = UNSET
    repeat_after_minutes: RepeatMinutes | UnsetType | None = UNSET
    skip_share: SkipShare | UnsetType | None = UNSET
    boosts_per_hour: BoostsPerHour | UnsetType = UNSET
    fallback: Fallback | UnsetType = UNSET


_OPEN = GuestRights(add=True, vote=True, downvote=True, move=True, remove_any=True, playback=True)
PRESETS: dict[str, GuestRights] = {
    "open": _OPEN,
    "hosted": replace(_OPEN, move=False, remove_any=False, playback=False),
}
#: Those of a new room.
NO_RULES = Rules(
    guests=_OPEN,
    max_track_seconds=None,
    repeat_after_minutes=None,
    skip_share=None,
    boosts_per_hour=0,
    fallback="off",
)


def policy_of(guests: GuestRights) -> Policy:
    """The policy that these rights read as."""
    if guests == PRESETS["open"]:
        return "open"
    return "hosted" if guests == PRESETS["hosted"] else "custom"


@lru_cache(maxsize=1024)
def rules_kept(policy: str, kept: str) -> Rules:
    """The rules of a row, from JSON; a preset counts before the rights in it, since older servers set nothing else."""
    rules = rules_changed(NO_RULES, json.decode(kept, type=RulesChanges))
    return replace(rules, guests=PRESETS.get(policy, rules.guests))


def rules_changed(rules: Rules, changes: RulesChanges) -> Rules:
    """The rules after these changes."""
    given = {name: value for name, value in asdict(changes).items() if value is not UNSET}
    if isinstance(changes.guests, GuestRightsChanges):
        rights = {name: value for name, value in asdict(changes.guests).items() if value is not UNSET}
        given["guests"] = replace(rules.guests, **rights)
    return replace(rules, **given)
