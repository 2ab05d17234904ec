"""The searchable text of tracks, and the needles of a query. Pure functions; migrations make the indexes.

Both databases index trigrams: three neighbouring characters. The indexed text is the folded tokens, each with two
spaces in front. A token is a word, or signs without a space between them. Three characters or more are found anywhere
in a token; one or two at its beginning only, where the spaces fill up their trigram. In scripts that put no spaces
between words, and among signs, every character begins a token, so one or two are found anywhere as well. No search,
however short, has to read the whole table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import takewhile

from msgspec import Struct

from playlist.text import fold

#: Characters of words that Python does not count as letters: vowel signs of India and South East Asia, voicing marks.
_MARKS = (
    r"\u0900-\u0963\u0966-\u0dff\u0e30-\u0e4e\u0eb0-\u0ecf\u0f71-\u0fbc\u1000-\u109f\u1712-\u17d3\u1885\u1886\u18a9"
    r"\u1900-\u1cff\u302a-\u302f\u3099\u309a\ua800-\uabff\U00010a00-\U00011fff"
)
_TOKEN = re.compile(rf"(?P<word>(?:[^\W_]|[{_MARKS}])+)|(?:_|[^\w\s{_MARKS}])+")
_WORD = re.compile(rf"(?:[^\W_]|[{_MARKS}])+")
_APART = "  "
#: Text and this sorts behind all that begins with the text, by code point.
BEYOND = "\U0010ffff"
#: Characters of a title that are compared with a whole query, which has 200 itself.
KEY_WIDTH = 200
#: Characters of the words that are remembered for spelling; nobody mistypes a shorter one by one letter only.
_SPELLED = range(3, 41)
#: Characters of a piece of Unicode, and the letters of the largest alphabet whose letters are tried one by one.
_BLOCK, _ALPHABET = 128, 64

#: Alternatives of words of needles: a text matches if it has, for an alternative, a needle of each of its words.
Needles = tuple[tuple[tuple[str, ...], ...], ...]


class Wanted(Struct, frozen=True):
    """What a query asks for. `key` is to be compared with the keys of titles. Without needles nothing matches."""

    key: str
    needles: Needles


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


def title_key(title: str) -> str:
    """The words of a title: two titles with the same key are the same to people who search."""
    return _key(fold(title))[:KEY_WIDTH]


def words_of(*texts: str) -> set[str]:
    """The words by which a mistyped one is corrected."""
    return {word for text in texts for word in _words(fold(text)) if len(word) in _SPELLED}


def wanted(query: str) -> Wanted:
    """What a query asks for.

    All words must occur, in any order; signs count only in a query of nothing else. A query that begins with one or two
    letters also matches as it stands, since they may be the end of a word: "o me" in "Welcome to me", and "me " with
    its space.
    """
    folded = fold(query)
    tokens = _tokens(folded)
    words = _words(folded) or tokens
    if not words:
        return Wanted("", ())
    needles = [tuple((_needle(word),) for word in dict.fromkeys(words))]
    verbatim = _APART.join([*tokens, ""] if folded[-1].isspace() else tokens)
    if len(tokens[0]) < 3 and len(verbatim) >= 3:
        needles.append(((verbatim,),))
    return Wanted(_key(folded)[:KEY_WIDTH], tuple(needles))


def mistyped(query: str) -> list[str]:
    """The words of a query that may have a wrong letter, the last one perhaps unfinished."""
    return [word for word in _words(fold(query)) if len(word) in _SPELLED]


def corrected(query: str, spellings: Mapping[str, Sequence[str]]) -> Wanted:
    """What a query asks for if its words may be spelled otherwise: word → beginnings of words, the best first."""
    words = list(dict.fromkeys(_words(fold(query))))
    needles = tuple(tuple(map(_needle, _shortest([word, *spellings.get(word, ())]))) for word in words)
    best = [next(iter(spellings.get(word, ())), word) for word in words]
    return Wanted(" ".join(best)[:KEY_WIDTH], (needles,))


def _shortest(words: Sequence[str]) -> list[str]:
    """The words without those that have another one inside: where they are, that one is."""
    return [word for word in words if not any(other != word and other in word for other in words)]


def _needle(word: str) -> str:
    return word if len(word) >= 3 else f"{_APART}{word}"


def _key(folded: str) -> str:
    return " ".join(_words(folded) or _tokens(folded))


def spellings_near(word: str) -> list[str] | None:
    """All that `differs_by_one` from a word and is long enough to be one; None where letters are too many to try them.

    A wrong digit is another number, and no mistake.
    """
    letters: set[str] = set()
    for block in {ord(char) // _BLOCK for char in word}:
        beside = _letters_in(block)
        if len(beside) > _ALPHABET:
            return None
        letters.update(beside)
    places = range(len(word) + 1)
    near = {word[:place] + word[place + 1 :] for place in places}
    near |= {
        word[:place] + word[place + 1 : place + 2] + word[place : place + 1] + word[place + 2 :] for place in places
    }
    for letter in letters:
        near |= {word[:place] + letter + word[place:] for place in places}
        near |= {word[:place] + letter + word[place + 1 :] for place in places[:-1]}
    return [other for other in near if other != word and len(other) in _SPELLED]


@cache
def _letters_in(block: int) -> str:
    """The letters that folded texts have of such a piece of Unicode, most of whose pieces belong to one script."""
    chars = map(chr, range(_BLOCK * block, _BLOCK * (block + 1)))
    return "".join(char for char in chars if _WORD.match(char) and not char.isdecimal() and fold(char) == char)


def differs_by_one(word: str, other: str) -> bool:
    """Whether one letter is wrong, missing or too many in one of two different words, or two neighbours are swapped."""
    shorter, longer = sorted((word, other), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    start = 0
    while start < len(shorter) and shorter[start] == longer[start]:
        start += 1
    if len(shorter) < len(longer):
        return shorter[start:] == longer[start + 1 :]
    if shorter[start + 1 :] == longer[start + 1 :]:
        return True
    swapped = shorter[start + 1 : start + 2] + shorter[start : start + 1] + shorter[start + 2 :]
    return swapped == longer[start:]


def likeliest(word: str, spellings: Iterable[str]) -> list[str]:
    """The likeliest spellings first: mistakes are rare at the beginning. A shorter one stands for all that have it."""

    def right(other: str) -> int:
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False)))

    return sorted(_shortest([*spellings]), key=lambda other: (-right(other), abs(len(other) - len(word)), other))


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
