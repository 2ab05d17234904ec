"""The tables. Rows and constraints only: no logic in save(), no signals; every write goes through commands.

Votes, items and events name people by `actor_key` ("user:7", "addr:9f…", "system"), so they outlive the user's row.
"""

from __future__ import annotations

from playlist.models.library import (
    FOLDED_WIDTH,
    GENRE_WIDTH,
    RANKS,
    TITLE_WIDTH,
    Album,
    Artist,
    Favorite,
    SearchEntry,
    SearchWord,
    Track,
    exact_ms,
    sounds,
)
from playlist.models.log import Event, Operation, Play
from playlist.models.past import Checkpoint
from playlist.models.playlists import MAIN_SLUG, Participant, Playlist, SecretLink, SkipVotes, new_stamp
from playlist.models.queue import PlaylistTrack, RemovedItem, Vote
from playlist.models.rules import Blocked, Boost
from playlist.models.upkeep import Allowance, Clock, Forgetting, Upkeep
from playlist.user import User

__all__ = [
    "FOLDED_WIDTH",
    "GENRE_WIDTH",
    "MAIN_SLUG",
    "RANKS",
    "TITLE_WIDTH",
    "Album",
    "Allowance",
    "Artist",
    "Blocked",
    "Boost",
    "Checkpoint",
    "Clock",
    "Event",
    "Favorite",
    "Forgetting",
    "Operation",
    "Participant",
    "Play",
    "Playlist",
    "PlaylistTrack",
    "RemovedItem",
    "SearchEntry",
    "SearchWord",
    "SecretLink",
    "SkipVotes",
    "Track",
    "Upkeep",
    "User",
    "Vote",
    "exact_ms",
    "new_stamp",
    "sounds",
]
