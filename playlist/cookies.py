"""The one parser of the Cookie header, for pages, sockets and streams. Pure.

Cookies ignore ports, so a browser also sends those of all other applications on this host, however odd they are. The
standard library's `SimpleCookie` gives up at the first odd one, and its unquoting, which Django uses, takes seconds for
60 kB of backslashes. This parser is lenient and linear (https://httpwg.org/specs/rfc6265.html#cookie).
"""

from __future__ import annotations

#: The session cookie's name in earlier versions. Their sessions last a year, so it is still accepted.
_EARLIER_SESSION_NAME = "sessionid"


def parse_cookies(header: str) -> dict[str, str]:
    """Name → value of the pairs in the header; the last one of a name wins. Quotes around values are removed.

    Pairs without a name and pairs with NUL, which PostgreSQL cannot look up, are left out.
    """
    cookies: dict[str, str] = {}
    for pair in header.split(";"):
        name, equals, value = pair.partition("=")
        name, value = name.strip(), value.strip()
        if equals and name and "\x00" not in pair:
            quoted = len(value) >= 2 and value[0] == value[-1] == '"'
            cookies[name] = value[1:-1] if quoted else value
    return cookies


def session_key_in(cookies: dict[str, str], session_name: str) -> str | None:
    """The session key among the cookies, under its present or else its earlier name."""
    return cookies.get(session_name) or cookies.get(_EARLIER_SESSION_NAME)
