"""Further rules for some commands of a kind, by what they ask for; a row of the table names them as `also`."""

from __future__ import annotations

from msgspec import UnsetType

from playlist import types
from playlist.models import Playlist
from playlist.permissions import MOVING, VOTING_DOWN, Rule


def placing(playlist: Playlist, command: types.TrackAdd | types.TracksAdd) -> Rule | None:
    """To add anywhere but at the end takes as much as to add there and move it. In fair order nobody can."""
    return None if isinstance(command.after, UnsetType) or playlist.order == Playlist.Order.FAIR else MOVING


def voting_down(playlist: Playlist, command: types.TrackVote) -> Rule | None:
    return VOTING_DOWN if command.direction == "down" else None
