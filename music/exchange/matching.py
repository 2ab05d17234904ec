"""Which tracks of the library the entries of a playlist file mean.

All entries are looked up together, by one sure sign after the other: the MusicBrainz recording, an address of this
server, the file, then artist and title. A query asks for AT_ONCE of them, so a file of 5,000 entries needs some dozens.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar
from urllib.parse import unquote_to_bytes, urlsplit
from uuid import UUID

from msgspec import Struct

from music.exchange.entry import Entry, shown
from music.files import playable
from music.models import digest_of
from music.names import PARTED, names_of
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
#: Addresses of files: on this machine, or in the local network as media centers name them. Then the path.
_FILE = re.compile(r"(?:file|smb|nfs|afp|sftp|davs?):(?://[^/]*)?/(.*)", re.IGNORECASE | re.DOTALL)
_DRIVE = re.compile(rb"^[A-Za-z]:[\\/]")
#: What streaming services say behind a title whose sound was worked over.
_REMASTERED = re.compile(
    r"\s(?:[-–—]\s|[(\[])(?:\d{4}\s)?(?:digital(?:ly)?\s)?remaster(?:ed)?(?:\sversion)?(?:\s\d{4})?[)\]]?$",
    re.IGNORECASE,
)
#: "07. " in front of an artist, and what parts several of them.
_NUMBER, _AND = re.compile(r"^\d{1,3}\.\s"), re.compile(r"\s?[;,]\s|;")
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
    paths = []
    for form in _forms(_path_in(location).replace(b"\\", b"/")):
        names = [name for name in form.split(b"/") if name not in (b"", b".", b"..")]
        whole = b"/" + b"/".join(names)
        paths += [whole] if whole.startswith(tuple(root + b"/" for root in roots)) else []
        for count in range(min(len(names), FOLDERS + 1), 0, -1):
            paths += [b"/".join((root, *names[-count:])) for root in roots]
    return [digest_of(path) for path in paths]


def _forms(path: bytes) -> dict[bytes, None]:
    """The path, also with accents as the other systems write them: Macs part them from their letters."""
    text = os.fsdecode(path)
    return dict.fromkeys((path, *(os.fsencode(unicodedata.normalize(form, text)) for form in ("NFC", "NFD"))))


def _path_in(location: str) -> bytes:
    """The path in the address of a file, or the location itself; "" for an address of another kind."""
    if found := _FILE.match(location):
        return _DRIVE.sub(b"", unquote_to_bytes(found[1]))
    if _DRIVE.match(path := os.fsencode(location)):
        return path[3:]
    if _parts(location)[0]:
        return b""
    # A relative address is escaped in XSPF; in M3U it is a plain path, which rarely looks escaped.
    return unquote_to_bytes(location) if _ESCAPED.search(location) else path


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
    wanted = {entry.line: _namings(entry) for entry in entries}
    titles = {sort_key(name)[:FOLDED_WIDTH] for namings in wanted.values() for names in namings for name in names}
    known: dict[tuple[str, str], list[_Known]] = defaultdict(list)
    for some in _pieces(titles - {""}):
        rows = listed_tracks().filter(sort_key__in=some).order_by("pk")
        for track in rows:
            known[fold(track.artist.name), fold(track.title)].append(
                _Known(track.pk, track.audio_url is not None, track.exact_duration_ms)
            )
    return {
        entry.line: track_id
        for entry in entries
        if (track_id := next(filter(None, (_closest(entry, names, known) for names in wanted[entry.line])), None))
    }


def _namings(entry: Entry) -> list[tuple[str, str]]:
    """Artist and title as the entry tells them, and then without what players and streaming services add."""
    artist, title = names_in(entry)
    plain = _AND.split(_NUMBER.sub("", artist), maxsplit=1)[0], _REMASTERED.sub("", title)
    return list(dict.fromkeys([(artist, title), plain]))


def _closest(entry: Entry, names: tuple[str, str], known: Mapping[tuple[str, str], list[_Known]]) -> str | None:
    artist, title = map(fold, names)
    there = [*known.get((artist, title), ()), *known.get((title, artist), ())]
    close = [
        (apart_ms, not track.sounds, track.id) for track in there if (apart_ms := _apart_ms(track, entry)) <= CLOSE_MS
    ]
    return min(close)[-1] if close else None


def names_in(entry: Entry) -> tuple[str, str]:
    """Artist and title as the entry tells them, else as the name of its file does; the title is never empty."""
    if entry.artist and entry.title:
        return entry.artist, entry.title
    told = entry.title or file_in(entry.location) or entry.location
    # "AC/DC - T.N.T." in a list that somebody has pasted is no path.
    parts = PARTED.split(told, maxsplit=1)
    if len(parts) == 2 and not _ENDING.search(told) and not _parts(told)[0]:
        artist, title = parts
    else:
        guessed = names_of(told.encode("utf-8", "replace"))
        artist, title = guessed.artist, guessed.title
    return entry.artist or artist, entry.title or title


def file_in(location: str) -> str:
    """The file that a location names, as a readable path with slashes; "" for an address of another kind."""
    return shown(_path_in(location).decode("utf-8", "replace")).replace("\\", "/")


def _apart_ms(track: _Known, entry: Entry) -> int:
    return abs(track.duration_ms - entry.duration_ms) if entry.duration_ms else 0
