"""Turns received bytes into checked input, or refuses them with a clear reason.

REST and the sockets both use it, so they refuse the same input with the same words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import TypeVar

import msgspec
import msgspec.inspect
from msgspec import Struct

from playlist import text
from playlist.errors import DomainError, invalid
from playlist.types import Command, Direction

#: The depth of nested containers; `[[1]]` is nested 2 deep.
MAX_DEPTH = 8
TOO_DEEP = f"JSON must not be nested over {MAX_DEPTH} deep."

T = TypeVar("T", bound=Struct)
CommandT = TypeVar("CommandT", bound=Command)

#: The path is at the end; a wrong value that is quoted before it may look like one.
_AT_PATH = re.compile(r"(?P<why>.*?)(?: - at `(?P<path>[^`]*)`)?", re.DOTALL)
_MISSING = re.compile(r"^Object missing required field `(?P<field>.*)`$")


def decode_json(raw: bytes) -> object:
    """The value of a JSON text.

    Raises MALFORMED unless it is JSON in UTF-8, and for values that would fail later: NaN, Infinity and numbers beyond
    a double, NUL, lone surrogates, nesting over MAX_DEPTH.
    """
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        deep = isinstance(error, RecursionError)
        raise DomainError("MALFORMED", TOO_DEEP if deep else f"This is not valid JSON: {error}") from None
    if b"\\u0000" in raw or raw.count(b"[") + raw.count(b"{") > MAX_DEPTH:
        _check_values(value)
    return value


def _check_values(value: object) -> None:
    """Check every string and every nested container, without recursion. Raises MALFORMED."""
    waiting = [(value, 1)]
    while waiting:
        inner, depth = waiting.pop()
        if isinstance(inner, str):
            if "\x00" in inner:
                raise DomainError("MALFORMED", "Text must not contain NUL.")
        elif isinstance(inner, dict | list):
            if depth > MAX_DEPTH:
                raise DomainError("MALFORMED", TOO_DEEP)
            children = [*inner.keys(), *inner.values()] if isinstance(inner, dict) else inner
            waiting.extend((child, depth + 1) for child in children)


def parse(value: object, into: type[T]) -> T:
    """Check a decoded JSON object against an input type, treating each text as its type says (see _TREATMENTS).

    Fields that the type does not know are ignored. Raises VALIDATION_ERROR, whose details map a field to the reason.
    """
    if not isinstance(value, dict):
        raise DomainError("VALIDATION_ERROR", "A JSON object is needed.", {"body": "must be an object"})
    treatments = _treatments(into)
    read = {
        name: treatments.get(name, str.strip)(field) if isinstance(field, str) else field
        for name, field in value.items()
    }
    try:
        return msgspec.convert(read, into)
    except msgspec.ValidationError as error:
        raise _explained(str(error)) from None


def _address(given: str) -> str | None:
    return given.strip() or None


def _verbatim(given: str) -> str:
    return given


#: How text is treated, by the `read_as` of its field's type; all other text is stripped.
_TREATMENTS: dict[str, Callable[[str], str | None]] = {
    "name": text.clean,
    "address": _address,  # "" is null
    "verbatim": _verbatim,
}


@cache
def _treatments(into: type) -> dict[str, Callable[[str], str | None]]:
    """The fields of an input type that have a treatment of their own."""
    info = msgspec.inspect.type_info(into)
    assert isinstance(info, msgspec.inspect.StructType)
    found = {}
    for field in info.fields:
        kinds = field.type.types if isinstance(field.type, msgspec.inspect.UnionType) else (field.type,)
        for kind in kinds:
            if isinstance(kind, msgspec.inspect.Metadata) and kind.extra and "read_as" in kind.extra:
                found[field.encode_name] = _TREATMENTS[kind.extra["read_as"]]
    return found


def parse_command(value: object, into: type[CommandT]) -> CommandT:
    """Like parse, but with the contract's codes for two frequent mistakes."""
    if isinstance(value, dict):
        check_frequent_mistakes(value, into.__struct_config__.tag)
    return parse(value, into)


def check_frequent_mistakes(value: Mapping[str, object], command: object) -> None:
    """Raises MISSING_TRACK_ID and INVALID_DIRECTION."""
    if command == "track.add" and _is_blank(value.get("track_id")):
        raise DomainError("MISSING_TRACK_ID", "track_id is needed.", {"track_id": "is missing"})
    if command == "tracks.add" and "track_ids" not in value:
        raise DomainError("MISSING_TRACK_ID", "track_ids is needed.", {"track_ids": "is missing"})
    if command == "track.vote" and value.get("direction") not in Direction.__args__:  # type: ignore[attr-defined]
        raise DomainError(
            "INVALID_DIRECTION", "direction must be up, down or none.", {"direction": "must be up, down or none"}
        )


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _explained(message: str) -> DomainError:
    found = _AT_PATH.fullmatch(message)
    assert found is not None
    why, path = found["why"], (found["path"] or "$")[2:]
    if missing := _MISSING.match(why):
        why, path = "is missing", f"{path}.{missing['field']}".lstrip(".")
    if why.startswith("Expected `str` matching regex"):
        why = (
            "must be an address, or a path on this server" if path.endswith("_url") else "must be text that can be seen"
        )
    return invalid(path or "body", why[:1].lower() + why[1:])
