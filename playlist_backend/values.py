"""The kinds of values of settings: each reads a text, and says in words what it must be."""

from __future__ import annotations

import ipaddress
import math
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from playlist.origins import canonical_host, canonical_origin

_FLAGS = {
    **dict.fromkeys(("true", "yes", "on", "1", "y", "t"), True),
    **dict.fromkeys(("false", "no", "off", "0", "n", "f"), False),
}
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
#: The shortest key that cannot be guessed: 128 bits in hexadecimal digits.
_KEY_CHARACTERS = 32

T = TypeVar("T")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Kind(Struct, frozen=True):
    """One kind of value. `read` takes text that is not empty and has no blanks around it, and raises ValueError."""

    #: The demand on the value, in words: "a whole number from 1 to 65535".
    must_be: str
    read: Callable[[str], Any]
    #: Whether error messages leave the value out.
    secret: bool = False


def whole(low: int, high: int) -> Kind:
    return Kind(f"a whole number from {low} to {high}", lambda text: _between(low, _whole(text), high))


def number(low: float, high: float) -> Kind:
    return Kind(f"a number from {low:g} to {high:.10g}", lambda text: _between(low, _number(text), high))


def one_of(*choices: str) -> Kind:
    """One of these words, in capitals or not."""
    spelled = {choice.lower(): choice for choice in choices}
    return Kind(" or ".join((", ".join(choices[:-1]), choices[-1])), lambda text: _looked_up(spelled, text))


def several(must_be: str, item: Kind) -> Kind:
    """Values of one kind between commas or blanks, without repetitions."""
    return Kind(
        must_be, lambda text: tuple(dict.fromkeys(item.read(part) for part in re.split(r"[\s,]+", text) if part))
    )


def _looked_up(values: dict[str, T], text: str) -> T:
    if text.lower() not in values:
        raise ValueError
    return values[text.lower()]


def _whole(text: str) -> int:
    # Not int() alone: it takes "1_000" and other scripts' digits.
    if not _WHOLE.fullmatch(text):
        raise ValueError
    return int(text)


def _number(text: str) -> float:
    # Not float() alone: it takes "nan" and "inf", too.
    if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        raise ValueError
    return float(text)


def _between(low: float, value: float, high: float) -> float:
    if not low <= value <= high:
        raise ValueError
    return value


def _host_pattern(text: str) -> str:
    host = text.removeprefix("*")
    subdomains = host.startswith(".")
    if not subdomains and host != text:
        raise ValueError
    parts = urlsplit(f"//{host.removeprefix('.')}")
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError
    _ = parts.port  # only names are compared, but a port must be a valid one
    return "." * subdomains + canonical_host(parts.hostname or "")


def _site(text: str) -> str:
    """The origin of an address that people copied from somewhere, with whatever page it names."""
    return canonical_origin(urlsplit(text)._replace(path="", query="", fragment="").geturl())


def _interface(text: str) -> str:
    return canonical_host(text).removeprefix("[").removesuffix("]")


def _folder(text: str) -> Path:
    try:
        path = Path(text).expanduser()  # ~ means the same here as in a shell
    except RuntimeError:
        raise ValueError from None
    if "\x00" in text:
        raise ValueError
    return path


def _folders(text: str) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(_folder(part.strip()) for part in text.split(os.pathsep) if part.strip()))


def _key(text: str) -> str:
    if len(text) < _KEY_CHARACTERS or len(set(text)) < 5:
        raise ValueError
    return text


def _header_text(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        raise ValueError
    return text


def _accel(text: str) -> str:
    if text.lower() == "x-sendfile":
        return "X-Sendfile"
    if not re.fullmatch(r"/([A-Za-z0-9._~-]+/)*", text):
        raise ValueError
    return text


def _redis_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("redis", "rediss", "unix") or parts.port == 0 or not (parts.hostname or parts.path):
        raise ValueError
    return text


def _database_url(text: str) -> str:
    parts = urlsplit(text)
    if "\x00" in unquote(text):
        raise ValueError
    if parts.scheme == "sqlite":
        usable = text.startswith("sqlite:///") and text != "sqlite:///"
    else:
        usable = parts.scheme in ("postgres", "postgresql") and parts.path.strip("/") != "" and not parts.fragment
    if not usable or parts.port == 0:
        raise ValueError
    return text


flag = Kind("true or false", lambda text: _looked_up(_FLAGS, text))
origin = Kind("a whole origin like https://music.example.org, with nothing behind the host", canonical_origin)
site = Kind("an address like https://music.example.org, at whose root this server answers", _site)
origins = several("whole origins like https://music.example.org, with nothing behind the host and no *", origin)
hosts = several(
    "names like music.example.org, or .example.org for all its subdomains", Kind("a host name", _host_pattern)
)
networks = several(
    "addresses or networks like 192.168.1.2, 10.0.0.0/8",
    Kind("a network", lambda text: ipaddress.ip_network(text, strict=False)),
)
interface = Kind("an address like 0.0.0.0 or ::, or a host name", _interface)
folder = Kind("the path of a folder", _folder)
folders = Kind("the paths of folders, separated as in PATH", _folders)
secret_key = Kind(
    f"{_KEY_CHARACTERS} characters or more that nobody can guess, as "
    "python3 -c 'import secrets; print(secrets.token_urlsafe(48))' prints them",
    _key,
    secret=True,
)
accel = Kind("X-Sendfile, or a path like /internal/ with a slash at both ends", _accel)
bearer_token = Kind("printable ASCII characters", _header_text, secret=True)
redis_url = Kind("an address like redis://HOST:6379/0", _redis_url, secret=True)
database_url = Kind(
    "postgres://USER:PASSWORD@HOST:5432/NAME or sqlite:///PATH, with %23, %2F, %3F, %40 for # / ? @ in a password",
    _database_url,
    secret=True,
)


def machine_time_zone() -> str:
    """The machine's time zone by its name in the IANA database; "UTC" where nothing tells."""
    for name in (os.environ.get("TZ", ""), os.path.realpath("/etc/localtime").rpartition("zoneinfo/")[2]):
        try:
            return _time_zone(name)
        except ValueError:
            continue
    return "UTC"


def _time_zone(name: str) -> str:
    """Raises ValueError for an unknown one."""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, OSError):
        raise ValueError(name) from None


time_zone = Kind("a time zone of the IANA database", _time_zone)
