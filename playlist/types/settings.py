"""The settings of a playlist, each declared here: what clients read, and what a host may give.

The resource, the command, the event, the body of a new playlist and what a rollback restores follow from this. A
setting is a column of models.Playlist of the same name.
"""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

from playlist.types.fields import PlaylistName, PlaylistOrder, Policy, QueuedLimit, Visibility


class Settled(Struct, frozen=True, kw_only=True):
    """A playlist's names, which never change, and its settings as they stand."""

    id: int
    slug: str
    name: str
    order: PlaylistOrder
    policy: Policy
    locked: bool
    max_queued_per_person: int | None
    visibility: Visibility


class PlaylistSettings(Struct, frozen=True, kw_only=True):
    """What a host may change; the fields of `playlist.update`."""

    name: PlaylistName | UnsetType = UNSET
    order: PlaylistOrder | UnsetType = UNSET
    policy: Policy | UnsetType = UNSET
    locked: bool | UnsetType = UNSET
    max_queued_per_person: QueuedLimit | UnsetType | None = UNSET
    visibility: Visibility | UnsetType = UNSET

    def given(self) -> dict[str, str | int | bool | None]:
        """The settings that are there, by name."""
        values = {name: getattr(self, name) for name in SETTINGS}
        return {name: value for name, value in values.items() if value is not UNSET}


#: The names of all settings.
SETTINGS = PlaylistSettings.__struct_fields__
