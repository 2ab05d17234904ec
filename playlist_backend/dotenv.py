"""Reads .env files.

`NAME=value` or `export NAME = value` on a line of its own. A value may stand in single or double quotes, which keep
everything literal; without quotes it ends before ` #`. Nothing is interpolated: a `$` in a password is a `$`.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)", re.DOTALL)
_QUOTED = re.compile(r"""(['"])(.*?)\1\s*(?:#.*)?""", re.DOTALL)
_COMMENT = re.compile(r"(?:^|\s+)#.*", re.DOTALL)


class NoDotenv(ValueError):
    """A .env file that cannot be read; the message names the place and the reason."""


def read_dotenv(path: Path) -> dict[str, str]:
    """The names and values in the file, none if there is no such file. Raises NoDotenv."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise NoDotenv(f"{path} cannot be read: {error.strerror}.") from None
    return parse_dotenv(raw, str(path))


def parse_dotenv(raw: bytes, name: str = ".env") -> dict[str, str]:
    """The names and values in the bytes of a file of this name. Raises NoDotenv."""
    # Windows' editors and shells mark the encoding with a byte order mark, and some write UTF-16.
    encoding = "utf-16" if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        raise NoDotenv(f"{name} is not UTF-8: save it with that encoding.") from None
    found = {}
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        stripped = line.strip()
        if stripped and not stripped.startswith("#"):
            key, value = _parse_line(stripped, f"{name}, line {number}")
            found[key] = value
    return found


def _parse_line(line: str, where: str) -> tuple[str, str]:
    match = _LINE.fullmatch(line)
    if match is None:
        raise NoDotenv(f"{where}: expected NAME=value.")
    key, value = match.groups()
    if value.startswith(("'", '"')):
        quoted = _QUOTED.fullmatch(value)
        if quoted is None:
            raise NoDotenv(f"{where}: the value of {key} begins with a quote that does not end it.")
        value = quoted[2]
    else:
        value = _COMMENT.sub("", value, count=1)
    if "\x00" in value:
        raise NoDotenv(f"{where}: the value of {key} has a NUL in it.")
    return key, value
