"""A queue or a history as a playlist that can be written into a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from msgspec import Struct

from music.exchange.entry import MAX_ENTRIES, Song, Written
from music.files import playable
from music.models import AudioFile
from playlist import types
from playlist.models import Play, Playlist
from playlist.selectors.evenings import Heard, heard_in
from playlist.selectors.items import items_of

What: TypeAlias = Literal["queue", "history"]


class Addresses(Struct, frozen=True):
    """How the songs of a file are found again."""

    #: This server, as the caller reached it.
    origin: str
    #: The music folders, below which paths are told; none for callers who may not see paths.
    roots: tuple[bytes, ...] = ()

    def of(self, track_id: str, file: AudioFile | None) -> str:
        path = bytes(file.path) if file else b""
        for root in self.roots:
            if path.startswith(root + b"/") and _is_text(path):
                return path[len(root) + 1 :].decode()
        return f"{self.origin}/media/audio/{track_id}"


def exported(playlist: Playlist, what: What, addresses: Addresses) -> Written:
    """The songs that play or wait, in playing order; or what was played, in the order in which it was.

    At most MAX_ENTRIES songs, so that they can be imported again: the next ones to play, the last ones that did.
    """
    rows = _waiting(playlist) if what == "queue" else _played(playlist)
    files = _files({row.track.id for row in rows})
    return Written(title=playlist.name, songs=[_song(row, files.get(row.track.id), addresses) for row in rows])


def _waiting(playlist: Playlist) -> list[types.Item]:
    return [item for item in items_of(playlist) if item.is_playing or item.played_at is None][:MAX_ENTRIES]


def _played(playlist: Playlist) -> list[Heard]:
    return heard_in(playlist, list(Play.objects.filter(playlist=playlist).order_by("-id")[:MAX_ENTRIES]))


def _files(track_ids: Iterable[str]) -> dict[str, AudioFile]:
    """The file of each track that has one: the one that is played."""
    rows = playable().filter(track_id__in=list(track_ids)).order_by("-pk").only("track_id", "path", "mb_recording")
    return {file.track_id: file for file in rows if file.track_id}


def _song(row: types.Item | Heard, file: AudioFile | None, addresses: Addresses) -> Song:
    track = row.track
    return Song(
        title=track.title,
        artist=track.artist,
        album=track.album,
        duration_ms=track.duration_ms,
        location=addresses.of(track.id, file),
        recording=file.mb_recording if file else None,
        added_by=row.added_by,
        votes=row.votes,
        played_at=row.played_at.isoformat() if isinstance(row, Heard) else "",
    )


def _is_text(path: bytes) -> bool:
    """Whether the path can stand in a playlist, which has lines of UTF-8."""
    try:
        return not set(path.decode()) & set("\r\n")
    except UnicodeDecodeError:
        return False
