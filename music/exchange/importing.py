"""Adds what a playlist file names to a queue, as its caller."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from music.exchange.entry import Entry
from music.exchange.matching import Here, file_in, matches, names_in
from playlist import types
from playlist.errors import DomainError
from playlist.identity import Actor
from playlist.submissions import Submission
from playlist.types.fields import TRACKS_AT_ONCE
from playlist.writer import get_writer

#: Refusals of the caller or the whole room: nothing else of the file would fare better.
_FINAL = ("AUTH_REQUIRED", "FORBIDDEN", "PLAYLIST_NOT_FOUND", "OP_CONFLICT", "UNAVAILABLE", "INTERNAL")


class Skipped(Struct, frozen=True, kw_only=True):
    """An entry whose song is in the library but was not added; `reason` is the code of the refusal."""

    line: int
    reason: str


class Missing(Struct, frozen=True, kw_only=True):
    """An entry that the library has no song for."""

    line: int
    title: str
    artist: str


class Imported(Struct, frozen=True, kw_only=True):
    """`line` counts from 1: the line of the file in M3U and CSV, the number of the entry in XSPF and JSPF."""

    added: list[types.Item]
    skipped: list[Skipped]
    missing: list[Missing]


def imported(playlist_id: int, actor: Actor, key: str | None, entries: Sequence[Entry], here: Here) -> Imported:
    """Look the entries up and add what is found, in the order of the file.

    The queue is locked for some songs at a time. Raises what a single addition would be refused with, if that concerns
    the caller or the room and not the song.
    """
    lines: dict[str, int] = {}
    skipped: list[Skipped] = []
    missing: list[Missing] = []
    for entry, track_id in zip(entries, matches(entries, here), strict=True):
        if track_id is None:
            missing.append(_missing(entry))
        elif track_id in lines:
            skipped.append(Skipped(line=entry.line, reason="DUPLICATE_TRACK"))
        else:
            lines[track_id] = entry.line
    addition = _Addition(playlist_id, actor, key)
    wanted = list(lines)
    for start in range(0, len(wanted), TRACKS_AT_ONCE):
        addition.add(wanted[start : start + TRACKS_AT_ONCE])
    skipped += [Skipped(line=lines[track_id], reason=code) for track_id, code in addition.refused.items()]
    return Imported(added=addition.added, skipped=sorted(skipped, key=lambda each: each.line), missing=missing)


def _missing(entry: Entry) -> Missing:
    # The folders in the address of some other server tell no names.
    is_address = not entry.title and not file_in(entry.location)
    artist, title = ("", entry.location) if is_address else names_in(entry)
    return Missing(line=entry.line, title=title, artist=artist)


class _Addition:
    """The songs that were added so far, and those that were refused, with the refusals' codes."""

    def __init__(self, playlist_id: int, actor: Actor, key: str | None) -> None:
        self.added: list[types.Item] = []
        self.refused: dict[str, str] = {}
        self._playlist_id = playlist_id
        self._actor = actor
        self._key = key
        self._is_full = False

    def add(self, track_ids: list[str]) -> None:
        """Add these songs; where they are refused together, each half by itself, down to the songs it is about."""
        if self._is_full:
            self.refused.update(dict.fromkeys(track_ids, "LIMIT_REACHED"))
            return
        try:
            added = self._submit(track_ids)
        except DomainError as refusal:
            if refusal.code in _FINAL:
                raise
            if len(track_ids) == 1:
                self.refused[track_ids[0]] = refusal.code
                self._is_full = refusal.code == "LIMIT_REACHED"
                return
            middle = len(track_ids) // 2
            self.add(track_ids[:middle])
            self.add(track_ids[middle:])
        else:
            self.added += added
            there = {item.track_id for item in added}
            self.refused.update({track_id: "DUPLICATE_TRACK" for track_id in track_ids if track_id not in there})

    def _submit(self, track_ids: list[str]) -> list[types.Item]:
        command = types.TracksAdd(track_ids=track_ids)
        submission = Submission(self._actor, (command,), self._key_for(track_ids))
        answer = get_writer().submit_and_wait(self._playlist_id, submission).answer
        return msgspec.json.decode(answer, type=list[types.Item])

    def _key_for(self, track_ids: list[str]) -> str | None:
        """The key of these songs under the caller's key: a repeated import has one effect."""
        if self._key is None:
            return None
        return hashlib.blake2b("\n".join([self._key, *track_ids]).encode(), digest_size=32).hexdigest()
