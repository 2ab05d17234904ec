"""Names and titles: how they are stored and compared. Pure functions, and the only ones for this.

- `clean` gives a text as it is stored and shown. All typed names and titles pass through it.
- `caseless` tells accounts apart: case, Unicode forms and invisible characters do not count, accents do.
- `fold` serves searching, filtering and sorting: accents do not count either.
"""

from __future__ import annotations

import re
import unicodedata

#: Unicode's Default_Ignorable_Code_Point (https://www.unicode.org/reports/tr44/), with the annotation marks and the
#: noncharacters, which no font draws either.
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
)
UNSEEN = re.compile(f"[{_UNSEEN}]")
#: Characters that are blank but have a width; the Braille pattern without dots is one of them.
_BLANK = re.compile(r"[\s\u2800]")

_NON_JOINER, _JOINER = "\u200c", "\u200d"
#: Scripts in which a (non-)joiner changes the shape of its neighbours: Arabic and its relatives, those of India, and
#: Mongolian, which has variation selectors of its own as well.
_JOINING = re.compile(
    r"[\u0600-\u0dff\u1000-\u109f\u1780-\u18af\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U0001e900-\U0001e95f]"
)
_MONGOLIAN = re.compile(r"[\u1807\u1810-\u18aa]")
_MONGOLIAN_SELECTOR = re.compile(r"[\u180b-\u180f]")
_EMOJI_SELECTOR = re.compile(r"[\ufe0e\ufe0f]")
_OTHER_SELECTOR = re.compile(r"[\ufe00-\ufe0d\U000e0100-\U000e01ef]")
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
#: A black flag with the letters of a region in invisible tags: the flag of Scotland, for example.
_REGIONAL_FLAG = re.compile(r"\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f")
#: Symbols that have an emoji form although Unicode calls them letters or punctuation, or that stand in Latin-1.
_ALSO_EMOJI = frozenset("‼⁉〰ℹ©®")

_SPACES = "".join(chr(code) for code in range(0x3001) if _BLANK.match(chr(code)))

#: Marks that fold drops: accents, and the vowel points of Hebrew, Arabic and Syriac. Elsewhere marks are half of a
#: letter: the dots that make が of か, the vowels of Hindi and Thai.
_ACCENTS = re.compile(
    r"[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc"
    r"\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
#: Letters without a separable accent, and the letters that people type for them.
_LOOKALIKES = str.maketrans(
    {
        **{"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"},
        # Arabic keyboards have these letters where Persian ones have the others, which look the same.
        **{"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه"},
        **dict.fromkeys("’‘ʼʻ`´′＇", "'"),
    }
)


def clean(text: str) -> str:
    """The text in NFC, without invisible characters: "" if nothing is left.

    Space is removed at the edges only; direction marks are removed everywhere. Characters that shape their
    neighbours stay between them: joiners within emoji and in Persian or Hindi, variation selectors, flags.
    """
    if text.isascii():
        return text.strip()
    while (tidied := _tidied(text)) != text:
        text = tidied
    return text


def caseless(text: str) -> str:
    """The text as it is compared where accents matter: Unicode's NFKC_Casefold."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFD", UNSEEN.sub("", text)).casefold()
    return UNSEEN.sub("", unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()))


def fold(text: str) -> str:
    """The text without case, accents and invisible characters: fold("Bjo\u0308rk") == fold("BJORK")."""
    if text.isascii():
        return text.lower().replace("`", "'")  # the only one of the lookalikes that is ASCII
    text = caseless(text).translate(_LOOKALIKES)
    if text.isascii():
        return text
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFKC", plain).translate(_LOOKALIKES)


def _tidied(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    if UNSEEN.search(text):
        text = unicodedata.normalize("NFC", _without_unseen(text))
    text = text.strip(_SPACES)
    while text and unicodedata.category(text[0]) in ("Mn", "Me"):  # it would be drawn on whatever precedes the text
        text = text[1:].lstrip(_SPACES)
    return text


def _without_unseen(text: str) -> str:
    kept: list[str] = []
    base = ""  # the last visible character, unless a space follows it
    place = 0
    while place < len(text):
        char, following = text[place], text[place + 1 : place + 2]
        place += 1
        if flag := _REGIONAL_FLAG.match(text, place - 1):
            kept.append(flag[0])
            base, place = char, flag.end()
        elif not UNSEEN.match(char):
            kept.append(char)
            base = "" if _BLANK.match(char) else char if not unicodedata.combining(char) or not base else base
        elif base and _shapes(char, base, kept[-1], following):
            kept.append(char)
    return "".join(kept)


def _shapes(char: str, base: str, before: str, following: str) -> bool:
    """Whether this invisible character changes how its neighbours look."""
    if char in (_JOINER, _NON_JOINER):
        if not following or UNSEEN.match(following) or _BLANK.match(following) or before in (_JOINER, _NON_JOINER):
            return False
        in_emoji = char == _JOINER and _is_picture(base) and _is_picture(following)
        return in_emoji or bool(_JOINING.match(base) and _JOINING.match(following))
    if UNSEEN.match(before):
        return False
    if _EMOJI_SELECTOR.match(char):
        return _is_picture(base) or (base in "0123456789#*" and following == "\u20e3")
    if _OTHER_SELECTOR.match(char):
        return bool(_IDEOGRAPH.match(base)) or _is_picture(base)
    return bool(_MONGOLIAN_SELECTOR.match(char) and _MONGOLIAN.match(base))


def _is_picture(char: str) -> bool:
    """Whether this may be part of an emoji. Those newer than this Python's Unicode have no category yet."""
    return char in _ALSO_EMOJI or (char >= "\u2000" and unicodedata.category(char) in ("So", "Sm", "Sk", "Cn"))
