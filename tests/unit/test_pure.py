"""Arithmetic, parsing and limits: no database."""

from __future__ import annotations

import logging
import math
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlist.errors import DomainError
from playlist.identity import address_actor
from playlist.logs import OneLine
from playlist.ordering.positions import POSITION_LIMIT, calculate_position, fits
from playlist.origins import addressed_origin, canonical_origin, host_allowed, origin_allowed, origin_of
from playlist.parsing import decode_json, parse
from playlist.token_bucket import KeyedBuckets
from playlist.types import NewTrack, PlaybackSeek, PlaylistUpdate, TrackMove

pytestmark = pytest.mark.pure

positions = st.floats(-POSITION_LIMIT, POSITION_LIMIT)


@pytest.mark.parametrize(
    ("previous", "following", "expected"),
    [(None, None, 1.0), (0, 1, 0.5), (None, 0, -1), (0, None, 1), (1e9, None, 1e9 + 1), (-3, -2, -2.5)],
)
def test_calculate_position(previous: float | None, following: float | None, expected: float) -> None:
    assert calculate_position(previous, following) == expected


@given(positions, positions)
def test_a_position_is_between_its_neighbours_or_found_not_to_fit(one: float, other: float) -> None:
    low, high = sorted((one, other))
    position = calculate_position(low, high)
    assert math.isfinite(position)
    assert fits(low, position, high) == (low < position < high)
    assert fits(high, calculate_position(high, None), None)
    assert fits(None, calculate_position(None, low), low)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"nope",
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1e999}',
        b'{"a": "\\ud800"}',
        b'{"a": "\\udc00\\ud800"}',
        b'{"a": "x\\u0000y"}',
        b'{"x\\u0000y": 1}',
        b'{"a": "\xff"}',
        b'{"a": "\xed\xa0\x80"}',
        b"\xff\xfe{}",
        b'{"a": 1} trailing',
        b"[" * 9 + b"]" * 9,
        b'{"a":' * 9 + b"1" + b"}" * 9,
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
    ],
)
def test_what_is_not_json_is_malformed(raw: bytes) -> None:
    with pytest.raises(DomainError) as refusal:
        decode_json(raw)
    assert refusal.value.code == "MALFORMED"


def test_nesting_of_8_is_allowed_and_so_are_many_containers() -> None:
    assert decode_json(b"[" * 8 + b"]" * 8)
    assert decode_json(b"[" + b",".join([b"[]"] * 1000) + b"]") == [[]] * 1000


@given(st.binary(max_size=40))
def test_any_bytes_are_parsed_or_refused(raw: bytes) -> None:
    try:
        decode_json(raw)
    except DomainError as refusal:
        assert refusal.code == "MALFORMED"


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"title": 0, "artist": "B", "duration_seconds": 1}, "title"),
        ({"artist": "B", "duration_seconds": 1}, "title"),
        ({"title": " \t ", "artist": "B", "duration_seconds": 1}, "title"),
        ({"title": "a\x07b", "artist": "B", "duration_seconds": 1}, "title"),
        ({"title": "x" * 501, "artist": "B", "duration_seconds": 1}, "title"),
        ({"title": "A", "artist": None, "duration_seconds": 1}, "artist"),
        ({"title": "A", "artist": "B", "duration_seconds": True}, "duration_seconds"),
        ({"title": "A", "artist": "B", "duration_seconds": "3"}, "duration_seconds"),
        ({"title": "A", "artist": "B", "duration_seconds": 0}, "duration_seconds"),
        ({"title": "A", "artist": "B", "duration_seconds": -0.4}, "duration_seconds"),
        ({"title": "A", "artist": "B", "duration_seconds": 86_400.1}, "duration_seconds"),
        ({"title": "A", "artist": "B", "duration_seconds": 86_401}, "duration_seconds"),
        ({"title": "A", "artist": "B", "duration_seconds": 1, "cover_url": "javascript:alert(1)"}, "cover_url"),
        ({"title": "A", "artist": "B", "duration_seconds": 1, "cover_url": "//evil.example/x"}, "cover_url"),
        ({"title": "A", "artist": "B", "duration_seconds": 1, "cover_url": "/\\evil.example/x"}, "cover_url"),
        ({"title": "A", "artist": "B", "duration_seconds": 1, "cover_url": "https://\\evil.example"}, "cover_url"),
        ({"title": "A", "artist": "B", "duration_seconds": 1, "audio_url": "/a\x01/b"}, "audio_url"),
        ([], "body"),
        ("text", "body"),
        (None, "body"),
    ],
)
def test_a_refusal_names_the_field(value: object, field: str) -> None:
    with pytest.raises(DomainError) as refusal:
        parse(value, NewTrack)
    assert refusal.value.code == "VALIDATION_ERROR"
    assert list(refusal.value.details) == [field]


