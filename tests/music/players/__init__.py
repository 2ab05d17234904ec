"""Playlists as other players write them, written by hand after their documented habits; and which songs they mean."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

#: A recording of MusicBrainz.
RECORDING = UUID("e97f805a-ab48-4c52-855e-07049142113d")
GOOD, LOST = "Nina Simone", "Motörhead"

#: The library in which the songs are looked for: id, title, artist, seconds, and the file below the music folder.
LIBRARY = [
    ("good", "Feeling Good", GOOD, 177.293, "Nina Simone/I Put a Spell on You/07 - Feeling Good.mp3"),
    ("ace", "Ace of Spades", LOST, 174, "Motörhead/Ace of Spades.mp3"),
    ("lucky", "Get Lucky", "Daft Punk", 248, "Daft Punk/Get Lucky.mp3"),
    # What has the same name and is another song.
    ("muse", "Feeling Good", "Muse", 199, "Muse/Origin of Symmetry/10 - Feeling Good.mp3"),
    ("live", "Ace of Spades", LOST, 200, "Motörhead/No Sleep/Ace of Spades.mp3"),
    ("sleep", "Sleep", "Nina Simone", 60, "Sleep.mp3"),
]

#: Artist, title, album, milliseconds, location.
Told = tuple[str, str, str, int | None, str]


class Player(NamedTuple):
    """A file of a player, what it tells of each song, and which song of the library that is."""

    body: bytes
    told: list[Told]
    means: list[str | None]
