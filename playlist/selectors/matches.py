"""The tracks that match a search, by title. The cost depends neither on the library's size nor on how common a word is.

A rare word is looked up in the trigram index, and its few tracks are sorted. A common word may match most of the
library; but then a walk through the titles soon meets enough matches.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from playlist import search
from playlist.models import SearchEntry, Track
from playlist.selectors.pages import Page, keyset_page, rows_after

BY_TITLE = ("sort_key", "id")

#: A search that matches more tracks than this is common.
COMMON = 1_000
#: The most titles that are walked through before all matches are taken from the index instead.
WALKED = 5_000


def matching_page(tracks: QuerySet[Track], query: str, limit: int, cursor: str | None) -> Page[Track]:
    """A page of the tracks that match `query`. Raises VALIDATION_ERROR for a cursor that is not ours."""
    alternatives = search.alternatives(query)
    some = list(matching_ids(alternatives, at_most=COMMON + 1)) if alternatives else []
    if len(some) <= COMMON:
        return keyset_page(tracks.filter(pk__in=_listed(some)), BY_TITLE, limit, cursor)
    following = rows_after(tracks, BY_TITLE, cursor).order_by(*BY_TITLE).values_list("sort_key", flat=True)
    furthest = following[WALKED : WALKED + 1].first()
    walked = tracks if furthest is None else tracks.filter(sort_key__lte=furthest)
    page = keyset_page(walked.filter(_holds(alternatives)), BY_TITLE, limit, cursor)
    if furthest is None or page.next_cursor is not None:
        return page
    return keyset_page(tracks.filter(pk__in=matching_ids(alternatives)), BY_TITLE, limit, cursor)


def matching_ids(alternatives: list[list[str]], at_most: int | None = None) -> QuerySet[SearchEntry, str]:
    """The ids of tracks whose title, artist and album hold all needles of an alternative. Reads the trigram index."""
    entries = SearchEntry.objects.values_list("track_id", flat=True)
    if connection.vendor == "sqlite":
        # The limit is inside, because SQLite reads a list for IN to its end.
        match = " OR ".join(f"({' AND '.join(map(_quoted, needles))})" for needles in alternatives)
        full_text = "SELECT rowid FROM playlist_search_index WHERE playlist_search_index MATCH %s LIMIT %s"
        limit = -1 if at_most is None else at_most
        return entries.filter(pk__in=RawSQL(full_text, [match, limit]))  # noqa: S611 - needles are parameters
    # A separate condition uses the index, so that the trigrams of a row need not be computed again for the others.
    grams = [" || ".join(["playlist_grams(%s)"] * len(needles)) for needles in alternatives]
    by_index = " OR ".join(f"grams @> ({every})" for every in grams)
    needles = [needle for alternative in alternatives for needle in alternative]
    entries = entries.filter(_true(f"({by_index})", needles), _contains("strpos", alternatives))
    return entries if at_most is None else entries[:at_most]


def _holds(alternatives: list[list[str]]) -> RawSQL:
    """Whether one track matches: a subquery for each row, which planners do not turn into a join."""
    contains = _contains("instr" if connection.vendor == "sqlite" else "strpos", alternatives)
    entry = f"SELECT {contains.sql} FROM {SearchEntry._meta.db_table} WHERE track_id = {Track._meta.db_table}.id"  # noqa: S608
    return _true(f"({entry})", contains.params)


def _contains(function: str, alternatives: list[list[str]]) -> RawSQL:
    """Whether an entry's text contains all needles of an alternative, by the database's `function`."""
    every = [" AND ".join([f"{function}(text, %s) > 0"] * len(needles)) for needles in alternatives]
    return _true(f"({' OR '.join(every)})", [needle for needles in alternatives for needle in needles])


def _true(condition: str, params: Sequence[object]) -> RawSQL:
    return RawSQL(condition, params, BooleanField())  # noqa: S611 - made of constants, with values as parameters


def _listed(ids: list[str]) -> RawSQL:
    """The ids as one parameter: a thousand parameters would cost more than the lookup."""
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [msgspec.json.encode(ids).decode()])
    return RawSQL("SELECT unnest(%s::text[])", [ids])


def _quoted(needle: str) -> str:
    doubled = needle.replace('"', '""')
    return f'"{doubled}"'
