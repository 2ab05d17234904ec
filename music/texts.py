"""Texts of tags and of file names, made fit for the domain: repaired, cleaned and cut."""

from __future__ import annotations

import re

from playlist.text import clean

#: Characters. The domain refuses longer ones.
TITLE_CHARACTERS, GENRE_CHARACTERS = 500, 50
#: What is looked at before cleaning, whose cost grows with the length.
_READ_CHARACTERS = 8 * TITLE_CHARACTERS
#: What the domain's texts never contain: control characters, NUL among them, and line breaks. A surrogate is half of a
#: character, which no database takes.
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def tidy(text: str, characters: int = TITLE_CHARACTERS) -> str:
    """One line of at most so many characters in the domain's form; "" where nothing can be seen."""
    text = text[:_READ_CHARACTERS]
    text = clean(text if text.isprintable() else _FORBIDDEN.sub(" ", text))
    return text if len(text) <= characters else clean(text[:characters])


def repaired(text: str) -> str:
    """UTF-8 that was taken for Latin-1, as many programs wrote it into ID3 tags, is put right: "BjÃ¶rk" is "Björk"."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text
