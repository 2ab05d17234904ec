"""The tracks that match a search, the best first. The cost depends neither on the library's size nor on common words.

A rare query is looked up in the trigram index, and its few matches are sorted. A common one may match most of the
library; but then a walk in the order of the matches soon meets enough of them. Some entries, spread over the library,
tell how common a query is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Annotated

import msgspec
from django.db import connection
from django.db.models import Q

from playlist import search, sql
from playlist.models import RANKS, SearchWord, Track
from playlist.search import Wanted
from playlist.selectors.filters import Filters, Part, rows_of
from playlist.selectors.matching import (
    ALBUM,
    BEGINNING,
    EXACT,
    TITLE,
    WALKED,
    Match,
    Place,
    Search,
    fit_of,
    indexed,
)
from playlist.selectors.pages import Page, Whole, cursor_read, cursor_text

#: A search that matches more tracks than this is common.
COMMON = 1_000
#: The number of entries that are looked at to estimate how common a search is.
SAMPLE = 200
#: How many times longer than expected a walk may be.
LONGER = 3
#: The most spellings of all words together that are searched for, and the most words that one is compared with.
SPELLINGS, COMPARED = 16, 2_000

#: Before the first entry whose title neither is the query nor begins with it.
_BEHIND_TITLES = Place(TITLE, RANKS.start - 1, "", 0)


class Cursor(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """Where a page begins: behind this match. `forgiving`: nothing matched the letters as they were typed."""

    forgiving: bool
    fit: Annotated[int, msgspec.Meta(ge=EXACT, le=ALBUM)]
    rank: Annotated[int, msgspec.Meta(ge=RANKS.start, lt=RANKS.stop)]
    key: str
    id: Whole


def best_matches(query: str, filters: Filters, limit: int, cursor: str | None) -> Page[Track]:
    """A page of the tracks that match `query`. Raises VALIDATION_ERROR for a cursor that is not ours."""
    begins = None if cursor is None else cursor_read(cursor, Cursor)
    after = None if begins is None else Place(begins.fit, begins.rank, begins.key, begins.id)
    forgiving = begins is not None and begins.forgiving
    found = _first(_corrected(query) if forgiving else search.wanted(query), filters, limit + 1, after)
    if not found and begins is None:
        forgiving = True
        found = _first(_corrected(query), filters, limit + 1, after)
    tracks = _tracks([match.track_id for match in found[:limit]])
    return Page(tracks, None if len(found) <= limit else cursor_text(Cursor(forgiving, *found[limit - 1].place)))


def _tracks(track_ids: Sequence[str]) -> list[Track]:
    found = Track.objects.select_related("artist", "album").in_bulk(track_ids)
    return [found[track_id] for track_id in track_ids if track_id in found]


def _first(wanted: Wanted | None, filters: Filters, limit: int, after: Place | None) -> list[Match]:
    """The first matches behind a place, in order."""
    if wanted is None or not wanted.needles:
        return []
    asked = Search(wanted, filters)
    if filters.are_narrow:
        theirs = filters.condition()
        inside = f"e.track_id IN (SELECT id FROM playlist_track WHERE {theirs.text})"  # noqa: S608
        return asked.sorted_out(Part(inside, theirs.values), limit, after)
    # Titles that begin with the query are one range of an index: often nothing else has to be looked at.
    titled = asked.titled(limit, after) if after is None or after.fit <= BEGINNING else []
    if len(titled) == limit:
        return titled
    behind = _BEHIND_TITLES if after is None or after.fit <= BEGINNING else after
    return [*titled, *_by_words(asked, limit - len(titled), behind)]


def _by_words(asked: Search, limit: int, after: Place) -> list[Match]:
    """The first matches behind a place that lies behind the titles that are, or begin with, the query."""
    first, last = first_and_last_id()
    if last - first >= COMMON:
        sample = Sample(asked, first, last)
        if sample.found > COMMON:
            return list(islice(_common_matches(asked, sample, limit, after), limit))
    return asked.sorted_out(indexed(ALBUM, asked.wanted.needles), limit, after)


def matching(query: str, filters: Filters) -> Part:
    """The condition that a row of playlist_track matches `query`, for lists in an order of their own."""
    wanted = search.wanted(query)
    asked = Search(wanted, filters)
    first, last = first_and_last_id()
    if not wanted.needles:
        return Part("1 = 0")
    if not filters.are_narrow and (last - first < COMMON or Sample(asked, first, last).found <= COMMON):
        found = asked.sorted_out(indexed(ALBUM, wanted.needles), limit=20_000, after=None)
        return Part(sql.any_of("playlist_track.id"), (sql.array(match.track_id for match in found),))
    fit = fit_of(wanted)
    fitting = "SELECT e.track_id FROM playlist_searchentry e WHERE e.track_id = playlist_track.id"
    return Part(f"EXISTS ({fitting} AND {fit.text} IS NOT NULL)", fit.values)


def first_and_last_id() -> tuple[int, int]:
    """Of the search's entries; 0 and 0 where there is none. One SELECT of both would read the whole table on SQLite."""
    statement = "SELECT (SELECT min(id) FROM playlist_searchentry), (SELECT max(id) FROM playlist_searchentry)"
    ((first, last),) = rows_of(Part(statement))
    return first or 0, last or 0


