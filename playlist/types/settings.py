"""The settings of a playlist, each declared once: those that clients read, and those that a host may set.

The resource, the command, the event, the body of a new playlist and what a rollback restores follow from this. A
setting is an attribute of models.Playlist of the same name.
"""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

from playlist.types.fields import PlaylistName, PlaylistOrder, QueuedLimit, Visibility
from playlist.types.rules import Policy, Preset, Rules, RulesChanges


class Settled(Struct, frozen=True, kw_only=True):
    """A playlist's permanent names and its present settings."""

    id: int
    slug: str
    name: str
    order: PlaylistOrder
    policy: Policy
    locked: bool
    max_queued_per_person: int | None
    visibility: Visibility
    rules: Rules


class Fair(Struct, frozen=True, kw_only=True):
    """The turns of fair order. `round` is the running one; `turns` is the round of the next turn of those, by `adder`,
    for whom that is a later one.
    """

    round: int
    turns: dict[str, int]


class PlaylistSettings(Struct, frozen=True, kw_only=True):
    """The settings that a host may change; the fields of `playlist.update`.

    `policy` is a preset of `rules.guests`, so only one of the two may be given.
    """

    name: PlaylistName | UnsetType = UNSET
    order: PlaylistOrder | UnsetType = UNSET
    policy: Preset | UnsetType = UNSET
    locked: bool | UnsetType = UNSET
    max_queued_per_person: QueuedLimit | UnsetType | None = UNSET
    visibility: Visibility | UnsetType = UNSET
    rules: RulesChanges | UnsetType = UNSET

    def given(self) -> dict[str, object]:
        """The given settings, by name."""
        values = {name: getattr(self, name) for name in SETTINGS}
        return {name: value for name, value in values.items() if value is not UNSET}


class SettingsChanges(Struct, frozen=True, kw_only=True):
    """Only the settings that changed, each as it is now: `rules` are all of them."""

    name: PlaylistName | UnsetType = UNSET
    order: PlaylistOrder | UnsetType = UNSET
    policy: Policy | UnsetType = UNSET
    locked: bool | UnsetType = UNSET
    max_queued_per_person: QueuedLimit | UnsetType | None = UNSET
    visibility: Visibility | UnsetType = UNSET
    rules: Rules | UnsetType = UNSET


#: The names of all settings.
SETTINGS = PlaylistSettings.__struct_fields__