def test_a_wrong_value_cannot_name_another_field() -> None:
    with pytest.raises(DomainError) as refusal:
        parse({"order": "x - at `$.name`"}, PlaylistUpdate)
    assert list(refusal.value.details) == ["order"]


def test_a_line_of_the_log_stays_one_line() -> None:
    record = logging.LogRecord("a", logging.INFO, "", 0, "GET %s", ("/a\n2026 ERROR b\x1b[2J\u2028c",), None)
    assert OneLine("{message}", style="{").format(record) == r"GET /a\n2026 ERROR b\x1b[2J\u2028c"
    try:
        raise ValueError
    except ValueError:
        record.exc_info = sys.exc_info()
    assert "\nTraceback (most recent call last):\n" in OneLine("{message}", style="{").format(record)


def test_space_around_texts_does_not_count_and_unknown_fields_are_ignored() -> None:
    given = {"title": " A ", "artist": "B\n", "duration_seconds": 1, "cover_url": "/covers/1.png", "new": 1}
    track = parse(given, NewTrack)
    assert (track.title, track.artist, track.cover_url) == ("A", "B", "/covers/1.png")


@pytest.mark.parametrize("position", [1e9 + 0.001, -1.1e9])
def test_positions_have_a_limit(position: float) -> None:
    with pytest.raises(DomainError, match="position"):
        parse({"id": "0198c0de-0000-7000-8000-000000000001", "position": position}, TrackMove)
    with pytest.raises(DomainError, match="position_seconds"):
        parse({"position_seconds": position}, PlaybackSeek)


def test_a_bucket_allows_its_burst_and_then_its_rate() -> None:
    now = [100.0]
    buckets = KeyedBuckets(rate_per_second=2, burst=3, clock=lambda: now[0])
    assert [buckets.take("bob") for _ in range(3)] == [0, 0, 0]
    assert buckets.take("bob") == 0.5
    assert buckets.take("alice") == 0
    now[0] += 0.5
    assert buckets.take("bob") == 0
    assert buckets.take("bob") > 0


def test_buckets_of_who_went_away_are_forgotten() -> None:
    now = [0.0]
    buckets = KeyedBuckets(rate_per_second=1, burst=2, clock=lambda: now[0])
    for number in range(KeyedBuckets.SWEEP_AT):
        buckets.take(str(number))
    now[0] += 10
    buckets.take("somebody new")
    assert len(buckets._buckets) == 1


