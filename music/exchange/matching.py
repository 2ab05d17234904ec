"""Which tracks of the library the entries of a playlist file mean.

All entries are looked up together, by one sure sign after the other: the MusicBrainz recording, an address of this
server, the file, then artist and title. A query asks for AT_ONCE of them, so a file of 5,000 entries needs some dozens.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar
from urllib.parse import unquote_to_bytes, urlsplit
from uuid import UUID

from msgspec import Struct

from music.exchange.entry import Entry
from music.files import playable
from music.models import digest_of
from music.names import names_of
from playlist.models import FOLDED_WIDTH
from playlist.search import sort_key
from playlist.selectors.library import listed_tracks
from playlist.text import fold

AT_ONCE = 500
#: Another edition of a song may be this much longer or shorter.
CLOSE_MS = 3_000
#: Folders at the end of a foreign path that may be the same here.
FOLDERS = 4

_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
#: That of a file, such as ".mp3" and ".flac".
_ENDING = re.compile(r"\.[0-9A-Za-z]{2,4}$")
_PARTED = re.compile(r"\s+[-–—]\s+")
_OWN_PATH = re.compile(r"/(?:media/audio|api/tracks)/([^/]{1,64})/?")

KeyT = TypeVar("KeyT", bound=Hashable)
T = TypeVar("T")


class Here(Struct, frozen=True):
    """This server, as addresses and paths in playlists name it."""

    #: Such as "http://192.168.1.20:8000".
    origins: frozenset[str]
    #: The music folders, as absolute paths.
    roots: tuple[bytes, ...]


def matches(entries: Sequence[Entry], here: Here) -> list[str | None]:
    """The id of the track that each entry means; None where the library has none."""
    found: dict[int, str] = {}

    def look(keys_of: Callable[[Entry], Iterable[KeyT]], ids_of: Callable[[list[KeyT]], dict[KeyT, str]]) -> None:
        wanted = {n: list(keys_of(entry)) for n, entry in enumerate(entries) if n not in found}
        keys = list(dict.fromkeys(key for each in wanted.values() for key in each))
        ids = {key: track_id for some in _pieces(keys) for key, track_id in ids_of(some).items()}
        # The first of an entry's keys that is known counts: it is written last.
        found.update({n: ids[key] for n, each in wanted.items() for key in reversed(each) if key in ids})

    look(lambda entry: [entry.recording] if entry.recording else [], _by_recording)
    look(lambda entry: _own_id(entry.location, here.origins), _by_id)
    look(lambda entry: _digests(entry.location, here.roots), _by_file)
    named = _by_names([entry for n, entry in enumerate(entries) if n not in found])
    return [found.get(n) or named.get(entry.line) for n, entry in enumerate(entries)]


def _pieces(keys: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(keys)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _by_recording(recordings: list[UUID]) -> dict[UUID, str]:
    rows = playable().filter(mb_recording__in=recordings).order_by("-pk").values_list("mb_recording", "track_id")
    return {recording: track_id for recording, track_id in rows if recording and track_id}


def _own_id(location: str, origins: frozenset[str]) -> list[str]:
    """The track in an address of this server: none, or one."""
    scheme, host, path = _parts(location)
    is_own = f"{scheme}://{host}" in origins or not (scheme or host)
    own = _OWN_PATH.fullmatch(path)
    return [own[1]] if own and is_own else []


def _by_id(track_ids: list[str]) -> dict[str, str]:
    return {track_id: track_id for track_id in listed_tracks().filter(pk__in=track_ids).values_list("pk", flat=True)}


def _digests(location: str, roots: tuple[bytes, ...]) -> list[str]:
    """The digests of the paths that a location may mean here: the whole path first, then its last names.

    Each is put together below a music folder from names alone, so none leads out of it.
    """
    names = [name for name in _path_in(location).replace(b"\\", b"/").split(b"/") if name not in (b"", b".", b"..")]
    whole = b"/" + b"/".join(names)
    paths = [whole] if whole.startswith(tuple(root + b"/" for root in roots)) else []
    for count in range(min(len(names), FOLDERS + 1), 0, -1):
        paths += [b"/".join((root, *names[-count:])) for root in roots]
    return [digest_of(path) for path in paths]


def _path_in(location: str) -> bytes:
    """The path in a `file:` address, or the location itself; "" for an address of another kind."""
    if re.match(r"[A-Za-z]:[\\/]", location):
        return os.fsencode(location[3:])
    scheme, _, path = _parts(location)
    if scheme:
        return unquote_to_bytes(path) if scheme == "file" else b""
    # A relative address is escaped in XSPF; in M3U it is a plain path, which rarely looks escaped.
    return unquote_to_bytes(location) if _ESCAPED.search(location) else os.fsencode(location)


def _parts(location: str) -> tuple[str, str, str]:
    """Scheme, host with port, and path of an address; all empty if it is none."""
    try:
        parts = urlsplit(location)
    except ValueError:
        return "", "", ""
    return parts.scheme, parts.netloc, parts.path


def _by_file(digests: list[str]) -> dict[str, str]:
    rows = playable().filter(path_digest__in=digests).values_list("path_digest", "track_id")
    return {digest: track_id for digest, track_id in rows if track_id}


class _Known(Struct, frozen=True):
    """A track of the library that has one of the wanted titles."""

    id: str
    sounds: bool
    duration_ms: int


def _by_names(entries: list[Entry]) -> dict[int, str]:
    """The tracks by artist and title, by the number of the entry's line.

    Some players write "Title - Artist", so both orders count. The track whose length is nearest is taken, of equal ones
    one that sounds.
    """
    wanted = {entry.line: names_in(entry) for entry in entries}
    titles = {sort_key(name)[:FOLDED_WIDTH] for names in wanted.values() for name in names}
    known: dict[tuple[str, str], list[_Known]] = defaultdict(list)
    for some in _pieces(titles - {""}):
        rows = listed_tracks().filter(sort_key__in=some).order_by("pk")
        for track in rows:
            known[fold(track.artist.name), fold(track.title)].append(
                _Known(track.pk, track.audio_url is not None, track.exact_duration_ms)
            )
    found = {}
    for entry in entries:
        artist, title = wanted[entry.line]
        there = [*known.get((fold(artist), fold(title)), ()), *known.get((fold(title), fold(artist)), ())]
        close = [
            (_apart_ms(track, entry), not track.sounds, track.id)
            for track in there
            if _apart_ms(track, entry) <= CLOSE_MS
        ]
        if close:
            found[entry.line] = min(close)[-1]
    return found


def names_in(entry: Entry) -> tuple[str, str]:
    """Artist and title as the entry tells them, else as the name of its file does; the title is never empty."""
    if entry.artist and entry.title:
        return entry.artist, entry.title
    told = entry.title or entry.location
    # "AC/DC - T.N.T." in a list that somebody has pasted is no path.
    parts = _PARTED.split(told, maxsplit=1)
    if len(parts) == 2 and not _ENDING.search(told) and not _parts(told)[0]:
        artist, title = parts
    else:
        guessed = names_of(told.replace("\\", "/").encode("utf-8", "replace"))
        artist, title = guessed.artist, guessed.title
    return entry.artist or artist, entry.title or title


def _apart_ms(track: _Known, entry: Entry) -> int:
    return abs(track.duration_ms - entry.duration_ms) if entry.duration_ms else 0
