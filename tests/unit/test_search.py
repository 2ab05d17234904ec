"""What a search finds in which titles. The indexes that make it fast are tried elsewhere."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from playlist import search, text
from tests.unit.test_text import texts

pytestmark = pytest.mark.pure


def finds(query: str, *found_in: str) -> bool:
    indexed = search.indexed_text(*found_in)
    return any(
        all(any(needle in indexed for needle in word) for word in words) for words in search.wanted(query).needles
    )


@pytest.mark.parametrize(
    ("query", "title", "matches"),
    [
        ("bjork", "Army of Me Björk", True),
        ("BJÖRK army", "Army of Me Björk", True),
        ("dont stop", "Don't Stop Me Now", True),
        ("don’t", "Don't Stop Me Now", True),
        ("amour", "L’amour", True),
        ("a", "Army of Me", True),
        ("rm", "Army of Me", False),
        ("rmy", "Army of Me", True),
        ("o m", "Army of Me", True),
        ("f me", "Army of Me", True),
        ("my of", "Army of Me", True),
        ("y m", "Army of Me", False),
        ("sorensen", "Sørensen", True),
        ("strasse", "Straße", True),
        ("ist", "İstanbul", True),
        ("queen king", "Queen", False),
        ("lofi", "𝐋𝐨𝐟𝐢 𝐇𝐢𝐩 𝐇𝐨𝐩", True),
        ("no 5", "№ 5", True),
        ("beyonce", "Beyon\u00adcé", True),
        ("haloween", "Halo\u200bween", True),
        ("میخواهم", "می\u200cخواهم", True),
        ("می\u200cخواهم", "میخواهم", True),
        ("杰伦", "周杰伦", True),
        ("杰", "周杰伦", True),
        ("伦杰", "周杰伦", False),
        ("香", "稻香", True),
        ("駆け", "夜に駆ける", True),
        ("か", "が", False),
        ("국", "한국", True),
        ("วัส", "สวัสดี", True),
        ("दी", "हिन्दी", True),
        ("لم", "سلمى", True),
        ("b周", "ab周 c", True),
        ("!!!", "!!!", True),
        ("!!!", "Wow!!!", True),
        ("!!!", "Wow", False),
        ("❤️", "❤️", True),
        ("❤", "Ich ❤️ dich", True),
        ("👩", "👨‍👩‍👧", True),
        ("r&b", "R & B", True),
        ("what?", "What now", True),
        ("n't", "Don’t", True),
        ("me ", "Welcome to", True),
        ("me", "Welcome to", False),
        (" ", "Welcome", False),
        ("\u200b", "Welcome", False),
    ],
)
def test_a_search_finds(query: str, title: str, matches: bool) -> None:
    assert finds(query, title) is matches


@given(texts | st.text(max_size=40))
def test_every_text_finds_itself(title: str) -> None:
    assume(search.wanted(title).needles)
    assert finds(title, title)
    assert finds(title, "another", title, "and another")


def characters_of(title: str) -> list[str]:
    """As people see them: a letter with its marks is one."""
    characters: list[str] = []
    for char in title:
        follows = unicodedata.category(char)[0] == "M" or text.UNSEEN.match(char) or text.fold(char) == ""
        if follows and characters:
            characters[-1] += char
        else:
            characters.append(char)
    return characters


scripts = st.sampled_from(
    [
        "Don't Stop Me Now (Live) – 2011 Remaster!!!",
        "Señorita & the 99 Ünïcødes: «Ça va?»",
        "Группа крови / Ёлка",
        "Ο Σίσυφος ς",
        "周杰伦 - 稻香 feat. 蔡依林",
        "夜に駆ける（ワンピース）ガンダム",
        "방탄소년단 봄날",
        "สวัสดีชาวโลก น้ำ",
        "हिन्दी गाना क़िस्मत",
        "می‌خواهم بروم",
        "أهلاً وسهلاً يا حبيبي",
        "שָׁלוֹם עֲלֵיכֶם",
        "தமிழ் பாடல்",
        "မြန်မာ သီချင်း",
        "❤️ 👨‍👩‍👧 🏳️‍🌈 1️⃣ ✨✨",
        "𝓒𝓱𝓲𝓵𝓵 ｗａｖｅ ﬁre ㎏",
        "Beyoncé",
    ]
)


@given(scripts | texts | st.text(max_size=40), st.integers(0, 60))
@example("A' b", 0)
@example("ab c", 0)
def test_a_title_finds_itself_by_any_three_of_its_characters(typed: str, place: int) -> None:
    title = text.clean(typed)
    characters = characters_of(title)
    assume(len(characters) >= 3)
    start = place % (len(characters) - 2)
    query = "".join(characters[start : start + 3])
    assume(text.clean(query) and search.wanted(query).needles)
    assert finds(query, title, "Somebody", "")


@given(texts)
def test_every_needle_fills_a_trigram(query: str) -> None:
    assert all(len(needle) >= 3 for words in search.wanted(query).needles for word in words for needle in word)


@given(st.text("abyzеяαω9", min_size=2, max_size=7), st.text("abyzеяαω", min_size=2, max_size=7))
def test_all_words_that_differ_by_one_letter_are_near(word: str, other: str) -> None:
    near = search.spellings_near(word)
    assert near is not None
    assert all(search.differs_by_one(word, one) for one in near)
    assume(len(other) >= 3 and other != word and {*map(alphabet, other)} <= {*map(alphabet, word)})
    assert (other in near) is search.differs_by_one(word, other)


def alphabet(letter: str) -> str:
    return "latin" if letter in "abyz9" else "cyrillic" if letter in "ея" else "greek"


def test_letters_of_large_scripts_are_not_tried_one_by_one() -> None:
    assert search.spellings_near("周杰伦") is search.spellings_near("방탄소년단") is None


def test_the_likeliest_spelling_begins_as_it_was_typed() -> None:
    assert search.likeliest("rivr", ["divr", "rir", "river"]) == ["river", "rir", "divr"]
    assert search.likeliest("rivr", ["divr", "rir", "riv", "river"]) == ["riv", "rir", "divr"]


@pytest.mark.parametrize(
    ("title", "key"),
    [("“Heroes”", "heroes”"), ("(What's the Story)", "what's the story)"), ("!!!", "!!!"), ("Éa", "ea")],
)
def test_titles_are_sorted_without_what_stands_before_the_first_word(title: str, key: str) -> None:
    assert search.sort_key(title) == key
