"""The SQL of a search: what matches, how well, and the ways to come by it. matches.py chooses between them.

The order of matches is (class, rank, key, id): how well the words fit, how often rooms have played it, the title.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.db import connection

from playlist import sql
from playlist.models import RANKS
from playlist.search import BEYOND, Needles, Wanted
from playlist.selectors.filters import Filters, Part, joined, rows_of

#: How well an entry fits: its title is the query, begins with it, has its words, title and artist have them, or the
#: album is needed, too.
EXACT, BEGINNING, TITLE, ARTIST, ALBUM = range(5)
#: The fields that are searched for a class.
_FIELDS = {TITLE: ("text",), ARTIST: ("text", "artist"), ALBUM: ("text", "artist", "album")}
#: The columns with the trigrams of these fields on PostgreSQL.
_COLUMN = {TITLE: "title_grams", ARTIST: "near_grams", ALBUM: "grams"}


class Place(NamedTuple):
    """Where an entry stands among the matches."""

    fit: int
    rank: int
    key: str
    id: int


class Match(NamedTuple):
    place: Place
    track_id: str


def fit_of(wanted: Wanted) -> Part:
    """How well an entry `e` fits; NULL if it does not match."""
    begins = _begins_with(wanted.key)
    whens = [
        Part("e.key = %s", (wanted.key,)),
        begins,
        *(_holds(fit, wanted.needles) for fit in (TITLE, ARTIST, ALBUM)),
    ]
    cases = joined((Part(f"WHEN {part.text} THEN {fit}", part.values) for fit, part in enumerate(whens)), " ")
    return Part(f"CASE {cases.text[1:-1]} END", cases.values)


def _begins_with(key: str) -> Part:
    return Part("(e.key > %s AND e.key < %s)", (key, key + BEYOND))


def _holds(fit: int, needles: Needles) -> Part:
    """Whether the fields of this class hold a needle of each word."""
    return held_in(" || ".join(f"e.{field}" for field in _FIELDS[fit]), needles)


def held_in(text: str, needles: Needles) -> Part:
    """Whether the text, a piece of SQL, holds a needle of each word."""
    found = "instr" if connection.vendor == "sqlite" else "strpos"
    return _matching(needles, lambda needle: Part(f"{found}({text}, %s) > 0", (needle,)))


def _matching(needles: Needles, has: Callable[[str], Part]) -> Part:
    return joined((joined((joined(map(has, word), " OR ") for word in words), " AND ") for words in needles), " OR ")


def indexed(fit: int, needles: Needles) -> Part:
    """The condition that the index answers. Some more entries fulfil it: the trigrams of a needle may lie apart."""
    if connection.vendor == "sqlite":
        phrases = _matching(needles, lambda needle: Part(f"({' AND '.join(map(_quoted, _grams(needle)))})"))
        found = "SELECT rowid FROM playlist_search_index WHERE playlist_search_index MATCH %s"
        return Part(f"e.id IN ({found})", (f"{{{' '.join(_FIELDS[fit])}}} : {phrases.text}",))
    return _matching(
        needles, lambda needle: Part(f"e.{_COLUMN[fit]} @> %s::integer[]", ([*map(_number, _grams(needle))],))
    )


def _grams(needle: str) -> list[str]:
    """Trigrams that cover a needle."""
    return [needle[at : at + 3] for at in sorted({*range(0, len(needle) - 2, 3), len(needle) - 3})]


def _number(gram: str) -> int:
    """As the database's playlist_grams numbers a trigram."""
    first, second, third = map(ord, gram)
    return ((first * 7919 + second) * 7919 + third) % 2147483647


def titles(key: str, fit: int) -> Part:
    """The condition that a title is the query (EXACT), or begins with it: the index by rank and key answers it."""
    matching = Part("e.key = %s", (key,)) if fit == EXACT else _begins_with(key)
    return Part(f"e.rank IN ({', '.join(map(str, RANKS))}) AND {matching.text}", matching.values)


