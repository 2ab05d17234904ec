"""How texts are made comparable, and what a library search looks for. Pure functions; the index is in the migrations.

Both databases index trigrams (three neighbouring characters). The indexed text is the folded words, each with two
spaces in front: a word of three characters or more is found anywhere, a shorter one at the beginning of a word, where
the spaces fill up its trigram. So no search, however short, has to read the whole table.
"""

from __future__ import annotations

import re
import unicodedata

#: Letters that carry no separable accent, and what people type for them.
_LOOKALIKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
_APOSTROPHES = re.compile(r"['’ʼ`]")
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """`text` without case and accents: fold("Björk") == fold("BJORK")."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark)).translate(_LOOKALIKES)


def words_of(text: str) -> list[str]:
    """The folded words of `text`; an apostrophe does not separate ("Don't" is one word)."""
    return _WORD.findall(_APOSTROPHES.sub("", fold(text)))


def indexed_text(*texts: str) -> str:
    """What is stored for a track, given its title, artist and album."""
    return "".join(f"  {word}" for text in texts for word in words_of(text))


def needles(query: str) -> list[str]:
    """What must all occur in the indexed text for `query` to match; empty when the query has no letter or digit."""
    return [word if len(word) >= 3 else f"  {word}" for word in words_of(query)]
