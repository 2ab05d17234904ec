"""The searchable text of tracks, and the needles of a query. Pure functions; migrations make the indexes.

Both databases index trigrams: three neighbouring characters. The indexed text is the folded tokens, each with two
spaces in front. A token is a word, or signs without a space between them. Three characters or more are found anywhere
in a token; one or two at its beginning only, where the spaces fill up their trigram. In scripts that put no spaces
between words, and among signs, every character begins a token, so one or two are found anywhere as well. No search,
however short, has to read the whole table.
"""

from __future__ import annotations

import re

from playlist.text import fold

#: Characters of words that Python does not count as letters: vowel signs of India and South East Asia, voicing marks.
_MARKS = (
    r"\u0900-\u0963\u0966-\u0dff\u0e30-\u0e4e\u0eb0-\u0ecf\u0f71-\u0fbc\u1000-\u109f\u1712-\u17d3\u1885\u1886\u18a9"
    r"\u1900-\u1cff\u302a-\u302f\u3099\u309a\ua800-\uabff\U00010a00-\U00011fff"
)
_TOKEN = re.compile(rf"(?P<word>(?:[^\W_]|[{_MARKS}])+)|(?:_|[^\w\s{_MARKS}])+")
_WORD = re.compile(rf"(?:[^\W_]|[{_MARKS}])+")
_APART = "  "


def sort_key(title: str) -> str:
    """The key by which titles are sorted, without leading quotation marks and brackets."""
    folded = fold(title)
    word = _WORD.search(folded)
    return folded[word.start() :] if word else folded


def indexed_text(*texts: str) -> str:
    """The indexed text of a track, given its title, artist and album."""
    folded = [fold(text) for text in texts]
    tokens = [token for text in folded for token in _tokens(text)]
    pieces = [*tokens, *(word for text in folded if "'" in text for word in _words(text) if word not in tokens)]
    pieces += [token[place : place + 2] for token in tokens for place in _inner_beginnings(token)]
    return "".join(f"{_APART}{piece}" for piece in pieces) + _APART


def alternatives(query: str) -> list[list[str]]:
    """Lists of needles: an indexed text matches if it holds all needles of one list. Without lists nothing matches.

    All words of the query must occur, in any order; signs count only in a query of nothing else. A query that
    begins with one or two letters also matches as it stands, since they may be the end of a word: "o me" in "Welcome
    to me", and "me " with its space.
    """
    folded = fold(query)
    tokens = _tokens(folded)
    words = _words(folded) or tokens
    if not words:
        return []
    found = [list(dict.fromkeys(word if len(word) >= 3 else f"{_APART}{word}" for word in words))]
    verbatim = _APART.join([*tokens, ""] if folded[-1].isspace() else tokens)
    if len(tokens[0]) < 3 and len(verbatim) >= 3:
        found.append([verbatim])
    return found


def _tokens(folded: str) -> list[str]:
    """The words and signs in order; an apostrophe is a sign."""
    return [token[0] for token in _TOKEN.finditer(folded)]


def _words(folded: str) -> list[str]:
    """The words; an apostrophe does not separate them: "Don't" is one."""
    return _WORD.findall(folded.replace("'", ""))


def _inner_beginnings(token: str) -> list[int]:
    """The places within a token at which a search for one or two characters finds it."""
    if token.isascii() and token.isalnum():
        return []
    apart = [not (char.isdecimal() or char != char.upper()) for char in token]
    return [place for place in range(1, len(token)) if any(apart[place - 1 : place + 2])]
