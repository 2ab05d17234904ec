"""What of a file a request asks for."""

from __future__ import annotations

import pytest

from music.ranges import RANGES_LIMIT, Asked, Span, asked_of, multipart

pytestmark = pytest.mark.pure

SIZE, ETAG = 1000, '"the-file"'
WHOLE = Asked(200, (Span(0, SIZE),))


def asked(**headers: str) -> Asked:
    return asked_of({name.replace("_", "-"): value for name, value in headers.items()}, SIZE, ETAG)


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-", (0, 1000)),
        ("bytes=200-299", (200, 300)),
        ("bytes=999-", (999, 1000)),
        ("bytes=900-5000", (900, 1000)),
        ("bytes=-100", (900, 1000)),
        ("bytes=-99999999999999", (0, 1000)),
        ("Bytes = 5 - 9 ", (5, 10)),
        ("bytes=,5-9,", (5, 10)),
    ],
)
def test_one_range(header: str, span: tuple[int, int]) -> None:
    assert asked(range=header) == Asked(206, (Span(*span),))


@pytest.mark.parametrize(
    "header",
    ["", "abc", "bytes", "bytes=", "bytes=-", "bytes=9-0", "bytes=a-b", "items=0-5", "bytes=0-5,x", "bytes=0--5",
     "bytes=+1-5", "bytes=1_0-20", "bytes=٣-٤", f"bytes={'9' * 30}-", "bytes=0-5;q=1"],
)  # fmt: skip
def test_a_malformed_range_is_ignored(header: str) -> None:
    assert asked(range=header) == WHOLE


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=-0", "bytes=5000-6000", "bytes=1000-,2000-"])
def test_nothing_of_what_is_beyond_the_end(header: str) -> None:
    assert asked(range=header) == Asked(416, ())


def test_nothing_of_an_empty_file() -> None:
    assert asked_of({"range": "bytes=0-"}, 0, ETAG) == Asked(416, ())
    assert asked_of({}, 0, ETAG) == Asked(200, (Span(0, 0),))


def test_several_ranges_in_their_order_without_those_beyond_the_end() -> None:
    assert asked(range="bytes=500-599, 0-9,-10") == Asked(206, (Span(500, 600), Span(0, 10), Span(990, 1000)))
    assert asked(range="bytes=0-9,5000-") == Asked(206, (Span(0, 10),))


def test_ranges_that_would_multiply_the_file_get_it_once() -> None:
    assert asked(range="bytes=0-,0-") == WHOLE
    many = ",".join(f"{at}-{at}" for at in range(RANGES_LIMIT))
    assert len(asked(range=f"bytes={many}").spans) == RANGES_LIMIT
    assert asked(range=f"bytes={many},99-99") == WHOLE


@pytest.mark.parametrize(
    ("if_range", "holds"),
    [
        (ETAG, True),
        (f" {ETAG}", True),
        (f"W/{ETAG}", False),
        ('"other"', False),
        ("Wed, 25 Nov 2026 23:00:00 GMT", False),
    ],
)
def test_a_range_only_of_the_same_file(if_range: str, holds: bool) -> None:
    assert (asked(range="bytes=0-9", if_range=if_range).status == 206) is holds


@pytest.mark.parametrize("header", [ETAG, f"W/{ETAG}", f'"other", {ETAG}', "*"])
def test_not_modified_comes_before_a_range(header: str) -> None:
    assert asked(if_none_match=header, range="bytes=0-9") == Asked(304, ())


@pytest.mark.parametrize("header", ['"other"', "the-file", 'x"the-fil"'])
def test_another_tag_is_another_file(header: str) -> None:
    assert asked(if_none_match=header) == WHOLE


def test_the_parts_of_several_ranges_say_what_they_are() -> None:
    heads, tail = multipart((Span(0, 10), Span(20, 30)), SIZE, "audio/mpeg", "b")
    assert heads[1] == b"\r\n--b\r\ncontent-type: audio/mpeg\r\ncontent-range: bytes 20-29/1000\r\n\r\n"
    assert tail == b"\r\n--b--\r\n"
