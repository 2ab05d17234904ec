"""The SQL of a search: what matches, how well, and the ways to come by it. matches.py chooses between them.

The order of matches is (class, rank, key, id): how well the words fit, how often rooms have played it, the title.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.db import connection

from playlist import sql
from playlist.models import RANKS
from playlist.search import BEYOND, Needles, Wanted
from playlist.selectors.filters import Filters, Part, joined, rows_of

#: How well an entry fits: its title is the query, begins with it, has its words, title and artist have them, or the
#: album is needed, too.
EXACT, BEGINNING, TITLE, ARTIST, ALBUM = range(5)
#: More than a search can find.
MANY = 1_000_000_000
#: The entries on the way of a walk, after which the index is asked.
WALKED = 5_000
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


def fit_of(wanted: Wanted, entry: str = "e") -> Part:
    """How well an entry, given by its name in the statement, fits; NULL if it does not match."""
    whens = [
        Part(f"{entry}.key = %s", (wanted.key,)),
        Part(f"({entry}.key > %s AND {entry}.key < %s)", (wanted.key, wanted.key + BEYOND)),
        *(_holds(fit, wanted.needles, entry) for fit in (TITLE, ARTIST, ALBUM)),
    ]
    cases = joined((Part(f"WHEN {part.text} THEN {fit}", part.values) for fit, part in enumerate(whens)), " ")
    return Part(f"CASE {cases.text[1:-1]} END", cases.values)


def _begins_with(key: str) -> Part:
    return Part("(e.key > %s AND e.key < %s)", (key, key + BEYOND))


def _is_or_begins_with(key: str) -> Part:
    return Part("(e.key >= %s AND e.key < %s)", (key, key + BEYOND))


def _holds(fit: int, needles: Needles, entry: str = "e") -> Part:
    """Whether the fields of this class hold a needle of each word."""
    return held_in(" || ".join(f"{entry}.{field}" for field in _FIELDS[fit]), needles)


def held_in(text: str, needles: Needles) -> Part:
    """Whether the text, a piece of SQL, holds a needle of each word."""
    return _matching(needles, lambda needle: _within(text, needle))


def _has_grams(needles: Needles) -> Part:
    """Whether the index finds an entry: whether its fields hold all trigrams of a needle of each word, anywhere."""
    text = " || ".join(f"e.{field}" for field in _FIELDS[ALBUM])
    return _matching(needles, lambda needle: joined((_within(text, gram) for gram in _grams(needle)), " AND "))


def _within(text: str, needle: str) -> Part:
    found = "instr" if connection.vendor == "sqlite" else "strpos"
    return Part(f"{found}({text}, %s) > 0", (needle,))


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


def _quoted(needle: str) -> str:
    doubled = needle.replace('"', '""')
    return f'"{doubled}"'


class Search(NamedTuple):
    """What is searched for, and among which tracks."""

    wanted: Wanted
    filters: Filters

    def sorted_out(self, candidates: Part, limit: int, after: Place | None, fit: int | None = None) -> list[Match]:
        """The first matches among the candidates, all of which are read. `fit`: of this class only."""
        # Of what the index finds most may fail here, at less cost than in the other conditions.
        holds = _holds(ALBUM if fit is None else max(fit, TITLE), self.wanted.needles)
        held = joined([_is_or_begins_with(self.wanted.key), holds], " OR ")
        inner, listed = self._select(joined([candidates, held], " AND ")), self._is_listed("fitting")
        conditions = [Part("fit IS NOT NULL")]
        if fit is not None:
            conditions.append(Part("fit = %s", (fit,)))
        if after is not None:
            conditions.append(Part("(fit, rank, key, id) > (%s, %s, %s, %s)", after))
        # The tracks are looked up one by one in the order of the matches, until there are enough: the inner LIMIT
        # keeps planners from doing so before the sort.
        return _matches(
            Part(f"WITH found AS MATERIALIZED ({inner.text}) SELECT * FROM (SELECT * FROM found WHERE ", inner.values),  # noqa: S608
            joined(conditions, " AND "),
            Part(
                f" ORDER BY fit, rank, key, id LIMIT {MANY}) fitting WHERE {listed.text} LIMIT %s",
                (*listed.values, limit),
            ),
        )

    def walked(self, fit: int, limit: int, after: Place | None) -> list[Match]:
        """The first matches of this class, met in their order on a way of WALKED entries; fewer if it ends before."""
        behind = Part("1 = 1") if after is None else Part("(rank, key, id) > (%s, %s, %s)", after[1:])
        columns = "rank, key, id, track_id, text, artist, album"
        way = f"SELECT {columns} FROM playlist_searchentry WHERE {behind.text} ORDER BY rank, key, id LIMIT {WALKED}"  # noqa: S608
        # Most entries fail at the first condition, which is the cheap one.
        holds, fits = _holds(fit, self.wanted.needles, "way"), fit_of(self.wanted, "way")
        listed = self._is_listed("way")
        return _matches(
            Part(f"SELECT {fit}, rank, key, id, track_id FROM ({way}) way WHERE ", behind.values),  # noqa: S608
            Part(f"{holds.text} AND {fits.text} = %s AND ", (*holds.values, *fits.values, fit)),
            Part(f"{listed.text} LIMIT %s", (*listed.values, limit)),
        )

    def titled(self, limit: int, after: Place | None) -> list[Match]:
        """The first matches whose titles are the query or begin with it, met in their order until it is enough."""
        begins = _begins_with(self.wanted.key)
        if after is None or after.fit == EXACT:
            conditions = [Part(f"e.rank IN ({', '.join(map(str, RANKS))}) AND e.key = %s", (self.wanted.key,))]
            if after is not None:
                conditions.append(Part("(e.rank, e.id) > (%s, %s)", (after.rank, after.id)))
            parts, ranks = [self._in_order(EXACT, conditions, "e.rank, e.id", limit)], RANKS
        else:
            behind = Part("e.rank = %s AND (e.key, e.id) > (%s, %s)", after[1:])
            parts = [self._in_order(BEGINNING, [behind, begins], "e.key, e.id", limit)]
            ranks = range(after.rank + 1, RANKS.stop)
        parts += self._rank_by_rank(ranks, begins, limit)
        every_part = joined((Part(f"SELECT * FROM ({part.text}) part", part.values) for part in parts), " UNION ALL ")  # noqa: S608
        return _matches(Part(every_part.text[1:-1], every_part.values), Part(" LIMIT %s", (limit,)))

    def _rank_by_rank(self, ranks: range, begins: Part, limit: int) -> list[Part]:
        if connection.vendor == "sqlite":
            conditions = ([Part("e.rank = %s", (rank,)), begins] for rank in ranks)
            return [self._in_order(BEGINNING, of_rank, "e.key, e.id", limit) for of_rank in conditions]
        # PostgreSQL plans for as long as it reads: once for all ranks.
        each = self._in_order(BEGINNING, [Part("e.rank = ranked.rank"), begins], "e.key, e.id", limit)
        statement = f"SELECT part.* FROM unnest(%s::integer[]) AS ranked(rank) CROSS JOIN LATERAL ({each.text}) part"  # noqa: S608
        return [Part(statement, ([*ranks], *each.values))]

    def _in_order(self, fit: int, conditions: list[Part], order: str, limit: int) -> Part:
        where = joined([*conditions, self._is_listed()], " AND ")
        columns = f"{fit} AS fit, e.rank, e.key, e.id, e.track_id"
        found = f"SELECT {columns} FROM playlist_searchentry e WHERE {where.text} ORDER BY {order} LIMIT %s"  # noqa: S608
        return Part(found, (*where.values, limit))

    def sampled(self, ids: list[int]) -> dict[int | None, tuple[int, int]]:
        """Of these entries, class → (how many match, how many of these are listed); None: only the index finds them."""
        some = joined([Part(sql.any_of("e.id"), (sql.array(ids),)), _has_grams(self.wanted.needles)], " AND ")
        inner, listed = self._select(some), self._is_listed("found")
        counted = f"count(*), count(CASE WHEN fit IS NOT NULL AND {listed.text} THEN 1 END)"
        found = f"WITH found AS MATERIALIZED ({inner.text})"
        statement = f"{found} SELECT fit, {counted} FROM found GROUP BY fit"  # noqa: S608
        by_fit = rows_of(Part(statement, (*inner.values, *listed.values)))
        return {fit: (matching, listed) for fit, matching, listed in by_fit}

    def _select(self, candidates: Part) -> Part:
        fit = fit_of(self.wanted)
        columns = f"{fit.text} AS fit, e.rank, e.key, e.id, e.track_id"
        statement = f"SELECT {columns} FROM playlist_searchentry e WHERE {candidates.text}"  # noqa: S608
        return Part(statement, (*fit.values, *candidates.values))

    def _is_listed(self, entry: str = "e") -> Part:
        """A subquery for each row, which planners do not turn into a join with the whole library."""
        condition = self.filters.condition()
        listed = f"(SELECT {condition.text} FROM playlist_track WHERE playlist_track.id = {entry}.track_id)"  # noqa: S608
        return Part(listed, condition.values)


def _matches(*parts: Part) -> list[Match]:
    found = rows_of(_put_together(parts))
    return [Match(Place(fit, rank, key, entry), track_id) for fit, rank, key, entry, track_id, *_ in found]


def _put_together(parts: Iterable[Part]) -> Part:
    whole = joined(parts, "")
    return Part(whole.text[1:-1], whole.values)