class Sample:
    """How common a search is, by a look at some entries."""

    def __init__(self, asked: Search, first: int, last: int) -> None:
        # Not in even steps, which a library may have, too.
        step = max(1, (last - first) // SAMPLE)
        evenly = (first + (last - first) * number // SAMPLE for number in range(SAMPLE))
        self._by_fit = asked.sampled([one + number * 7919 % step for number, one in enumerate(evenly)])
        #: Each of them stands for so many.
        self._stands_for = (last - first + 1) / SAMPLE
        #: The estimated number of entries that the index finds, each of which is read and sorted then.
        self.found = self._stands_for * sum(number for number, _ in self._by_fit.values())

    def is_walked(self, fit: int, limit: int) -> bool:
        """Whether a walk meets `limit` matches of this class sooner than all that the index finds are sorted.

        A walk may be some times as long as that, where matches lie together.
        """
        _, listed = self._by_fit.get(fit, (0, 0))
        return listed > 0 and limit * SAMPLE / listed < min(WALKED, self.found / LONGER)


def _common_matches(asked: Search, sample: Sample, limit: int, after: Place) -> Iterator[Match]:
    """The matches behind a place, class by class: `limit` of them and perhaps more."""
    for fit in range(after.fit, ALBUM + 1):
        behind = after if after.fit == fit else None
        met = asked.walked(fit, limit, behind) if sample.is_walked(fit, limit) else []
        # Matches may lie together at the end of a walk.
        yield from (
            met if len(met) == limit else asked.sorted_out(indexed(fit, asked.wanted.needles), limit, behind, fit)
        )


def _corrected(query: str) -> Wanted | None:
    """What is asked for when letters are forgiven; None where no word is spelled like those of the query."""
    words = search.mistyped(query)
    # Words that the library has are right, unless all are.
    known = _beginnings(words)
    doubtful = [word for word in words if word not in known] or words
    share = max(2, SPELLINGS // max(1, len(doubtful)))
    spellings = {word: _spellings(word, is_unfinished=word == words[-1])[:share] for word in doubtful}
    return search.corrected(query, spellings) if any(spellings.values()) else None


def _spellings(word: str, is_unfinished: bool) -> list[str]:
    """Words of the library that differ from this one by a letter, and beginnings of words if it may be unfinished."""
    near = search.spellings_near(word)
    if near is None:
        found = _similar(word, is_unfinished)
    elif is_unfinished:
        found = _beginnings(near)
    else:
        found = {one for (one,) in sql.rows(SearchWord, ("word",), sql.any_of("word"), (sql.array(near),))}
    return search.likeliest(word, found)


def _beginnings(texts: list[str]) -> set[str]:
    """Those of the texts with which a word of the library begins."""
    if connection.vendor == "sqlite":
        listed, word = "SELECT value FROM json_each(%s)", "word"
    else:
        listed, word = "SELECT unnest(%s::text[]) AS value", 'word COLLATE "C"'
    # A subquery for each of them, which planners do not turn into a join.
    begins = f"SELECT 1 FROM playlist_searchword WHERE {word} >= value AND {word} < value || %s LIMIT 1"  # noqa: S608
    statement = f"SELECT value FROM ({listed}) near WHERE ({begins}) = 1"  # noqa: S608
    return {text for (text,) in rows_of(Part(statement, (sql.array(texts), search.BEYOND)))}


def _similar(word: str, is_unfinished: bool) -> set[str]:
    """As `_spellings` finds them in scripts of many letters."""
    # A letter that is wrong leaves the other half as it is. Two that are swapped may stand in both halves.
    beginning, ending = word[: max(1, len(word) // 2 - 1)], word[len(word) // 2 :][::-1]
    similar = Q(word__gte=beginning, word__lt=beginning + search.BEYOND)
    similar |= Q(backwards__gte=ending, backwards__lt=ending + search.BEYOND)
    lengths = range(len(word) - 1, len(word) + 2)
    words = SearchWord.objects.filter(similar, length__gte=lengths.start)
    if not is_unfinished:
        words = words.filter(length__lt=lengths.stop)
    found = set()
    for other in words.values_list("word", flat=True)[:COMPARED]:
        parts = {other[:length] for length in lengths} if is_unfinished else {other}
        found |= {part for part in parts if part != word and search.differs_by_one(word, part)}
    return found
