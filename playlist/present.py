"""The people who are present in a playlist, as the live part of this process last saw them. Knows no model.

`realtime/presence.py` writes it, also for the playlists that are watched only in other processes.
"""

from __future__ import annotations

from collections.abc import Iterable

#: The ids of users by playlist. Entries are replaced, never changed: other threads read them.
_people: dict[int, frozenset[int]] = {}


def people_in(playlist_id: int) -> frozenset[int]:
    """The ids of the users with an open socket or stream in any process. Walls and the nameless do not count."""
    return _people.get(playlist_id, frozenset())


def saw(playlist_id: int, people: Iterable[int]) -> None:
    """Let these be the people who are present."""
    _people[playlist_id] = frozenset(people)


def forget(playlist_id: int) -> None:
    """Nobody watches the playlist here any more."""
    _people.pop(playlist_id, None)
