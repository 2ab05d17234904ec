"""Cookies: whatever else a browser sends of other applications, ours are found, by pages and sockets alike."""

from __future__ import annotations

from typing import Any, cast

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from hypothesis import example, given
from hypothesis import strategies as st

from playlist.cookies import parse_cookies
from playlist_backend.bridge import environ_of
from playlist_backend.middleware import Cookies
from realtime.handshake import caller_of

pytestmark = pytest.mark.pure

KEY = "0123456789abcdefghijklmnopqrstuv"
OURS = f"{settings.SESSION_COOKIE_NAME}={KEY}".encode()

#: What a header can hold: every byte but the control characters. A pair ends with a semicolon.
_bytes = st.binary(max_size=30).map(lambda raw: bytes(byte for byte in raw if byte >= 0x20 and byte not in b";\x7f"))
_foreign = _bytes.filter(lambda pair: pair.partition(b"=")[0].strip() != settings.SESSION_COOKIE_NAME.encode())


@given(before=st.lists(_foreign), after=st.lists(_foreign), separator=st.sampled_from([b"; ", b";", b" ; "]))
@example(
    before=[b'prefs={"theme":"dark"}', "grün=1".encode(), b"note=hello world", b'open="'], after=[], separator=b"; "
)
def test_any_header_that_a_browser_can_send_holds_our_cookie(
    before: list[bytes], after: list[bytes], separator: bytes
) -> None:
    header = separator.join([*before, OURS, *after])
    assert on_a_page([header])[settings.SESSION_COOKIE_NAME] == KEY
    assert on_a_socket([header]) == KEY


def test_cookies_may_come_in_several_headers() -> None:
    headers = [b"theme=dark", OURS, b"note=1"]
    assert on_a_page(headers)[settings.SESSION_COOKIE_NAME] == KEY
    assert on_a_socket(headers) == KEY


def test_quotes_around_a_value_are_not_part_of_it() -> None:
    assert parse_cookies('a="1"; b="; c="\\000"; =d; e; f=g=h') == {"a": "1", "b": '"', "c": "\\000", "f": "g=h"}


def test_nul_is_in_no_cookie() -> None:
    assert parse_cookies("a=1\x00; b=2") == {"b": "2"}


def test_names_differ_by_installation() -> None:
    assert settings.SESSION_COOKIE_NAME.startswith("sessionid_")
    assert settings.SESSION_COOKIE_NAME.replace("sessionid", "csrftoken") == settings.CSRF_COOKIE_NAME


def scope_with(cookies: list[bytes]) -> Any:
    headers = [(b"host", b"localhost"), (b"origin", b"http://localhost"), *((b"cookie", cookie) for cookie in cookies)]
    return {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": "/",
        "query_string": b"",
        "http_version": "1.1",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }


def on_a_page(cookies: list[bytes]) -> dict[str, str]:
    seen: list[HttpRequest] = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    Cookies(page)(WSGIRequest(cast(Any, environ_of(scope_with(cookies), b""))))
    return seen[0].COOKIES


def on_a_socket(cookies: list[bytes]) -> str | None:
    caller = caller_of(scope_with(cookies))
    assert caller is not None
    return caller.session_key
