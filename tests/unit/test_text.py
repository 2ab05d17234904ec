"""Names and titles: what is kept of them, and which of them are the same."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from playlist import text
from playlist.errors import DomainError
from playlist.parsing import parse
from playlist.types import NewGuest, NewItem, NewPlaylist, NewTrack

pytestmark = pytest.mark.pure

ZERO_WIDTH_SPACE, NON_JOINER, JOINER, SOFT_HYPHEN = "\u200b", "\u200c", "\u200d", "\u00ad"
RIGHT_TO_LEFT_OVERRIDE, ISOLATE, MARK = "\u202e", "\u2066", "\u200f"

DIFFICULT = (
    "a1 \u0301\u20e3\ufe0f\u200b\u200c\u200d\u202e\u00ad\u2800\u3164\ufeff❤👩🏽🚀\U0001f3f4\U000e0067\U000e007fمیक्षがㄱ"
)
#: Any text, with the characters that make names difficult far more often than chance would bring them.
texts = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from(DIFFICULT),
    ),
    max_size=12,
)


@pytest.mark.parametrize(
    "unseen",
    [
        *("", " ", "\u00a0", "\u3000", "\u2800", "\u3164", "\uffa0", "\u115f", "\u17b4", "\u180e", "\ufeff", "\u2060"),
        *("\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202e", "\u2066\u2069", "\u061c", "\u00ad", "\u034f"),
        *("\ufe0f", "\U000e0101", "\U000e0041", "\U0001d173", "\ufff9", "\uffff", "\U0010fffe", "\u0301", "\u20e3"),
        " \u200b \ufeff\u2800",
    ],
)
def test_a_name_that_cannot_be_seen_is_none(unseen: str) -> None:
    assert text.clean(unseen) == ""
    for kind, field in ((NewGuest, "name"), (NewPlaylist, "name")):
        with pytest.raises(DomainError) as refusal:
            parse({field: unseen}, kind)
        assert list(refusal.value.details) == [field]
    with pytest.raises(DomainError) as refusal:
        parse({"title": "A", "artist": unseen, "duration_seconds": 1}, NewTrack)
    assert list(refusal.value.details) == ["artist"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Hanna" + ZERO_WIDTH_SPACE, "Hanna"),
        (SOFT_HYPHEN + " Hanna \u2800", "Hanna"),
        ("Ha" + ZERO_WIDTH_SPACE + "nna", "Hanna"),
        ("Han" + NON_JOINER + "na", "Hanna"),
        ("Han" + JOINER + "na", "Hanna"),
        ("Hanna\ufe0f", "Hanna"),
        ("Hanna\U000e0041\U000e007f", "Hanna"),
        ("周" + JOINER + "杰伦", "周杰伦"),
        (RIGHT_TO_LEFT_OVERRIDE + "annaH", "annaH"),
        ("a" + ISOLATE + "b\u2069c", "abc"),
        ("שלום" + MARK, "שלום"),
        ("Zoe\u0308", "Zoë"),
        ("e" + ZERO_WIDTH_SPACE + "\u0301", "é"),
        ("\u0301Hanna", "Hanna"),
        ("می" + NON_JOINER * 2 + "خواهم" + NON_JOINER, "می" + NON_JOINER + "خواهم"),
        ("❤\ufe0f\ufe0f", "❤\ufe0f"),
    ],
)
def test_what_cannot_be_seen_or_turns_the_line_is_dropped(given: str, kept: str) -> None:
    assert text.clean(given) == kept


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Zoë",
            "Anna  Lena",
            "O'Neill",
            "Женя",
            "周杰伦",
            "夜に駆ける",
            "방탄소년단",
            "สวัสดี",
            "नमस्ते",
            "Σίσυφος",
            "!!!",
        ),
        *(
            "!!!",
            "❤️",
            "❤",
            "👩🏽‍🚀",
            "👨‍👩‍👧‍👦",
            "🏳️‍🌈",
            "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
            "🇩🇪",
            "1️⃣",
            "#️⃣",
            "🙂‍↔️",
            "❤️‍🔥 DJ",
            "©️",
            "‼️",
            "ℹ️",
            "🧑🏻‍❤️‍💋‍🧑🏿",
        ),
        "می" + NON_JOINER + "خواهم",
        "क्" + JOINER + "ष",
        "ශ්" + JOINER + "රී",
        "葛\U000e0100城",
        "ᠮᠣᠩᠭᠣᠯ\u180b",
        "z͑͗̀algo",
    ],
)
def test_what_shapes_its_neighbours_is_kept(name: str) -> None:
    assert text.clean(name) == unicodedata.normalize("NFC", name)
    assert parse({"name": name}, NewGuest).name == unicodedata.normalize("NFC", name)


@given(texts)
@example("\u0301\u200b\u0301a\u2800")
@example("a\u200b\u200c\u0301\u200dm")
def test_an_accepted_name_can_be_seen_and_stays_itself(given: str) -> None:
    kept = text.clean(given)
    assert text.clean(kept) == kept == unicodedata.normalize("NFC", kept)
    assert kept == kept.strip()
    try:
        accepted = parse({"name": given}, NewGuest).name
    except DomainError:
        return
    assert accepted == kept
    assert unicodedata.category(kept[0]) not in ("Cc", "Mn", "Me", "Zs", "Zl", "Zp")
    assert not text.UNSEEN.match(kept[0])
    assert not set(kept) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u2028\n\x85")


@given(texts)
def test_what_cannot_be_seen_makes_no_other_person(given: str) -> None:
    assert text.caseless(text.clean(given)) == text.caseless(text.clean(text.UNSEEN.sub("", given)))


@given(texts)
def test_folding_twice_changes_nothing(given: str) -> None:
    for folded in (text.caseless, text.fold):
        assert folded(folded(given)) == folded(given)
        assert folded(unicodedata.normalize("NFD", given)) == folded(given)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("zoë", "ZOË"),
        ("ärger", "Ärger"),
        ("женя", "Женя"),
        ("jose\u0301", "JOSÉ"),
        ("𝐋𝐨𝐟𝐢", "lofi"),
        ("Straße", "STRASSE"),
    ],
)
def test_capitals_and_unicode_forms_do_not_tell_people_apart(one: str, other: str) -> None:
    assert text.caseless(one) == text.caseless(other)


def test_accents_tell_people_apart_but_not_titles() -> None:
    assert text.caseless("zoë") != text.caseless("zoe")
    assert text.fold("Zoë") == text.fold("zoe")


@pytest.mark.parametrize(
    ("title", "folded"),
    [
        ("Beyon\u00adcé", "beyonce"),
        ("№ 5", "no 5"),
        ("Sørensen", "sorensen"),
        ("İstanbul", "istanbul"),
        ("Ёлка", "елка"),
        ("كتاب", "کتاب"),
        ("مُحَمَّد", "محمد"),
        ("שָׁלוֹם", "שלום"),
        ("ガ", "ガ"),
        ("한국", "한국"),
        ("กุ้ง", "กุ้ง"),
        ("Don’t", "don't"),
    ],
)
def test_accents_fold_and_letters_stay_themselves(title: str, folded: str) -> None:
    assert text.fold(title) == folded


@pytest.mark.parametrize("breaking", ["a\nb", "a\x85b", "a\u2028b", "a\u2029b", "a\x1bb"])
def test_a_name_is_one_line(breaking: str) -> None:
    with pytest.raises(DomainError) as refusal:
        parse({"name": breaking}, NewGuest)
    assert refusal.value.details == {"name": "must be text that can be seen"}


def test_an_empty_address_is_none() -> None:
    track = parse({"title": "A", "artist": "B", "duration_seconds": 1, "cover_url": "", "audio_url": " "}, NewTrack)
    assert (track.cover_url, track.audio_url) == (None, None)


def test_a_name_that_cannot_be_seen_counts_as_not_given_where_none_is_needed() -> None:
    assert parse({"track_id": "track-1", "added_by": ZERO_WIDTH_SPACE}, NewItem).added_by == ""


@given(st.text(st.characters(max_codepoint=127)))
def test_an_ascii_text_only_loses_the_space_around_it(given: str) -> None:
    assert text.clean(given) == given.strip()