def _quoted(needle: str) -> str:
    doubled = needle.replace('"', '""')
    return f'"{doubled}"'


class Search(NamedTuple):
    """What is searched for, and among which tracks."""

    wanted: Wanted
    filters: Filters

    def sorted_out(self, candidates: Part, limit: int, after: Place | None, fit: int | None = None) -> list[Match]:
        """The first matches among the candidates, all of which are read. `fit`: of this class only."""
        inner = self._select(candidates)
        conditions = [Part("fit IS NOT NULL AND is_listed")]
        if fit is not None:
            conditions.append(Part("fit = %s", (fit,)))
        if after is not None:
            conditions.append(Part("(fit, rank, key, id) > (%s, %s, %s, %s)", after))
        return _matches(
            Part(f"WITH found AS MATERIALIZED ({inner.text}) SELECT * FROM found WHERE ", inner.values),  # noqa: S608
            joined(conditions, " AND "),
            Part(" ORDER BY fit, rank, key, id LIMIT %s", (limit,)),
        )

    def walked(self, fit: int, limit: int, after: Place | None) -> list[Match]:
        """The first matches of this class, met in their order."""
        only = fit_of(self.wanted)
        conditions = [Part(f"{only.text} = %s", (*only.values, fit))]
        if after is not None:
            conditions.append(Part("(e.rank, e.key, e.id) > (%s, %s, %s)", after[1:]))
        return self._in_order(fit, conditions, "e.rank, e.key, e.id", limit)

    def titled(self, rank: int, limit: int, after: Place | None) -> list[Match]:
        """The first matches of this rank whose titles begin with the query, met in their order."""
        conditions = [Part("e.rank = %s", (rank,)), _begins_with(self.wanted.key)]
        if after is not None:
            conditions.append(Part("(e.key, e.id) > (%s, %s)", after[2:]))
        return self._in_order(BEGINNING, conditions, "e.key, e.id", limit)

    def _in_order(self, fit: int, conditions: list[Part], order: str, limit: int) -> list[Match]:
        return _matches(
            Part(f"SELECT {fit}, e.rank, e.key, e.id, e.track_id FROM playlist_searchentry e WHERE "),  # noqa: S608
            joined([*conditions, self._is_listed()], " AND "),
            Part(f" ORDER BY {order} LIMIT %s", (limit,)),
        )

    def sampled(self, ids: list[int]) -> dict[int | None, tuple[int, int]]:
        """Of these entries, class → (how many match, how many of these are listed)."""
        inner = self._select(Part(sql.any_of("e.id"), (sql.array(ids),)))
        counted = "count(*), count(CASE WHEN is_listed THEN 1 END)"
        found = f"WITH found AS MATERIALIZED ({inner.text})"
        statement = f"{found} SELECT fit, {counted} FROM found GROUP BY fit"  # noqa: S608
        return {fit: (matching, listed) for fit, matching, listed in rows_of(Part(statement, inner.values))}

    def _select(self, candidates: Part) -> Part:
        fit, listed = fit_of(self.wanted), self._is_listed()
        columns = f"{fit.text} AS fit, e.rank, e.key, e.id, e.track_id, {listed.text} AS is_listed"
        statement = f"SELECT {columns} FROM playlist_searchentry e WHERE {candidates.text}"  # noqa: S608
        return Part(statement, (*fit.values, *listed.values, *candidates.values))

    def _is_listed(self) -> Part:
        """A subquery for each row, which planners do not turn into a join with the whole library."""
        condition = self.filters.condition()
        listed = f"(SELECT {condition.text} FROM playlist_track WHERE playlist_track.id = e.track_id)"  # noqa: S608
        return Part(listed, condition.values)


def _matches(*parts: Part) -> list[Match]:
    whole = Part("".join(part.text for part in parts), tuple(value for part in parts for value in part.values))
    return [Match(Place(fit, rank, key, entry), track_id) for fit, rank, key, entry, track_id, *_ in rows_of(whole)]
