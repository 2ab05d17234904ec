"""Which file is which track after files were moved, renamed, retagged, converted or copied. Pure functions.

Votes, favourites and queues hang on a track, so a file that lies elsewhere must be found again; and a stranger must not
take its place. So only what is gone is matched with what is new, by the surest mark first, and only where exactly one
fits exactly one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence

from msgspec import Struct

from music.reading import UNKNOWN_ARTIST, Reading
from playlist.text import fold

#: Another encoder adds a little; another version of the song differs by more.
DURATION_TOLERANCE_MS = 3000

_UNKNOWN = fold(UNKNOWN_ARTIST)


class Mark(Struct, frozen=True):
    """What tells one file from another. Titles, artists and albums are folded; "" and None are unknown."""

    #: Whatever the caller knows the file by.
    key: Hashable
    fingerprint: str
    mb_recording: str
    title: str
    artist: str
    album: str
    track_number: int | None
    disc_number: int | None
    duration_ms: int

    @property
    def is_named(self) -> bool:
        """Whether title and artist are known; "01" by nobody may be anything."""
        return bool(self.title and self.artist) and self.artist != _UNKNOWN


def mark(
    key: Hashable,
    *,
    fingerprint: str = "",
    mb_recording: str = "",
    title: str = "",
    artist: str = "",
    album: str = "",
    track_number: int | None = None,
    disc_number: int | None = None,
    duration_ms: int = 0,
) -> Mark:
    """The mark of a file with these names, as they are shown."""
    names = fold(title), fold(artist), fold(album)
    return Mark(key, fingerprint, mb_recording, *names, track_number, disc_number, duration_ms)


def mark_of(key: Hashable, reading: Reading) -> Mark:
    """The mark of a file that was just read."""
    return mark(
        key,
        fingerprint=reading.fingerprint,
        mb_recording=reading.mb_recording,
        title=reading.title,
        artist=reading.artist,
        album=reading.album,
        track_number=reading.track_number,
        disc_number=reading.disc_number,
        duration_ms=reading.duration_ms,
    )


def matches(missing: Iterable[Mark], new: Iterable[Mark]) -> list[tuple[Mark, Mark]]:
    """Pairs (missing, new) that are one file. None is in two pairs."""
    cascade = _Cascade(list(missing), list(new))
    cascade.pair(_copy, interchangeable=True)
    cascade.pair(_fingerprint)
    cascade.pair(_recording_on_album)
    cascade.pair(_recording)
    cascade.pair(_place_on_album, same_length=True)
    cascade.pair(_name, same_length=True)
    return cascade.pairs


def is_still(before: Mark, after: Mark) -> bool:
    """Whether the file that now lies at a path is the song that lay there before."""
    return any(step(before) is not None and step(before) == step(after) for step in (_fingerprint, _recording, _name))


def is_copy(there: Mark, new: Mark) -> bool:
    """Whether a new file is a second copy of one that is there, and so no track of its own.

    The same sound under two names, a single and the same song on a collection, is two tracks: people see two.
    """
    if _fingerprint(there) is None or there.fingerprint != new.fingerprint:
        return False
    return not (there.is_named and new.is_named) or _name(there) == _name(new)


class _Cascade:
    def __init__(self, missing: list[Mark], new: list[Mark]) -> None:
        self._missing, self._new = missing, new
        self.pairs: list[tuple[Mark, Mark]] = []

    def pair(
        self,
        step: Callable[[Mark], Hashable | None],
        *,
        same_length: bool = False,
        interchangeable: bool = False,
    ) -> None:
        """Pair what this step gives the same value, and take it out of what is left for the next steps."""
        gone, came = _by(step, self._missing), _by(step, self._new)
        found: list[tuple[Mark, Mark]] = []
        for value in gone.keys() & came.keys():
            if interchangeable:
                found += zip(gone[value], came[value], strict=False)
            else:
                found += _only_pairs(gone[value], came[value], same_length=same_length)
        left, right = {id(one) for one, _ in found}, {id(other) for _, other in found}
        self._missing = [each for each in self._missing if id(each) not in left]
        self._new = [each for each in self._new if id(each) not in right]
        self.pairs += found


def _by(step: Callable[[Mark], Hashable | None], marks: Sequence[Mark]) -> dict[Hashable, list[Mark]]:
    found: dict[Hashable, list[Mark]] = defaultdict(list)
    for each in marks:
        value = step(each)
        if value is not None:
            found[value].append(each)
    return found


def _only_pairs(gone: list[Mark], came: list[Mark], *, same_length: bool) -> list[tuple[Mark, Mark]]:
    """Those of each side that fit exactly one of the other."""
    if not same_length:
        return [(gone[0], came[0])] if len(gone) == len(came) == 1 else []
    forth, back = _of_same_length(gone, came), _of_same_length(came, gone)
    pairs = ((one, others[0]) for one, others in zip(gone, forth, strict=True) if len(others) == 1)
    alone = {id(other) for other, ones in zip(came, back, strict=True) if len(ones) == 1}
    return [(one, other) for one, other in pairs if id(other) in alone]


def _of_same_length(marks: list[Mark], others: list[Mark]) -> list[list[Mark]]:
    """For each mark the others that last as long; two are enough to know that it is not the only one."""
    ordered = sorted(others, key=_length)
    starts = (bisect_left(ordered, each.duration_ms - DURATION_TOLERANCE_MS, key=_length) for each in marks)
    return [
        [other for other in ordered[start : start + 2] if other.duration_ms <= each.duration_ms + DURATION_TOLERANCE_MS]
        for each, start in zip(marks, starts, strict=True)
    ]


def _length(each: Mark) -> int:
    return each.duration_ms


def _copy(each: Mark) -> Hashable | None:
    """Files that agree in this are copies of one track, so it does not matter which of them is which."""
    return (each.fingerprint, each.title, each.artist) if each.fingerprint and each.is_named else None


def _fingerprint(each: Mark) -> Hashable | None:
    return each.fingerprint or None


def _recording(each: Mark) -> Hashable | None:
    return each.mb_recording or None


def _recording_on_album(each: Mark) -> Hashable | None:
    return (each.mb_recording, each.album) if each.mb_recording and each.album else None


def _place_on_album(each: Mark) -> Hashable | None:
    if not each.is_named or not each.album:
        return None
    return each.artist, each.title, each.album, each.disc_number, each.track_number


def _name(each: Mark) -> Hashable | None:
    return (each.artist, each.title) if each.is_named else None