def test_an_address_stands_for_itself_and_an_ipv6_address_for_its_network() -> None:
    assert address_actor("203.0.113.7") == address_actor("::ffff:203.0.113.7")
    assert address_actor("203.0.113.7") != address_actor("203.0.113.8")
    assert address_actor("2001:db8::1") == address_actor("2001:db8::ffff:1")
    assert address_actor("2001:db8::1") != address_actor("2001:db8:0:1::1")


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("localhost:8000", True),
        ("127.0.0.1", True),
        ("192.168.1.20:8000", True),
        ("[::1]:8000", True),
        ("music.example.org", True),
        ("Music.Example.ORG.:8000", True),
        ("[::ffff:7f00:1]", True),
        ("xn--msik-0ra.example", True),
        ("a.b.example.net", True),
        ("example.net", True),
        ("evil.example.com", False),
        ("music.example.org.evil.com", False),
        ("evilexample.net", False),
        ("", False),
        ("[::1", False),
        ("localhost:", False),
        ("localhost:65536", False),
        ("a_b.localhost", False),
        ("x@localhost", False),
        ("localhost/../x", False),
        ("ünï.localhost", False),
        ("localhost:eighty", False),
        ("exa mple.net", False),
        ("a" * 70_000, False),
    ],
)
def test_hosts(host: str, allowed: bool) -> None:
    assert host_allowed(host, ["music.example.org", ".example.net", "xn--msik-0ra.example"]) is allowed


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://10.0.0.1:8000", True),
        ("https://other.example.org", True),
        ("http://localhost:5173", True),
        ("http://127.0.0.1:3000", True),
        ("https://10.0.0.1:8000", False),
        ("http://10.0.0.1", False),
        ("http://localhost.evil.com:5173", False),
        ("http://localhost:5173.evil.com", False),
        ("null", False),
        ("", False),
    ],
)
def test_origins_are_compared_whole(origin: str, allowed: bool) -> None:
    own, others = "http://10.0.0.1:8000", ["https://other.example.org"]
    assert origin_allowed(origin, own, others, allow_local=True) is allowed
    if "localhost" in origin or "127.0.0.1" in origin:
        assert not origin_allowed(origin, own, others, allow_local=False)


@pytest.mark.parametrize(
    ("scheme", "host", "origin"),
    [
        ("https", "127.0.0.1:443", "https://127.0.0.1"),
        ("http", "music.example.org:80", "http://music.example.org"),
        ("http", "Music.Example.org:8000", "http://music.example.org:8000"),
        ("http", "[::1]:8000", "http://[::1]:8000"),
        ("http", "[0:0::1]:8000", "http://[::1]:8000"),
        ("https", "müsik.example", "https://xn--msik-0ra.example"),
    ],
)
def test_a_page_of_this_server_is_its_own_however_the_host_is_written(scheme: str, host: str, origin: str) -> None:
    assert addressed_origin(scheme, host) == origin
    assert origin_allowed(origin, f"{scheme}://{host}", [], allow_local=False)
    assert not origin_allowed(origin, f"{scheme}://{host}0", [], allow_local=False)


@pytest.mark.parametrize("address", ["https://a.example/r/x?y", "https://a.example", "HTTPS://A.example:443/"])
def test_the_origin_of_a_page(address: str) -> None:
    assert origin_of(address) == "https://a.example"


@pytest.mark.parametrize("address", ["", "null", "about:blank", "https://", "https://[::1", "data:text/html,x"])
def test_what_has_no_origin(address: str) -> None:
    assert origin_of(address) == ""
    assert not origin_allowed(address, "http://localhost:8000", [], allow_local=True)


@given(st.text(max_size=40) | st.text("htps:/[]@.%0159aA", max_size=30))
def test_the_canonical_spelling_of_an_origin_is_its_own(text: str) -> None:
    try:
        canonical = canonical_origin(text)
    except ValueError:
        return
    assert canonical_origin(canonical) == canonical


@pytest.mark.parametrize(("wait_seconds", "told"), [(0.0, "1"), (0.05, "1"), (1.0, "1"), (1.4, "2"), (359.2, "360")])
def test_a_caller_that_waits_as_long_as_it_is_told_is_not_too_early(wait_seconds: float, told: str) -> None:
    refusal = DomainError("RATE_LIMITED", "Too much at once.", retry_after_seconds=wait_seconds)
    assert refusal.headers() == {"Retry-After": told}
